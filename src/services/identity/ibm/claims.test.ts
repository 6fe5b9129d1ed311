import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readClaims, tokenClaims } from './claims.ts';

const account = 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf';
const facts = {
  account,
  issuedAt: 1_800_000_000,
  lifetime: 3600,
  id: 'token-1',
  grantType: 'urn:ibm:params:oauth:grant-type:apikey',
  clientId: 'default',
};
const user = { kind: 'user', iamId: 'IBMid-50ABC', email: 'jo@a.example', name: 'Jo van Dam' } as const;
const program = {
  kind: 'service-id',
  iamId: 'iam-ServiceId-11112222-3333-4444-5555-666677778888',
  name: 'builder',
  uniqueInstanceCrns: [],
} as const;

test('a user: the claims of ibm-cloud.md 2.1', () => {
  assert.deepEqual(tokenClaims({ ...facts, subject: user }), {
    iam_id: 'IBMid-50ABC',
    id: 'IBMid-50ABC',
    realmid: 'IBMid',
    jti: 'token-1',
    identifier: '50ABC',
    given_name: 'Jo',
    family_name: 'van Dam',
    name: 'Jo van Dam',
    email: 'jo@a.example',
    sub: 'jo@a.example',
    authn: {
      sub: 'jo@a.example',
      iam_id: 'IBMid-50ABC',
      name: 'Jo van Dam',
      given_name: 'Jo',
      family_name: 'van Dam',
      email: 'jo@a.example',
    },
    account: { boundary: 'global', valid: true, bss: account },
    iat: 1_800_000_000,
    exp: 1_800_003_600,
    iss: 'https://iam.cloud.ibm.com/identity',
    grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
    scope: 'ibm openid',
    client_id: 'default',
    acr: 1,
    amr: ['pwd'],
  });
});

test('a service ID: its own realm and sub_type', () => {
  const claims = tokenClaims({ ...facts, subject: program });
  assert.equal(claims['realmid'], 'iam');
  assert.equal(claims['sub_type'], 'ServiceId');
  assert.equal(claims['sub'], 'ServiceId-11112222-3333-4444-5555-666677778888');
  assert.equal(claims['email'], undefined);
});

test('what was written is read back', () => {
  const read = { account, id: 'token-1', from: 1_800_000_000_000, until: 1_800_003_600_000 };
  assert.deepEqual(readClaims(tokenClaims({ ...facts, subject: user })), {
    ...read,
    kind: 'user',
    iamId: user.iamId,
    name: user.email,
  });
  assert.deepEqual(readClaims(tokenClaims({ ...facts, subject: program })), {
    ...read,
    kind: 'service-id',
    iamId: program.iamId,
    name: program.name,
  });
});

test('claims of others are not read', () => {
  const claims = tokenClaims({ ...facts, subject: user });
  assert.equal(readClaims({ ...claims, iss: 'https://iam.example/identity' }), undefined);
  assert.equal(readClaims({ ...claims, iss: undefined }), undefined);
  assert.equal(readClaims({ ...claims, exp: 'never' }), undefined);
  assert.equal(readClaims({ ...claims, exp: undefined }), undefined);
  assert.equal(readClaims({ ...claims, account: {} }), undefined);
  assert.equal(readClaims(undefined), undefined);
  assert.equal(readClaims('text'), undefined);
});

test('a token that says so begins later', () => {
  const claims = { ...tokenClaims({ ...facts, subject: user }), nbf: 1_800_000_100 };
  assert.equal(readClaims(claims)!.from, 1_800_000_100_000);
});
