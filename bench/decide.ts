/**
 * Decisions per second of the engine beside the plain evaluator, in one run: 4,096 distinct requests per world, every
 * answer verified, no memo of results.
 *   node bench/decide.ts [WORLD]    a, b, c or d; all without it
 */

import { decide } from '../src/policy/decide.ts';
import { explain } from '../src/policy/explain.ts';
import { evaluate } from '../src/policy/plain/evaluate.ts';
import { whoCan } from '../src/policy/who-can.ts';
import { cedar } from './decide-peers.ts';
import { authorizations, bucketPolicy, onePrincipal, organization, type World } from './decide-worlds.ts';

const MILLISECONDS = 1000;
/** The plain evaluator is timed on the first of them: it takes a second for ten in the largest world. */
const PLAIN_REQUESTS = 32;
const PEER_REQUESTS = 256;

/** Calls `pass`, which asks all requests once, over and over; returns requests per second. */
function rate(requests: number, pass: () => number, expected: number): number {
  for (let n = 0; n < 2; n += 1) if (pass() !== expected) throw new Error('an answer is wrong');
  let passes = 0;
  const start = performance.now();
  while (performance.now() - start < MILLISECONDS) {
    if (pass() !== expected) throw new Error('an answer is wrong');
    passes += 1;
  }
  return (passes * requests * 1000) / (performance.now() - start);
}

interface Measured {
  readonly perSecond: number;
  readonly explainMicroseconds: number;
  readonly plainPerSecond: number | undefined;
}

function measure(world: World): Measured {
  const { requests, plain } = world;
  for (const { question, layers, facts, allowed } of requests) {
    if ((decide(question, layers, facts) === 'allow') !== allowed)
      throw new Error(`wrong: ${JSON.stringify(question)}`);
    if ((explain(question, layers, facts).outcome === 'allow') !== allowed) throw new Error('an explanation disagrees');
  }
  const allowed = requests.filter((request) => request.allowed).length;
  const count = requests.length;
  const perSecond = rate(
    count,
    () => {
      let found = 0;
      for (const { question, layers, facts } of requests) if (decide(question, layers, facts) === 'allow') found += 1;
      return found;
    },
    allowed,
  );
  const explained = rate(
    count,
    () => {
      let found = 0;
      for (const { question, layers, facts } of requests)
        if (explain(question, layers, facts).outcome === 'allow') found += 1;
      return found;
    },
    allowed,
  );
  const some = plain?.slice(0, PLAIN_REQUESTS);
  const plainPerSecond =
    some &&
    rate(
      some.length,
      () => some.filter((one) => evaluate(one) === 'allow').length,
      requests.slice(0, PLAIN_REQUESTS).filter((one) => one.allowed).length,
    );
  return { perSecond, explainMicroseconds: 1e6 / explained, plainPerSecond };
}

function report(world: World): Measured {
  const measured = measure(world);
  const { perSecond, explainMicroseconds, plainPerSecond } = measured;
  const share = (100 * world.requests.filter((one) => one.allowed).length) / world.requests.length;
  const parts = [
    world.name.padEnd(44),
    `${Math.round(perSecond).toLocaleString('en')}/s`.padStart(12),
    `explain ${explainMicroseconds.toFixed(1)} us`.padStart(18),
    `${share.toFixed(0)} % allowed`.padStart(14),
    plainPerSecond
      ? `plain ${Math.round(plainPerSecond).toLocaleString('en')}/s, ${(perSecond / plainPerSecond).toFixed(0)} times`
      : '',
  ];
  console.log(parts.join('  '));
  return measured;
}

/** The engine beside Cedar, on worlds that both languages can say. */
async function reportPeer(world: World): Promise<void> {
  const { perSecond } = report(world);
  const peer = world.plain?.[0] && (await cedar(world.plain[0]));
  if (!peer) return console.log('cedar-wasm is not installed: left out');
  const some = world.plain!.slice(0, PEER_REQUESTS);
  const expected = world.requests.slice(0, PEER_REQUESTS).filter((one) => one.allowed).length;
  const its = rate(some.length, () => some.filter(peer.allows).length, expected);
  console.log(
    `${' '.repeat(44)}  ${peer.name} ${Math.round(its).toLocaleString('en')}/s, ${(perSecond / its).toFixed(0)} times`,
  );
}

/** A world of many beside the same of few: the cost must follow what can match. */
function reportPair(few: World, many: World): void {
  const small = report(few);
  const large = report(many);
  console.log(`${' '.repeat(44)}  ${(small.perSecond / large.perSecond).toFixed(2)} times the cost of the small world`);
}

function reportWhoCan(world: World): void {
  const { question, layers } = world.requests[0]!;
  const { action, resource, context } = question;
  const ask = () => whoCan({ action, resource, context, open: () => false, layers, facts: {} }, [], () => false).length;
  const found = ask();
  const start = performance.now();
  ask();
  console.log(`who-can over ${world.name}: ${found} findings in ${(performance.now() - start).toFixed(1)} ms`);
}

const wanted = process.argv[2] ?? 'abcd';
console.log(`node ${process.version}, ${process.platform}`);
if (wanted.includes('a')) await reportPeer(onePrincipal());
if (wanted.includes('b')) await reportPeer(bucketPolicy(200, '(b) bucket policy, 200 statements'));
if (wanted.includes('c')) {
  const many = authorizations(100_000, '(c) 100,000 authorization policies');
  reportPair(authorizations(100, '(c) 100 authorization policies'), many);
  reportWhoCan(many);
  reportPair(bucketPolicy(100, '(c) 100 roles'), bucketPolicy(10_000, '(c) 10,000 roles'));
}
if (wanted.includes('d')) {
  reportPair(
    organization(10, '(d) 10 accounts, 5 levels of SCPs'),
    organization(1000, '(d) 1,000 accounts, 5 levels of SCPs'),
  );
}
