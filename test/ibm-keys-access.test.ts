/**
 * Who may do what: every call of the API as every kind of caller. The roles are the vendor's (ibm-cloud.md 4.1); whoever
 * has none of them gets 401, and nothing has changed.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ApiCall, CALLS, newKey, on, type Prepared, unique } from './ibm-keys-calls.ts';
import {
  CALLERS,
  collection,
  KEY,
  type KeysPlane,
  outcome,
  POLICY,
  type Shown,
  startKeysPlane,
} from './ibm-keys-world.ts';
import type { CallOptions } from './plane.ts';

const DENIED = '401 UNAUTHORIZED_ERR';
let plane: KeysPlane;
const ciphertexts = new Map<string, string>();

before(async () => {
  plane = await startKeysPlane();
  await plane.as('owner', 'POST', '/api/v2/key_rings/a-ring');
});
after(async () => {
  await plane.stop();
  assert.equal(plane.log(), '');
});

async function prepare(state: Prepared): Promise<Shown> {
  const key = await plane.make(state === 'aliased' ? { aliases: [`old-${unique()}`] } : {});
  const dual = collection(POLICY, { type: POLICY, dualAuthDelete: { enabled: true } });
  if (state === 'suspended') await plane.as('owner', 'POST', on(key, '/actions/disable'));
  if (state === 'destroyed') await plane.as('owner', 'DELETE', on(key));
  if (state === 'dual') await plane.as('owner', 'PUT', on(key, '/policies'), { body: dual });
  if (state !== 'active') return key;
  const wrapped = await plane.as('owner', 'POST', on(key, '/actions/wrap'), { body: {} });
  ciphertexts.set(key['id'], wrapped.body.ciphertext);
  return key;
}

function optionsOf(call: ApiCall, key: Shown): CallOptions {
  if (call.name !== 'unwrap' && call.name !== 'rewrap') return call.options ?? {};
  return { body: { ciphertext: ciphertexts.get(key['id']) } };
}

describe('every call, as everybody', () => {
  for (const call of CALLS) {
    test(call.name, async () => {
      const key = await prepare(call.key ?? 'active');
      if (call.key === 'suspended' || call.key === 'destroyed') await plane.advance(30_000);
      const before = await plane.metadata(key['id']);
      const denied = CALLERS.filter((who) => !call.allowed.includes(who));
      for (const who of denied) {
        const reply = await plane.as(who, call.method, call.path(key), optionsOf(call, key));
        assert.equal(outcome(reply), DENIED, `${call.name} as ${who}`);
        assert.deepEqual(await plane.metadata(key['id']), before);
      }
      for (const who of call.allowed) {
        const fresh = await prepare(call.key ?? 'active');
        if (call.key === 'suspended' || (call.key === 'destroyed' && call.name === 'restore'))
          await plane.advance(30_000);
        const reply = await plane.as(who, call.method, call.path(fresh), optionsOf(call, fresh));
        assert.equal(outcome(reply), call.success, `${call.name} as ${who}`);
      }
    });
  }
});

test('a key that is not there, and an instance that is not there, look like one that is not yours', async () => {
  const key = await plane.make();
  const nothing = '/api/v2/keys/3f0c1d0e-0000-4000-8000-000000000000/metadata';
  const noInstance = { headers: { 'bluemix-instance': '3f0c1d0e-0000-4000-8000-000000000000' } };
  assert.equal(outcome(await plane.as('reader', 'GET', nothing)), '404 KEY_NOT_FOUND_ERR');
  const bodies = await Promise.all([
    plane.as('foreigner', 'GET', nothing),
    plane.as('foreigner', 'GET', on(key, '/metadata')),
    plane.as('foreigner', 'GET', on(key, '/metadata'), noInstance),
    plane.as('owner', 'GET', on(key, '/metadata'), noInstance),
  ]);
  for (const reply of bodies) {
    assert.equal(outcome(reply), DENIED);
    const { correlationId: _id, ...rest } = reply.body.resources[0];
    const { correlationId: _other, ...first } = bodies[0].body.resources[0];
    assert.deepEqual(rest, first);
  }
});

test('lists show what the caller may see, and are empty for who may see nothing', async () => {
  await plane.make();
  for (const who of ['nobody', 'foreigner'] as const) {
    const reply = await plane.as(who, 'GET', '/api/v2/keys');
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.body, { metadata: { collectionType: KEY, collectionTotal: 0 } });
    const count = await plane.as(who, 'HEAD', '/api/v2/keys');
    assert.equal(count.headers.get('key-total'), '0');
  }
  const seen = await plane.as('reader', 'GET', '/api/v2/keys');
  assert.ok(seen.body.metadata.collectionTotal > 0);
  const noInstance = { headers: { 'bluemix-instance': '3f0c1d0e-0000-4000-8000-000000000000' } };
  assert.equal((await plane.as('owner', 'GET', '/api/v2/keys', noInstance)).body.metadata.collectionTotal, 0);
});

test('a right to one ring, or to one key, reaches no further', async () => {
  await plane.as('owner', 'POST', '/api/v2/key_rings/lent-ring');
  const inside = await plane.make({}, { 'x-kms-key-ring': 'lent-ring' });
  const outside = await plane.make();
  const single = await plane.make();
  const manager = 'crn:v1:bluemix:public:iam::::serviceRole:Manager';
  const guest = (method: string, path: string, options?: CallOptions) => plane.as('guest', method, path, options);
  assert.equal(outcome(await guest('GET', on(inside, '/metadata'))), DENIED);
  await plane.grant('guest', manager, { serviceInstance: plane.instance, keyRing: 'lent-ring' });
  await plane.grant('guest', manager, { serviceInstance: plane.instance, resourceType: 'key', resource: single['id'] });

  assert.equal((await guest('GET', on(inside, '/metadata'))).status, 200);
  assert.equal((await guest('GET', on(single, '/metadata'))).status, 200);
  assert.equal(outcome(await guest('GET', on(outside, '/metadata'))), DENIED);
  const listed = (await guest('GET', '/api/v2/keys')).body.resources.map((key: Shown) => key['id']);
  assert.deepEqual(listed.toSorted(), [inside['id'], single['id']].toSorted());

  const create = (ring: string) =>
    guest('POST', '/api/v2/keys', { body: newKey.body, headers: { 'x-kms-key-ring': ring } });
  assert.equal((await create('lent-ring')).status, 201);
  assert.equal(outcome(await create('a-ring')), DENIED);

  const move = (key: Shown, ring: string) => guest('PATCH', on(key), { body: { keyRingID: ring } });
  assert.equal(outcome(await move(inside, 'a-ring')), DENIED);
  assert.equal(outcome(await move(outside, 'lent-ring')), DENIED);
  assert.equal((await plane.metadata(inside['id']))['keyRingID'], 'lent-ring');
  assert.equal((await move(single, 'lent-ring')).status, 200);
  for (const path of ['/api/v2/key_rings', '/api/v2/instance/policies', '/api/v2/keys/registrations']) {
    assert.equal(outcome(await guest('GET', path)), DENIED, path);
  }
});

test('an authorization lets a service use a key, not the people of its account', async () => {
  const key = await plane.make();
  await plane.lend();
  await plane.volume(key['crn']);
  for (const [method, tail] of [
    ['GET', '/metadata'],
    ['GET', '/registrations'],
    ['POST', '/actions/wrap'],
  ] as const) {
    const options = method === 'POST' ? { body: {} } : {};
    assert.equal(outcome(await plane.as('foreigner', method, on(key, tail), options)), DENIED, tail);
  }
});

test('a revoked right is gone with the very next call', async () => {
  const key = await plane.make();
  const reader = 'crn:v1:bluemix:public:iam::::serviceRole:Reader';
  const metadata = async (): Promise<string> => outcome(await plane.as('nobody', 'GET', on(key, '/metadata')));
  assert.equal(await metadata(), DENIED);
  const id = await plane.grant('nobody', reader, { serviceInstance: plane.instance });
  assert.equal(await metadata(), '200');
  assert.equal((await plane.as('owner', 'DELETE', `/v1/policies/${id}`)).status, 204);
  assert.equal(await metadata(), DENIED);
});
