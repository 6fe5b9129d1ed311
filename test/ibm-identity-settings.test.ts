/** Identity settings of accounts, driven by the official SDK. What is expected: ibm-cloud.md 2.2. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type IamIdentityV1 from '@ibm-cloud/platform-services/iam-identity/v1.js';
import {
  claimsOf,
  grant,
  HOME,
  iamIdOf,
  identityClient,
  MEMBER_KEY,
  OTHER,
  OTHER_OWNER_KEY,
  OWNER_KEY,
  PLAIN_KEY,
  refusal,
  WORLD,
} from './ibm-identity-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
let owner: IamIdentityV1;
let member: IamIdentityV1;
before(async () => {
  plane = await startPlane({ world: WORLD });
  owner = identityClient(plane, OWNER_KEY);
  member = identityClient(plane, MEMBER_KEY);
});
after(() => plane.stop());

test('read and changed by who may, with their tag', async () => {
  const { result: settings } = await owner.getAccountSettings({ accountId: HOME });
  assert.equal(settings.account_id, HOME);
  assert.equal(settings.restrict_create_service_id, 'NOT_SET');
  assert.equal(settings.mfa, 'NONE');
  const stranger = identityClient(plane, OTHER_OWNER_KEY);
  assert.equal((await refusal(stranger.getAccountSettings({ accountId: HOME }))).status, 403);
  assert.equal((await stranger.getAccountSettings({ accountId: OTHER })).status, 200);
  const change = { accountId: HOME, restrictCreateServiceId: 'NOT_RESTRICTED' };
  assert.equal((await refusal(member.updateAccountSettings({ ...change, ifMatch: '*' }))).status, 403);
  const { result: changed } = await owner.updateAccountSettings({ ...change, ifMatch: settings.entity_tag });
  assert.equal(changed.restrict_create_service_id, 'NOT_RESTRICTED');
  const stale = owner.updateAccountSettings({ ...change, ifMatch: settings.entity_tag });
  assert.equal((await refusal(stale)).status, 412);
});

test('restricted, members make no service IDs and no API keys without a role', async () => {
  const plain = identityClient(plane, PLAIN_KEY);
  const iamId = await iamIdOf(plane, PLAIN_KEY);
  assert.equal((await plain.createServiceId({ accountId: HOME, name: 'free' })).status, 201);
  assert.equal((await plain.createApiKey({ name: 'free', iamId })).status, 201);
  const set = (value: string) =>
    owner.updateAccountSettings({
      accountId: HOME,
      ifMatch: '*',
      restrictCreateServiceId: value,
      restrictCreatePlatformApikey: value,
    });
  await set('RESTRICTED');
  assert.equal((await refusal(plain.createServiceId({ accountId: HOME, name: 'x' }))).status, 403);
  assert.equal((await refusal(plain.createApiKey({ name: 'x', iamId }))).status, 403);
  await grant(plane, iamId, 'iam-identity', 'Operator');
  assert.equal((await plain.createServiceId({ accountId: HOME, name: 'by role' })).status, 201);
  assert.equal((await plain.createApiKey({ name: 'by role', iamId })).status, 201);
  await set('NOT_SET');
});

test('they say how long tokens last', async () => {
  const stranger = identityClient(plane, OTHER_OWNER_KEY);
  const set = (seconds: string) =>
    stranger.updateAccountSettings({ accountId: OTHER, ifMatch: '*', systemAccessTokenExpirationInSeconds: seconds });
  await set('900');
  const life = async () => {
    const { iat, exp } = claimsOf(await plane.token(OTHER_OWNER_KEY));
    return Number(exp) - Number(iat);
  };
  assert.equal(await life(), 900);
  assert.equal((await refusal(set('899'))).status, 400);
  await set('NOT_SET');
  assert.equal(await life(), 3600);
});

test('what would have no effect is refused', async () => {
  const { status } = await refusal(owner.updateAccountSettings({ accountId: HOME, ifMatch: '*', mfa: 'TOTP4ALL' }));
  assert.equal(status, 501);
});
