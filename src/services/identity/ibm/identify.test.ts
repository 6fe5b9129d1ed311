import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { Fault } from '../../../faults.ts';
import type { Collection, Document, Unit } from '../../../store/store.ts';
import { digestOf } from '../identity.ts';
import { type TokenSubject, tokenClaims } from './claims.ts';
import { createIdentify } from './identify.ts';
import { signToken } from './jwt.ts';

const account = 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf';
const iamId = 'IBMid-50ABC';
const now = 1_800_000_000_000;
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const user: TokenSubject = { kind: 'user', iamId, email: 'jo@a.example', name: 'Jo Dam' };

/** Documents by `collection/account/id`; looked up by their `digest`, listed by their `iamId`. */
type Documents = Map<string, Record<string, unknown>>;

function world(): Documents {
  return new Map<string, Record<string, unknown>>([
    [`accounts/${account}/${account}`, { id: account }],
    [`memberships/${account}/${iamId}`, { iamId, state: 'ACTIVE' }],
    [`persons/plane/${iamId}`, { iamId, email: 'jo@a.example' }],
    ['ibm-signing-keys/plane/k1', { publicKey }],
    [`ibm-api-keys/${account}/ApiKey-1`, { iamId, digest: digestOf('a-key'), disabled: false }],
    [`ibm-group-members/${account}/AccessGroupId-1/${iamId}`, { iamId, group: 'AccessGroupId-1' }],
  ]);
}

function unitOf(documents: Documents): Unit {
  const found = (prefix: string, field: string, key: string) =>
    [...documents]
      .filter(([path, value]) => path.startsWith(prefix) && value[field] === key)
      .map(([path, value]) => {
        const [, where, ...id] = path.split('/');
        return { account: where!, id: id.join('/'), revision: 1, value };
      });
  const unit: Pick<Unit, 'get' | 'list' | 'find'> = {
    async get<D extends object>(from: Collection<D>, where: string, id: string) {
      const value = documents.get(`${from.name}/${where}/${id}`) as D | undefined;
      return value && { account: where, id, revision: 1, value };
    },
    async list<D extends object>(from: Collection<D>, where: string, query: { key?: string }) {
      return { items: found(`${from.name}/${where}/`, 'iamId', query.key ?? '') as unknown as Document<D>[] };
    },
    async find<D extends object>(from: Collection<D>, index: string, key: string) {
      return found(`${from.name}/`, index, key) as unknown as Document<D>[];
    },
  };
  return unit as Unit;
}

const facts = {
  account,
  issuedAt: now / 1000,
  lifetime: 3600,
  id: 'token-1',
  grantType: 'apikey',
  clientId: 'default',
};
const bearer = async (claims: object = {}) => {
  const token = await signToken({ ...tokenClaims({ ...facts, subject: user }), ...claims }, 'k1', pair.privateKey);
  return { kind: 'bearer', token } as const;
};
const refused = (reason: string) => (error: unknown) =>
  error instanceof Fault && error.kind === 'unauthenticated' && error.reason === reason;

test('a token is its identity, with the groups it is in', async () => {
  const { caller, name, credential } = await createIdentify()(unitOf(world()), await bearer(), now);
  assert.deepEqual(caller, { kind: 'user', id: iamId, account, groups: ['AccessGroupId-1'] });
  assert.equal(name, 'jo@a.example');
  assert.deepEqual(credential, { kind: 'bearer', id: 'token-1' });
});

test('a remembered signature skips nothing else', async () => {
  const identify = createIdentify();
  const token = await bearer();
  const lost: readonly [string, string][] = [
    [`memberships/${account}/${iamId}`, 'not-a-member'],
    [`accounts/${account}/${account}`, 'not-a-member'],
    ['ibm-signing-keys/plane/k1', 'token-invalid'],
  ];
  await identify(unitOf(world()), token, now);
  for (const [path, reason] of lost) {
    const documents = world();
    documents.delete(path);
    await assert.rejects(identify(unitOf(documents), token, now), refused(reason), path);
  }
  const rekeyed = world();
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  rekeyed.set('ibm-signing-keys/plane/k1', {
    publicKey: other.export({ format: 'der', type: 'spki' }).toString('base64'),
  });
  await assert.rejects(identify(unitOf(rekeyed), token, now), refused('token-invalid'), 'another key under the name');
  const ungrouped = world();
  ungrouped.delete(`ibm-group-members/${account}/AccessGroupId-1/${iamId}`);
  assert.deepEqual((await identify(unitOf(ungrouped), token, now)).caller.groups, []);
  await assert.rejects(identify(unitOf(world()), token, now + 3_600_000), refused('token-expired'));
  assert.equal((await identify(unitOf(world()), token, now + 3_599_999)).caller.id, iamId);
});

test('tokens of another time, issuer or kind are refused', async () => {
  const identify = createIdentify();
  const unit = unitOf(world());
  await assert.rejects(identify(unit, await bearer({ iat: now / 1000 + 60 }), now), refused('token-invalid'));
  await assert.rejects(identify(unit, await bearer({ nbf: now / 1000 + 60 }), now), refused('token-invalid'));
  await assert.rejects(identify(unit, await bearer({ iss: 'https://iam.example' }), now), refused('token-invalid'));
  await assert.rejects(identify(unit, { kind: 'bearer', token: 'garbage' }, now), refused('token-invalid'));
  await assert.rejects(identify(unit, { kind: 'none' }, now), refused('no-credential'));
});

test('API keys: known, enabled, in time, of a member', async () => {
  const identify = createIdentify();
  const path = `ibm-api-keys/${account}/ApiKey-1`;
  const having = (values: object) => unitOf(world().set(path, { ...world().get(path), ...values }));
  const use = (unit: Unit, apiKey = 'a-key', where?: string) =>
    identify(unit, { kind: 'api-key', apiKey, ...(where ? { account: where } : {}) }, now);
  const { caller, credential } = await use(unitOf(world()));
  assert.equal(caller.id, iamId);
  assert.deepEqual(credential, { kind: 'api-key', id: 'ApiKey-1' });
  assert.equal((await use(having({ expiresAt: now + 1 }))).caller.id, iamId);
  await assert.rejects(use(having({ expiresAt: now })), refused('api-key-expired'));
  await assert.rejects(use(having({ disabled: true })), refused('api-key-disabled'));
  await assert.rejects(use(unitOf(world()), 'another'), refused('api-key-unknown'));
  await assert.rejects(use(unitOf(world()), 'a-key', 'b'.repeat(32)), refused('not-a-member'));
});
