/**
 * Delegation: a source service that was authorized with AuthorizationDelegator authorizes its dependents.
 * https://cloud.ibm.com/docs/account?topic=account-serviceauth
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Fault } from '../src/faults.ts';
import type { PolicyAttribute } from '../src/policy/ibm/document.ts';
import { fromV1 } from '../src/policy/ibm/read.ts';
import { type Delegated, delegateAuthorization, endDelegations } from '../src/services/policies/delegation.ts';
import type { PolicyDocument } from '../src/services/policies/documents.ts';
import { createPolicy, deletePolicy, getPolicy, replacePolicy } from '../src/services/policies/policies.ts';
import { type InsidePlane, ownerOf, startInside } from './ibm-policies-inside.ts';
import { A, B, C, DELEGATOR, READER, WRITER } from './ibm-policies-world.ts';

let plane: InsidePlane;
before(async () => {
  plane = await startInside();
});
after(async () => {
  assert.deepEqual(plane.skipped, []);
  await plane.stop();
});

const is = (name: string, value: string): PolicyAttribute => ({ name, operator: 'stringEquals', value });
const database = { account: B, service: 'databases-for-postgresql', instance: 'db-1' };
const bucketBackup: Delegated = {
  dependent: [is('serviceName', 'cloud-object-storage'), is('serviceInstance', 'backups')],
  target: [is('accountId', A), is('serviceName', 'kms'), is('serviceInstance', 'keys')],
  roles: [READER],
};

/** A authorizes the databases of B on one Key Protect instance. */
async function authorize(roles: readonly string[], target: Record<string, string> = { serviceInstance: 'keys' }) {
  const attributes = (of: Record<string, string>) => Object.entries(of).map(([name, value]) => ({ name, value }));
  const { policy } = fromV1({
    type: 'authorization',
    subjects: [{ attributes: attributes({ accountId: B, serviceName: database.service }) }],
    roles: roles.map((role_id) => ({ role_id })),
    resources: [{ attributes: attributes({ accountId: A, serviceName: 'kms', ...target }) }],
  });
  const { document } = await plane.asOwner(A, createPolicy, { policy: policy!, version: 'v1' });
  return document;
}

const delegate = (what: Partial<Delegated> = {}, by = database): Promise<PolicyDocument> =>
  plane.asService(by, delegateAuthorization, { ...bucketBackup, ...what });

const isDenied = (error: Fault): boolean => error.kind === 'denied';
const stateOf = async ({ id }: PolicyDocument) => (await plane.asOwner(A, getPolicy, { id })).document.state;
const remove = ({ id }: PolicyDocument) => plane.asOwner(A, deletePolicy, { id });

test('a source with AuthorizationDelegator authorizes its dependent, visibly to the owner of the target', async () => {
  await assert.rejects(delegate(), isDenied, 'without any authorization');
  const reader = await authorize([READER]);
  await assert.rejects(delegate(), isDenied, 'Reader alone does not let it pass anything on');
  await remove(reader);

  const parent = await authorize([DELEGATOR, READER]);
  const made = await delegate();
  assert.deepEqual(made.policy.subject, [is('accountId', B), ...bucketBackup.dependent]);
  assert.deepEqual(made.policy.resource, bucketBackup.target);
  assert.deepEqual(made.policy.roles, [READER]);
  assert.equal(made.createdBy, `crn-crn:v1:bluemix:public:databases-for-postgresql::a/${B}:db-1::`);
  assert.equal(made.delegation?.parent, parent.id);
  assert.equal(await stateOf(made), 'active');
  assert.equal((await delegate()).id, made.id, 'the same once more is the same policy');
  await remove(parent);
});

test('nothing is passed on that the source was not given', async () => {
  const parent = await authorize([DELEGATOR, READER]);
  const [account, service] = bucketBackup.target;
  const elsewhere = [account!, service!, is('serviceInstance', 'other-keys')];
  for (const [why, what] of Object.entries<Partial<Delegated>>({
    'another target': { target: elsewhere },
    'all instances of the target': { target: [account!, service!] },
    'a target of another account': { target: [is('accountId', C), ...bucketBackup.target.slice(1)] },
    'the delegation itself': { roles: [DELEGATOR, READER] },
    'to a service that does not depend on it': { dependent: [is('serviceName', 'event-notifications')] },
    'to itself': { dependent: [is('serviceName', database.service)] },
  })) {
    await assert.rejects(delegate(what), (error: Fault) => isDenied(error) || error.kind === 'invalid', why);
  }
  await assert.rejects(delegate({ roles: [WRITER] }), (error: Fault) => error.kind === 'invalid', 'no such pair');
  await assert.rejects(delegate({}, { ...database, account: C }), isDenied, 'the databases of a third account');
  await assert.rejects(
    delegate({}, { ...database, service: 'cloud-object-storage' }),
    isDenied,
    'the dependent itself',
  );
  await assert.rejects(plane.asOwner(A, delegateAuthorization, bucketBackup), isDenied, 'a person');
  const pattern = [account!, service!, { name: 'serviceInstance', operator: 'stringMatch', value: 'k*' }];
  await assert.rejects(delegate({ target: pattern }), isDenied, 'a pattern that reaches further');
  await delegate();
  await remove(parent);
});

test('the account of a dependent is that of the source, whatever is asked for', async () => {
  const parent = await authorize([DELEGATOR, READER]);
  const made = await delegate({ dependent: [is('accountId', C), ...bucketBackup.dependent] });
  assert.deepEqual(made.policy.subject[0], is('accountId', B));
  await remove(parent);
});

test('what was passed on ends with the authorization that let it', async () => {
  const parent = await authorize([DELEGATOR, READER]);
  const made = await delegate();
  await remove(parent);
  assert.equal(await stateOf(made), 'deleted');
  await assert.rejects(delegate(), isDenied);
});

test('after a change of the authorization what it still covers stays', async () => {
  const parent = await authorize([DELEGATOR, READER], {});
  const made = await delegate();
  const narrowed = (attributes: PolicyAttribute[], roles: string[]) => ({
    ...parent.policy,
    resource: [is('accountId', A), is('serviceName', 'kms'), ...attributes],
    roles,
  });
  const replace = async (policy: PolicyDocument['policy']) => {
    const { document } = await plane.asOwner(A, getPolicy, { id: parent.id });
    await plane.asOwner(A, replacePolicy, { id: parent.id, ifMatch: document.etag, policy, version: 'v2' });
  };
  await replace(narrowed([is('serviceInstance', 'keys')], [DELEGATOR, READER]));
  assert.equal(await stateOf(made), 'active');
  await replace(narrowed([is('serviceInstance', 'keys')], [READER]));
  assert.equal(await stateOf(made), 'deleted');
  await remove(parent);
});

test('what was passed on ends with the source, and with the dependent', async () => {
  const parent = await authorize([DELEGATOR, READER]);
  const first = await delegate();
  const same = await delegate({}, { ...database, instance: 'db-2' });
  const narrow = { dependent: [is('serviceName', 'cloud-object-storage'), is('serviceInstance', 'other-backups')] };
  const second = await delegate(narrow, { ...database, instance: 'db-2' });

  await plane.asService({ ...database, instance: 'db-3' }, endDelegations, null);
  const states = () => Promise.all([first, same, second].map(stateOf));
  assert.deepEqual(await states(), ['active', 'active', 'active'], 'another database');
  await plane.asService(database, endDelegations, null);
  assert.deepEqual(await states(), ['deleted', 'active', 'active'], 'what another database was given stays');

  const bucket = { account: B, service: 'cloud-object-storage', instance: 'other-backups' };
  await plane.asService({ ...bucket, account: C }, endDelegations, null);
  await plane.jobsDone();
  assert.equal(await stateOf(second), 'active', 'an instance of another account');
  await plane.asService(bucket, endDelegations, null);
  await plane.jobsDone();
  assert.equal(await stateOf(second), 'deleted');
  assert.equal(await stateOf(parent), 'active');
  await remove(parent);
});

test('only the owner of the target sees what was passed on', async () => {
  const parent = await authorize([DELEGATOR, READER]);
  const made = await delegate();
  const seen = (account: string) => plane.as(ownerOf(account), getPolicy, { id: made.id });
  assert.equal((await seen(A)).document.id, made.id);
  await assert.rejects(seen(B), (error: Fault) => error.kind === 'not-found');
  await remove(parent);
});
