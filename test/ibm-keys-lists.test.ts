/** Lists of keys, key rings, and the policies of an instance. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  type CallerName,
  collection,
  KEY,
  type KeysPlane,
  outcome,
  POLICY,
  type Shown,
  startKeysPlane,
} from './ibm-keys-world.ts';

let plane: KeysPlane;
/** Names of keys by id. */
const names = new Map<string, string>();

before(async () => {
  plane = await startKeysPlane();
  await plane.as('owner', 'POST', '/api/v2/key_rings/blue');
  const keys: [object, Record<string, string>][] = [
    [{ name: 'alpha', aliases: ['first'] }, {}],
    [{ name: 'beta', extractable: true }, {}],
    [{ name: 'gamma', payload: randomBytes(16).toString('base64') }, { 'x-kms-key-ring': 'blue' }],
    [{ name: 'suspended' }, {}],
    [{ name: 'destroyed' }, {}],
  ];
  for (const [fields, headers] of keys) {
    const key = await plane.make(fields, headers);
    names.set(key['id'], key['name']);
    if (key['name'] === 'suspended') await plane.as('owner', 'POST', `/api/v2/keys/${key['id']}/actions/disable`);
    if (key['name'] === 'destroyed') await plane.as('owner', 'DELETE', `/api/v2/keys/${key['id']}`);
    await plane.advance(1000);
  }
});
after(async () => {
  await plane.stop();
  assert.equal(plane.log(), '');
});

async function list(query = '', headers: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const reply = await plane.as('reader', 'GET', `/api/v2/keys${query}`, { headers });
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  const shown: Shown[] = reply.body.resources ?? [];
  assert.equal(reply.body.metadata.collectionTotal, shown.length);
  assert.ok(shown.every((key) => !('payload' in key)));
  return shown.map((key) => names.get(key['id'])!);
}
const sorted = async (query?: string, headers?: Record<string, string>) => (await list(query, headers)).toSorted();

test('a list leaves out the destroyed, unless they are asked for', async () => {
  assert.deepEqual(await sorted(), ['alpha', 'beta', 'gamma', 'suspended']);
  assert.deepEqual(await sorted('?state=5'), ['destroyed']);
  assert.deepEqual(await sorted('?state=2,5'), ['destroyed', 'suspended']);
  assert.deepEqual(await sorted('?state=0'), []);
});

test('a list is narrowed by kind, ring and search', async () => {
  assert.deepEqual(await sorted('?extractable=true'), ['beta']);
  assert.deepEqual(await sorted('?extractable=false'), ['alpha', 'gamma', 'suspended']);
  assert.deepEqual(await sorted('', { 'x-kms-key-ring': 'blue' }), ['gamma']);
  assert.deepEqual(await sorted('?search=ALPH'), ['alpha']);
  assert.deepEqual(await sorted('?search=first'), ['alpha']);
  assert.deepEqual(await sorted('?search=name:first'), []);
  assert.deepEqual(await sorted('?search=exact:bet'), []);
  assert.deepEqual(await sorted('?search=not:name:a'), ['suspended']);
});

test('a list is sorted and paged', async () => {
  assert.deepEqual(await list('?sort=creationDate'), ['alpha', 'beta', 'gamma', 'suspended']);
  assert.deepEqual(await list('?sort=-creationDate&limit=2'), ['suspended', 'gamma']);
  assert.deepEqual(await list('?sort=-creationDate&limit=2&offset=2'), ['beta', 'alpha']);
  assert.deepEqual((await list('?sort=imported')).at(-1), 'gamma');
  const pages = [...(await list('?limit=3')), ...(await list('?limit=3&offset=3'))];
  assert.deepEqual(pages.toSorted(), ['alpha', 'beta', 'gamma', 'suspended']);
  assert.deepEqual(await list('?offset=4'), []);
});

test('the number of keys is that of the list', async () => {
  const count = async (query: string): Promise<string | null> =>
    (await plane.as('reader', 'HEAD', `/api/v2/keys${query}`)).headers.get('key-total');
  assert.equal(await count(''), '4');
  assert.equal(await count('?state=1'), '3');
  assert.equal(await count('?extractable=true'), '1');
});

test('what a list cannot be asked is said', async () => {
  for (const query of [
    '?limit=x',
    '?limit=5001',
    '?offset=-1',
    '?state=4',
    '?state=active',
    '?extractable=maybe',
    '?sort=colour',
    '?search=colour:red',
    '?filter=state=1',
  ]) {
    const reply = await plane.as('reader', 'GET', `/api/v2/keys${query}`);
    assert.equal(outcome(reply), '400 INVALID_QUERY_PARAM_ERR', query);
  }
});

test('rings hold keys; one that holds some stays', async () => {
  const ring = (method: string, id: string, query = '') =>
    plane.as('manager', method, `/api/v2/key_rings/${id}${query}`);
  const rings = async (): Promise<string[]> =>
    (await plane.as('reader', 'GET', '/api/v2/key_rings')).body.resources.map((shown: Shown) => shown['id']);
  assert.deepEqual(await rings(), ['default', 'blue']);
  assert.equal(outcome(await ring('POST', 'blue')), '409 KEY_RING_ALREADY_EXISTS_ERR');
  assert.equal(outcome(await ring('POST', 'default')), '409 KEY_RING_ALREADY_EXISTS_ERR');
  assert.equal(outcome(await ring('POST', 'with%20space')), '400 INVALID_FIELD_ERR');
  assert.equal(outcome(await ring('DELETE', 'default')), '400 INVALID_FIELD_ERR');
  assert.equal(outcome(await ring('DELETE', 'blue')), '409 KEY_RING_NOT_EMPTY_ERR');
  assert.equal(outcome(await ring('DELETE', 'blue', '?force=true')), '409 KEY_RING_NOT_EMPTY_ERR');

  assert.equal((await ring('POST', 'short-lived')).status, 201);
  const { id } = await plane.make({ name: 'moved' }, { 'x-kms-key-ring': 'short-lived' });
  assert.equal((await plane.metadata(id))['keyRingID'], 'short-lived');
  const elsewhere = await plane.as('reader', 'GET', `/api/v2/keys/${id}/metadata`, {
    headers: { 'x-kms-key-ring': 'blue' },
  });
  assert.equal(outcome(elsewhere), '404 KEY_NOT_FOUND_ERR');
  await plane.as('manager', 'DELETE', `/api/v2/keys/${id}`);
  assert.equal(outcome(await ring('DELETE', 'short-lived')), '409 KEY_RING_NOT_EMPTY_ERR');
  assert.equal(outcome(await ring('DELETE', 'short-lived', '?force=true')), '204');
  assert.equal((await plane.metadata(id))['keyRingID'], 'default');
  assert.deepEqual(await rings(), ['default', 'blue']);
  const unknown = {
    body: collection(KEY, { name: 'lost', extractable: false }),
    headers: { 'x-kms-key-ring': 'no-such' },
  };
  assert.equal(outcome(await plane.as('manager', 'POST', '/api/v2/keys', unknown)), '404 KEY_RING_NOT_FOUND_ERR');
});

test('an instance has at most fifty rings', async () => {
  const { body } = await plane.as('manager', 'GET', '/api/v2/key_rings');
  for (let n = body.resources.length + 1; n <= 50; n += 1) {
    assert.equal((await plane.as('manager', 'POST', `/api/v2/key_rings/ring-${n}`)).status, 201);
  }
  assert.equal((await plane.as('manager', 'POST', '/api/v2/key_rings/ring-51')).status, 409);
});

async function setPolicy(type: string, policy_data: object, who: CallerName = 'manager'): Promise<string> {
  const body = collection(POLICY, { policy_type: type, policy_data });
  return outcome(await plane.as(who, 'PUT', `/api/v2/instance/policies?policy=${type}`, { body }));
}

test('the policies of an instance shape the keys that are made after them', async () => {
  const before = await plane.make();
  assert.equal(await setPolicy('dualAuthDelete', { enabled: true }), '204');
  assert.equal(await setPolicy('rotation', { enabled: true, attributes: { interval_month: 3 } }), '204');
  const after = await plane.make();
  assert.deepEqual((await plane.metadata(before['id']))['dualAuthDelete'], { enabled: false });
  assert.deepEqual(after['dualAuthDelete'], { enabled: true, keySetForDeletion: false });
  assert.deepEqual(after['rotation'], { enabled: true, interval_month: 3 });
  assert.equal('rotation' in (await plane.make({ extractable: true })), false);

  const shown = await plane.as('manager', 'GET', '/api/v2/instance/policies?policy=rotation');
  assert.equal(shown.body.metadata.collectionTotal, 1);
  assert.deepEqual(shown.body.resources[0].policy_data, { enabled: true, attributes: { interval_month: 3 } });
  assert.equal((await plane.as('manager', 'GET', '/api/v2/instance/policies')).body.resources.length, 2);
  assert.equal(await setPolicy('dualAuthDelete', { enabled: false }), '204');
  assert.equal(await setPolicy('rotation', { enabled: false }), '204');
  assert.deepEqual((await plane.make())['dualAuthDelete'], { enabled: false });
});

test('an instance can refuse to have keys created or imported', async () => {
  const attributes = { create_root_key: false, import_standard_key: false };
  assert.equal(await setPolicy('keyCreateImportAccess', { enabled: true, attributes }), '204');
  const payload = randomBytes(32).toString('base64');
  const make = async (fields: object): Promise<string> => {
    const body = collection(KEY, { name: 'a key', ...fields });
    return outcome(await plane.as('manager', 'POST', '/api/v2/keys', { body }));
  };
  assert.equal(await make({ extractable: false }), '409 KEY_CREATE_IMPORT_ACCESS_ERR');
  assert.equal(await make({ extractable: true, payload }), '409 KEY_CREATE_IMPORT_ACCESS_ERR');
  assert.equal(await make({ extractable: true }), '201');
  assert.equal(await make({ extractable: false, payload }), '201');
  assert.equal(await setPolicy('keyCreateImportAccess', { enabled: true, attributes: { enforce_token: true } }), '204');
  assert.equal(await make({ extractable: false, payload }), '409 KEY_CREATE_IMPORT_ACCESS_ERR');
  assert.equal(await setPolicy('keyCreateImportAccess', { enabled: false }), '204');
  assert.equal(await make({ extractable: false, payload }), '201');
});

test('a policy is what the query says, once, with the attributes of its kind', async () => {
  const put = async (query: string, body: object): Promise<string> =>
    outcome(await plane.as('manager', 'PUT', `/api/v2/instance/policies${query}`, { body }));
  const dual = { policy_type: 'dualAuthDelete', policy_data: { enabled: false } };
  const metrics = { policy_type: 'metrics', policy_data: { enabled: false } };
  assert.equal(await put('?policy=metrics', collection(POLICY, dual)), '400 BODY_QUERY_PARAM_MISMATCH_ERR');
  assert.equal(await put('?policy=metrics', collection(POLICY, metrics, dual)), '400 BODY_QUERY_PARAM_MISMATCH_ERR');
  assert.equal(await put('', collection(POLICY, metrics, metrics)), '400 NUM_COLLECTION_RESOURCE_ERR');
  assert.equal(await put('?policy=colour', collection(POLICY, metrics)), '400 INVALID_QUERY_PARAM_ERR');
  assert.equal(await put('', collection(POLICY, { ...metrics, extra_field: 1 })), '400 BAD_BODY_ERR');
  assert.equal(await put('', collection(POLICY, { policy_type: 'metrics' })), '400 BAD_BODY_ERR');
  assert.equal(await put('', collection(POLICY, dual, metrics)), '204');
});
