/** World files through a whole plane: applied at start, again, edited. What is expected: DESIGN.md section 6. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { claimsOf, HOME, MEMBER_KEY, OTHER, OTHER_OWNER_KEY, OWNER_KEY, WORLD } from './ibm-identity-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easement-worlds-'));
});
after(() => rm(folder, { recursive: true }));

/** A plane that is stopped at the end of the test at the latest. */
async function startedIn(t: TestContext, options: { home: string; world?: string }): Promise<TestPlane> {
  const plane = await startPlane(options);
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= plane.stop();
    return stopping;
  };
  t.after(stop);
  return { ...plane, stop };
}

async function newHome(name: string): Promise<string> {
  await mkdir(join(folder, name));
  return join(folder, name, 'home');
}

/** What the start of the plane said about its world. */
function applied(plane: TestPlane) {
  return (plane as unknown as { world?: { added: string[]; notDone: string[]; credentials: Record<string, string>[] } })
    .world;
}

test('the demo world comes with an empty home, once', async (t) => {
  const home = await newHome('demo');
  const first = await startedIn(t, { home });
  const token = await first.token('main-owner-api-key-000000000000000001');
  assert.equal(claimsOf(token).account.bss, '4f1d0c6e8b2a47d39e5f60718293a4b5');
  const key = (await first.call('GET', '/identity/keys')).body;
  await first.stop();
  const again = await startedIn(t, { home });
  assert.equal((await again.call('GET', '/v1/apikeys', { token })).status, 200, 'the signing key lasts');
  assert.deepEqual((await again.call('GET', '/identity/keys')).body, key);
  assert.equal(applied(again), undefined);
  await again.stop();
});

test('applying a world again changes nothing; an edited one adds, and says what it does not do', async (t) => {
  const home = await newHome('edited');
  const first = await startedIn(t, { home, world: WORLD });
  // Two accounts, five memberships, one service ID.
  assert.equal(applied(first)!.added.length, 8);
  assert.deepEqual(applied(first)!.credentials, [], 'the member has one for both accounts');
  const iamId = claimsOf(await first.token(MEMBER_KEY)).iam_id;
  await first.stop();

  const second = await startedIn(t, { home, world: WORLD });
  assert.deepEqual(applied(second), { added: [], notDone: [], credentials: [] });
  assert.equal(claimsOf(await second.token(MEMBER_KEY)).iam_id, iamId);
  await second.stop();

  const edited = `
accounts:
  - id: ${HOME}
    name: Renamed
    owner: { email: owner@home.example, apiKey: another-owner-api-key-00000000000001 }
    users:
      - { email: new@home.example }
  - id: 111122223333
    name: prod
    owner: {}
`.replace('111122223333', '"111122223333"');
  const third = await startedIn(t, { home, world: edited });
  const { added, notDone, credentials } = applied(third)!;
  assert.deepEqual(added, [`\`new@home.example\` in account \`${HOME}\``, 'account `111122223333` (prod)']);
  assert.equal(credentials.length, 2);
  assert.equal(claimsOf(await third.token(credentials[0]!['apiKey']!)).account.bss, HOME);
  assert.match(credentials[1]!['accessKeyId']!, /^AKIA[A-Z2-7]{16}$/);
  for (const part of [
    `\`${OTHER}\` is not in the file`,
    'keeps its name `Home`',
    '`owner@home.example` keeps the API keys',
    '`member@home.example` is not in the file',
  ]) {
    assert.ok(
      notDone.some((line) => line.includes(part)),
      `${part}: ${notDone.join(' | ')}`,
    );
  }
  assert.ok(await third.token(OWNER_KEY));
  assert.ok(await third.token(OTHER_OWNER_KEY));
  await assert.rejects(third.token('another-owner-api-key-00000000000001'));
  await third.stop();
});

test('a bad world stops the start, with file, line and field', async () => {
  const home = await newHome('bad');
  const world = `accounts:\n  - id: ${HOME}\n    name: Home\n    owner: { email: nobody }\n`;
  await assert.rejects(startPlane({ home, world }), /`world.yaml` line 4, `accounts\[0\].owner.email`/);
});

test('credentials that everybody knows are not for a plane that others reach', async () => {
  const home = await newHome('open');
  const world = `accounts:\n  - id: ${HOME}\n    name: Home\n    owner: { email: a@home.example, apiKey: main-owner-api-key-000000000000000001 }\n`;
  await assert.rejects(startPlane({ home, world, args: ['--host', '0.0.0.0'] }), /known to everybody/);
});

test('nor for one whose home was made with the demo world', async () => {
  const home = await newHome('was-demo');
  const plane = await startPlane({ home });
  await plane.kill();
  await assert.rejects(startPlane({ home, args: ['--host', '0.0.0.0'] }), /known to everybody/);
});

test('users have the policies that the file gives them, and no others', async (t) => {
  const user = (name: string, policies: string) =>
    `{ email: ${name}@home.example, apiKey: ${name.padEnd(40, '-')}${policies} }`;
  const world = (roles: string) => `
accounts:
  - id: ${HOME}
    name: Home
    owner: { email: owner@home.example, apiKey: ${OWNER_KEY} }
    users:
      - ${user('viewer', `, policies: [{ roles: ${roles}, resource: { serviceName: iam-groups } }]`)}
      - ${user('nobody', '')}
`;
  const home = await newHome('policies');
  const first = await startedIn(t, { home, world: world('[Viewer]') });
  const owner = await first.token(OWNER_KEY);
  const { body: group } = await first.call('POST', `/v2/groups?account_id=${HOME}`, {
    token: owner,
    body: { name: 'g' },
  });
  const status = async (plane: TestPlane, who: string, method: string) => {
    const token = await plane.token(who.padEnd(40, '-'));
    const call = { token, headers: { 'if-match': '*' }, ...(method === 'GET' ? {} : { body: { description: who } }) };
    return (await plane.call(method, `/v2/groups/${group.id}`, call)).status;
  };
  assert.equal(await status(first, 'viewer', 'GET'), 200);
  assert.equal(await status(first, 'viewer', 'PATCH'), 403);
  assert.equal(await status(first, 'nobody', 'GET'), 403);
  await first.stop();
  const second = await startedIn(t, { home, world: world('[Viewer]') });
  assert.deepEqual(applied(second)!.added, []);
  await second.stop();
  const third = await startedIn(t, { home, world: world('[Editor]') });
  assert.equal(applied(third)!.added.length, 1);
  assert.equal(await status(third, 'viewer', 'PATCH'), 200);
  assert.equal(await status(third, 'nobody', 'PATCH'), 403);
});
