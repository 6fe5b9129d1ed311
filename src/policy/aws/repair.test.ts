import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadCase } from '../case.ts';
import { decide } from '../decide.ts';
import { explain } from '../explain.ts';
import { neighboursOf, opened } from '../neighbours.ts';
import { world } from '../plain/generate.ts';
import { repair, whatStops, withGrant } from './repair.ts';

const RUNS = 4000;

test('the smallest grants allow, and with any of them left out it is still denied', () => {
  let repaired = 0;
  let blocked = 0;
  fc.assert(
    fc.property(world(), (given) => {
      const { question, layers, facts } = loadCase({ name: 'generated', ...given });
      const verdict = explain(question, layers, facts);
      if (verdict.outcome === 'allow') return;
      const { grants, blockers, around } = repair(question, verdict);
      if (grants.length === 0) {
        assert.ok(blockers.length > 0, 'a denial that no grant repairs names what is in the way');
        blocked += 1;
        return;
      }
      repaired += 1;
      assert.equal(around, blockers.length > 0);
      assert.equal(decide(question, grants.reduce(withGrant, layers), facts), 'allow');
      for (const left of grants) {
        const others = grants.filter((grant) => grant !== left);
        assert.notEqual(decide(question, others.reduce(withGrant, layers), facts), 'allow', 'a grant too many');
      }
    }),
    { numRuns: RUNS },
  );
  assert.ok(repaired > RUNS / 20 && blocked > RUNS / 20, `repaired ${repaired}, blocked ${blocked}`);
});

test('what would stop an allowed question stops it, and none of it may stay', () => {
  let stopped = 0;
  fc.assert(
    fc.property(world(), (given) => {
      const { question, layers, facts } = loadCase({ name: 'generated', ...given });
      const verdict = explain(question, layers, facts);
      if (verdict.outcome !== 'allow') return;
      for (const stop of whatStops(question, layers, verdict, facts)) {
        const keeping = (kept: object | undefined) =>
          layers.map((layer) => ({
            ...layer,
            statements: layer.statements.filter(
              (one) => layer.kind !== stop.layer || one.origin === kept || !stop.statements.includes(one.origin),
            ),
          }));
        assert.notEqual(decide(question, keeping(undefined), facts), 'allow');
        for (const kept of stop.statements) assert.equal(decide(question, keeping(kept), facts), 'allow');
        stopped += 1;
      }
    }),
    { numRuns: RUNS },
  );
  assert.ok(stopped > RUNS / 50, `stopped ${stopped}`);
});

const OWN = '111111111111';
const OTHER = '222222222222';
const SESSION = `arn:aws:sts::${OWN}:assumed-role/reader/ci`;

function denied(request: object, policies: object, facts: object = {}) {
  const { question, layers, facts: known } = loadCase({ name: 'denied', request, policies, facts });
  const verdict = explain(question, layers, known);
  assert.notEqual(verdict.outcome, 'allow');
  return { question, layers, facts: known, ...repair(question, verdict) };
}

test('across accounts each side is asked for its own statement, with the role and the exact object', () => {
  const request = {
    principal: SESSION,
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::box/a',
    resourceAccount: OTHER,
  };
  const { grants, question, layers } = denied(request, {});
  assert.deepEqual(grants, [
    {
      account: OWN,
      layer: 'identity',
      place: `a policy of arn:aws:iam::${OWN}:role/reader`,
      statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::box/a' },
    },
    {
      account: OTHER,
      layer: 'resource',
      place: 'the policy of arn:aws:s3:::box/a',
      statement: {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${OWN}:role/reader` },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::box/a',
      },
    },
  ]);
  const after = grants.reduce(withGrant, layers);
  const opens = opened(neighboursOf(question, ['s3:PutObject', 's3:GetObject']), layers, after);
  assert.deepEqual(
    opens.map((one) => one.what),
    [`another session of arn:aws:iam::${OWN}:role/reader`],
  );
});

test('a service is granted only for the resource it acts for', () => {
  const request = {
    principal: 'cloudtrail.amazonaws.com',
    action: 's3:PutObject',
    resource: 'arn:aws:s3:::box/a',
    resourceAccount: OWN,
    context: { 'aws:SourceArn': `arn:aws:cloudtrail:eu-west-1:${OWN}:trail/t`, 'aws:SourceAccount': OWN },
  };
  const { grants, question, layers } = denied(request, {});
  assert.deepEqual(grants[0]?.statement['Condition'], {
    StringEquals: { 'aws:SourceArn': `arn:aws:cloudtrail:eu-west-1:${OWN}:trail/t`, 'aws:SourceAccount': OWN },
  });
  assert.deepEqual(opened(neighboursOf(question), layers, grants.reduce(withGrant, layers)), []);
});

test('a deny, a guardrail and a boundary are named as what is in the way', () => {
  const request = { principal: SESSION, action: 's3:GetObject', resource: 'arn:aws:s3:::box/a', resourceAccount: OWN };
  const document = (effect: string, action: string) => ({
    Version: '2012-10-17',
    Statement: [{ Sid: 'It', Effect: effect, Action: action, Resource: '*' }],
  });
  const deny = denied(request, { identity: [document('Allow', '*'), document('Deny', 's3:*')] });
  assert.deepEqual(deny.grants, []);
  assert.equal(deny.blockers[0]?.by[0]?.origin.statement, 'It');
  const guardrail = denied(request, { identity: [document('Allow', '*')], scps: [[document('Allow', 'ec2:*')]] });
  assert.deepEqual([guardrail.grants, guardrail.blockers.map((one) => one.layer)], [[], ['guardrail']]);
  const boundary = denied(request, { identity: [document('Allow', '*')], boundary: document('Allow', 'ec2:*') });
  assert.deepEqual(
    boundary.blockers.map((one) => one.layer),
    ['boundary'],
  );
  assert.ok(boundary.around, 'naming the session itself goes around the boundary');
  for (const resource of ['*', `arn:aws:iam::${OWN}:user/bob`]) {
    const action = resource === '*' ? 's3:ListAllMyBuckets' : 'iam:GetUser';
    const bound = { identity: [document('Allow', '*')], boundary: document('Allow', 'ec2:*') };
    const { grants, around } = denied({ ...request, action, resource }, bound);
    assert.deepEqual([grants, around], [[], false], `${resource} has no policy that could`);
  }
});

test('a key of the own account is opened by one statement, in its policy or by identity where it delegates', () => {
  const key = `arn:aws:kms:eu-west-1:${OWN}:key/k`;
  const request = { principal: SESSION, action: 'kms:Decrypt', resource: key, resourceAccount: OWN };
  const policy = (principal: string) => ({
    resource: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'kms:*', Resource: '*' }],
    },
  });
  assert.deepEqual(
    denied(request, policy(OWN)).grants.map((grant) => grant.layer),
    ['identity'],
  );
  assert.deepEqual(
    denied(request, policy(OTHER)).grants.map((grant) => grant.layer),
    ['resource'],
  );
});
