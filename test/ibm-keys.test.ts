/** Key Protect with the official client: making, reading, listing and using keys, each as who may and as who may not. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  type Client,
  collection,
  HOUR,
  KEY,
  type KeysPlane,
  MINUTE,
  outcome,
  outcomeOf,
  startKeysPlane,
} from './ibm-keys-world.ts';

let plane: KeysPlane;
let manager: Client;
let reader: Client;
let foreigner: Client;
let bluemixInstance: string;

before(async () => {
  plane = await startKeysPlane();
  bluemixInstance = plane.instance;
  [manager, reader, foreigner] = await Promise.all([
    plane.client('manager'),
    plane.client('reader'),
    plane.client('foreigner'),
  ]);
});
after(async () => {
  await plane.stop();
  assert.equal(plane.log(), '');
});

const bytes = (value: object): Buffer => Buffer.from(JSON.stringify(value));
const rootKey = bytes(collection(KEY, { type: KEY, name: 'root', extractable: false }));
const DENIED = '401 UNAUTHORIZED_ERR';

test('a root key is made, shown and never handed out', async () => {
  const { result, status } = await manager.createKey({
    bluemixInstance,
    body: rootKey,
    prefer: 'return=representation',
  });
  assert.equal(status, 201);
  assert.deepEqual(result.metadata, { collectionType: KEY, collectionTotal: 1 });
  const [made] = result.resources!;
  assert.equal(made!.state, 1);
  assert.equal(made!.extractable, false);
  assert.equal(made!.imported, false);
  assert.equal(made!.algorithmBitSize, 256);
  assert.equal(made!.crn, `crn:v1:bluemix:public:kms:us-south:a/${'a'.repeat(32)}:${bluemixInstance}:key:${made!.id}`);
  assert.equal(made!.payload, undefined);
  const shown = (await manager.getKey({ bluemixInstance, id: made!.id! })).result.resources[0]!;
  assert.equal(shown.payload, undefined);
  assert.equal(shown.name, 'root');
  assert.equal(await outcomeOf(reader.createKey({ bluemixInstance, body: rootKey })), DENIED);
  assert.equal(await outcomeOf(foreigner.createKey({ bluemixInstance, body: rootKey })), DENIED);
});

test('the material of a standard key is for who may read it', async () => {
  const body = bytes(collection(KEY, { type: KEY, name: 'standard', extractable: true }));
  const made = (await manager.createKey({ bluemixInstance, body, prefer: 'return=representation' })).result
    .resources![0]!;
  assert.equal(Buffer.from(made.payload!, 'base64').length, 32);
  const id = made.id!;
  assert.equal((await manager.getKey({ bluemixInstance, id })).result.resources[0]!.payload, made.payload);
  assert.equal(await outcomeOf(reader.getKey({ bluemixInstance, id })), DENIED);
  const { result } = await reader.getKeyMetadata({ bluemixInstance, id });
  assert.equal('payload' in result.resources[0]!, false);
  assert.equal(await outcomeOf(foreigner.getKeyMetadata({ bluemixInstance, id })), DENIED);

  const minimal = await manager.createKey({ bluemixInstance, body, prefer: 'return=minimal' });
  assert.equal(minimal.status, 201);
  assert.equal(minimal.result.resources![0]!.payload, undefined);
});

test('imported material is kept as it was sent', async () => {
  const secret = randomBytes(100).toString('base64');
  const standard = await plane.make({ extractable: true, payload: secret });
  assert.equal(standard['imported'], true);
  assert.equal((await manager.getKey({ bluemixInstance, id: standard['id'] })).result.resources[0]!.payload, secret);
  for (const size of [16, 24, 32]) {
    const root = await plane.make({ payload: randomBytes(size).toString('base64') });
    assert.equal(root['algorithmBitSize'], size * 8);
    const { result } = await reader.wrapKey({
      bluemixInstance,
      id: root['id'],
      keyActionWrapBody: bytes({ plaintext: 'cGxhaW4=' }),
    });
    assert.ok(result.ciphertext);
  }
});

test('wrap and unwrap, with the additional data and without', async () => {
  const id = (await plane.make())['id'];
  const wrap = (body: object, as = reader) => as.wrapKey({ bluemixInstance, id, keyActionWrapBody: bytes(body) });
  const unwrap = (body: object, as = reader) => as.unwrapKey({ bluemixInstance, id, keyActionUnwrapBody: bytes(body) });

  const generated = (await wrap({})).result;
  assert.equal(Buffer.from(generated.plaintext!, 'base64').length, 32);
  assert.equal((await unwrap({ ciphertext: generated.ciphertext })).result.plaintext, generated.plaintext);

  const plaintext = Buffer.from('a data key').toString('base64');
  const wrapped = (await wrap({ plaintext, aad: ['one', 'two'] })).result;
  assert.equal(wrapped.plaintext, undefined);
  const { ciphertext } = wrapped;
  assert.deepEqual((await unwrap({ ciphertext, aad: ['one', 'two'] })).result, {
    plaintext,
    keyVersion: { id: (await plane.metadata(id))['keyVersion'].id },
  });
  for (const aad of [[], ['one'], ['two', 'one'], ['onetwo']]) {
    assert.equal(await outcomeOf(unwrap({ ciphertext, aad })), '422 UNPROCESSABLE_CIPHERTEXT_ERR');
  }
  const other = (await plane.make())['id'];
  const foreign = reader.unwrapKey({
    bluemixInstance,
    id: other,
    keyActionUnwrapBody: bytes({ ciphertext, aad: ['one', 'two'] }),
  });
  assert.equal(await outcomeOf(foreign), '422 UNPROCESSABLE_CIPHERTEXT_ERR');

  assert.equal(await outcomeOf(wrap({ plaintext }, foreigner)), DENIED);
  assert.equal(await outcomeOf(unwrap({ ciphertext, aad: ['one', 'two'] }, foreigner)), DENIED);
});

test('a rotated key unwraps what its old versions wrapped, and wraps it anew', async () => {
  const id = (await plane.make())['id'];
  const plaintext = 'cGxhaW4=';
  const old = (await reader.wrapKey({ bluemixInstance, id, keyActionWrapBody: bytes({ plaintext, aad: ['x'] }) }))
    .result;
  assert.equal(await outcomeOf(reader.rotateKey({ bluemixInstance, id })), DENIED);
  assert.equal(await outcomeOf(manager.rotateKey({ bluemixInstance, id })), '204');

  const body = bytes({ ciphertext: old.ciphertext, aad: ['x'] });
  const { result } = await reader.unwrapKey({ bluemixInstance, id, keyActionUnwrapBody: body });
  assert.equal(result.plaintext, plaintext);
  const versions = (await reader.getKeyVersions({ bluemixInstance, id })).result.resources!;
  assert.deepEqual(
    new Set(versions.map((version) => version.id)),
    new Set([result.keyVersion!.id, result.rewrappedKeyVersion!.id]),
  );
  assert.equal(old.keyVersion!.id, result.keyVersion!.id);
  assert.equal((await plane.metadata(id))['keyVersion'].id, result.rewrappedKeyVersion!.id);
  const again = bytes({ ciphertext: result.ciphertext, aad: ['x'] });
  const fresh = (await reader.unwrapKey({ bluemixInstance, id, keyActionUnwrapBody: again })).result;
  assert.deepEqual(fresh, { plaintext, keyVersion: { id: result.rewrappedKeyVersion!.id } });

  const rewrapped = (await reader.rewrapKey({ bluemixInstance, id, keyActionRewrapBody: body })).result;
  assert.equal('plaintext' in rewrapped, false);
  assert.equal(rewrapped.keyVersion!.id, result.keyVersion!.id);
  assert.equal(rewrapped.rewrappedKeyVersion!.id, result.rewrappedKeyVersion!.id);
  assert.equal(await outcomeOf(foreigner.rewrapKey({ bluemixInstance, id, keyActionRewrapBody: body })), DENIED);
  assert.equal(await outcomeOf(foreigner.getKeyVersions({ bluemixInstance, id })), DENIED);

  assert.equal(await outcomeOf(manager.rotateKey({ bluemixInstance, id })), '409 KEY_ROTATION_NOT_PERMITTED');
});

test('an imported key is rotated with new material only, a generated one without', async () => {
  const imported = (await plane.make({ payload: randomBytes(16).toString('base64') }))['id'];
  const generated = (await plane.make())['id'];
  const payload = randomBytes(24).toString('base64');
  const rotate = async (id: string, body?: object) =>
    outcome(await plane.as('manager', 'POST', `/api/v2/keys/${id}/actions/rotate`, body ? { body } : {}));
  assert.equal(await rotate(imported), '400 KEY_PAYLOAD_REQ_ERR');
  assert.equal(await rotate(generated, { payload }), '400 KEY_IMPT_REQ_ERR');
  assert.equal(await rotate(imported, { payload }), '204');
  assert.equal((await plane.metadata(imported))['algorithmBitSize'], 192);
});

test('the old form of the actions does the same', async () => {
  const id = (await plane.make())['id'];
  const act = (who: 'reader' | 'foreigner', action: string, body: object) =>
    plane.as(who, 'POST', `/api/v2/keys/${id}?action=${action}`, { body });
  const wrapped = await act('reader', 'wrap', { plaintext: 'cGxhaW4=' });
  const { ciphertext } = wrapped.body;
  assert.equal((await act('reader', 'unwrap', { ciphertext })).body.plaintext, 'cGxhaW4=');
  assert.equal((await act('reader', 'rewrap', { ciphertext })).status, 200);
  assert.equal(outcome(await act('foreigner', 'unwrap', { ciphertext })), DENIED);
  assert.equal(outcome(await act('reader', 'rotate', {})), DENIED);
  assert.equal(outcome(await act('reader', 'melt', {})), '400 INVALID_QUERY_PARAM_ERR');
});

test('a standard key wraps nothing and is not rotated', async () => {
  const id = (await plane.make({ extractable: true }))['id'];
  for (const [action, body] of [
    ['wrap', {}],
    ['unwrap', { ciphertext: 'x' }],
    ['rewrap', { ciphertext: 'x' }],
    ['rotate', undefined],
  ] as const) {
    const reply = await plane.as('manager', 'POST', `/api/v2/keys/${id}/actions/${action}`, body ? { body } : {});
    assert.equal(outcome(reply), '400 KEY_ROOT_REQ_ERR', action);
  }
});

test('keys answer to their aliases, which are unique in the instance', async () => {
  const id = (await plane.make({ aliases: ['first-alias'] }))['id'];
  const other = (await plane.make())['id'];
  assert.equal(await outcomeOf(reader.createKeyAlias({ bluemixInstance, id, alias: 'second' })), DENIED);
  const { status, result } = await manager.createKeyAlias({ bluemixInstance, id, alias: 'second' });
  assert.equal(status, 201);
  assert.equal(result.resources![0]!.keyId, id);
  assert.equal((await reader.getKeyMetadata({ bluemixInstance, id: 'second' })).result.resources[0]!.id, id);
  assert.equal((await plane.metadata('first-alias'))['id'], id);
  const wrapped = await reader.wrapKey({ bluemixInstance, id: 'second', keyActionWrapBody: bytes({}) });
  assert.equal(wrapped.status, 200);
  const taken = manager.createKeyAlias({ bluemixInstance, id: other, alias: 'second' });
  assert.equal(await outcomeOf(taken), '409 KEY_ALIAS_NOT_UNIQUE_ERR');
  assert.equal(await outcomeOf(foreigner.getKeyMetadata({ bluemixInstance, id: 'second' })), DENIED);
  assert.equal(await outcomeOf(foreigner.getKeyMetadata({ bluemixInstance, id: 'no-such' })), DENIED);
  assert.equal(await outcomeOf(reader.getKeyMetadata({ bluemixInstance, id: 'no-such' })), '404 KEY_NOT_FOUND_ERR');
  for (const alias of ['keys', 'x', 'with space', other]) {
    const refused = manager.createKeyAlias({ bluemixInstance, id, alias });
    assert.equal(await outcomeOf(refused), '400 INVALID_FIELD_ERR', alias);
  }
  for (const alias of ['a3', 'a4', 'a5']) await manager.createKeyAlias({ bluemixInstance, id, alias });
  assert.equal((await outcomeOf(manager.createKeyAlias({ bluemixInstance, id, alias: 'a6' }))).slice(0, 3), '409');

  assert.equal(await outcomeOf(reader.deleteKeyAlias({ bluemixInstance, id, alias: 'second' })), DENIED);
  assert.equal(await outcomeOf(manager.deleteKeyAlias({ bluemixInstance, id, alias: 'second' })), '204');
  assert.equal(await outcomeOf(reader.getKeyMetadata({ bluemixInstance, id: 'second' })), '404 KEY_NOT_FOUND_ERR');
});

test('a key is rotated once an hour at most', async () => {
  const id = (await plane.make())['id'];
  const rotate = async () => outcome(await plane.as('manager', 'POST', `/api/v2/keys/${id}/actions/rotate`));
  assert.equal(await rotate(), '204');
  await plane.advance(HOUR - MINUTE);
  assert.equal(await rotate(), '409 KEY_ROTATION_NOT_PERMITTED');
  await plane.advance(MINUTE);
  assert.equal(await rotate(), '204');
  const versions = await plane.as('reader', 'GET', `/api/v2/keys/${id}/versions?limit=2&totalCount=true`);
  assert.equal(versions.body.metadata.totalCount, 3);
  assert.equal(versions.body.resources[0].id, (await plane.metadata(id))['keyVersion'].id);
});
