/** The command line, run as users run it, against a plane that it brought up. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type CliPlane, run, upPlane } from './cli-plane.ts';
import { A, B, type Crossing, crossing, idOf, OWNER_A, OWNER_B } from './crossing.ts';
import { request } from './plane.ts';

let plane: CliPlane;
let console_: string;
let ibm: string;
let refused: string;
let world: Crossing;

before(async () => {
  plane = await upPlane();
  ({ console: console_, ibm } = await plane.addresses());
  const token = async (apikey: string): Promise<string> => {
    const form = new URLSearchParams({ grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await request(ibm, 'POST', '/identity/token', { headers, body: form.toString() })).body.access_token;
  };
  world = await crossing(ibm, token);
  refused = idOf(await world.volume(world.keyCrn));
});
after(async () => {
  assert.equal(await plane.stop(), 0);
});

describe('easement', () => {
  test('lists its commands, says its version, and what was meant', async () => {
    assert.match((await run(['--help'])).out, /^ {2}why +explain a call/m);
    assert.match((await run(['--version'])).out, /^\d+\.\d+\.\d+\n$/);
    const unknown = await run(['wyh']);
    assert.deepEqual([unknown.code, unknown.out], [2, '']);
    assert.equal(unknown.err, 'easement: there is no command `wyh`: did you mean `easement why`?\n');
    assert.equal((await run([])).code, 2);
    assert.equal((await run(['why'])).code, 2);
    assert.equal((await run(['clock', '--hmoe', 'x'])).code, 2);
  });

  test('has help for each command', async () => {
    const listed = [...(await run(['help'])).out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);
    assert.ok(listed.length >= 7);
    for (const name of listed) {
      const { code, out } = await run([name, '--help']);
      assert.equal(code, 0, name);
      assert.match(out, new RegExp(`^(usage: )?easement ${name} `), name);
    }
  });

  test('says what to do when no plane is up', async () => {
    const { code, err } = await run(['clock'], { EASEMENT_HOME: join(plane.home, 'elsewhere') });
    assert.equal(code, 1);
    assert.match(err, /no plane is up in `.*elsewhere`: start one with `easement up`/);
  });
});

describe('easement up', () => {
  test('prints where it answers', async () => {
    assert.ok(plane.printed().includes(ibm));
    assert.ok(plane.printed().includes(plane.home));
    assert.equal((await request(console_, 'GET', '/ready')).status, 200);
  });

  test('a second plane on the same home is refused', async () => {
    const { code, err } = await run([
      'up',
      '--home',
      plane.home,
      '--console-port',
      '0',
      '--ibm-port',
      '0',
      '--aws-port',
      '0',
    ]);
    assert.equal(code, 1);
    assert.match(err, /^easement: .*/);
    assert.ok(!err.includes('    at '), err);
  });

  test('says which flag is wrong', async () => {
    const { code, err } = await run(['up', '--ibm-port', 'many']);
    assert.equal(code, 2);
    assert.match(err, /--ibm-port many/);
  });
});

describe('easement env', () => {
  test('points clients at an account, by its name or id', async () => {
    const { out, code } = await plane.easement('env', 'Account A');
    assert.equal(code, 0);
    assert.ok(out.includes(`export IBMCLOUD_IAM_API_ENDPOINT='${ibm}'\n`));
    assert.ok(out.includes(`export IBMCLOUD_IS_NG_API_ENDPOINT='${ibm}/v1'\n`));
    assert.ok(out.includes(`export IBMCLOUD_API_KEY='${OWNER_A}'\n`));
    assert.match(out, /^# provider "ibm" \{$/m);
    assert.equal((await plane.easement('env', A)).out, out);
    const block = (await plane.easement('env', A, '--terraform')).out;
    assert.match(block, /^provider "ibm" \{\n {2}ibmcloud_api_key = "account-a-/);
  });

  test('says what was meant by an unknown name', async () => {
    const { code, err } = await plane.easement('env', 'Acount B');
    assert.equal(code, 1);
    assert.equal(err, 'easement: there is no account `Acount B`: did you mean `Account B`?\n');
  });
});

describe('easement clock', () => {
  test('advances by the span, for good', async () => {
    const before = JSON.parse((await plane.easement('clock', '--json')).out);
    const after = JSON.parse((await plane.easement('clock', 'advance', '1m30s', '--json')).out);
    assert.equal(after.ahead - before.ahead, 90_000);
    assert.ok(Date.parse(after.now) - Date.parse(before.now) >= 90_000);
    assert.equal(JSON.parse((await plane.easement('clock', '--json')).out).ahead, after.ahead);
    const { code, err } = await plane.easement('clock', 'advance', 'soon');
    assert.deepEqual([code, err.includes('`soon` is no span of time')], [2, true]);
  });

  test('is the operator’s alone', async () => {
    const { code, err } = await plane.easement('clock', 'advance', '1s', '--api-key', OWNER_A);
    assert.deepEqual([code, err], [1, 'easement: you are not authorized to do this\n']);
  });
});

describe('easement why', () => {
  test('tells the operator both sides', async () => {
    const { code, out } = await plane.easement('why', refused);
    assert.equal(code, 0);
    assert.match(out, /^failed volumes\.create by owner@account-b\.example/);
    assert.match(out, /is denied kms\.secrets\.wrap/);
    assert.ok(!out.includes('\u001b'), 'no colours in a pipe');
  });

  test('tells B what it lacked, in words that hide whether the key exists', async () => {
    const { out } = await plane.easement('why', refused, '--api-key', OWNER_B);
    assert.match(out, /does not let the caller do this, or has no such resource/);
    assert.ok(!out.includes('is denied'));
    assert.equal((await plane.easement('why', refused, '--as', B)).out, out);
  });

  test('tells A which authorization is missing, as JSON and as a command', async () => {
    const { out } = await plane.easement('why', refused, '--api-key', OWNER_A);
    assert.match(out, /^denied keys\.wrap by the service server-protect of account b0b1/);
    assert.match(out, /\$ ibmcloud iam authorization-policy-create /);
    assert.match(out, /POST \/v1\/policies/);
    assert.match(out, /POST \/v2\/policies/);
    assert.ok(out.includes('"crn:v1:bluemix:public:iam::::serviceRole:Reader"'));
    const json = JSON.parse((await plane.easement('why', refused, '--api-key', OWNER_A, '--json')).out);
    assert.equal(json.calls[0].questions[0].resource.name, world.keyCrn);
  });

  test('the command that it prints grants exactly this', async () => {
    const { out } = await plane.easement('why', refused, '--api-key', OWNER_A, '--json');
    const { grant } = JSON.parse(out).calls[0].questions[0].remedy;
    const file = join(plane.home, '..', 'policy.json');
    await writeFile(file, JSON.stringify(grant.v1));
    const words = grant.cli.split(' ').map((word: string) => (word === 'policy.json' ? file : word));
    const asOwner = { IBMCLOUD_IAM_API_ENDPOINT: ibm, IBMCLOUD_API_KEY: OWNER_A };
    const created = await plane.easementWith(asOwner, ...words, '--output', 'json');
    assert.equal(created.code, 0, created.err);
    assert.equal((await world.volume(world.keyCrn)).status, 201);
    const { id } = JSON.parse(created.out);
    await plane.easementWith(asOwner, 'ibmcloud', 'iam', 'authorization-policy-delete', id, '--force');
    assert.equal((await world.volume(world.keyCrn)).status, 400);
  });

  test('says the same of every id that is not there', async () => {
    const { code, err } = await plane.easement('why', 'nothing', '--api-key', OWNER_A);
    assert.equal(code, 1);
    assert.match(err, /^easement: no call with this id concerns your account: /);
  });
});

describe('easement records', () => {
  test('tail prints the newest, verify holds', async () => {
    const { out } = await plane.easement('records', 'tail', '--limit', '1000');
    assert.match(out, new RegExp(`${refused} {2}failed {3}volumes\\.create {2}owner@account-b`));
    const lines = (await plane.easement('records', 'tail', '--account', B, '--json')).out.trim().split('\n');
    assert.ok(lines.every((line) => JSON.parse(line).chain.account === B));
    const verified = await plane.easement('records', 'verify');
    assert.equal(verified.code, 0);
    assert.match(verified.out, /^\d+ records in the chains of \d+ accounts: every chain holds\n$/);
  });

  test('tail --follow goes on with what is recorded from then on', async () => {
    const follower = plane.follow('records', 'tail', '--follow', '--limit', '1');
    await follower.until('');
    const id = idOf(await world.volume(world.keyCrn));
    await follower.until(id);
    assert.equal(follower.printed().split(`${id}  failed`).length, 2, 'once');
    follower.end();
  });

  test('an account that is none is refused', async () => {
    const { code, err } = await plane.easement('records', 'tail', '--account', 'Account B');
    assert.deepEqual([code, err], [1, 'easement: `Account B` is no account id: it has 32 hex digits or 12 digits\n']);
  });
});

describe('the page', () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(console_ + path, { headers, redirect: 'manual' });

  test('opens by a link, once', async () => {
    const link = new URL((await plane.easement('page')).out.trim());
    const first = await get(link.pathname + link.search);
    assert.deepEqual([first.status, first.headers.get('location')], [303, '/']);
    const cookie = first.headers.get('set-cookie')!;
    assert.match(cookie, /HttpOnly; SameSite=Strict/);
    assert.equal((await get(link.pathname + link.search)).status, 403);
    const page = await get('/', { cookie: cookie.split(';')[0]! });
    const text = await page.text();
    assert.match(page.headers.get('content-security-policy')!, /^default-src 'none'; style-src 'sha256-/);
    assert.ok(text.includes('Account A') && text.includes(ibm) && text.includes(refused));
    assert.ok(!text.includes('<script'));
  });

  test('without a session shows nobody’s records', async () => {
    const text = await (await get('/')).text();
    assert.ok(text.includes(ibm) && text.includes('easement page'));
    assert.ok(!text.includes('Account A') && !text.includes(refused));
    assert.equal((await get('/', { cookie: 'easement-session=guess' })).status, 200);
    assert.ok(!(await (await get('/', { cookie: 'easement-session=guess' })).text()).includes('Account A'));
  });

  test('is not served to other sites, by name or by origin', async () => {
    assert.equal((await get('/', { origin: 'http://elsewhere.example' })).status, 403);
    const { port } = new URL(console_);
    const status = await new Promise((resolve, reject) => {
      httpRequest({ port, host: '127.0.0.1', headers: { host: 'elsewhere.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .once('error', reject)
        .end();
    });
    assert.equal(status, 403);
  });

  test('metrics count, and name nobody', async () => {
    const text = await (await get('/metrics')).text();
    assert.match(text, /^easement_refused_calls_total\{kind="invalid"\} \d+$/m);
    assert.match(text, /^easement_store_commits_total \d+$/m);
    assert.ok(!text.includes(A) && !text.includes(B));
  });
});

describe('bad input to the API', () => {
  const post = async (path: string, body: string): Promise<[number, string]> => {
    const reply = await request(console_, 'POST', path, { token: await plane.operatorToken(), body });
    return [reply.status, reply.body.error.reason];
  };

  test('gets its status and changes nothing', async () => {
    const before = JSON.parse((await plane.easement('clock', '--json')).out).ahead;
    assert.deepEqual(await post('/api/clock', '{'), [400, 'malformed-json']);
    assert.deepEqual(await post('/api/clock', '{"advance":30}'), [400, 'invalid-field']);
    assert.deepEqual(await post('/api/clock', '{"advance":"30s","also":1}'), [400, 'invalid-field']);
    assert.deepEqual(await post('/api/clock', '{"advance":"10000d"}'), [400, 'clock-range']);
    assert.deepEqual(await post('/api/clock', `{"advance":"${'1s'.repeat(40_000)}"}`), [413, 'body-too-large']);
    assert.deepEqual(await post('/api/worlds', 'accounts: [{ id: 1 }]'), [400, 'world']);
    assert.deepEqual(await post('/api/nothing', '{}'), [404, 'no-route']);
    assert.equal(JSON.parse((await plane.easement('clock', '--json')).out).ahead, before);
  });
});

describe('easement world', () => {
  const file = (): string => join(plane.home, '..', 'world.yaml');
  const account = (name: string): string => `  - id: c0c1c2c3c4c5c6c7c8c9cacbcccdcecf
    name: ${name}
    owner: { email: owner@c.example }
`;

  test('apply adds what is new, says what it will not do, and shows a made key once', async () => {
    await writeFile(file(), `accounts:\n${account('Account C')}`);
    const first = await plane.easement('world', 'apply', file());
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /added +account `c0c1c2c3c4c5c6c7c8c9cacbcccdcecf` \(Account C\)/);
    const [, key] = /API key +owner@c\.example of c0c1c2c3c4c5c6c7c8c9cacbcccdcecf: (\S+)/.exec(first.out)!;
    assert.ok(key);
    await writeFile(file(), `accounts:\n${account('Renamed')}`);
    const second = await plane.easement('world', 'apply', file());
    assert.match(second.out, /not done +account `c0c1c2c3c4c5c6c7c8c9cacbcccdcecf` keeps its name `Account C`/);
    assert.ok(!second.out.includes('API key') && !second.out.includes('added'));
    assert.match((await plane.easement('world')).out, /Account C/);
    assert.ok(!(await plane.easement('world', 'export')).out.includes(key!));
  });

  test('a mistake is told with its line', async () => {
    await writeFile(file(), 'accounts:\n  - id: short\n    name: x\n');
    const { code, err } = await plane.easement('world', 'apply', file());
    assert.equal(code, 1);
    assert.match(err, /^easement: `world\.yaml` line 2, `accounts\[0\]\.id`: must be 32 hex digits/);
  });

  test('reset begins again, on the same ports, with the same operator', async () => {
    const own = await upPlane();
    const [before, token] = [await own.addresses(), await own.operatorToken()];
    const added = join(own.home, '..', 'world.yaml');
    await writeFile(added, `accounts:\n${account('Account C')}`);
    await own.easement('world', 'apply', added);
    assert.equal((await own.easement('world', 'reset')).code, 2, 'not without --yes');
    assert.match((await own.easement('world')).out, /Account C/);
    assert.equal((await own.easement('world', 'reset', '--yes')).code, 0);
    assert.deepEqual([await own.addresses(), await own.operatorToken()], [before, token]);
    const { out } = await own.easement('world');
    assert.ok(out.includes('Account A') && !out.includes('Account C'));
    assert.equal(await own.stop(), 0);
  });
});
