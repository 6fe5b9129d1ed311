/**
 * Decisions per second of the engine beside the plain evaluator and its peers, in one run: 4,096 distinct requests per
 * world, every answer of everybody verified, no memo of results. Prints a table, then the targets.
 *   node bench/decide.ts [WORLDS]    of a, b, c and d: `ab`; all without it
 */
import { cpus, loadavg } from 'node:os';
import { decide } from '../src/policy/decide.ts';
import { explain } from '../src/policy/explain.ts';
import { evaluate } from '../src/policy/plain/evaluate.ts';
import { whoCan } from '../src/policy/who-can.ts';
import { casbin, cedar, type Peer } from './decide-peers.ts';
import { authorizations, bucketPolicy, onePrincipal, organization, type Request, type World } from './decide-worlds.ts';

const MILLISECONDS = 1000;
const ROUNDS = 3;
const WHO_CAN_ROUNDS = 9;
/** The plain evaluator needs a second for ten requests in the largest world. */
const PLAIN_REQUESTS = 32;

/** Somebody who answers the requests of a world. */
interface Contestant {
  readonly name: string;
  readonly world: string;
  /** How many answers were asked for. Throws when one of them is wrong. */
  readonly answerAll: () => number;
}

function contestant<T>(
  name: string,
  { name: world, requests: expected }: World,
  requests: readonly T[],
  allows: (request: T) => boolean,
): Contestant {
  const answerAll = () => {
    for (const [n, request] of requests.entries()) {
      if (allows(request) !== expected[n]!.allowed) throw new Error(`${name}, ${world}: answer ${n} is wrong`);
    }
    return requests.length;
  };
  return { name, world, answerAll };
}

const decides = ({ question, layers, facts }: Request) => decide(question, layers, facts) === 'allow';
const explains = ({ question, layers, facts }: Request) => explain(question, layers, facts).outcome === 'allow';

function contestants(world: World, peers: readonly Peer[]): readonly Contestant[] {
  const { requests, plain = [] } = world;
  const some = plain.slice(0, PLAIN_REQUESTS);
  return [
    contestant('decide', world, requests, decides),
    contestant('explain', world, requests, explains),
    ...(some.length > 0 ? [contestant('plain', world, some, (one) => evaluate(one) === 'allow')] : []),
    ...peers.map(({ name, allows }) => contestant(name, world, plain, allows)),
  ];
}

/** Answers per second, of each contestant the median of rounds in which all take turns: a busy moment hits them alike. */
function rates(all: readonly Contestant[]): readonly number[] {
  for (const { answerAll } of all) answerAll();
  const rounds = Array.from({ length: ROUNDS }, () => all.map(({ answerAll }) => rate(answerAll)));
  return all.map((_, n) => median(rounds.map((round) => round[n]!)));
}

/** Of an odd number of values. */
function median(values: readonly number[]): number {
  return values.toSorted((x, y) => x - y)[(values.length - 1) / 2]!;
}

function rate(answerAll: () => number): number {
  let answers = 0;
  const start = performance.now();
  while (performance.now() - start < MILLISECONDS) answers += answerAll();
  return (answers * 1000) / (performance.now() - start);
}

/** Answers per second in one world, by contestant. */
type Row = ReadonlyMap<string, number>;

const OTHERS = ['plain', 'cedar-wasm', 'casbin'];
const whole = (value: number) => Math.round(value).toLocaleString('en');

/** Measures worlds together and prints a line of the table for each. */
function report(worlds: readonly World[], peers: readonly Peer[] = []): readonly Row[] {
  const all = worlds.flatMap((world) => contestants(world, peers));
  const measured = rates(all);
  return worlds.map(({ name: world, requests }) => {
    const row = new Map(all.flatMap((one, n) => (one.world === world ? [[one.name, measured[n]!]] : [])));
    const own = row.get('decide')!;
    const share = (100 * requests.filter(({ allowed }) => allowed).length) / requests.length;
    const others = OTHERS.map((name) => {
      const its = row.get(name);
      return its === undefined ? '' : `${whole(its)}/s (${whole(own / its)} times)`;
    });
    const explained = `${(1e6 / row.get('explain')!).toFixed(1)} us`;
    console.log(`| ${[world, `${share.toFixed(0)} %`, `${whole(own)}/s`, explained, ...others].join(' | ')} |`);
    return row;
  });
}

const targets: string[] = [];
function target(what: string, reached: number, unit: string, isMet: boolean): void {
  targets.push(`${isMet ? 'met' : 'MISSED'}: ${what}: ${reached.toFixed(reached < 10 ? 2 : 0)} ${unit}`);
}

function explanationTarget(world: string, row: Row): void {
  const microseconds = 1e6 / row.get('explain')!;
  target(`${world}: an explanation in under 200 us`, microseconds, 'us', microseconds < 200);
}

/** A world that Cedar and casbin can say too. */
async function reportPeers(world: World): Promise<void> {
  const told = world.plain![0]!;
  const [row] = report([world], [cedar(told), await casbin(told)]) as [Row];
  const faster = (name: string) => row.get('decide')! / row.get(name)!;
  target(`${world.name}: 150 times cedar-wasm`, faster('cedar-wasm'), 'times', faster('cedar-wasm') >= 150);
  target(`${world.name}: 10 times the plain evaluator`, faster('plain'), 'times', faster('plain') >= 10);
  explanationTarget(world.name, row);
}

/** A world of many beside the same of few: the cost must follow what can match. */
function reportPair(few: World, many: World): void {
  const [small, large] = report([few, many]) as [Row, Row];
  const cost = small.get('decide')! / large.get('decide')!;
  target(`${many.name}: within 2 times of the small world`, cost, 'times its cost', cost <= 2);
  explanationTarget(many.name, large);
}

function timeWhoCan({ name, requests }: World): void {
  const { question, layers } = requests[0]!;
  const { action, resource, context } = question;
  const ask = () => whoCan({ action, resource, context, open: () => false, layers, facts: {} }, [], () => false).length;
  const found = ask();
  const took = median(Array.from({ length: WHO_CAN_ROUNDS }, () => timed(ask)));
  target(`${name}: who-can, ${whole(found)} findings, in under 100 ms`, took, 'ms', took < 100);
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const wanted = process.argv[2] ?? 'abcd';
const load = loadavg()[0]!.toFixed(1);
console.log(
  `node ${process.version}, ${process.platform}, ${cpus().length} cores (${cpus()[0]?.model}), load ${load}\n`,
);
console.log(`| world | allowed | decide | explain | ${OTHERS.join(' | ')} |`);
console.log(`| --- |${' ---: |'.repeat(3 + OTHERS.length)}`);
if (wanted.includes('a')) await reportPeers(onePrincipal());
if (wanted.includes('b')) await reportPeers(bucketPolicy(200, '(b) bucket policy, 200 statements'));
if (wanted.includes('c')) {
  const many = authorizations(100_000, '(c) 100,000 authorization policies');
  reportPair(authorizations(100, '(c) 100 authorization policies'), many);
  timeWhoCan(many);
  reportPair(bucketPolicy(100, '(c) 100 roles'), bucketPolicy(10_000, '(c) 10,000 roles'));
}
if (wanted.includes('d')) {
  reportPair(
    organization(10, '(d) 10 accounts, 5 levels of SCPs'),
    organization(1000, '(d) 1,000 accounts, 5 levels of SCPs'),
  );
}
console.log(`\n${targets.join('\n')}`);
