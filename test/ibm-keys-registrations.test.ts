/** What a key protects: volumes of another account, seen by the key's owner, through the whole of the key's life. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { B, type CallerName, HOUR, type KeysPlane, outcome, type Shown, startKeysPlane } from './ibm-keys-world.ts';
import { eventually } from './plane.ts';

const DENIED = '401 UNAUTHORIZED_ERR';
let plane: KeysPlane;
let key: Shown;
let volume: Shown;

before(async () => {
  plane = await startKeysPlane();
  await plane.lend();
  key = await plane.make({ name: 'lent' });
  volume = await plane.volume(key['crn']);
});
after(async () => {
  await plane.stop();
  assert.equal(plane.log(), '');
});

const list = (who: CallerName, query = '', path = `${key['id']}/registrations`) =>
  plane.as(who, 'GET', `/api/v2/keys/${path}${query}`);

async function volumeStatus(): Promise<string> {
  const path = `/v1/volumes/${volume['id']}?version=2026-03-24&generation=2`;
  return (await plane.as('foreigner', 'GET', path)).body.status;
}
const becomes = (status: string) =>
  eventually(`the volume is ${status}`, async () => (await volumeStatus()) === status);

test('the owner of a key sees whose volume it protects', async () => {
  const reply = await list('reader', '?totalCount=true');
  assert.equal(reply.status, 200);
  assert.equal(reply.body.metadata.totalCount, 1);
  const [registration] = reply.body.resources;
  assert.equal(registration.resourceCrn, volume['crn']);
  assert.ok(registration.resourceCrn.includes(`a/${B}`));
  assert.equal(registration.keyId, key['id']);
  assert.equal(registration.keyName, 'lent');
  assert.equal(registration.preventKeyDeletion, false);
  assert.deepEqual(registration.keyVersion, key['keyVersion']);
  assert.equal(outcome(await list('nobody')), DENIED);
  assert.equal(outcome(await list('foreigner')), DENIED);
});

test('registrations of all keys are found by a pattern, encoded once or twice', async () => {
  const crn: string = volume['crn'];
  const found = async (query: string): Promise<number> => {
    const reply = await list('reader', `?${query}`, 'registrations');
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    return reply.body.metadata.collectionTotal;
  };
  const once = encodeURIComponent(crn);
  assert.equal(await found(''), 1);
  assert.equal(await found(`urlEncodedResourceCRNQuery=${once}`), 1);
  assert.equal(await found(`urlEncodedResourceCRNQuery=${encodeURIComponent(once)}`), 1);
  const all = crn.slice(0, crn.indexOf('::') + 2);
  assert.equal(await found(`urlEncodedResourceCRNQuery=${encodeURIComponent(`${all}volume:*`)}`), 1);
  assert.equal(await found(`urlEncodedResourceCRNQuery=${encodeURIComponent(`${all}snapshot:*`)}`), 0);
  assert.equal(await found('preventKeyDeletion=true'), 0);
  assert.equal(await found('offset=1'), 0);
  const refused = await list('reader', '?urlEncodedResourceCRNQuery=volume', 'registrations');
  assert.equal(outcome(refused), '400 INVALID_QUERY_PARAM_ERR');
  assert.equal(outcome(await list('nobody', '', 'registrations')), DENIED);
  assert.equal(outcome(await list('foreigner', '', 'registrations')), DENIED);
});

test('people cannot write registrations, whatever their role', async () => {
  const path = `/api/v2/keys/${key['id']}/registrations/${encodeURIComponent(volume['crn'])}`;
  for (const method of ['POST', 'PUT', 'DELETE']) {
    assert.equal(outcome(await plane.as('owner', method, path)), '403 SERVICE_ONLY_ERR', method);
    assert.equal(outcome(await plane.as('nobody', method, path)), DENIED, method);
  }
  assert.equal((await list('reader')).body.metadata.collectionTotal, 1);
});

test('a rotation reaches the registered volume, which is wrapped anew', async () => {
  await plane.as('manager', 'POST', `/api/v2/keys/${key['id']}/actions/rotate`);
  const { keyVersion } = await plane.metadata(key['id']);
  assert.notEqual(keyVersion.id, key['keyVersion'].id);
  await eventually('the registration shows the new version', async () => {
    return (await list('reader')).body.resources[0].keyVersion.id === keyVersion.id;
  });
  assert.equal(await volumeStatus(), 'available');
});

test('a key that protects a volume is deleted by force only, and comes back with its registrations', async () => {
  const remove = (query: string) => plane.as('manager', 'DELETE', `/api/v2/keys/${key['id']}${query}`);
  assert.equal(outcome(await remove('')), '409 PROTECTED_RESOURCE_ERR');
  assert.equal((await plane.metadata(key['id']))['state'], 1);
  assert.equal(outcome(await remove('?force=true')), '204');
  await becomes('unusable');
  assert.equal((await list('reader')).body.metadata.collectionTotal, 0);
  assert.equal((await list('reader', '', 'registrations')).body.metadata.collectionTotal, 0);

  await plane.advance(30_000);
  assert.equal((await plane.as('manager', 'POST', `/api/v2/keys/${key['id']}/restore`)).status, 201);
  await becomes('available');
  assert.equal((await list('reader')).body.metadata.collectionTotal, 1);
});

test('disabling and enabling reach the volume; sync tells it again, an hour later at the earliest', async () => {
  const act = async (action: string, who: CallerName = 'manager') =>
    outcome(await plane.as(who, 'POST', `/api/v2/keys/${key['id']}/actions/${action}`));
  assert.equal(await act('disable'), '204');
  await becomes('unusable');
  assert.equal(await act('sync', 'reader'), DENIED);
  assert.equal(await act('sync', 'writer'), '409 REQ_TOO_EARLY_ERR');
  await plane.advance(HOUR);
  assert.equal(await act('sync', 'writer'), '204');
  assert.equal(await act('enable'), '204');
  await becomes('available');
});

test('a volume that is gone protects the deletion no more', async () => {
  const path = `/v1/volumes/${volume['id']}?version=2026-03-24&generation=2`;
  assert.equal((await plane.as('foreigner', 'DELETE', path)).status, 204);
  await eventually('the registration is gone', async () => {
    return (await list('reader')).body.metadata.collectionTotal === 0;
  });
  assert.equal(outcome(await plane.as('manager', 'DELETE', `/api/v2/keys/${key['id']}`)), '204');
});
