/** What cannot be meant: the vendor's status and code for each, and nothing has changed. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { collection, KEY, type KeysPlane, outcome, POLICY, type Shown, startKeysPlane } from './ibm-keys-world.ts';

let plane: KeysPlane;
let key: Shown;
let ciphertext: string;

before(async () => {
  plane = await startKeysPlane();
  key = await plane.make({ aliases: ['the-key'] });
  const wrapped = await plane.as('owner', 'POST', `/api/v2/keys/${key['id']}/actions/wrap`, { body: { aad: ['x'] } });
  ciphertext = wrapped.body.ciphertext;
});
after(async () => {
  await plane.stop();
  assert.equal(plane.log(), '');
});

/** What the instance holds: must be the same after each refusal. */
async function everything(): Promise<unknown> {
  const keys = await plane.as('owner', 'GET', '/api/v2/keys?state=0,1,2,3,5&sort=id');
  const rings = await plane.as('owner', 'GET', '/api/v2/key_rings');
  const policies = await plane.as('owner', 'GET', '/api/v2/instance/policies');
  return [keys.body, rings.body, policies.body];
}

async function refuses(expected: string, method: string, path: string, options: object = {}): Promise<void> {
  const before = await everything();
  const reply = await plane.as('owner', method, path, options);
  assert.equal(outcome(reply), expected, `${method} ${path} ${JSON.stringify(options).slice(0, 200)}`);
  assert.deepEqual(reply.body.metadata, {
    collectionType: 'application/vnd.ibm.kms.error+json',
    collectionTotal: 1,
  });
  const [{ errorMsg, reasons }] = reply.body.resources;
  assert.equal(typeof errorMsg, 'string');
  assert.equal(reasons[0].status, reply.status);
  assert.ok(reasons[0].message.length > 0);
  assert.deepEqual(await everything(), before);
}

const root = { type: KEY, name: 'a key', extractable: false };
const BAD_BODY = '400 BAD_BODY_ERR';
const BAD_FIELD = '400 INVALID_FIELD_ERR';

test('bodies that are not the collection they claim to be', async () => {
  const envelope = collection(KEY, root) as { metadata: object; resources: object[] };
  const bodies: [unknown, string][] = [
    ['{"metadata":', BAD_BODY],
    ['', '400 NO_BODY_ERR'],
    ['[]', BAD_BODY],
    ['null', BAD_BODY],
    ['"text"', BAD_BODY],
    [Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1'), BAD_BODY],
    [{}, BAD_BODY],
    [{ ...envelope, metadata: {} }, BAD_BODY],
    [{ ...envelope, extra: 1 }, BAD_BODY],
    [{ ...envelope, resources: {} }, BAD_BODY],
    [{ ...envelope, resources: [] }, BAD_BODY],
    [{ ...envelope, resources: [root, root] }, BAD_BODY],
    [{ ...envelope, metadata: { collectionType: KEY, collectionTotal: 2 } }, '400 COLLECTION_TOTAL_MISMATCH_ERR'],
    [{ ...envelope, metadata: { collectionType: KEY, collectionTotal: '1' } }, BAD_BODY],
    [{ ...envelope, metadata: { collectionType: POLICY, collectionTotal: 1 } }, BAD_FIELD],
  ];
  for (const [body, expected] of bodies) await refuses(expected, 'POST', '/api/v2/keys', { body });
});

test('keys that cannot be', async () => {
  const fields: [object, string][] = [
    [{ ...root, colour: 'red' }, BAD_BODY],
    [{ type: KEY, name: 'a key' }, BAD_BODY],
    [{ ...root, extractable: 'false' }, BAD_BODY],
    [{ ...root, name: 7 }, BAD_BODY],
    [{ ...root, name: 'x' }, BAD_FIELD],
    [{ ...root, name: 'x'.repeat(91) }, BAD_FIELD],
    [{ ...root, description: 'x'.repeat(241) }, BAD_FIELD],
    [{ ...root, type: 'application/json' }, BAD_FIELD],
    [{ ...root, payload: 'not base64!' }, BAD_FIELD],
    [{ ...root, payload: '' }, BAD_FIELD],
    [{ ...root, payload: randomBytes(31).toString('base64') }, BAD_FIELD],
    [{ ...root, extractable: true, payload: randomBytes(7501).toString('base64') }, BAD_FIELD],
    [{ ...root, expirationDate: 'tomorrow' }, BAD_FIELD],
    [{ ...root, expirationDate: '2020-01-01T00:00:00Z' }, BAD_FIELD],
    [{ ...root, aliases: ['the-key'] }, '409 KEY_ALIAS_NOT_UNIQUE_ERR'],
    [{ ...root, aliases: ['twice', 'twice'] }, BAD_FIELD],
    [{ ...root, aliases: ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'] }, BAD_FIELD],
    [{ ...root, aliases: ['../x'] }, BAD_FIELD],
    [{ ...root, aliases: 'text' }, BAD_BODY],
  ];
  for (const [resource, expected] of fields) {
    await refuses(expected, 'POST', '/api/v2/keys', { body: collection(KEY, resource) });
  }
});

test('actions that cannot be meant', async () => {
  const on = `/api/v2/keys/${key['id']}/actions`;
  const other = Buffer.from('{"ciphertext":"AAAA","iv":"AAAA","version":"4.0.0","handle":"x"}').toString('base64');
  const bodies: [string, unknown, string][] = [
    ['wrap', { plaintext: 7 }, BAD_BODY],
    ['wrap', { plaintext: 'not base64!' }, BAD_FIELD],
    ['wrap', { plaintext: '' }, BAD_FIELD],
    ['wrap', { plaintext: randomBytes(4097).toString('base64') }, BAD_FIELD],
    ['wrap', { aad: 'text' }, BAD_BODY],
    ['wrap', { aad: [7] }, BAD_BODY],
    ['wrap', { aad: ['x'.repeat(256)] }, BAD_FIELD],
    ['wrap', { aad: Array(127).fill('x') }, BAD_FIELD],
    ['wrap', { extra: true }, BAD_BODY],
    ['wrap', undefined, '400 NO_BODY_ERR'],
    ['unwrap', {}, BAD_BODY],
    ['unwrap', { ciphertext: '' }, BAD_FIELD],
    ['unwrap', { ciphertext: 'x' }, '422 UNPROCESSABLE_CIPHERTEXT_ERR'],
    ['unwrap', { ciphertext: other }, '422 UNPROCESSABLE_CIPHERTEXT_ERR'],
    ['unwrap', { ciphertext }, '422 UNPROCESSABLE_CIPHERTEXT_ERR'],
    ['unwrap', { ciphertext: ciphertext.slice(0, -8), aad: ['x'] }, '422 UNPROCESSABLE_CIPHERTEXT_ERR'],
    ['rewrap', { ciphertext: 'x' }, '422 UNPROCESSABLE_CIPHERTEXT_ERR'],
    ['rotate', { payload: 7 }, BAD_BODY],
    ['rotate', '{', BAD_BODY],
  ];
  for (const [action, body, expected] of bodies) {
    await refuses(expected, 'POST', `${on}/${action}`, body === undefined ? {} : { body });
  }
  await refuses('409 NOT_DUAL_AUTH_ERR', 'POST', `${on}/setKeyForDeletion`);
  await refuses('400 INVALID_FIELD_ERR', 'PATCH', `/api/v2/keys/${key['id']}`, { body: { keyRingID: '' } });
  await refuses('404 KEY_RING_NOT_FOUND_ERR', 'PATCH', `/api/v2/keys/${key['id']}`, { body: { keyRingID: 'none' } });
  await refuses('400 INVALID_QUERY_PARAM_ERR', 'DELETE', `/api/v2/keys/${key['id']}?force=perhaps`);
});

test('what is too large, of another type, or of nobody', async () => {
  const large = collection(KEY, { ...root, description: 'x'.repeat(70_000) });
  await refuses('413 REQUEST_TOO_LARGE_ERR', 'POST', '/api/v2/keys', { body: large });
  const xml = { body: '<key/>', headers: { 'content-type': 'application/xml' } };
  await refuses('415 UNSUPPORTED_MEDIA_TYPE_ERR', 'POST', '/api/v2/keys', xml);
  await refuses(BAD_BODY, 'GET', '/api/v2/keys', { headers: { 'bluemix-instance': '' } });
  for (const headers of [{}, { authorization: 'Bearer x.y.z' }, { authorization: 'Basic Yng6Yng=' }]) {
    const reply = await plane.call('GET', '/api/v2/keys', {
      headers: { 'bluemix-instance': plane.instance, ...headers },
    });
    assert.equal(outcome(reply), '401 UNAUTHORIZED_ERR');
  }
});

test('key policies that cannot be', async () => {
  const path = `/api/v2/keys/${key['id']}/policies`;
  const policy = (fields: object) => ({ body: collection(POLICY, { type: POLICY, ...fields }) });
  await refuses('400 NUM_COLLECTION_RESOURCE_ERR', 'PUT', path, policy({}));
  await refuses(BAD_FIELD, 'PUT', path, policy({ rotation: { interval_month: 0 } }));
  await refuses(BAD_FIELD, 'PUT', path, policy({ rotation: {} }));
  await refuses(BAD_BODY, 'PUT', path, policy({ rotation: { interval_month: '1' } }));
  await refuses(BAD_BODY, 'PUT', path, policy({ colour: {} }));
  await refuses(
    '400 BODY_QUERY_PARAM_MISMATCH_ERR',
    'PUT',
    `${path}?policy=rotation`,
    policy({ dualAuthDelete: { enabled: true } }),
  );
  await refuses('400 INVALID_QUERY_PARAM_ERR', 'GET', `${path}?policy=colour`);
});

test('two who give the same alias at once: one of them has it', async () => {
  const other = await plane.make();
  const replies = await Promise.all(
    [key, other].map((one) => plane.as('owner', 'POST', `/api/v2/keys/${one['id']}/aliases/contested`)),
  );
  assert.deepEqual(replies.map(outcome).toSorted(), ['201', '409 KEY_ALIAS_NOT_UNIQUE_ERR']);
});

test('nothing secret is in what the plane logs or keeps in the open', async () => {
  const { readdir, readFile } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const material = randomBytes(32);
  const made = await plane.make({ extractable: true, payload: material.toString('base64') });
  const plaintext = randomBytes(32);
  await plane.as('owner', 'POST', `/api/v2/keys/${key['id']}/actions/wrap`, {
    body: { plaintext: plaintext.toString('base64') },
  });
  assert.equal((await plane.as('owner', 'GET', `/api/v2/keys/${made['id']}`)).status, 200);
  const files = await readdir(plane.home, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const bytes = await readFile(join(file.parentPath, file.name));
    for (const secret of [material, plaintext]) {
      assert.equal(bytes.includes(secret), false, file.name);
      assert.equal(bytes.includes(secret.toString('base64')), false, file.name);
    }
  }
});
