/** The life of a key on the wire: each state, the waiting periods by the plane's clock, two people for a deletion. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  type CallerName,
  collection,
  DAY,
  HOUR,
  KEY,
  type KeysPlane,
  MINUTE,
  outcome,
  POLICY,
  startKeysPlane,
} from './ibm-keys-world.ts';
import { eventually } from './plane.ts';

const SECOND = 1000;
const DENIED = '401 UNAUTHORIZED_ERR';
const WRONG_STATE = '409 KEY_ACTION_INVALID_STATE_ERR';
let plane: KeysPlane;

before(async () => {
  plane = await startKeysPlane();
});
after(async () => {
  await plane.stop();
  assert.equal(plane.log(), '');
});

async function act(id: string, action: string, who: CallerName = 'manager', body?: object): Promise<string> {
  const path = action === 'restore' ? 'restore' : `actions/${action}`;
  return outcome(await plane.as(who, 'POST', `/api/v2/keys/${id}/${path}`, body === undefined ? {} : { body }));
}

async function remove(id: string, who: CallerName = 'manager', query = ''): Promise<string> {
  return outcome(await plane.as(who, 'DELETE', `/api/v2/keys/${id}${query}`));
}

async function wrap(id: string): Promise<string> {
  return (await plane.as('reader', 'POST', `/api/v2/keys/${id}/actions/wrap`, { body: {} })).body.ciphertext;
}

const stateOf = async (id: string): Promise<number> => (await plane.metadata(id))['state'];

test('a disabled key does nothing until it is enabled, half a minute later at the earliest', async () => {
  const { id } = await plane.make();
  const ciphertext = await wrap(id);
  assert.equal(await act(id, 'disable', 'writer'), DENIED);
  assert.equal(await act(id, 'enable'), WRONG_STATE);
  assert.equal(await act(id, 'disable'), '204');
  assert.equal(await stateOf(id), 2);
  for (const [action, body] of [
    ['wrap', {}],
    ['unwrap', { ciphertext }],
    ['rewrap', { ciphertext }],
    ['rotate', undefined],
    ['disable', undefined],
    ['restore', undefined],
  ] as const) {
    assert.equal(await act(id, action, 'owner', body), WRONG_STATE, action);
  }
  assert.equal(await act(id, 'enable'), '409 REQ_TOO_EARLY_ERR');
  await plane.advance(30 * SECOND);
  assert.equal(await act(id, 'enable', 'writer'), DENIED);
  assert.equal(await act(id, 'enable'), '204');
  assert.equal(await stateOf(id), 1);
  assert.equal(await act(id, 'unwrap', 'reader', { ciphertext }), '200');
});

test('a deleted key shows what it was, and comes back within 30 days', async () => {
  const { id } = await plane.make({ description: 'kept' });
  const ciphertext = await wrap(id);
  assert.equal(await remove(id, 'writer'), DENIED);
  assert.equal(await remove(id, 'foreigner'), DENIED);
  const deleted = await plane.as('manager', 'DELETE', `/api/v2/keys/${id}`, {
    headers: { prefer: 'return=representation' },
  });
  assert.equal(deleted.status, 200);
  const shown = deleted.body.resources[0];
  assert.deepEqual(
    { state: shown.state, deleted: shown.deleted, restorable: shown.restoreAllowed, description: shown.description },
    { state: 5, deleted: true, restorable: true, description: 'kept' },
  );
  assert.equal(Date.parse(shown.restoreExpirationDate) - Date.parse(shown.deletionDate), 30 * DAY);
  assert.equal(Date.parse(shown.purgeAllowedFrom) - Date.parse(shown.deletionDate), 4 * HOUR);
  assert.equal(await stateOf(id), 5);
  assert.equal(outcome(await plane.as('manager', 'GET', `/api/v2/keys/${id}`)), '410 KEY_DELETED_ERR');
  assert.equal(await remove(id), '410 KEY_DELETED_ERR');
  for (const action of ['wrap', 'unwrap', 'rewrap'] as const) {
    assert.equal(await act(id, action, 'reader', action === 'wrap' ? {} : { ciphertext }), WRONG_STATE, action);
  }
  for (const action of ['rotate', 'disable', 'enable']) assert.equal(await act(id, action), WRONG_STATE, action);

  assert.equal(await act(id, 'restore'), '409 REQ_TOO_EARLY_ERR');
  await plane.advance(30 * SECOND);
  assert.equal(await act(id, 'restore', 'writer'), DENIED);
  assert.equal(await act(id, 'restore'), '201');
  const restored = await plane.metadata(id);
  assert.deepEqual([restored['state'], restored['deleted'], 'deletionDate' in restored], [1, false, false]);
  assert.equal(await act(id, 'unwrap', 'reader', { ciphertext }), '200');

  assert.equal(await remove(id), '204');
  await plane.advance(30 * DAY + SECOND);
  assert.equal(await act(id, 'restore'), '400 KEY_RESTORE_EXPIRED');
  assert.equal((await plane.metadata(id))['restoreAllowed'], false);
});

test('an imported key is restored with its own material or with none', async () => {
  const payload = randomBytes(32).toString('base64');
  const { id } = await plane.make({ payload });
  const { id: generated } = await plane.make();
  await remove(id);
  await remove(generated);
  await plane.advance(30 * SECOND);
  const other = collection(KEY, { payload: randomBytes(32).toString('base64') });
  assert.equal(await act(id, 'restore', 'manager', other), '400 INVALID_FIELD_ERR');
  assert.equal(await stateOf(id), 5);
  assert.equal(await act(generated, 'restore', 'manager', other), '400 KEY_IMPT_REQ_ERR');
  assert.equal(await act(id, 'restore', 'manager', collection(KEY, { payload })), '201');
});

test('a purged key is gone; four hours after its deletion, for who may purge', async () => {
  const { id } = await plane.make({ aliases: ['purged-alias'] });
  const purge = async (who: CallerName): Promise<string> =>
    outcome(await plane.as(who, 'DELETE', `/api/v2/keys/${id}/purge`));
  assert.equal(await purge('keypurge'), WRONG_STATE);
  await remove(id);
  assert.equal(await purge('keypurge'), '409 REQ_TOO_EARLY_ERR');
  await plane.advance(4 * HOUR);
  assert.equal(await purge('manager'), DENIED);
  assert.equal(await purge('keypurge'), '204');
  assert.equal(outcome(await plane.as('manager', 'GET', `/api/v2/keys/${id}/metadata`)), '404 KEY_NOT_FOUND_ERR');
  await plane.make({ aliases: ['purged-alias'] });
});

test('a deleted key is purged by itself after ninety days', async () => {
  const { id } = await plane.make();
  await remove(id);
  await plane.advance(89 * DAY);
  assert.equal(await stateOf(id), 5);
  await plane.advance(DAY);
  await eventually('the key is gone', async () => {
    return (await plane.as('manager', 'GET', `/api/v2/keys/${id}/metadata`)).status === 404;
  });
});

/** The plane's clock, read from a key that is made now. */
async function planeTime(): Promise<number> {
  return Date.parse((await plane.make())['creationDate']);
}

test('a key expires at its date: it unwraps, and wraps no more', async () => {
  const expirationDate = new Date((await planeTime()) + HOUR).toISOString();
  const { id } = await plane.make({ expirationDate });
  const ciphertext = await wrap(id);
  const { id: suspended } = await plane.make({ expirationDate });
  await act(suspended, 'disable');
  await plane.advance(HOUR + SECOND);
  await eventually('the key is deactivated', async () => (await stateOf(id)) === 3);
  assert.equal(await act(id, 'wrap', 'reader', {}), WRONG_STATE);
  assert.equal(await act(id, 'unwrap', 'reader', { ciphertext }), '200');
  assert.equal(await act(id, 'rewrap', 'reader', { ciphertext }), '200');
  assert.equal(await act(id, 'disable'), WRONG_STATE);
  assert.equal(await act(id, 'rotate'), '204');
  assert.equal(await stateOf(id), 3);

  assert.equal(await stateOf(suspended), 2);
  assert.equal(await act(suspended, 'enable'), '204');
  await eventually('the enabled key is deactivated', async () => (await stateOf(suspended)) === 3);

  assert.equal(await remove(id), '204');
  await plane.advance(30 * SECOND);
  assert.equal(await act(id, 'restore'), '400 KEY_EXPIRED_ERR');
});

test('with dual authorization two people delete a key', async () => {
  const { id } = await plane.make();
  assert.equal(await act(id, 'setKeyForDeletion'), '409 NOT_DUAL_AUTH_ERR');
  const policy = (enabled: boolean) => ({
    body: collection(POLICY, { type: POLICY, dualAuthDelete: { enabled } }),
  });
  const put = async (who: CallerName, enabled: boolean): Promise<string> =>
    outcome(await plane.as(who, 'PUT', `/api/v2/keys/${id}/policies?policy=dualAuthDelete`, policy(enabled)));
  assert.equal(await put('writer', true), DENIED);
  assert.equal(await put('manager', true), '200');
  assert.equal(await put('manager', false), '409 CONFLICT_ERR');
  assert.equal(await remove(id), '409 AUTHORIZATIONS_NOT_MET');

  assert.equal(await act(id, 'setKeyForDeletion', 'reader'), DENIED);
  assert.equal(await act(id, 'setKeyForDeletion', 'manager'), '204');
  const { dualAuthDelete } = await plane.metadata(id);
  assert.deepEqual([dualAuthDelete.enabled, dualAuthDelete.keySetForDeletion], [true, true]);
  assert.equal(await remove(id, 'manager'), '409 AUTHORIZATIONS_NOT_MET');
  assert.equal(await act(id, 'unsetKeyForDeletion', 'reader'), DENIED);
  assert.equal(await act(id, 'unsetKeyForDeletion', 'writer'), '204');
  assert.equal(await remove(id, 'owner'), '409 AUTHORIZATIONS_NOT_MET');

  assert.equal(await act(id, 'setKeyForDeletion', 'writer'), '204');
  await plane.advance(7 * DAY + SECOND);
  assert.equal(await remove(id, 'manager'), '409 AUTHORIZATIONS_NOT_MET');
  assert.equal(await act(id, 'setKeyForDeletion', 'writer'), '204');
  assert.equal(await remove(id, 'manager'), '204');
});

test('a key is rotated by its policy, months later', async () => {
  const { id } = await plane.make();
  const { id: imported } = await plane.make({ payload: randomBytes(32).toString('base64') });
  const put = async (key: string, who: CallerName, rotation: object): Promise<string> => {
    const body = collection(POLICY, { type: POLICY, rotation });
    return outcome(await plane.as(who, 'PUT', `/api/v2/keys/${key}/policies?policy=rotation`, { body }));
  };
  assert.equal(await put(id, 'writer', { interval_month: 1 }), DENIED);
  assert.equal(await put(id, 'manager', { interval_month: 13 }), '400 INVALID_FIELD_ERR');
  assert.equal(await put(imported, 'manager', { interval_month: 1 }), '400 KEY_PAYLOAD_REQ_ERR');
  assert.equal(await put(id, 'manager', { interval_month: 1 }), '200');
  const { keyVersion } = await plane.metadata(id);
  await plane.advance(27 * DAY);
  assert.equal((await plane.metadata(id))['keyVersion'].id, keyVersion.id);
  await plane.advance(4 * DAY + MINUTE);
  await eventually('the key is rotated', async () => (await plane.metadata(id))['keyVersion'].id !== keyVersion.id);

  const rotated = (await plane.metadata(id))['keyVersion'].id;
  assert.equal(await put(id, 'manager', { enabled: false }), '200');
  const { id: other, keyVersion: first } = await plane.make();
  assert.equal(await put(other, 'manager', { interval_month: 1 }), '200');
  await plane.advance(40 * DAY);
  await eventually('the other is rotated', async () => (await plane.metadata(other))['keyVersion'].id !== first.id);
  assert.equal((await plane.metadata(id))['keyVersion'].id, rotated);
});
