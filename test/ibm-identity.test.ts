/** API keys, service IDs and settings, driven by the official SDK. What is expected: ibm-cloud.md 2.2. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type IamIdentityV1 from '@ibm-cloud/platform-services/iam-identity/v1.js';
import {
  grant,
  HOME,
  iamIdOf,
  identityClient,
  MEMBER_KEY,
  OTHER_OWNER_KEY,
  OWNER_KEY,
  refusal,
  WORLD,
} from './ibm-identity-world.ts';
import { eventually, startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
let owner: IamIdentityV1;
let member: IamIdentityV1;
before(async () => {
  plane = await startPlane({ world: WORLD });
  owner = identityClient(plane, OWNER_KEY);
  member = identityClient(plane, MEMBER_KEY);
});
after(() => plane.stop());

const codeOf = ({ status, body }: { status: number; body: Record<string, unknown> }): [number, string] => [
  status,
  (body['errors'] as { code: string }[])[0]!.code,
];

async function newServiceId(name: string): Promise<IamIdentityV1.ServiceId> {
  const { result, status } = await owner.createServiceId({ accountId: HOME, name });
  assert.equal(status, 201);
  return result;
}

describe('API keys', () => {
  test('one is made for oneself, shown once, and works', async () => {
    const iamId = await iamIdOf(plane, MEMBER_KEY);
    const {
      result: key,
      status,
      headers,
    } = await member.createApiKey({ name: 'mine', iamId, description: 'for tests' });
    assert.equal(status, 201);
    assert.equal(key.name, 'mine');
    assert.equal(key.iam_id, iamId);
    assert.equal(key.account_id, HOME);
    assert.equal(key.crn, `crn:v1:bluemix:public:iam-identity::a/${HOME}::apikey:${key.id}`);
    assert.equal((headers as unknown as Record<string, string>)['etag'], key.entity_tag);
    assert.ok(key.apikey.length >= 32);
    assert.equal(await iamIdOf(plane, key.apikey), iamId);
    const { result: read } = await member.getApiKey({ id: key.id });
    assert.equal(read.apikey, '', 'never again');
    assert.equal(read.description, 'for tests');
    const { result: details } = await member.getApiKeysDetails({ iamApiKey: key.apikey });
    assert.equal(details.id, key.id);
    assert.equal(details.apikey, '');
  });

  test("nobody makes or sees another user's", async () => {
    const iamId = await iamIdOf(plane, MEMBER_KEY);
    assert.deepEqual(codeOf(await refusal(owner.createApiKey({ name: 'yours', iamId }))), [403, 'forbidden']);
    const { result: mine } = await owner.createApiKey({ name: 'mine', iamId: await iamIdOf(plane, OWNER_KEY) });
    assert.deepEqual(codeOf(await refusal(member.getApiKey({ id: mine.id }))), [403, 'forbidden']);
    assert.deepEqual(codeOf(await refusal(member.getApiKeysDetails({ iamApiKey: mine.apikey }))), [403, 'forbidden']);
    assert.deepEqual(codeOf(await refusal(member.deleteApiKey({ id: mine.id }))), [403, 'forbidden']);
    const { result: list } = await member.listApiKeys({ accountId: HOME, scope: 'account', pagesize: 100 });
    assert.ok(list.apikeys.every(({ iam_id }) => iam_id === iamId));
    assert.equal((await owner.getApiKey({ id: mine.id })).status, 200);
  });

  test('those of a service ID need a policy, and their value can be kept', async () => {
    const { iam_id: iamId } = await newServiceId('keeper');
    const create = () => member.createApiKey({ name: 'stored', iamId, accountId: HOME, storeValue: true });
    assert.deepEqual(codeOf(await refusal(create())), [403, 'forbidden']);
    const policy = await grant(plane, await iamIdOf(plane, MEMBER_KEY), 'iam-identity', 'Administrator');
    const { result: key } = await create();
    const { result: read } = await member.getApiKey({ id: key.id });
    assert.equal(read.apikey, key.apikey, 'stored values are told again');
    await member.updateApiKey({ id: key.id, ifMatch: key.entity_tag!, description: 'changed' });
    assert.equal((await member.getApiKey({ id: key.id })).result.apikey, key.apikey, 'also after a change');
    assert.equal(await iamIdOf(plane, key.apikey), iamId);
    await plane.call('DELETE', `/v1/policies/${policy}`, { token: await plane.token(OWNER_KEY) });
    assert.deepEqual(codeOf(await refusal(member.getApiKey({ id: key.id }))), [403, 'forbidden']);
  });

  test("a user's cannot be stored", async () => {
    const iamId = await iamIdOf(plane, MEMBER_KEY);
    const { status } = await refusal(member.createApiKey({ name: 'stored', iamId, storeValue: true }));
    assert.equal(status, 400);
  });

  test('disabled and expired ones get no token, locked ones do', async () => {
    const iamId = await iamIdOf(plane, MEMBER_KEY);
    const { result: key } = await member.createApiKey({ name: 'switched', iamId });
    const works = () =>
      plane.token(key.apikey).then(
        () => true,
        () => false,
      );
    assert.equal((await member.disableApiKey({ id: key.id })).status, 204);
    assert.equal(await works(), false);
    assert.equal((await member.getApiKey({ id: key.id })).result.disabled, true);
    assert.equal((await member.enableApiKey({ id: key.id })).status, 204);
    assert.equal(await works(), true);
    assert.equal((await member.lockApiKey({ id: key.id })).status, 204);
    assert.equal(await works(), true);
    const { result: locked } = await member.getApiKey({ id: key.id });
    assert.equal(locked.locked, true);
    const update = () => member.updateApiKey({ id: key.id, ifMatch: '*', name: 'other' });
    assert.equal((await refusal(update())).status, 409);
    assert.equal((await refusal(member.deleteApiKey({ id: key.id }))).status, 409);
    assert.equal((await member.unlockApiKey({ id: key.id })).status, 204);
    assert.equal((await update()).result.name, 'other');
    assert.equal((await member.deleteApiKey({ id: key.id })).status, 204);
    assert.equal(await works(), false);
    const soon = new Date(Date.now() + 120_000).toISOString().replace(/:\d\d\.\d+Z$/, '+0000');
    const { result: dated } = await member.createApiKey({ name: 'dated', iamId, expiresAt: soon });
    assert.equal(dated.expires_at, soon);
    assert.ok(await plane.token(dated.apikey));
    await plane.advance(120_000);
    await assert.rejects(plane.token(dated.apikey), /BXNIM0415E/);
  });

  test('an update needs the tag that was read', async () => {
    const iamId = await iamIdOf(plane, MEMBER_KEY);
    const { result: key } = await member.createApiKey({ name: 'tagged', iamId });
    const first = await member.updateApiKey({ id: key.id, ifMatch: key.entity_tag!, description: 'one' });
    assert.equal(first.status, 200);
    assert.notEqual(first.result.entity_tag, key.entity_tag);
    const stale = await refusal(member.updateApiKey({ id: key.id, ifMatch: key.entity_tag!, description: 'two' }));
    assert.equal(stale.status, 412);
    assert.equal((await member.getApiKey({ id: key.id })).result.description, 'one');
    const token = await plane.token(MEMBER_KEY);
    const untagged = await plane.call('PUT', `/v1/apikeys/${key.id}`, { token, body: { name: 'x' } });
    assert.equal(untagged.status, 400);
    await member.deleteApiKey({ id: key.id });
  });

  test('an identity has at most twenty', async () => {
    const { iam_id: iamId, id } = await newServiceId('many keys');
    for (let made = 0; made < 20; made += 1) await owner.createApiKey({ name: `k${made}`, iamId, accountId: HOME });
    assert.equal((await refusal(owner.createApiKey({ name: 'one more', iamId, accountId: HOME }))).status, 400);
    const { result: list } = await owner.listApiKeys({ accountId: HOME, iamId, pagesize: 100 });
    assert.equal(list.apikeys.length, 20);
    await owner.deleteServiceId({ id });
    await eventually('its keys are forgotten', async () => {
      const { result } = await owner.listApiKeys({ accountId: HOME, iamId, pagesize: 100 });
      return result.apikeys.length === 0;
    });
  });

  test('a value of one’s own must be long and unused', async () => {
    const iamId = await iamIdOf(plane, MEMBER_KEY);
    const create = (apikey: string) => member.createApiKey({ name: 'own value', iamId, apikey });
    assert.equal((await refusal(create('short'))).status, 400);
    assert.equal((await refusal(create(OWNER_KEY))).status, 409);
    const value = `own-value-${'0'.repeat(32)}`;
    const { result: key } = await create(value);
    assert.equal(key.apikey, value);
    assert.equal(await iamIdOf(plane, value), iamId);
    await member.deleteApiKey({ id: key.id });
  });
});

describe('service IDs', () => {
  test('made, read, changed, locked, deleted', async () => {
    const { result: made, status } = await owner.createServiceId({
      accountId: HOME,
      name: 'deployer',
      description: 'deploys',
      uniqueInstanceCrns: [`crn:v1:bluemix:public:kms:us-south:a/${HOME}:0f0e0d0c-0b0a-0908-0706-050403020100::`],
      apikey: { name: 'first' },
    });
    assert.equal(status, 201);
    assert.match(made.id, /^ServiceId-/);
    assert.equal(made.iam_id, `iam-${made.id}`);
    assert.equal(made.crn, `crn:v1:bluemix:public:iam-identity::a/${HOME}::serviceid:${made.id}`);
    assert.equal(await iamIdOf(plane, made.apikey!.apikey), made.iam_id);
    const { result: read } = await owner.getServiceId({ id: made.id });
    const { apikey: _shownOnce, ...lasting } = made;
    assert.deepEqual(read, lasting);
    const { result: changed } = await owner.updateServiceId({ id: made.id, ifMatch: read.entity_tag, name: 'renamed' });
    assert.equal(changed.name, 'renamed');
    assert.equal(changed.description, 'deploys');
    const stale = owner.updateServiceId({ id: made.id, ifMatch: read.entity_tag, name: 'again' });
    assert.equal((await refusal(stale)).status, 412);
    assert.equal((await owner.lockServiceId({ id: made.id })).status, 204);
    assert.equal((await refusal(owner.deleteServiceId({ id: made.id }))).status, 409);
    assert.equal((await owner.unlockServiceId({ id: made.id })).status, 204);
    assert.equal((await owner.deleteServiceId({ id: made.id })).status, 204);
    assert.deepEqual(codeOf(await refusal(owner.getServiceId({ id: made.id }))), [404, 'not_found']);
  });

  test('listed in pages, by name, sorted', async () => {
    for (const name of ['zulu', 'alpha', 'mike', 'alpha']) await newServiceId(`page-${name}`);
    const { result: named } = await owner.listServiceIds({ accountId: HOME, name: 'page-alpha' });
    assert.equal(named.serviceids.length, 2);
    const { result: first } = await owner.listServiceIds({ accountId: HOME, pagesize: 2, sort: 'name', order: 'desc' });
    assert.deepEqual([first.serviceids.length, first.limit, first.offset], [2, 2, 0]);
    assert.equal(first.serviceids[0]!.name, 'page-zulu');
    assert.equal(first.previous, undefined);
    const pagetoken = new URL(first.next!).searchParams.get('pagetoken')!;
    const { result: second } = await owner.listServiceIds({ pagetoken });
    assert.equal(second.offset, 2);
    assert.equal(second.limit, 2);
    assert.ok(second.previous);
    assert.ok(second.serviceids[0]!.name <= first.serviceids[1]!.name);
    assert.equal((await refusal(owner.listServiceIds({ accountId: HOME, pagesize: 101 }))).status, 400);
    assert.equal((await refusal(owner.listServiceIds({ pagetoken: 'mine' }))).status, 400);
  });

  test('a member sees none but those they made, and with Viewer all', async () => {
    const theirs = await newServiceId('theirs');
    assert.deepEqual(codeOf(await refusal(member.getServiceId({ id: theirs.id }))), [403, 'forbidden']);
    const { result: own } = await member.createServiceId({ accountId: HOME, name: 'by a member' });
    const { result: before } = await member.listServiceIds({ accountId: HOME, pagesize: 100 });
    assert.deepEqual(
      before.serviceids.map(({ id }) => id),
      [own.id],
    );
    assert.equal((await member.updateServiceId({ id: own.id, ifMatch: '*', description: 'mine' })).status, 200);
    const key = () => member.createApiKey({ name: 'k', iamId: own.iam_id, accountId: HOME });
    assert.equal((await key()).status, 201);
    assert.deepEqual(codeOf(await refusal(member.createApiKey({ name: 'k', iamId: theirs.iam_id }))), [
      403,
      'forbidden',
    ]);
    const token = await plane.token(OWNER_KEY);
    const { body: found } = await plane.call(
      'GET',
      `/v1/policies?account_id=${HOME}&iam_id=${await iamIdOf(plane, MEMBER_KEY)}`,
      { token },
    );
    const policy = found.policies.find((one: { resources: unknown }) => JSON.stringify(one.resources).includes(own.id));
    await plane.call('DELETE', `/v1/policies/${policy.id}`, { token });
    assert.deepEqual(codeOf(await refusal(key())), [403, 'forbidden'], 'an administrator has taken it away');
    await grant(plane, await iamIdOf(plane, MEMBER_KEY), 'iam-identity', 'Viewer');
    assert.equal((await member.getServiceId({ id: theirs.id })).status, 200);
    assert.equal((await refusal(member.updateServiceId({ id: theirs.id, ifMatch: '*', name: 'x' }))).status, 403);
    assert.equal((await refusal(member.deleteServiceId({ id: theirs.id }))).status, 403);
  });

  test('of another account nothing can be had', async () => {
    const stranger = identityClient(plane, OTHER_OWNER_KEY);
    const { id } = await newServiceId('at home');
    assert.equal((await refusal(stranger.getServiceId({ id }))).status, 404, 'not in their account');
    assert.equal((await refusal(stranger.listServiceIds({ accountId: HOME }))).status, 403);
    assert.equal((await refusal(stranger.createServiceId({ accountId: HOME, name: 'x' }))).status, 403);
    assert.equal((await refusal(stranger.deleteServiceId({ id }))).status, 404);
    assert.equal((await owner.getServiceId({ id })).status, 200);
  });
});

describe('bad input', () => {
  const bodies: readonly [string, unknown][] = [
    ['malformed JSON', '{"name": '],
    ['no body', undefined],
    ['a list', []],
    ['a name of the wrong type', { account_id: HOME, name: 7 }],
    ['no name', { account_id: HOME }],
    ['an empty name', { account_id: HOME, name: '' }],
    ['a name that is too long', { account_id: HOME, name: 'x'.repeat(101) }],
    ['an unknown field', { account_id: HOME, name: 'x', colour: 'red' }],
    ['instances that are none', { account_id: HOME, name: 'x', unique_instance_crns: ['x'] }],
  ];
  for (const [what, body] of bodies) {
    test(`${what} is refused, and nothing is made`, async () => {
      const token = await plane.token(OWNER_KEY);
      const count = async () =>
        (await owner.listServiceIds({ accountId: HOME, pagesize: 100 })).result.serviceids.length;
      const before = await count();
      const reply = await plane.call('POST', '/v1/serviceids/', { token, body });
      assert.equal(reply.status, 400);
      assert.equal(reply.body.status_code, 400);
      assert.ok(reply.body.errors[0].message);
      assert.equal(await count(), before);
    });
  }

  test('the body names the field', async () => {
    const token = await plane.token(OWNER_KEY);
    const { body } = await plane.call('POST', '/v1/serviceids/', {
      token,
      body: { account_id: HOME, name: 'x', colour: 1 },
    });
    assert.match(body.errors[0].message, /`colour`/);
    assert.equal(body.errors[0].details, 'field colour');
  });

  test('an expiry that is past or no date', async () => {
    const iamId = await iamIdOf(plane, MEMBER_KEY);
    for (const expiresAt of ['2020-01-01T00:00+0000', 'tomorrow', '2027-01-01']) {
      assert.equal((await refusal(member.createApiKey({ name: 'x', iamId, expiresAt }))).status, 400, expiresAt);
    }
  });
});
