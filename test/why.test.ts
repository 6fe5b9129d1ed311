/** Why: what each side of a crossing is told about it, and what it is not. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { A, B, type Crossing, crossing, idOf, made, OWNER_A, OWNER_B } from './crossing.ts';
import { type Reply, request, startPlane, type TestPlane } from './plane.ts';

const MAIN_OWNER = 'main-owner-api-key-000000000000000001';
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

let plane: TestPlane;
let world: Crossing;
let operatorToken: string;

before(async () => {
  plane = await startPlane();
  world = await crossing(plane.ibm, plane.token);
  operatorToken = (await readFile(join(plane.home, 'operator-token'), 'utf8')).trim();
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
});

const why = (id: string, token: string, query = ''): Promise<Reply> =>
  request(plane.console, 'GET', `/api/decisions/${id}${query}`, { token });

/** A key of the same instance that does not exist. */
const absentKey = (): string => `${world.keyCrn.slice(0, -12)}000000000000`;

/** Without what must differ between two calls: ids, times, and the names that the caller himself chose. */
function bare(reply: Reply): string {
  return JSON.stringify(reply.body)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/volume-\d+/g, 'NAME');
}

async function authorized<T>(then: () => Promise<T>): Promise<T> {
  const policy = await world.authorize();
  try {
    return await then();
  } finally {
    await world.call('DELETE', `/v1/policies/${policy}`, { token: world.tokenA });
  }
}

describe('a refused crossing', () => {
  test('tells its caller the same bytes whether the key is forbidden or absent', async () => {
    const forbidden = await world.volume(world.keyCrn);
    const absent = await world.volume(absentKey());
    const noInstance = await world.volume(world.keyCrn.replace(world.instance, UNKNOWN));
    assert.deepEqual([forbidden.status, absent.status, noInstance.status], [400, 400, 400]);
    const toldB = await why(idOf(forbidden), world.tokenB);
    assert.equal(toldB.status, 200);
    assert.equal(bare(await why(idOf(absent), world.tokenB)), bare(toldB));
    assert.equal(bare(await why(idOf(noInstance), world.tokenB)), bare(toldB));
    // Those who may know are told the difference.
    assert.notEqual(bare(await why(idOf(absent), operatorToken)), bare(await why(idOf(forbidden), operatorToken)));
    assert.notEqual(bare(await why(idOf(absent), world.tokenA)), bare(await why(idOf(forbidden), world.tokenA)));
  });

  test('tells its caller the same when he is authorized and the key is absent', async () => {
    const forbidden = await world.volume(absentKey());
    const absent = await authorized(() => world.volume(absentKey()));
    assert.equal(bare(await why(idOf(absent), world.tokenB)), bare(await why(idOf(forbidden), world.tokenB)));
    const [call] = (await why(idOf(absent), world.tokenA)).body.calls;
    assert.equal(call.fault.reason, 'key-not-found', 'the owner is told that there is no such key');
  });

  test('tells its caller what he asked and whom, and nothing of what is stored', async () => {
    const { body } = await why(idOf(await world.volume(world.keyCrn)), world.tokenB);
    const [inner] = body.calls[0].nested;
    const [question] = inner.questions;
    assert.equal(inner.outcome, 'refused');
    assert.equal(question.outcome, 'refused');
    assert.equal(question.resource.name, world.keyCrn);
    assert.equal(question.existed, undefined);
    assert.equal(question.resource.attributes.keyRing, undefined);
    assert.deepEqual(
      question.sides.map(({ account, layers, outcome }: { [part: string]: unknown }) => [account, layers, outcome]),
      [[A, undefined, undefined]],
    );
  });

  test('tells the owner of the key which policy is missing, and whose call it was', async () => {
    const { body } = await why(idOf(await world.volume(world.keyCrn)), world.tokenA);
    assert.equal(body.calls.length, 1, 'the call of account B itself is not shown');
    const [call] = body.calls;
    assert.equal(call.outcome, 'denied');
    assert.equal(call.caller.account, B);
    assert.equal(call.caller.attributes.serviceName, 'server-protect');
    assert.equal(call.wire, undefined, 'neither address nor user agent of account B');
    assert.deepEqual(call.questions[0].missing, { kind: 'allow', account: A, layer: 'authorization' });
    assert.match(call.questions[0].remedy.grant.cli, /^ibmcloud iam authorization-policy-create /);
  });

  for (const version of ['v1', 'v2'] as const) {
    for (const side of ['owner', 'asker'] as const) {
      test(`is allowed by the ${version} policy that the ${side} is shown, and by no other`, async () => {
        const refused = await world.volume(world.keyCrn);
        const { body } = await why(idOf(refused), side === 'owner' ? world.tokenA : world.tokenB);
        const call = side === 'owner' ? body.calls[0] : body.calls[0].nested[0];
        const policy = await made(
          world.call('POST', `/${version}/policies`, {
            token: world.tokenA,
            body: call.questions[0].remedy.grant[version],
          }),
        );
        const allowed = await world.volume(world.keyCrn);
        assert.equal(allowed.status, 201, JSON.stringify(allowed.body));
        await world.call('DELETE', `/v1/policies/${policy.id}`, { token: world.tokenA });
        assert.equal((await world.volume(world.keyCrn)).status, 400);
      });
    }
  }
});

describe('what is explained later', () => {
  test('is explained by the policies as they were', async () => {
    const refused = await world.volume(world.keyCrn);
    let allowed!: Reply;
    await authorized(async () => {
      allowed = await world.volume(world.keyCrn);
      assert.equal(allowed.status, 201);
      const [call] = (await why(idOf(refused), world.tokenA)).body.calls;
      assert.equal(call.questions[0].outcome, 'denied');
      assert.equal(call.questions[0].sides[0].outcome, 'implicit-deny');
      assert.deepEqual(
        call.questions[0].notes.filter((note: string) => note.includes('changed')),
        [],
      );
    });
    const [call] = (await why(idOf(allowed), world.tokenA)).body.calls;
    assert.equal(call.questions[0].outcome, 'allowed');
    const [layer] = call.questions[0].sides[0].layers.filter(({ outcome }: { outcome: string }) => outcome === 'allow');
    assert.equal(layer.kind, 'authorization', 'though the policy is gone by now');
    assert.match(layer.because[0].origin.text, /server-protect/);
  });

  test('can be asked for by the id of a nested question', async () => {
    const outer = (await why(idOf(await world.volume(world.keyCrn)), world.tokenB)).body.calls[0];
    const inner = await why(outer.nested[0].id, world.tokenB);
    assert.deepEqual(inner.body.calls, outer.nested);
  });

  test("can be asked for by the client's own id, inside its account alone", async () => {
    const own = 'request-of-b-0001';
    const reply = await world.call('GET', '/v1/volumes?version=2026-03-24&generation=2', {
      token: world.tokenB,
      headers: { 'x-request-id': own },
    });
    const { body } = await why(own, world.tokenB);
    assert.equal(body.calls[0].id, idOf(reply));
    assert.equal((await why(own, world.tokenA)).status, 404);
  });
});

describe('who is told', () => {
  test('a third account is told the same as for an id that does not exist', async () => {
    const id = idOf(await world.volume(world.keyCrn));
    const token = await plane.token(MAIN_OWNER);
    const [known, unknown] = [await why(id, token), await why(UNKNOWN, token)];
    assert.deepEqual([known.status, unknown.status], [404, 404]);
    assert.equal(bare(known), bare(unknown));
    assert.equal((await why(UNKNOWN, operatorToken)).status, 404);
  });

  test('only administrators of access, not viewers', async () => {
    const id = idOf(await world.volume(world.keyCrn));
    const member = await made(
      world.call('POST', '/v1/serviceids', {
        token: world.tokenB,
        body: { account_id: B, name: 'auditor', apikey: { name: 'key', store_value: false } },
      }),
    );
    const token = await plane.token(member.apikey.apikey);
    const grant = (role: string) =>
      made(
        world.call('POST', '/v2/policies', {
          token: world.tokenB,
          body: {
            type: 'access',
            subject: { attributes: [{ key: 'iam_id', operator: 'stringEquals', value: member.iam_id }] },
            control: { grant: { roles: [{ role_id: `crn:v1:bluemix:public:iam::::role:${role}` }] } },
            resource: {
              attributes: [
                { key: 'accountId', operator: 'stringEquals', value: B },
                { key: 'serviceName', operator: 'stringEquals', value: 'iam-access-management' },
              ],
            },
          },
        }),
      );
    await grant('Viewer');
    const [known, unknown] = [await why(id, token), await why(UNKNOWN, token)];
    assert.deepEqual([known.status, unknown.status], [403, 403]);
    assert.equal(bare(known), bare(unknown));
    await grant('Administrator');
    assert.equal((await why(id, token)).status, 200);
  });

  test('the operator may look through the eyes of an account, others may not', async () => {
    const id = idOf(await world.volume(world.keyCrn));
    assert.deepEqual((await why(id, operatorToken, `?as=${B}`)).body, (await why(id, world.tokenB)).body);
    assert.deepEqual((await why(id, operatorToken, `?as=${A}`)).body, (await why(id, world.tokenA)).body);
    assert.equal((await why(id, world.tokenB, `?as=${A}`)).status, 403);
  });

  test('an API key is as good as a token, anything else is nobody', async () => {
    const id = idOf(await world.volume(world.keyCrn));
    const ask = (authorization: string) =>
      request(plane.console, 'GET', `/api/decisions/${id}`, { headers: { authorization } });
    assert.equal((await ask(`ApiKey ${OWNER_B}`)).status, 200);
    assert.equal((await ask(`ApiKey ${OWNER_A.replace('1', '2')}`)).status, 401);
    assert.equal((await ask(`Bearer ${operatorToken.slice(0, -1)}`)).status, 401);
    assert.equal((await request(plane.console, 'GET', `/api/decisions/${id}`)).status, 401);
  });
});

describe('records', () => {
  const list = (token: string, query = ''): Promise<Reply> =>
    request(plane.console, 'GET', `/api/records?limit=1000${query}`, { token });

  test('of an account show a crossing without what the other side keeps to itself', async () => {
    const id = idOf(await world.volume(world.keyCrn));
    const { body } = await list(world.tokenB);
    const inner = body.records.find(({ parent }: { parent?: string }) => parent === id);
    assert.equal(inner.outcome, 'refused');
    assert.deepEqual(
      inner.asked.map(({ resource }: { resource: string }) => resource),
      [world.keyCrn],
    );
    const text = JSON.stringify(body);
    assert.ok(!text.includes('existed') && !text.includes('"hash"') && !text.includes('keyRing'));
    assert.ok((await list(operatorToken)).body.records.every(({ chain }: { chain: { hash?: string } }) => chain.hash));
  });

  test('of an account are those in its chain', async () => {
    await world.volume(world.keyCrn);
    const accounts = (await list(world.tokenA)).body.records.map(
      ({ chain }: { chain: { account: string } }) => chain.account,
    );
    assert.ok(accounts.length > 3);
    assert.deepEqual([...new Set(accounts)], [A]);
    assert.deepEqual((await list(world.tokenB, `&account=${A}`)).status, 403);
  });

  test('are read in pages that end between commits', async () => {
    const all = (await list(operatorToken)).body.records.map(({ id }: { id: string }) => id);
    const seen: string[] = [];
    let next: number | undefined;
    do {
      const query = `/api/records?limit=50${next === undefined ? '' : `&before=${next}`}`;
      const { body } = await request(plane.console, 'GET', query, { token: operatorToken });
      seen.push(...body.records.map(({ id }: { id: string }) => id));
      next = body.next;
    } while (next !== undefined);
    // Reading adds records of its own, newer than all of these.
    assert.deepEqual(
      seen.filter((id) => all.includes(id)),
      all,
    );
  });
});
