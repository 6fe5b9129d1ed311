/** The rest of the official client's calls, each as who may and as somebody of another account. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Client,
  collection,
  HOUR,
  KEY,
  type KeysPlane,
  outcomeOf,
  POLICY,
  startKeysPlane,
} from './ibm-keys-world.ts';

const DENIED = '401 UNAUTHORIZED_ERR';
let plane: KeysPlane;
let bluemixInstance: string;
let manager: Client;
let foreigner: Client;
let id: string;

before(async () => {
  plane = await startKeysPlane();
  bluemixInstance = plane.instance;
  await signIn();
  id = (await plane.make())['id'];
});
after(async () => {
  await plane.stop();
  assert.equal(plane.log(), '');
});

async function signIn(): Promise<void> {
  [manager, foreigner] = await Promise.all([plane.client('manager'), plane.client('foreigner')]);
}

type Ask = (client: Client) => Promise<{ status: number }>;

/** The call is refused to the foreigner, then succeeds. */
async function both(ask: Ask, status: number): Promise<void> {
  assert.equal(await outcomeOf(ask(foreigner)), DENIED);
  assert.equal(await outcomeOf(ask(manager)), String(status));
}

test('lists and counts', async () => {
  const { result } = await manager.getKeys({ bluemixInstance, limit: 10, state: [0, 1], extractable: false });
  assert.deepEqual(
    result.resources!.map((key) => key.id),
    [id],
  );
  assert.deepEqual((await foreigner.getKeys({ bluemixInstance })).result, {
    metadata: { collectionType: KEY, collectionTotal: 0 },
  });
  const total = async (client: Client): Promise<string> => {
    const { headers } = await client.getKeyCollectionMetadata({ bluemixInstance, state: [1] });
    return (headers as Record<string, string>)['key-total']!;
  };
  assert.equal(await total(manager), '1');
  assert.equal(await total(foreigner), '0');
});

test('key rings', async () => {
  const ring = { bluemixInstance, keyRingId: 'ring1' };
  await both((client) => client.createKeyRing(ring), 201);
  await both((client) => client.listKeyRings({ bluemixInstance }), 200);
  const { result } = await manager.listKeyRings({ bluemixInstance });
  assert.deepEqual(
    result.resources!.map((shown) => shown.id),
    ['default', 'ring1'],
  );
  const body = Buffer.from(JSON.stringify(collection(KEY, { type: KEY, name: 'in a ring', extractable: false })));
  const made = await manager.createKey({ bluemixInstance, body, xKmsKeyRing: 'ring1' });
  const inRing = { bluemixInstance, id: made.result.resources![0]!.id!, xKmsKeyRing: 'ring1' };
  assert.equal((await manager.getKeyMetadata(inRing)).status, 200);
  const elsewhere = manager.getKeyMetadata({ ...inRing, xKmsKeyRing: 'default' });
  assert.equal(await outcomeOf(elsewhere), '404 KEY_NOT_FOUND_ERR');
  assert.equal(await outcomeOf(manager.deleteKeyRing(ring)), '409 KEY_RING_NOT_EMPTY_ERR');
  await both((client) => client.createKeyRing({ bluemixInstance, keyRingId: 'ring2' }), 201);
  await both((client) => client.deleteKeyRing({ bluemixInstance, keyRingId: 'ring2' }), 204);
});

test('policies of a key and of the instance', async () => {
  const dualAuth = { ...collection(POLICY, { type: POLICY, dualAuthDelete: { enabled: true } }) };
  const put = { bluemixInstance, id, policy: 'dualAuthDelete', setKeyPoliciesOneOf: dualAuth };
  await both((client) => client.putPolicy(put), 200);
  await both((client) => client.getPolicy({ bluemixInstance, id }), 200);
  const read = (await manager.getPolicy({ bluemixInstance, id, policy: 'dualAuthDelete' })).result as {
    resources: { dualAuthDelete: object; createdBy: string }[];
  };
  assert.deepEqual(read.resources[0]!.dualAuthDelete, { enabled: true });

  const metrics = { ...collection(POLICY, { policy_type: 'metrics', policy_data: { enabled: true } }) };
  const putInstance = { bluemixInstance, policy: 'metrics', setInstancePoliciesOneOf: metrics };
  await both((client) => client.putInstancePolicy(putInstance), 204);
  await both((client) => client.getInstancePolicy({ bluemixInstance, policy: 'metrics' }), 200);
});

test('disable, enable, delete by two people, restore, sync', async () => {
  const key = { bluemixInstance, id };
  await both((client) => client.disableKey(key), 204);
  await plane.advance(30_000);
  await both((client) => client.enableKey(key), 204);
  await both((client) => client.setKeyForDeletion(key), 204);
  await both((client) => client.unsetKeyForDeletion(key), 204);
  await both((client) => client.setKeyForDeletion(key), 204);
  const remove = { ...key, force: true, prefer: 'return=representation' };
  assert.equal(await outcomeOf(foreigner.deleteKey(remove)), DENIED);
  assert.equal(await outcomeOf(manager.deleteKey(remove)), '409 AUTHORIZATIONS_NOT_MET');
  const deleted = await (await plane.client('owner')).deleteKey(remove);
  assert.equal(deleted.status, 200);
  assert.equal(deleted.result.resources[0]!.state, 5);
  await plane.advance(30_000);
  // The client of this version hands a restored key out as a stream.
  assert.equal((await foreigner.restoreKey(key).catch((error: { status: number }) => error)).status, 401);
  assert.equal((await manager.restoreKey(key)).status, 201);
  await plane.advance(HOUR);
  await signIn();
  await both((client) => client.syncAssociatedResources(key), 204);
});

test('registrations of a volume of another account', async () => {
  await plane.lend();
  const key = await plane.make();
  const volume = await plane.volume(key['crn']);
  const urlEncodedResourceCrnQuery = encodeURIComponent(volume['crn']);
  const ofKey = { bluemixInstance, id: key['id'], totalCount: true };
  await both((client) => client.getRegistrations(ofKey), 200);
  await both((client) => client.getRegistrationsAllKeys({ bluemixInstance, urlEncodedResourceCrnQuery }), 200);
  for (const { result } of [
    await manager.getRegistrations(ofKey),
    await manager.getRegistrationsAllKeys({ bluemixInstance, urlEncodedResourceCrnQuery }),
  ]) {
    assert.deepEqual(
      result.resources!.map((registration) => registration.resourceCrn),
      [volume['crn']],
    );
  }
  const refused = manager.deleteKey({ bluemixInstance, id: key['id'] });
  assert.equal(await outcomeOf(refused), '409 PROTECTED_RESOURCE_ERR');
});
