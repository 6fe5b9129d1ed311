/** Every route of a running plane refuses whoever is nobody, and whoever may not. */
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Fault, type FaultKind } from '../src/faults.ts';
import { errorReply } from '../src/wire/ibm/server.ts';
import { assertErrorShape, assertVendorError, codeOf } from './golden/errors.ts';
import { changes, families, type GoldenRoute, guarded, PUBLIC, routes } from './golden/routes.ts';
import { sampleOf, samples } from './golden/samples.ts';
import { snapshot } from './golden/snapshot.ts';
import { type GoldenWorld, type Sample, sendSample, startGoldenWorld } from './golden/world.ts';
import type { Reply } from './plane.ts';

let world: GoldenWorld;
/** By route: made once, and asked about by those who are refused. */
const prepared = new Map<GoldenRoute, Sample>();

before(async () => {
  world = await startGoldenWorld();
  for (const route of routes) prepared.set(route, await sampleOf(world, route));
});
after(async () => {
  const log = world.plane.log();
  await world.plane.stop();
  assert.equal(log, '', 'the plane logged defects');
});

test('each route has a sample request, and each sample a route', () => {
  assert.deepEqual(Object.keys(samples).toSorted(), [...new Set(routes.map(({ key }) => key))].toSorted());
});

test('no two routes answer the same request', () => {
  const ibm = routes.filter(({ listener }) => listener === 'ibm');
  const pattern = ({ method, path }: GoldenRoute): string => `${method} ${path.replaceAll(/:[A-Za-z]+/g, ':')}`;
  assert.equal(new Set(ibm.map(pattern)).size, ibm.length);
  // Where services share a path, the one with a parameter would catch what the other leaves.
  const clashes = ibm.flatMap((one) =>
    ibm
      .filter((other) => other.api !== one.api && other.method === one.method && overlap(one.path, other.path))
      .map((other) => `${one.key} and ${other.key}`),
  );
  assert.deepEqual(clashes, []);
});

/** Whether some path fits both. */
function overlap(one: string, other: string): boolean {
  const [left, right] = [one.split('/'), other.split('/')];
  const fits = (a: string, b: string): boolean => a === b || a.startsWith(':') || b.startsWith(':');
  return left.length === right.length && left.every((segment, n) => fits(segment, right[n]!));
}

const UNAUTHENTICATED: Readonly<Record<string, readonly string[]>> = {
  'IAM Identity': ['unauthorized'],
  'IAM Access Groups': ['invalid_token'],
  'IAM Policy Management': ['invalid_token'],
  'Key Protect': ['UNAUTHORIZED_ERR'],
  VPC: ['token_missing', 'token_invalid'],
  'Resource Controller': ['RC-IAMUnauthenticated'],
  'Resource Manager': ['RC-IAMUnauthenticated'],
  'Global Catalog': ['RC-IAMUnauthenticated'],
  Easement: ['no-credential', 'token-invalid'],
};

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Tokens with the claims of account A's owner that the plane has not signed so. */
async function forged(): Promise<Readonly<Record<string, string>>> {
  const token = (await world.token('owner'))!;
  const [head, claims, signature] = token.split('.') as [string, string, string];
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = await world.plane.call('GET', '/identity/keys');
  const bySecret = `${encode({ ...header, alg: 'HS256' })}.${claims}`;
  const hmac = createHmac('sha256', JSON.stringify(keys.body.keys[0])).update(bySecret).digest('base64url');
  const own = `${encode({ ...header, jwk: publicKey.export({ format: 'jwk' }) })}.${claims}`;
  const other = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), exp: 4_000_000_000 };
  return {
    'no algorithm, no signature': `${encode({ ...header, alg: 'none' })}.${claims}.`,
    'no algorithm, the old signature': `${encode({ ...header, alg: 'none' })}.${claims}.${signature}`,
    'another key': `${head}.${claims}.${sign('sha256', Buffer.from(`${head}.${claims}`), privateKey).toString('base64url')}`,
    'a key of its own': `${own}.${sign('sha256', Buffer.from(own), privateKey).toString('base64url')}`,
    'the public key as a secret': `${bySecret}.${hmac}`,
    'an unknown key id': `${encode({ ...header, kid: 'other' })}.${claims}.${signature}`,
    'other claims': `${head}.${encode(other)}.${signature}`,
    'no token at all': 'x',
  };
}

test('every route refuses a call without a credential, and one with a forged token, in the words of its API', async () => {
  const before = await snapshot(world);
  for (const [what, token] of [['no credential', undefined], ...Object.entries(await forged())] as const) {
    for (const route of guarded) {
      const reply = await sendSample(world.plane, route, prepared.get(route)!, token);
      assertVendorError(route, reply, what);
      assert.equal(reply.status, 401, `${what}: ${route.key}`);
      const codes = UNAUTHENTICATED[route.api];
      if (route.method !== 'HEAD')
        assert.ok(codes?.includes(codeOf(reply)!), `${what}: ${route.key}: ${codeOf(reply)}`);
    }
  }
  assert.deepEqual(await snapshot(world), before);
});

test('what is public needs no credential, and only that', async () => {
  for (const route of routes) {
    const { status } = await sendSample(world.plane, route, prepared.get(route)!, undefined);
    assert.equal(status === 200, PUBLIC.has(route.key), `${route.key}: ${status}`);
  }
});

test('every route that changes something refuses a member without any policy', async () => {
  const before = await snapshot(world);
  for (const route of guarded.filter(changes)) {
    const reply = await world.send(route, prepared.get(route)!, 'no policy');
    assertVendorError(route, reply, 'no policy');
    const denied = route.face?.faults['denied'] ?? route.face?.family.kinds.denied;
    assert.equal(reply.status, denied?.status ?? 403, `${route.key}: ${JSON.stringify(reply.body)}`);
  }
  assert.deepEqual(await snapshot(world), before);
});

test("another account's owner changes nothing, and is told the same of what is there and of what is not", async () => {
  const before = await snapshot(world);
  const outcome = ({ status, body }: Reply): string => `${status} ${codeOf({ status, body } as Reply)}`;
  for (const route of guarded.filter(({ listener, path }) => listener === 'ibm' && path.includes(':id'))) {
    if (route.api === 'Global Catalog') continue;
    const sample = prepared.get(route)!;
    const there = await world.send(route, sample, 'other owner');
    assertVendorError(route, there, 'other owner');
    const absent = await world.send(route, { ...sample, params: absentParams(sample) }, 'other owner');
    assert.equal(outcome(there), outcome(absent), route.key);
  }
  assert.deepEqual(await snapshot(world), before);
});

/** Ids of the same form that nothing has. */
function absentParams({ params = {} }: Sample): Record<string, string> {
  const absent = (value: string): string =>
    value
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, () => randomUUID())
      .replace(/^[0-9a-f]{32}$/, 'f'.repeat(32));
  const changed = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, absent(value)]));
  assert.notEqual(changed['id'], params['id'], 'an id of a form that this test does not know');
  return changed;
}

test('what was refused to others is done for the owner', async () => {
  const refused: string[] = [];
  for (const route of guarded.filter((one) => changes(one) && one.listener === 'ibm')) {
    const reply = await world.send(route, await sampleOf(world, route), 'owner');
    if (reply.status >= 300) refused.push(`${route.key}: ${reply.status} ${codeOf(reply)}`);
  }
  const registrations = '/api/v2/keys/:id/registrations/:crn';
  assert.deepEqual(
    refused,
    // Services alone write these. https://cloud.ibm.com/docs/key-protect?topic=key-protect-error-messages
    ['POST', 'PUT', 'DELETE'].map((method) => `${method} ${registrations}: 403 SERVICE_ONLY_ERR`),
  );
});

test('every error of every API has the body that its vendor documents', () => {
  const kinds: readonly FaultKind[] = [
    ...(['unauthenticated', 'denied', 'not-found', 'invalid', 'conflict', 'state', 'precondition', 'gone'] as const),
    ...(['too-large', 'unsupported-media', 'throttled', 'quota', 'unavailable'] as const),
  ];
  for (const family of families) {
    assert.deepEqual(Object.keys(family.kinds).toSorted(), [...kinds, 'internal'].toSorted());
    for (const kind of [...kinds, undefined]) {
      const target = { type: 'field', name: 'name' } as const;
      const fault = kind && new Fault(kind, 'some-reason', 'what is wrong', { target });
      const reply = errorReply(family, undefined, fault, 'an-id', undefined);
      assertErrorShape(family.name, reply.body, `${family.name} ${kind}`);
    }
  }
});
