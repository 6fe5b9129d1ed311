/** What services may do with keys that nobody else may: register what they keep, in their own account's name alone. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readConfig } from '../src/config.ts';
import type { Context } from '../src/context.ts';
import { type RunningPlane, start } from '../src/main.ts';
import { operation, perform, Refusal } from '../src/operation.ts';
import { parseCrn } from '../src/policy/names.ts';
import { deregisterResource, registerResource, updateRegistration, wrapKey } from '../src/services/keys/keys.ts';
import { Volume } from '../src/services/volumes/access.ts';
import { ACCOUNT_A, ACCOUNT_B } from '../src/services/worlds/demo-world.ts';
import { eventually, request } from './plane.ts';

const KEY = 'application/vnd.ibm.kms.key+json';
const VPC = 'version=2026-03-24&generation=2';
let folder: string;
let running: RunningPlane;
let ownerOfKey: string;
let ownerOfVolume: string;
let instance: string;
let keyCrn: string;
let volumeCrn: string;
const logged: string[] = [];

async function call(token: string, method: string, path: string, body?: object) {
  const headers = instance === undefined ? {} : { 'bluemix-instance': instance };
  const reply = await request(running.ibm, method, path, { token, headers, ...(body === undefined ? {} : { body }) });
  return { status: reply.status, body: reply.body, code: reply.body?.resources?.[0]?.reasons?.[0]?.code };
}

async function tokenOf(apikey: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return (await request(running.ibm, 'POST', '/identity/token', { headers, body })).body.access_token;
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easement-keys-'));
  const config = readConfig([
    '--home',
    join(folder, 'home'),
    '--ibm-port',
    '0',
    '--aws-port',
    '0',
    '--console-port',
    '0',
  ]);
  running = await start(config, (message, error) => logged.push(`${message} ${String(error)}`));
  ownerOfKey = await tokenOf('account-a-owner-api-key-000000000000000001');
  ownerOfVolume = await tokenOf('account-b-owner-api-key-000000000000000001');
  const groups = await call(ownerOfKey, 'GET', '/v2/resource_groups?default=true');
  const made = await call(ownerOfKey, 'POST', '/v2/resource_instances', {
    name: 'kp',
    target: 'us-south',
    resource_group: groups.body.resources[0].id,
    resource_plan_id: 'eedd3585-90c6-4c8f-be3d-062069e99fc3',
  });
  instance = made.body.guid;
  keyCrn = (await makeKey()).crn;
  const is = (name: string, value: string) => ({ name, value });
  const lent = await call(ownerOfKey, 'POST', '/v1/policies', {
    type: 'authorization',
    subjects: [{ attributes: [is('accountId', ACCOUNT_B), is('serviceName', 'server-protect')] }],
    roles: [{ role_id: 'crn:v1:bluemix:public:iam::::serviceRole:Reader' }],
    resources: [{ attributes: [is('accountId', ACCOUNT_A), is('serviceName', 'kms')] }],
  });
  assert.equal(lent.status, 201);
  volumeCrn = await makeVolume();
});
after(async () => {
  await running.stop();
  await rm(folder, { recursive: true });
  assert.deepEqual(logged, []);
});

async function makeKey(extractable = false): Promise<{ id: string; crn: string }> {
  const resources = [{ type: KEY, name: 'lent', extractable }];
  const body = { metadata: { collectionType: KEY, collectionTotal: 1 }, resources };
  return (await call(ownerOfKey, 'POST', '/api/v2/keys', body)).body.resources[0];
}

async function makeVolume(): Promise<string> {
  const body = {
    profile: { name: 'general-purpose' },
    zone: { name: 'us-south-1' },
    capacity: 10,
    encryption_key: { crn: keyCrn },
  };
  const made = await call(ownerOfVolume, 'POST', `/v1/volumes?${VPC}`, body);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.crn;
}

/** Block storage does something for the volume of account B; the reason of its refusal, or `done`. */
async function asBlockStorage(
  act: (service: ReturnType<Context['actAs']>) => Promise<unknown>,
  crn = volumeCrn,
): Promise<string> {
  const acting = operation('test.act', async (cx, _input: null) => {
    const volume = await cx.allow(Volume.read, parseCrn(crn)!);
    await act(cx.actAs({ kind: 'service-principal', service: 'server-protect' }, volume));
  });
  try {
    const credential = { kind: 'bearer', token: ownerOfVolume } as const;
    await perform(running.plane, acting, { credential, context: {} }, () => null);
    return 'done';
  } catch (error) {
    if (error instanceof Refusal) return error.fault.reason;
    throw error;
  }
}

test('a service registers what it keeps, and nothing of another account', async () => {
  const key = parseCrn(keyCrn)!;
  const foreign = volumeCrn.replace(ACCOUNT_B, ACCOUNT_A);
  assert.equal(
    await asBlockStorage((s) => s.perform(registerResource, { key, resourceCrn: foreign })),
    'resource-owner',
  );
  assert.equal(await asBlockStorage((s) => s.perform(registerResource, { key, resourceCrn: 'x' })), 'invalid-field');
  assert.equal(await asBlockStorage((s) => s.perform(registerResource, { key, resourceCrn: volumeCrn })), 'done');
});

test('standard keys and suspended keys protect nothing', async () => {
  const resourceCrn = volumeCrn;
  const standard = parseCrn((await makeKey(true)).crn)!;
  const register = (key: typeof standard) => asBlockStorage((s) => s.perform(registerResource, { key, resourceCrn }));
  assert.equal(await register(standard), 'root-key-needed-register');
  const suspended = await makeKey();
  await call(ownerOfKey, 'POST', `/api/v2/keys/${suspended.id}/actions/disable`);
  assert.equal(await register(parseCrn(suspended.crn)!), 'key-state-register');
});

test('a key named in another region, service or account is none', async () => {
  const key = parseCrn(keyCrn)!;
  const wrap = (change: Partial<typeof key>) =>
    asBlockStorage((s) => s.perform(wrapKey, { key: { ...key, ...change }, aad: [] }));
  assert.equal(await wrap({}), 'done');
  assert.equal(await wrap({ location: 'eu-de' }), 'key-not-found');
  assert.equal(await wrap({ service: 'hs-crypto' }), 'key-not-found');
  assert.equal(await wrap({ type: 'policy' }), 'key-not-found');
  assert.equal(await wrap({ account: ACCOUNT_B }), 'denied');
  assert.equal(await wrap({ id: '3f0c1d0e-0000-4000-8000-000000000000' }), 'key-not-found');
});

test('a registration follows the newest version only, and ends once', async () => {
  const other = await makeKey();
  const key = parseCrn(other.crn)!;
  const resourceCrn = volumeCrn;
  const version = '3f0c1d0e-0000-4000-8000-000000000000';
  const update = () => asBlockStorage((s) => s.perform(updateRegistration, { key, resourceCrn, version }));
  assert.equal(await update(), 'registration-not-found');
  assert.equal(await asBlockStorage((s) => s.perform(registerResource, { key, resourceCrn })), 'done');
  assert.equal(await update(), 'version-unknown');
  assert.equal(await asBlockStorage((s) => s.perform(deregisterResource, { key, resourceCrn })), 'done');
  assert.equal(
    await asBlockStorage((s) => s.perform(deregisterResource, { key, resourceCrn })),
    'registration-not-found',
  );
});

test('a key that a resource must keep is not deleted, not even by force', async () => {
  const held = await makeKey();
  const key = parseCrn(held.crn)!;
  const resourceCrn = volumeCrn;
  const remove = () => call(ownerOfKey, 'DELETE', `/api/v2/keys/${held.id}?force=true`);
  const register = (preventKeyDeletion: boolean) =>
    asBlockStorage((s) => s.perform(registerResource, { key, resourceCrn, preventKeyDeletion }));
  assert.equal(await register(true), 'done');
  assert.deepEqual([(await remove()).status, (await remove()).code], [409, 'PREV_KEY_DEL_ERR']);
  const listed = await call(ownerOfKey, 'GET', '/api/v2/keys/registrations?preventKeyDeletion=true');
  assert.equal(listed.body.resources[0].keyId, held.id);
  assert.equal(await register(false), 'done');
  assert.equal((await remove()).status, 204);
});

test('all of more than a hundred dependents hear of a change', async () => {
  const crns = [volumeCrn, ...(await Promise.all(Array.from({ length: 104 }, () => makeVolume())))];
  const key = parseCrn(keyCrn)!;
  await eventually('all are available', async () => (await statuses(crns)).every((status) => status === 'available'));
  const { status } = await call(ownerOfKey, 'POST', `/api/v2/keys/${key.id}/actions/disable`);
  assert.equal(status, 204);
  await eventually('all are unusable', async () => (await statuses(crns)).every((shown) => shown === 'unusable'));
});

async function statuses(crns: readonly string[]): Promise<string[]> {
  const found = new Map<string, string>();
  let path: string | undefined = `/v1/volumes?${VPC}&limit=100`;
  while (path !== undefined) {
    const { body }: { body: { volumes: { crn: string; status: string }[]; next?: { href: string } } } = await call(
      ownerOfVolume,
      'GET',
      path,
    );
    for (const volume of body.volumes) found.set(volume.crn, volume.status);
    const next: URL | undefined = body.next && new URL(body.next.href);
    path = next && `${next.pathname}${next.search}${next.searchParams.has('version') ? '' : `&${VPC}`}`;
  }
  return crns.map((crn) => found.get(crn) ?? 'gone');
}
