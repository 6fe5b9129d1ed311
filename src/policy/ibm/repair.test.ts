import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '../explain.ts';
import type { Caller, Layer } from '../model.ts';
import { ibmRef, type ResourceRef } from '../names.ts';
import { questionOf, targetOf } from './question.ts';
import { smallestGrant } from './repair.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const I1 = '51042d7f-f0df-4915-bd39-6a49957c9175';

const service = (attributes: Record<string, string>): Caller => ({
  kind: 'service',
  id: 'crn-x',
  account: attributes['accountId'] ?? '',
  attributes,
});
const kms = (parts: Partial<ResourceRef> = {}) =>
  ibmRef({ account: A, service: 'kms', location: 'us-south', instance: I1, ...parts });

/** The grant for a caller who has none; `layers` are what already stands. */
function grant(
  caller: Caller,
  action: string,
  ref: ResourceRef,
  own: Record<string, string> = {},
  layers: Layer[] = [],
) {
  const question = questionOf(caller, action, targetOf(ref, own), new Date(0));
  return smallestGrant(question, explain(question, layers));
}

const block = service({ serviceName: 'server-protect', accountId: B });

test('a service that may not use an instance gets the command line of the pages', () => {
  const found = grant(block, 'kms.secrets.unwrap', kms());
  assert.equal(
    found?.cli,
    `ibmcloud iam authorization-policy-create server-protect kms Reader --source-service-account ${B} --target-service-instance-id ${I1}`,
  );
  assert.equal(found?.file, undefined);
});

test('one key is named in the body, which the command reads from a file', () => {
  const found = grant(block, 'kms.secrets.unwrap', kms({ type: 'key', id: 'k1' }));
  assert.equal(found?.account, A);
  assert.equal(found?.cli, 'ibmcloud iam authorization-policy-create --file policy.json');
  assert.equal(found?.file, 'policy.json');
  assert.deepEqual(found?.v1.subjects[0]?.attributes, [
    { name: 'serviceName', value: 'server-protect' },
    { name: 'accountId', value: B },
  ]);
  assert.deepEqual(
    found?.v2.resource.attributes.map(({ key, value }) => [key, value]),
    [
      ['accountId', A],
      ['serviceName', 'kms'],
      ['serviceInstance', I1],
      ['resourceType', 'key'],
      ['resource', 'k1'],
    ],
  );
  assert.deepEqual(
    found?.v1.roles.map((r) => r.display_name),
    ['Reader'],
  );
});

test('a source in the same account needs no account on the command line', () => {
  const own = service({ serviceName: 'cloud-object-storage', accountId: A, serviceInstance: 'c1' });
  const found = grant(own, 'kms.secrets.wrap', kms());
  assert.equal(
    found?.cli,
    `ibmcloud iam authorization-policy-create cloud-object-storage kms Reader --source-service-instance-id c1 --target-service-instance-id ${I1}`,
  );
});

test('delegation takes the delegator, and a snapshot is named by its id', () => {
  const found = grant(block, 'iam.delegationPolicy.create', kms());
  assert.match(found?.cli ?? '', /kms 'Authorization Delegator' /);
  const snapshot = ibmRef({ account: A, service: 'is', location: 'us-south', type: 'snapshot', id: 'r006-1' });
  const volumes = service({ serviceName: 'is', accountId: B, resourceType: 'volume' });
  const restore = grant(volumes, 'is.snapshot.snapshot.allow-remote-account-restore', snapshot);
  assert.deepEqual(restore?.policy.resource.at(-1), { name: 'snapshotId', operator: 'stringEquals', value: 'r006-1' });
  assert.equal(restore?.v1.roles[0]?.display_name, 'Snapshot Remote Account Restorer');
});

test('an identity gets the least role that holds the action', () => {
  const user: Caller = { kind: 'user', id: 'IBMid-1', account: A, attributes: { email: 'ana@a.example' } };
  const start = 'ibmcloud iam user-policy-create ana@a.example --roles';
  assert.equal(
    grant(user, 'kms.secrets.create', kms(), { keyRing: 'team' })?.cli,
    `${start} Writer --service-name kms --service-instance ${I1} --attributes keyRing=team`,
  );
  assert.equal(
    grant(user, 'kms.secrets.read', kms({ type: 'key', id: 'k1' }))?.cli,
    `${start} ReaderPlus --service-name kms --service-instance ${I1} --resource-type key --resource k1`,
  );
  assert.equal(grant(user, 'iam.policy.create', kms())?.v1.roles[0]?.display_name, 'Administrator');
  const volume = ibmRef({ account: A, service: 'is', location: 'us-south-3', type: 'volume' });
  assert.equal(
    grant(user, 'is.volume.volume.create', volume, { resourceGroupId: 'g1' })?.cli,
    `${start} Editor --service-name is --resource-type volume --region us-south --resource-group-id g1`,
  );
  const id: Caller = { kind: 'service-id', id: 'iam-ServiceId-1', account: A };
  assert.match(grant(id, 'kms.secrets.list', kms())?.cli ?? '', /^ibmcloud iam service-policy-create ServiceId-1 /);
  const profile: Caller = { kind: 'profile', id: 'iam-Profile-1', account: A };
  assert.match(
    grant(profile, 'kms.secrets.list', kms())?.cli ?? '',
    /^ibmcloud iam trusted-profile-policy-create Profile-1 /,
  );
});

test('who manages policies is given what these open', () => {
  const user: Caller = { kind: 'user', id: 'IBMid-1', account: A };
  const policies = ibmRef({ account: A, service: 'iam-access-management', type: 'policy', id: 'p1' });
  const whole = { serviceName: '', service_group_id: '', resourceType: '', resource: '' };
  const placed = (own: Record<string, string>) =>
    grant(user, 'iam.policy.create', policies, { ...whole, ...own })?.policy.resource.map((a) => [a.name, a.value]);
  assert.deepEqual(placed({ serviceType: 'service' }), [
    ['accountId', A],
    ['serviceType', 'service'],
  ]);
  assert.deepEqual(placed({ serviceName: 'is', volumeId: 'r006-1' }), [
    ['accountId', A],
    ['serviceName', 'is'],
    ['volumeId', 'r006-1'],
  ]);
  assert.deepEqual(placed({ serviceName: 'kms', keyRing: 'team-＊＊＊' }), [
    ['accountId', A],
    ['serviceName', 'kms'],
  ]);
});

test('nothing is offered where no grant helps', () => {
  const foreign: Caller = { kind: 'user', id: 'IBMid-1', account: B };
  assert.equal(grant(foreign, 'kms.secrets.list', kms()), undefined, 'he acts in another account');
  assert.equal(grant({ kind: 'anonymous', id: 'anonymous', account: '' }, 'kms.secrets.list', kms()), undefined);
  assert.equal(grant(block, 'kms.secrets.delete', kms()), undefined, 'no role of this pair deletes keys');
  assert.equal(grant(service({ serviceName: 'dns-svcs', accountId: B }), 'kms.secrets.list', kms()), undefined);
  const guardrail: Layer = {
    kind: 'guardrail',
    account: A,
    may: 'limit',
    statements: [
      {
        effect: 'deny',
        principals: { kind: 'anyone' },
        actions: { kind: 'wildcard', patterns: ['*'] },
        resources: { kind: 'any' },
        conditions: [],
        origin: { account: A, policy: 'limit', statement: '0', text: '' },
      },
    ],
  };
  assert.equal(grant(block, 'kms.secrets.unwrap', kms(), {}, [guardrail]), undefined);
});
