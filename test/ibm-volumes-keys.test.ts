/** The story: volumes of account B under a root key of account A, and what becomes of them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually, type Reply, startPlane, type TestPlane } from './plane.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const C = 'c'.repeat(32);
const ACCOUNTS = { A, B, C };
type Name = keyof typeof ACCOUNTS;

const apiKey = (name: Name): string => `${name.toLowerCase()}-owner-api-key-0000000000000000000001`;
const WORLD = `accounts:${(['A', 'B', 'C'] as const)
  .map(
    (name) => `
  - id: ${ACCOUNTS[name]}
    name: account ${name}
    owner: { email: owner@${name.toLowerCase()}.example, apiKey: ${apiKey(name)} }`,
  )
  .join('')}
`;

const VERSION = 'version=2026-03-24&generation=2';
const KEY_TYPE = 'application/vnd.ibm.kms.key+json';
const WAIT = 31_000;

interface KeyAt {
  readonly owner: Name;
  readonly instance: string;
  readonly id: string;
  readonly crn: string;
}

let plane: TestPlane;
const tokens = {} as Record<Name, string>;

before(async () => {
  plane = await startPlane({ world: WORLD });
  await renewTokens();
});
after(async () => {
  assert.equal(plane.log(), '', 'the plane logged defects');
  await plane.stop();
});

async function renewTokens(): Promise<void> {
  for (const name of ['A', 'B', 'C'] as const) tokens[name] = await plane.token(apiKey(name));
}

async function newInstance(owner: Name, target = 'us-south'): Promise<string> {
  const token = tokens[owner];
  const groups = await plane.call('GET', `/v2/resource_groups?account_id=${ACCOUNTS[owner]}`, { token });
  const made = await plane.call('POST', '/v2/resource_instances', {
    token,
    body: { name: 'kp', target, resource_group: groups.body.resources[0].id, resource_plan_id: 'tiered-pricing' },
  });
  assert.equal(made.status, 201);
  return made.body.guid;
}

async function newKey(owner: Name, instance: string, extractable = false): Promise<KeyAt> {
  const made = await plane.call('POST', '/api/v2/keys', {
    token: tokens[owner],
    headers: { 'bluemix-instance': instance },
    body: {
      metadata: { collectionType: KEY_TYPE, collectionTotal: 1 },
      resources: [{ type: KEY_TYPE, name: 'key', extractable }],
    },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const [{ id, crn }] = made.body.resources;
  return { owner, instance, id, crn };
}

function onKey(key: KeyAt, method: string, path = '', body?: unknown): Promise<Reply> {
  return plane.call(method, `/api/v2/keys/${key.id}${path}`, {
    token: tokens[key.owner],
    headers: { 'bluemix-instance': key.instance },
    ...(body === undefined ? {} : { body }),
  });
}

async function registrationsOf(key: KeyAt): Promise<{ resourceCrn: string; keyVersion: { id: string } }[]> {
  return (await onKey(key, 'GET', '/registrations')).body.resources ?? [];
}

/** Lets the block storage of an account use the keys of an instance; returns how to take it back. */
async function authorize(key: KeyAt, source: Name): Promise<() => Promise<void>> {
  const token = tokens[key.owner];
  const attribute = (name: string, value: string) => ({ name, value });
  const created = await plane.call('POST', '/v1/policies', {
    token,
    body: {
      type: 'authorization',
      subjects: [
        { attributes: [attribute('accountId', ACCOUNTS[source]), attribute('serviceName', 'server-protect')] },
      ],
      roles: [
        { role_id: 'crn:v1:bluemix:public:iam::::serviceRole:Reader' },
        { role_id: 'crn:v1:bluemix:public:iam::::role:AuthorizationDelegator' },
      ],
      resources: [
        {
          attributes: [
            attribute('accountId', ACCOUNTS[key.owner]),
            attribute('serviceName', 'kms'),
            attribute('serviceInstance', key.instance),
          ],
        },
      ],
    },
  });
  assert.equal(created.status, 201, JSON.stringify(created.body));
  return async () => {
    assert.equal((await plane.call('DELETE', `/v1/policies/${created.body.id}`, { token })).status, 204);
  };
}

function create(owner: Name, crn: string, name?: string): Promise<Reply> {
  return plane.call('POST', `/v1/volumes?${VERSION}`, {
    token: tokens[owner],
    body: {
      profile: { name: 'general-purpose' },
      zone: { name: 'us-south-1' },
      capacity: 10,
      encryption_key: { crn },
      ...(name === undefined ? {} : { name }),
    },
  });
}

function volume(owner: Name, id: string, method = 'GET'): Promise<Reply> {
  return plane.call(method, `/v1/volumes/${id}?${VERSION}`, { token: tokens[owner] });
}

/** Waits until a volume has a status, and returns it. */
function becomes(owner: Name, id: string, status: string): Promise<Reply['body']> {
  return eventually(`the volume is ${status}`, async () => {
    const { body } = await volume(owner, id);
    return body.status === status && body;
  });
}

/** A volume of B under a key of A, with the authorization that it took. */
async function sharedVolume(): Promise<{ key: KeyAt; id: string; crn: string; revoke: () => Promise<void> }> {
  const key = await newKey('A', await newInstance('A'));
  const revoke = await authorize(key, 'B');
  const made = await create('B', key.crn);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  await becomes('B', made.body.id, 'available');
  return { key, id: made.body.id, crn: made.body.crn, revoke };
}

function codeOf({ status, body }: Reply): string {
  return `${status} ${body.errors?.[0]?.code ?? body.status}`;
}

describe("a volume under another account's key", () => {
  test('takes an authorization by the owner of the key; the very next call after its end is refused', async () => {
    const key = await newKey('A', await newInstance('A'));
    assert.equal(codeOf(await create('B', key.crn)), '400 volume_crn_invalid');

    const revoke = await authorize(key, 'B');
    const made = await create('B', key.crn);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.equal(made.body.encryption, 'user_managed');
    assert.deepEqual(made.body.encryption_key, { crn: key.crn });
    await becomes('B', made.body.id, 'available');
    const seen = await registrationsOf(key);
    assert.deepEqual(
      seen.map(({ resourceCrn }) => resourceCrn),
      [made.body.crn],
      'A sees whose volume it is',
    );
    const listed = await plane.call('GET', `/v1/volumes?${VERSION}&encryption=user_managed`, { token: tokens.B });
    assert.ok(listed.body.volumes.some(({ id }: { id: string }) => id === made.body.id));

    await revoke();
    assert.equal(codeOf(await create('B', key.crn)), '400 volume_crn_invalid');
    assert.equal((await volume('B', made.body.id)).body.status, 'available', 'what is there stays');
    assert.equal((await registrationsOf(key)).length, 1);
  });

  test('goes one way, and to nobody else', async () => {
    const { key } = await sharedVolume();
    const keyOfB = await newKey('B', await newInstance('B'));
    assert.equal(codeOf(await create('A', keyOfB.crn)), '400 volume_crn_invalid', "A has no right to B's key");
    assert.equal(codeOf(await create('C', key.crn)), '400 volume_crn_invalid', 'a third account has none');
    assert.equal(codeOf(await create('A', key.crn)), '400 volume_crn_invalid', "not even the owner's block storage");
    const revoke = await authorize(key, 'A');
    assert.equal((await create('A', key.crn)).status, 201, 'until it is authorized');
    await revoke();
    assert.equal(codeOf(await create('A', key.crn)), '400 volume_crn_invalid');
  });

  test('is refused in the same words whatever is wrong with the CRN', async () => {
    const key = await newKey('A', await newInstance('A'));
    const elsewhere = await newKey('A', await newInstance('A', 'eu-de'));
    const standard = await newKey('A', key.instance, true);
    const other = await newKey('A', await newInstance('A'));
    await authorize(key, 'B');
    await authorize(elsewhere, 'B');
    const unknown = '00000000-0000-4000-8000-000000000000';
    const wrong: Record<string, string> = {
      malformed: `crn:bluemix:public:kms:us-south:a/a1234567:key:${key.id}`,
      'not a CRN': 'my-key',
      'an unknown key': key.crn.replace(key.id, unknown),
      'an unknown instance': key.crn.replace(key.instance, unknown),
      'an unknown account': key.crn.replace(A, 'f'.repeat(32)),
      'without authorization': other.crn,
      'of another service': key.crn.replace(':kms:', ':secrets-manager:'),
      'of another region': elsewhere.crn,
      'with a wrong region': key.crn.replace(':us-south:', ':eu-de:'),
      'an instance': `${key.crn.split(':key:')[0]}::`,
      'a standard key': standard.crn,
    };
    const words = new Set<string>();
    for (const [what, crn] of Object.entries(wrong)) {
      const reply = await create('B', crn);
      assert.equal(codeOf(reply), '400 volume_crn_invalid', what);
      words.add(JSON.stringify(reply.body.errors));
    }
    assert.equal(words.size, 1);
    assert.equal((await registrationsOf(key)).length, 0);
    assert.equal((await create('B', key.crn)).status, 201, 'while the right one works');
  });

  test('takes an active key', async () => {
    const key = await newKey('A', await newInstance('A'));
    await authorize(key, 'B');
    assert.equal((await onKey(key, 'POST', '/actions/disable')).status, 204);
    assert.equal(codeOf(await create('B', key.crn)), '400 volume_encryption_key_not_active');
    assert.equal(codeOf(await create('C', key.crn)), '400 volume_crn_invalid', 'who may not use it learns nothing');
    const gone = await newKey('A', key.instance);
    assert.ok((await onKey(gone, 'DELETE')).status < 300);
    assert.equal(codeOf(await create('B', gone.crn)), '400 volume_encryption_key_not_active');
  });

  test('leaves no trace when it is refused for something else', async () => {
    const { key } = await sharedVolume();
    assert.equal((await create('B', key.crn, 'same-name')).status, 201);
    assert.equal(codeOf(await create('B', key.crn, 'same-name')), '400 volume_name_duplicate');
    assert.equal((await registrationsOf(key)).length, 2);
  });
});

describe('the volume follows its key', () => {
  test('disabled and enabled', async () => {
    const { key, id } = await sharedVolume();
    assert.equal((await onKey(key, 'POST', '/actions/disable')).status, 204);
    const unusable = await becomes('B', id, 'unusable');
    assert.equal(unusable.status_reasons[0].code, 'encryption_key_disabled');
    assert.equal(unusable.health_state, 'inapplicable');
    const renamed = await plane.call('PATCH', `/v1/volumes/${id}?${VERSION}`, { token: tokens.B, body: { name: 'x' } });
    assert.equal(codeOf(renamed), '409 volume_status_not_available');
    await plane.advance(WAIT);
    assert.equal((await onKey(key, 'POST', '/actions/enable')).status, 204);
    assert.deepEqual((await becomes('B', id, 'available')).status_reasons, []);
  });

  test('deleted by force and restored', async () => {
    const { key, id, crn } = await sharedVolume();
    assert.equal((await onKey(key, 'DELETE')).status, 409, 'a registered volume is in the way');
    assert.equal((await volume('B', id)).body.status, 'available');
    assert.ok((await onKey(key, 'DELETE', '?force=true')).status < 300);
    assert.equal((await becomes('B', id, 'unusable')).status_reasons[0].code, 'encryption_key_deleted');
    await plane.advance(WAIT);
    assert.equal((await onKey(key, 'POST', '/restore')).status, 201);
    await becomes('B', id, 'available');
    assert.deepEqual(
      (await registrationsOf(key)).map(({ resourceCrn }) => resourceCrn),
      [crn],
    );
  });

  test('rotated: wrapped anew; without the authorization the old wrapping goes on working', async () => {
    const { key, id, revoke } = await sharedVolume();
    const [before] = await registrationsOf(key);
    assert.equal((await onKey(key, 'POST', '/actions/rotate', {})).status, 204);
    const versionOf = async () => (await onKey(key, 'GET', '/metadata')).body.resources[0].keyVersion.id as string;
    const second = await versionOf();
    assert.notEqual(second, before!.keyVersion.id);
    await eventually('the registration names the new version', async () => {
      const [registration] = await registrationsOf(key);
      return registration?.keyVersion.id === second;
    });
    await revoke();
    await plane.advance(3_700_000);
    await renewTokens();
    assert.equal((await onKey(key, 'POST', '/actions/rotate', {})).status, 204);
    assert.equal((await onKey(key, 'POST', '/actions/disable')).status, 204);
    await becomes('B', id, 'unusable');
    await plane.advance(WAIT);
    assert.equal((await onKey(key, 'POST', '/actions/enable')).status, 204);
    await becomes('B', id, 'available');
    assert.equal((await registrationsOf(key))[0]!.keyVersion.id, second, 'as wrapped before the authorization ended');
  });
});

describe('deleting the volume', () => {
  test('ends its registration, and the key can be deleted', async () => {
    const { key, id } = await sharedVolume();
    assert.equal((await volume('B', id, 'DELETE')).status, 204);
    await eventually('it is gone', async () => (await volume('B', id)).status === 404);
    assert.deepEqual(await registrationsOf(key), []);
    assert.ok((await onKey(key, 'DELETE')).status < 300);
  });

  test('works without the authorization and without the key; without the one, the registration stays', async () => {
    const { key, id, revoke } = await sharedVolume();
    await revoke();
    assert.equal((await volume('B', id, 'DELETE')).status, 204);
    assert.equal((await registrationsOf(key)).length, 1, 'nobody was allowed to end it');
    assert.equal((await onKey(key, 'DELETE')).status, 409);

    const second = await sharedVolume();
    assert.ok((await onKey(second.key, 'DELETE', '?force=true')).status < 300);
    await becomes('B', second.id, 'unusable');
    assert.equal((await volume('B', second.id, 'DELETE')).status, 204);
    await eventually('it is gone', async () => (await volume('B', second.id)).status === 404);
  });
});
