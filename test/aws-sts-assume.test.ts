/** AssumeRole across accounts: the printed example, its conditions one by one, and each side's part. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteUserPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import {
  ACCOUNT_A,
  ACCOUNT_B,
  ACCOUNT_C,
  admin,
  allow,
  iamOf,
  type Keys,
  keysOf,
  type Policy,
  refused,
  root,
  stsOf,
  trust,
  worker,
  world,
} from './aws-sts-clients.ts';
import { request, startPlane, type TestPlane } from './plane.ts';

const ROLE = `arn:aws:iam::${ACCOUNT_A}:role/shared/SharedResources`;
const EXTERNAL = 'SharedResourceAccess2024';
const HOUR = 3600_000;

let plane: TestPlane;
let operatorToken: string;
/** Sessions of the two roles that the example names. */
let processing: Keys;
let analytics: Keys;

before(async () => {
  plane = await startPlane({ world: world(), args: ['--trusted-proxy', '127.0.0.1'] });
  operatorToken = (await readFile(join(plane.home, 'operator-token'), 'utf8')).trim();
  processing = await sessionOfRole(ACCOUNT_B, 'DataProcessingRole');
  analytics = await sessionOfRole(ACCOUNT_C, 'AnalyticsRole');
  await iamOf(plane, admin(ACCOUNT_A)).send(
    new CreateRoleCommand({
      RoleName: 'SharedResources',
      Path: '/shared/',
      AssumeRolePolicyDocument: JSON.stringify(example()),
    }),
  );
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
});

/** A session of a role that may assume roles, through an administrator of its account. */
async function sessionOfRole(account: string, name: string): Promise<Keys> {
  const iam = iamOf(plane, admin(account));
  const policy = JSON.stringify(trust({ AWS: account }));
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: policy }));
  await grant(account, name, allow('sts:AssumeRole', 'arn:aws:iam::*:role/shared/*'));
  const input = { RoleArn: Role!.Arn!, RoleSessionName: 'job' };
  return keysOf((await stsOf(plane, admin(account)).send(new AssumeRoleCommand(input))).Credentials);
}

async function grant(account: string, role: string, policy: Policy): Promise<void> {
  const input = { RoleName: role, PolicyName: 'may', PolicyDocument: JSON.stringify(policy) };
  await iamOf(plane, admin(account)).send(new PutRolePolicyCommand(input));
}

/** Example 2 of the documents, with accounts that exist; `window` as printed unless another is given. */
function example(window: readonly [string, string] = ['2024-01-01T00:00:00Z', '2024-12-31T23:59:59Z']): Policy {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: {
          AWS: [`arn:aws:iam::${ACCOUNT_B}:role/DataProcessingRole`, `arn:aws:iam::${ACCOUNT_C}:role/AnalyticsRole`],
        },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'sts:ExternalId': EXTERNAL },
          IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '172.16.0.0/12'] },
          DateGreaterThan: { 'aws:CurrentTime': window[0] },
          DateLessThan: { 'aws:CurrentTime': window[1] },
        },
      },
    ],
  };
}

/** A window around now. */
const open = (): readonly [string, string] => [
  new Date(Date.now() - HOUR).toISOString(),
  new Date(Date.now() + HOUR).toISOString(),
];

async function trusts(policy: Policy): Promise<void> {
  await iamOf(plane, admin(ACCOUNT_A)).send(
    new UpdateAssumeRolePolicyCommand({ RoleName: 'SharedResources', PolicyDocument: JSON.stringify(policy) }),
  );
}

/** AssumeRole as seen through a proxy that tells the caller's address. */
function assume(keys: Keys, from = '10.1.2.3', more: Partial<AssumeRoleCommandInput> = {}) {
  const client = stsOf(plane, keys);
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['x-forwarded-for'] = from;
      return next(args);
    },
    { step: 'build' },
  );
  return client.send(
    new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'shared', ExternalId: EXTERNAL, ...more }),
  );
}

const NOT_ALLOWED = (who: string): string =>
  `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`;
const PROCESSING = `arn:aws:sts::${ACCOUNT_B}:assumed-role/DataProcessingRole/job`;

describe('the printed example', () => {
  test('as printed its window has passed; the role’s account is told so under the id', async () => {
    await trusts(example());
    const { name, message, id, status } = await refused(assume(processing));
    assert.deepEqual([name, status, message], ['AccessDenied', 403, NOT_ALLOWED(PROCESSING)]);
    const { body } = await request(plane.console, 'GET', `/api/decisions/${id}`, { token: operatorToken });
    const failed = JSON.stringify(body.calls[0].questions[0].sides);
    assert.match(failed, /aws:currenttime/);
    assert.match(failed, /DateLessThan/);
    assert.match(failed, /2024-12-31T23:59:59Z/);
    assert.doesNotMatch(failed, /"key":"sts:externalid"/, 'the other conditions held');
  });

  test('with the window moved both roles come in, each under its own session', async () => {
    await trusts(example(open()));
    for (const keys of [processing, analytics]) {
      const given = await assume(keys, '172.16.9.9');
      assert.equal(given.AssumedRoleUser?.Arn, `arn:aws:sts::${ACCOUNT_A}:assumed-role/SharedResources/shared`);
      assert.match(given.AssumedRoleUser?.AssumedRoleId ?? '', /^AROA[A-Z2-7]{17}:shared$/);
      const who = await stsOf(plane, keysOf(given.Credentials)).send(new GetCallerIdentityCommand({}));
      assert.equal(who.Account, ACCOUNT_A);
      assert.equal(who.Arn, given.AssumedRoleUser?.Arn);
      assert.equal(who.UserId, given.AssumedRoleUser?.AssumedRoleId);
    }
  });

  test('a window that is yet to open refuses', async () => {
    const soon = [Date.now() + 2 * HOUR, Date.now() + 3 * HOUR].map((time) => new Date(time).toISOString());
    await trusts(example(soon as [string, string]));
    assert.equal((await refused(assume(processing))).name, 'AccessDenied');
    await trusts(example(open()));
    await assume(processing);
  });

  const wrong: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['another external id', () => assume(processing, '10.1.2.3', { ExternalId: 'another' })],
    ['no external id', () => assume(processing, '10.1.2.3', { ExternalId: undefined })],
    ['an address outside both ranges', () => assume(processing, '192.168.1.1')],
    ['an address just outside a range', () => assume(processing, '172.32.0.1')],
    ['a role of the account that is not named', () => assume(admin(ACCOUNT_B))],
  ];
  for (const [what, call] of wrong) {
    test(`is refused for ${what}`, async () => {
      await trusts(example(open()));
      assert.equal((await refused(call())).name, 'AccessDenied');
      await assume(processing);
    });
  }

  test('needs the identity side: without its own policy the named role is refused, and told which is missing', async () => {
    await trusts(example(open()));
    await grant(ACCOUNT_B, 'DataProcessingRole', allow('sts:AssumeRole', 'arn:aws:iam::*:role/other/*'));
    const { message } = await refused(assume(processing));
    assert.equal(
      message,
      `${NOT_ALLOWED(PROCESSING)} because no identity-based policy allows the sts:AssumeRole action`,
    );
    await grant(ACCOUNT_B, 'DataProcessingRole', allow('sts:AssumeRole', 'arn:aws:iam::*:role/shared/*'));
    await assume(processing);
  });

  test('needs the trust side: a role that trusts others refuses whoever may assume every role', async () => {
    await trusts(trust({ AWS: `arn:aws:iam::${ACCOUNT_C}:role/AnalyticsRole` }));
    assert.equal((await refused(assume(processing))).message, NOT_ALLOWED(PROCESSING));
    await assume(analytics);
  });
});

describe('the role that is named', () => {
  test('is refused in the same words when it is not there, and when its path is another', async () => {
    await trusts(trust({ AWS: ACCOUNT_C }));
    const elsewhere = await refused(assume(processing));
    for (const RoleArn of [
      `arn:aws:iam::${ACCOUNT_A}:role/shared/Missing`,
      `arn:aws:iam::${ACCOUNT_A}:role/SharedResources`,
      `arn:aws:iam::${ACCOUNT_A}:role/shared/sharedresources`,
    ]) {
      const absent = await refused(assume(processing, undefined, { RoleArn }));
      assert.equal(absent.name, elsewhere.name);
      assert.equal(
        absent.message.replace(RoleArn, ROLE).replace(/ because no identity-based.*/, ''),
        elsewhere.message,
      );
    }
    await trusts(trust({ AWS: ACCOUNT_B }));
    await assume(processing);
    assert.equal(
      (await refused(assume(processing, undefined, { RoleArn: ROLE.replace('/shared/', '/') }))).name,
      'AccessDenied',
      'whom the role trusts must name it in full',
    );
  });

  for (const RoleArn of [
    `arn:aws:iam::${ACCOUNT_A}:user/SharedResources`,
    `arn:aws-cn:iam::${ACCOUNT_A}:role/shared/SharedResources`,
    'arn:aws:iam::12345:role/shared/SharedResources',
    'no arn at all, but long enough',
  ]) {
    test(`is invalid when it is \`${RoleArn}\``, async () => {
      const { name, message, status } = await refused(assume(processing, undefined, { RoleArn }));
      assert.deepEqual([name, message, status], ['ValidationError', `${RoleArn} is invalid`, 400]);
    });
  }

  test('ends its sessions when it is deleted, also when another of its name is made', async () => {
    const iam = iamOf(plane, admin(ACCOUNT_A));
    const make = () =>
      iam.send(
        new CreateRoleCommand({
          RoleName: 'Brief',
          AssumeRolePolicyDocument: JSON.stringify(trust({ AWS: ACCOUNT_A })),
        }),
      );
    await make();
    const given = await stsOf(plane, admin(ACCOUNT_A)).send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ACCOUNT_A}:role/Brief`, RoleSessionName: 'brief' }),
    );
    const who = () => stsOf(plane, keysOf(given.Credentials)).send(new GetCallerIdentityCommand({}));
    await who();
    await iam.send(new DeleteRoleCommand({ RoleName: 'Brief' }));
    assert.equal((await refused(who())).name, 'InvalidClientTokenId');
    await make();
    assert.equal((await refused(who())).name, 'InvalidClientTokenId');
  });
});

describe('within one account', () => {
  test('a trust in the account delegates to identity policies, a trust in the user does not need them', async () => {
    const iam = iamOf(plane, admin(ACCOUNT_A));
    const sts = stsOf(plane, worker(ACCOUNT_A));
    const call = () => sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'own' }));
    await trusts(trust({ AWS: ACCOUNT_A }));
    assert.equal((await refused(call())).name, 'AccessDenied');
    const policy = { UserName: 'worker', PolicyName: 'may' };
    await iam.send(
      new PutUserPolicyCommand({ ...policy, PolicyDocument: JSON.stringify(allow('sts:AssumeRole', ROLE)) }),
    );
    await call();
    await iam.send(new DeleteUserPolicyCommand(policy));
    await trusts(trust({ AWS: `arn:aws:iam::${ACCOUNT_A}:user/worker` }));
    await call();
    await trusts(trust({ AWS: `arn:aws:iam::${ACCOUNT_A}:user/admin` }));
    assert.equal((await refused(call())).name, 'AccessDenied');
  });

  test('a role does not trust itself unless it says so', async () => {
    await trusts(trust({ AWS: `arn:aws:iam::${ACCOUNT_A}:user/admin` }));
    const first = await stsOf(plane, admin(ACCOUNT_A)).send(
      new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'first' }),
    );
    const again = () =>
      stsOf(plane, keysOf(first.Credentials)).send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'again' }));
    assert.equal((await refused(again())).name, 'AccessDenied');
    await trusts(trust({ AWS: ROLE }));
    await again();
  });

  test('the root user assumes no role', async () => {
    await trusts(trust({ AWS: ACCOUNT_A }));
    const call = stsOf(plane, root(ACCOUNT_A)).send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'root' }));
    const { name, message } = await refused(call);
    assert.deepEqual([name, message], ['AccessDenied', 'Roles may not be assumed by root accounts.']);
  });
});
