import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '../policy/explain.ts';
import { compile } from '../policy/ibm/compile.ts';
import type { IbmPolicy, PolicyAttribute } from '../policy/ibm/document.ts';
import { questionOf, targetOf } from '../policy/ibm/question.ts';
import { smallestGrant } from '../policy/ibm/repair.ts';
import type { Caller, Layer, Question } from '../policy/model.ts';
import { ibmRef } from '../policy/names.ts';
import { opensBesides, whatStops } from './change.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const READER = 'crn:v1:bluemix:public:iam::::serviceRole:Reader';

const storage: Caller = {
  kind: 'service',
  id: 'storage',
  account: B,
  attributes: { serviceName: 'server-protect', accountId: B, resourceType: 'volume', resource: 'v1' },
};
const key = targetOf(
  ibmRef({ account: A, service: 'kms', location: 'us-south', instance: 'i1', type: 'key', id: 'k1' }),
  { keyRing: 'payments', resourceGroupId: 'g1' },
);
const wrap: Question = questionOf(storage, 'kms.secrets.wrap', key, new Date(0));

const attributes = (values: Record<string, string>): PolicyAttribute[] =>
  Object.entries(values).map(([name, value]) => ({ name, operator: 'stringEquals', value }));

const grant = (subject: Record<string, string>, resource: Record<string, string>): IbmPolicy => ({
  type: 'authorization',
  subject: attributes({ serviceName: 'server-protect', accountId: B, ...subject }),
  resource: attributes({ accountId: A, serviceName: 'kms', ...resource }),
  tags: [],
  roles: [READER],
});

const layerOf = (...policies: readonly IbmPolicy[]): Layer => ({
  kind: 'authorization',
  account: A,
  statements: policies.flatMap((policy, index) => compile(policy, `p${index}`).statements),
  may: 'grant',
});

/** What is opened but for actions. */
const places = (policy: IbmPolicy, before: readonly Layer[] = []): readonly string[] =>
  opensBesides(policy, wrap, before).filter((what) => !what.startsWith('kms.'));

const BESIDE = 'any other key beside it';
const RINGS = 'any key in other key rings';
const GROUPS = 'any key in other resource groups';
const REGIONS = 'any key in other regions';
const INSTANCES = 'any key in other instances';
const SOURCES = `server-protect for any other resource of account ${B}`;

test('a grant opens what it leaves open: each attribute that it names closes one step', () => {
  assert.deepEqual(places(grant({}, {})), [BESIDE, RINGS, GROUPS, REGIONS, INSTANCES, SOURCES]);
  assert.deepEqual(places(grant({}, { serviceInstance: 'i1' })), [BESIDE, RINGS, GROUPS, REGIONS, SOURCES]);
  assert.deepEqual(places(grant({}, { serviceInstance: 'i1', region: 'us-south' })), [BESIDE, RINGS, GROUPS, SOURCES]);
  assert.deepEqual(places(grant({}, { serviceInstance: 'i1', keyRing: 'payments' })), [
    BESIDE,
    GROUPS,
    REGIONS,
    SOURCES,
  ]);
  assert.deepEqual(places(grant({}, { resourceType: 'key', resource: 'k1' })), [SOURCES]);
  assert.deepEqual(places(grant({ resource: 'v1' }, { resourceType: 'key', resource: 'k1' })), []);
});

test('it opens the other actions of its role, and no more', () => {
  const opened = opensBesides(grant({}, {}), wrap, []);
  assert.ok(opened.includes('kms.secrets.unwrap'));
  assert.ok(!opened.includes('kms.secrets.wrap') && !opened.includes('kms.secrets.delete'));
});

test('what is open already is not opened', () => {
  assert.deepEqual(opensBesides(grant({}, {}), wrap, [layerOf(grant({}, {}))]), []);
  assert.deepEqual(places(grant({}, {}), [layerOf(grant({}, { serviceInstance: 'i1' }))]), [INSTANCES]);
});

test('the smallest grant opens no other key and no other account', () => {
  const smallest = smallestGrant(wrap, explain(wrap, []));
  assert.deepEqual(places(smallest!.policy), [SOURCES]);
});

test('an allow stops when every policy that gives it is gone, and not before', () => {
  const policies = [grant({}, {}), grant({}, { serviceInstance: 'i1' }), grant({}, { serviceInstance: 'i2' })];
  const stop = whatStops(explain(wrap, [layerOf(...policies)]));
  assert.deepEqual(stop?.policies?.map(({ policy }) => policy).toSorted(), ['p0', 'p1']);
  for (const left of [0, 1]) assert.equal(explain(wrap, [layerOf(policies[left]!)]).outcome, 'allow');
  assert.equal(explain(wrap, [layerOf(policies[2]!)]).outcome, 'implicit-deny');
});

test('a denial has nothing to stop, and standing is not stopped by policies', () => {
  assert.equal(whatStops(explain(wrap, [])), undefined);
  const [statement] = layerOf(grant({}, {})).statements;
  const stop = whatStops(explain(wrap, [{ kind: 'service', account: A, statements: [statement!], may: 'grant' }]));
  assert.equal(stop?.policies, undefined);
});
