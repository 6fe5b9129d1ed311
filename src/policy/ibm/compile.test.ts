import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ibmRef } from '../names.ts';
import { bucketsFor, bucketsOf } from './buckets.ts';
import { compile } from './compile.ts';
import type { IbmPolicy, PolicyAttribute } from './document.ts';
import { questionOf, targetOf } from './question.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const READER = 'crn:v1:bluemix:public:iam::::serviceRole:Reader';
const CUSTOM = `crn:v1:bluemix:public:iam-access-management::a/${A}::customRole:Unwrapper`;

const equal = (name: string, value: string): PolicyAttribute => ({ name, operator: 'stringEquals', value });
const policy = (changed: Partial<IbmPolicy> = {}): IbmPolicy => ({
  type: 'authorization',
  subject: [equal('serviceName', 'server-protect'), equal('accountId', B)],
  resource: [equal('accountId', A), equal('serviceName', 'kms'), equal('serviceInstance', 'i1')],
  tags: [],
  roles: [READER],
  ...changed,
});
const statement = (of: IbmPolicy) => {
  const { statements, skipped } = compile(of, 'p1');
  assert.equal(skipped, undefined);
  assert.equal(statements.length, 1);
  return statements[0]!;
};

test('a policy is one statement of the account that owns its resource', () => {
  const compiled = compile(policy(), 'p1');
  assert.equal(compiled.account, A);
  const { origin, actions, effect } = statement(policy());
  assert.equal(effect, 'allow');
  assert.deepEqual([origin.account, origin.policy], [A, 'p1']);
  assert.equal(JSON.parse(origin.text).type, 'authorization');
  assert.ok(
    actions.kind === 'exact' && actions.names.has('kms.secrets.unwrap') && !actions.names.has('kms.secrets.create'),
  );
  assert.deepEqual(actions.kind === 'exact' && actions.roles, ['Reader']);
});

test('the actions are in lower case, as the engine asks for them', () => {
  const admin = 'crn:v1:bluemix:public:iam::::role:Administrator';
  const { actions } = statement(policy({ roles: [admin] }));
  assert.ok(actions.kind === 'exact' && actions.names.has('iam.delegationpolicy.create'));
});

test('policies with the same roles on the same service share one set of actions', () => {
  const other = policy({ subject: [equal('serviceName', 'is'), equal('accountId', A)] });
  assert.equal(statement(policy()).actions, statement(other).actions);
  const hpcs = policy({ resource: [equal('accountId', A), equal('serviceName', 'hs-crypto')] });
  assert.notEqual(statement(policy()).actions, statement(hpcs).actions);
});

test('what is remembered of two roles is not found under one odd name', () => {
  const delegator = 'crn:v1:bluemix:public:iam::::role:AuthorizationDelegator';
  assert.equal(compile(policy({ roles: [delegator, READER] }), 'p1').skipped, undefined);
  assert.match(compile(policy({ roles: [`${delegator} ${READER}`] }), 'p2').skipped ?? '', /unknown role/);
});

test('custom roles hold what the account gave them', () => {
  const custom = new Map([[CUSTOM, { crn: CUSTOM, display_name: 'Unwrapper', actions: ['kms.secrets.unwrap'] }]]);
  const of = policy({ type: 'access', subject: [equal('iam_id', 'IBMid-1')], roles: [CUSTOM] });
  const { actions } = compile(of, 'p1', custom).statements[0]!;
  assert.deepEqual(actions.kind === 'exact' && [...actions.names], ['kms.secrets.unwrap']);
  assert.match(compile(of, 'p1').skipped ?? '', /policy `p1`: it names an unknown role/);
  assert.equal(bucketsOf(of).length, 1, 'where it is filed does not depend on its roles');
});

const skipped: readonly [why: string, of: Partial<IbmPolicy>][] = [
  ['its resource names no account', { resource: [equal('serviceName', 'kms')] }],
  ['its resource names no account', { resource: [equal('accountId', 'Account-A'), equal('serviceName', 'kms')] }],
  ['its resource names no known service', { resource: [equal('accountId', A), equal('serviceName', 'kmss')] }],
  ['its resource names no known service', { resource: [equal('accountId', A)] }],
  ['its resource names no known service', { resource: [equal('accountId', A), equal('serviceType', 'any')] }],
  ['its subject is none', { subject: [equal('accountId', B)] }],
  ['its subject is none', { subject: [equal('iam_id', 'IBMid-1')] }],
  [
    'its subject is none',
    { subject: [equal('serviceName', 'is'), { name: 'accountId', operator: 'stringExists', value: true }] },
  ],
  ['its subject is none', { type: 'access' }],
  ['its subject is none', { type: 'access', subject: [{ name: 'iam_id', operator: 'stringMatch', value: '*' }] }],
  ['its subject is none', { type: 'access', subject: [] }],
  ['it names an unknown role', { roles: [READER, 'crn:v1:bluemix:public:iam::::role:Reader'] }],
  ['unknown operator `equals`', { tags: [{ name: 'env', operator: 'equals', value: 'x' }] }],
  [
    'it tests presence by neither',
    { subject: [...policy().subject, { name: 'region', operator: 'stringExists', value: 'no' }] },
  ],
  ['its rule has an unknown key', { rule: { key: 'time', operator: 'stringEquals', value: 'x' } }],
  [
    'its rule has an unknown key or operator',
    {
      rule: {
        operator: 'or',
        conditions: [{ key: '{{resource.attributes.path}}', operator: 'StringEquals', value: 'x' }],
      },
    },
  ],
];

for (const [why, of] of skipped) {
  test(`skipped, because ${why}: ${JSON.stringify(of).slice(0, 100)}`, () => {
    const compiled = compile(policy(of), 'p1');
    assert.deepEqual(compiled.statements, []);
    assert.ok(compiled.skipped?.includes(why), compiled.skipped);
  });
}

test('a policy is filed under what it tests literally', () => {
  const star = { name: 'serviceInstance', operator: 'stringMatch', value: 'i*' };
  const base = [equal('accountId', A), equal('serviceName', 'kms')];
  assert.deepEqual(bucketsOf(policy()), [`${A}|service|${B}|server-protect|*|kms|i1|*`]);
  assert.deepEqual(bucketsOf(policy({ resource: [...base, star] })), [`${A}|service|${B}|server-protect|*|kms|*|*`]);
  const user = policy({ type: 'access', subject: [equal('iam_id', 'IBMid-1')] });
  assert.deepEqual(bucketsOf(user), [`${A}|identity|IBMid-1|kms|i1`]);
});

test('a value never passes for a separator or a wildcard', () => {
  const odd = policy({ resource: [equal('accountId', A), equal('serviceName', 'kms'), equal('resource', '*|%')] });
  assert.deepEqual(bucketsOf(odd), [`${A}|service|${B}|server-protect|*|kms|*|%2a%7c%25`]);
});

test('a question looks under 32 keys, whatever the account holds', () => {
  const ref = ibmRef({ account: A, service: 'kms', location: 'us-south', instance: 'i1', type: 'key', id: 'k1' });
  const attributes = { serviceName: 'server-protect', accountId: B, serviceInstance: 's1' };
  const service = { kind: 'service' as const, id: 'crn-x', account: B, attributes };
  const keys = bucketsFor(questionOf(service, 'kms.secrets.unwrap', targetOf(ref), new Date(0)));
  assert.equal(keys.length, 32);
  assert.equal(new Set(keys).size, 32);
  assert.ok(keys.every((key) => key.startsWith(`${A}|service|${B}|`)));
  const user = { kind: 'user' as const, id: 'IBMid-1', account: A, groups: ['AccessGroupId-1', 'AccessGroupId-2'] };
  assert.equal(bucketsFor(questionOf(user, 'kms.secrets.unwrap', targetOf(ref), new Date(0))).length, 12);
});
