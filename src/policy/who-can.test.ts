import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answer } from './assume.ts';
import { loadCase } from './case.ts';
import { decide } from './decide.ts';
import type { Caller, Layer, LayerKind, Question } from './model.ts';
import { callers, contextKeys, world } from './plain/generate.ts';
import type { PlainWorld } from './plain/world.ts';
import { type Access, type Finding, type KnownPrincipal, type Who, whatCan, whoCan } from './who-can.ts';

const OWN_KINDS: ReadonlySet<LayerKind> = new Set(['identity', 'boundary', 'session', 'guardrail']);
const never = () => false;

/** A generated world as who-can takes it: the resource's side, and the caller with its own. */
function apart(given: PlainWorld): {
  access: Access;
  known: KnownPrincipal;
  question: Question;
  layers: readonly Layer[];
} {
  const { question, layers, facts } = loadCase({ name: 'generated', ...given });
  const own = layers.filter((layer) => OWN_KINDS.has(layer.kind));
  const access: Access = {
    action: question.action,
    resource: question.resource,
    context: question.context,
    open: never,
    layers: layers.filter((layer) => !OWN_KINDS.has(layer.kind)),
    facts,
  };
  return { access, known: { caller: question.caller, layers: own, facts, context: {} }, question, layers };
}

const isPrincipal = (finding: Finding, caller: Caller) =>
  finding.who.kind === 'principal' && finding.who.caller.id === caller.id;

test('who-can and what-can agree with deciding for every principal of every world', () => {
  fc.assert(
    fc.property(world(), (given) => {
      const everyone = callers.map((principal) => apart({ ...given, request: { ...given.request, principal } }));
      const { access } = everyone[0]!;
      const findings = whoCan(
        access,
        everyone.map((one) => one.known),
        () => true,
      );
      for (const { known, question, layers, access: its } of everyone) {
        const allowed = decide(question, layers, its.facts) === 'allow';
        const found = findings.filter((finding) => isPrincipal(finding, known.caller));
        assert.equal(found.length, allowed ? 1 : 0, known.caller.id);
        assert.ok(found.every((finding) => finding.answer === 'yes'));
        assert.equal(whatCan(known.caller, [its], known).length, allowed ? 1 : 0);
      }
    }),
    { numRuns: 500 },
  );
});

/** Whether a class holds the caller. */
function holds(who: Who, caller: Caller): boolean {
  switch (who.kind) {
    case 'principal':
      return [caller.id, caller.role, caller.uniqueId].includes(who.caller.id);
    case 'account':
      return who.account === caller.account;
    case 'anyone':
      return caller.kind !== 'anonymous';
    case 'anonymous':
      return caller.kind === 'anonymous';
    case 'service':
      return who.name === caller.id;
    default:
      return false;
  }
}

test('whoever outside the account is allowed is of a class that who-can names', () => {
  fc.assert(
    fc.property(world(), (given) => {
      const { access, known, question, layers } = apart(given);
      const settled = /sts:getcalleridentity/i.test(question.action);
      if (settled || known.caller.account === question.resource.ref.account) return;
      if (decide(question, layers, access.facts) !== 'allow') return;
      const findings = whoCan(access, [], () => false);
      assert.ok(
        findings.some(({ who }) => holds(who, known.caller)),
        JSON.stringify(findings.map(({ who }) => who)),
      );
    }),
    { numRuns: 3000 },
  );
});

test('an answer without the whole context holds for every context', () => {
  const seen = { yes: 0, no: 0, depends: 0 };
  const hiding = fc.oneof(fc.constant([...contextKeys]), fc.subarray([...contextKeys]));
  fc.assert(
    fc.property(world(), hiding, fc.array(world(), { minLength: 5, maxLength: 5 }), (given, hidden, others) => {
      const { question, layers, access } = apart(given);
      const closed = Object.fromEntries(Object.entries(question.context).filter(([key]) => !hidden.includes(key)));
      const found = answer({ ...question, context: closed }, layers, access.facts, (key) => hidden.includes(key));
      seen[found.answer] += 1;
      for (const other of [given, ...others]) {
        const context: Record<string, string | readonly string[]> = { ...closed };
        for (const [key, value] of Object.entries(other.request.context)) {
          if (hidden.includes(key.toLowerCase())) context[key.toLowerCase()] = value;
        }
        const outcome = decide({ ...question, context }, layers, access.facts);
        if (found.answer !== 'depends') assert.equal(outcome === 'allow', found.answer === 'yes');
      }
      if (found.answer === 'depends') assert.ok(found.on.length > 0);
    }),
    { numRuns: 5000 },
  );
  for (const [name, count] of Object.entries(seen)) assert.ok(count > 5, `only ${count} answers are ${name}`);
});

const OWNER = '111111111111';
const OTHER = '222222222222';

function bucketOf(statements: readonly object[], action = 's3:GetObject'): Access {
  const given = {
    name: 'bucket',
    request: { principal: 'anonymous', action, resource: 'arn:aws:s3:::box/a', resourceAccount: OWNER },
    policies: { resource: { Version: '2012-10-17', Statement: statements } },
  };
  const { question, layers, facts } = loadCase(given);
  const resource = layers.filter((layer) => layer.kind === 'resource');
  return { action, resource: question.resource, context: {}, open: () => true, layers: resource, facts };
}

test('the world outside is kept as classes, with the conditions that decide', () => {
  const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::box/*' };
  const findings = whoCan(
    bucketOf([
      { ...allow, Sid: 'Partner', Principal: { AWS: OTHER } },
      { ...allow, Sid: 'Office', Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
      {
        ...allow,
        Sid: 'Trail',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': OWNER } },
      },
      { ...allow, Sid: 'Write', Action: 's3:PutObject', Principal: { AWS: '333333333333' } },
    ]),
    [],
    (account) => account === OWNER,
  );
  const said = findings.map((finding) => [
    finding.who.kind,
    finding.answer,
    finding.outside,
    finding.answer === 'depends' ? finding.on.map((one) => one.origin.statement).join() : '',
  ]);
  assert.deepEqual(said, [
    ['account', 'yes', true, ''],
    ['organization', 'yes', true, ''],
    ['anyone', 'depends', true, 'Office'],
    ['anonymous', 'depends', true, 'Office'],
    // A service is among everyone, too.
    ['service', 'depends', false, 'Office,Trail'],
  ]);
});

test('without the statement that names it a class is not there', () => {
  assert.deepEqual(whoCan(bucketOf([]), [], never), []);
  const deny = [
    { Effect: 'Allow', Action: 's3:*', Principal: { AWS: OTHER }, Resource: '*' },
    { Effect: 'Deny', Action: 's3:*', Principal: '*', Resource: '*' },
  ];
  assert.deepEqual(whoCan(bucketOf(deny), [], never), []);
  assert.equal(whoCan(bucketOf(deny.slice(0, 1)), [], never).length, 1);
});

test('a unique id stands for whom it names, unless that one is listed', () => {
  const statement = { Effect: 'Allow', Action: 's3:*', Principal: { AWS: 'AROAEXAMPLEID0000001' }, Resource: '*' };
  const bucket = bucketOf([statement]);
  const id = (finding: Finding) => (finding.who.kind === 'principal' ? finding.who.caller.id : finding.who.kind);
  assert.deepEqual(whoCan(bucket, [], never).map(id), ['AROAEXAMPLEID0000001']);
  const role = `arn:aws:iam::${OTHER}:role/partner`;
  const caller: Caller = { kind: 'role-session', id: role, account: OTHER, role, uniqueId: 'AROAEXAMPLEID0000001' };
  assert.deepEqual(whoCan(bucket, [{ caller, layers: [], facts: {}, context: {} }], never).map(id), []);
});

test('who is spared by a deny for everyone else is named though no allow names it', () => {
  const partner = `arn:aws:iam::${OTHER}:role/partner`;
  const statements = [
    { Effect: 'Allow', Action: 's3:*', Principal: '*', Resource: '*' },
    { Effect: 'Deny', Action: 's3:*', NotPrincipal: { AWS: [partner, OTHER] }, Resource: '*' },
  ];
  const callers = whoCan(bucketOf(statements), [], never).map(({ who }) =>
    who.kind === 'principal' ? who.caller.id : who.kind,
  );
  assert.deepEqual(callers, [partner, `arn:aws:iam::${OTHER}:root`]);
  const denied = [statements[0]!, { ...statements[1]!, NotPrincipal: { AWS: [partner] } }];
  assert.deepEqual(whoCan(bucketOf(denied), [], never), []);
});
