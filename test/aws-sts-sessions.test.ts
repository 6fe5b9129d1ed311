/** What sessions may do, carry on, and how long: session policies, tags, chains, source identity, durations. */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  GetUserCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import {
  ACCOUNT_A,
  ACCOUNT_B,
  admin,
  allow,
  iamOf,
  type Keys,
  keysOf,
  type Policy,
  policy,
  refused,
  root,
  stsOf,
  trust,
  worker,
  world,
} from './aws-sts-clients.ts';
import { startPlane, type TestPlane } from './plane.ts';

const MINUTE = 60_000;
const everything = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

let plane: TestPlane;

before(async () => {
  plane = await startPlane({ world: world() });
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
});

const arnOf = (name: string, account = ACCOUNT_A): string => `arn:aws:iam::${account}:role/${name}`;

/** A role of A that whoever is named may assume in every way, and that may do everything. */
async function role(name: string, trusted: Policy, more: { max?: number; tags?: Record<string, string> } = {}) {
  const iam = iamOf(plane, admin(ACCOUNT_A));
  await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify(trusted),
      ...(more.max === undefined ? {} : { MaxSessionDuration: more.max }),
      Tags: Object.entries(more.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  await may(name, allow('*'));
}

async function may(name: string, document: Policy): Promise<void> {
  const input = { RoleName: name, PolicyName: 'may', PolicyDocument: JSON.stringify(document) };
  await iamOf(plane, admin(ACCOUNT_A)).send(new PutRolePolicyCommand(input));
}

const byAccount = (account = ACCOUNT_A): Policy => trust({ AWS: account }, everything);

function assume(
  keys: Keys,
  name: string,
  more: Partial<AssumeRoleCommandInput> = {},
): Promise<AssumeRoleCommandOutput> {
  return stsOf(plane, keys).send(new AssumeRoleCommand({ RoleArn: arnOf(name), RoleSessionName: name, ...more }));
}

const getUser = (keys: Keys) => iamOf(plane, keys).send(new GetUserCommand({ UserName: 'worker' }));
const listUsers = (keys: Keys) => iamOf(plane, keys).send(new ListUsersCommand({}));

describe('session policies', () => {
  before(async () => {
    await role('limited', byAccount());
    await iamOf(plane, admin(ACCOUNT_A)).send(
      new CreatePolicyCommand({ PolicyName: 'see-users', PolicyDocument: JSON.stringify(allow('iam:GetUser')) }),
    );
  });

  test('leave of what the role may do only what they allow', async () => {
    const plain = keysOf((await assume(admin(ACCOUNT_A), 'limited')).Credentials);
    await getUser(plain);
    await listUsers(plain);
    const given = await assume(admin(ACCOUNT_A), 'limited', { Policy: JSON.stringify(allow('iam:GetUser')) });
    const limited = keysOf(given.Credentials);
    await getUser(limited);
    const { name, message } = await refused(listUsers(limited));
    assert.equal(name, 'AccessDenied');
    assert.match(message, /because no session policy allows the iam:ListUsers action$/);
    assert.ok(given.PackedPolicySize! > 0 && given.PackedPolicySize! < 100);
  });

  test('add nothing to what the role may do', async () => {
    await role('poor', byAccount());
    await may('poor', allow('iam:GetRole'));
    const keys = keysOf((await assume(admin(ACCOUNT_A), 'poor', { Policy: JSON.stringify(allow('*')) })).Credentials);
    await iamOf(plane, keys).send(new GetRoleCommand({ RoleName: 'poor' }));
    assert.equal((await refused(getUser(keys))).name, 'AccessDenied');
  });

  test('may be managed ones, of the role’s account or AWS’s own; several allow together', async () => {
    const own = { arn: `arn:aws:iam::${ACCOUNT_A}:policy/see-users` };
    const of = async (...PolicyArns: { arn: string }[]) =>
      keysOf((await assume(admin(ACCOUNT_A), 'limited', { PolicyArns })).Credentials);
    const one = await of(own);
    await getUser(one);
    assert.equal((await refused(listUsers(one))).name, 'AccessDenied');
    const two = await of(own, { arn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' });
    await getUser(two);
    await listUsers(two);
  });

  const bad: readonly (readonly [string, Partial<AssumeRoleCommandInput>, string, RegExp])[] = [
    ['no JSON', { Policy: '{' }, 'MalformedPolicyDocument', /line 1/],
    [
      'with a principal',
      { Policy: JSON.stringify(trust('*', '*')) },
      'MalformedPolicyDocument',
      /Statement\[0\]\.Principal/,
    ],
    ['too long', { Policy: JSON.stringify(allow('x'.repeat(2100))) }, 'PackedPolicyTooLarge', /2048/],
    [
      'that do not exist',
      { PolicyArns: [{ arn: `arn:aws:iam::${ACCOUNT_A}:policy/missing` }] },
      'ValidationError',
      /does not exist/,
    ],
    [
      'of another account',
      { PolicyArns: [{ arn: `arn:aws:iam::${ACCOUNT_B}:policy/see-users` }] },
      'ValidationError',
      /does not exist/,
    ],
    [
      'more than ten',
      { PolicyArns: Array.from({ length: 11 }, () => ({ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })) },
      'ValidationError',
      /less than or equal to 10/,
    ],
  ];
  for (const [what, more, code, pattern] of bad) {
    test(`are refused when ${what}`, async () => {
      const { name, message } = await refused(assume(admin(ACCOUNT_A), 'limited', more));
      assert.match(name, new RegExp(`^${code}`));
      assert.match(message, pattern);
    });
  }
});

describe('session tags', () => {
  before(async () => {
    await role('tagged', byAccount(), { tags: { Team: 'role', Site: 'one' } });
    await role('untaggable', trust({ AWS: ACCOUNT_A }));
    await role('next', byAccount(), { tags: { Star: 'three' } });
  });

  const tag = (Key: string, Value: string) => ({ Key, Value });
  const seesUsersIf = (condition: Policy): Policy =>
    policy({ Effect: 'Allow', Action: 'iam:GetUser', Resource: '*', Condition: condition });

  test('need an allow of their own on both sides', async () => {
    const tags = { Tags: [tag('team', 'blue')] };
    await assume(admin(ACCOUNT_A), 'untaggable');
    const { message } = await refused(assume(admin(ACCOUNT_A), 'untaggable', tags));
    assert.match(message, /is not authorized to perform: sts:TagSession on resource: .*role\/untaggable$/);
    const user = { UserName: 'worker', PolicyName: 'may' };
    const iam = iamOf(plane, admin(ACCOUNT_A));
    const put = (actions: string[]) =>
      iam.send(new PutUserPolicyCommand({ ...user, PolicyDocument: JSON.stringify(allow(actions)) }));
    await put(['sts:AssumeRole']);
    await assume(worker(ACCOUNT_A), 'tagged');
    assert.match((await refused(assume(worker(ACCOUNT_A), 'tagged', tags))).message, /sts:TagSession/);
    await put(['sts:AssumeRole', 'sts:TagSession']);
    await assume(worker(ACCOUNT_A), 'tagged', tags);
  });

  test('take the place of the role’s tags, whatever their case', async () => {
    await may(
      'tagged',
      seesUsersIf({ StringEquals: { 'aws:PrincipalTag/Team': 'blue', 'aws:PrincipalTag/Site': 'one' } }),
    );
    assert.equal(
      (await refused(getUser(keysOf((await assume(admin(ACCOUNT_A), 'tagged')).Credentials)))).name,
      'AccessDenied',
    );
    const given = await assume(admin(ACCOUNT_A), 'tagged', { Tags: [tag('team', 'blue')] });
    await getUser(keysOf(given.Credentials));
  });

  test('can be tested by the trust policy', async () => {
    await role(
      'team-blue',
      trust({ AWS: ACCOUNT_A }, everything, {
        Condition: {
          StringEquals: { 'aws:RequestTag/team': 'blue' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'], 'sts:TransitiveTagKeys': ['team'] },
        },
      }),
    );
    const with_ = (...Tags: { Key: string; Value: string }[]) =>
      assume(admin(ACCOUNT_A), 'team-blue', { Tags, TransitiveTagKeys: Tags.map(({ Key }) => Key) });
    await with_(tag('team', 'blue'));
    for (const tags of [[tag('team', 'red')], [tag('team', 'blue'), tag('site', 'x')], []]) {
      assert.equal((await refused(with_(...tags))).name, 'AccessDenied');
    }
  });

  test('go on to the next session only when they are transitive, and then in place of the role’s tags', async () => {
    await may('tagged', allow('*'));
    await may('next', seesUsersIf({ StringEquals: { 'aws:PrincipalTag/Star': 'one' } }));
    const through = async (TransitiveTagKeys: string[]) => {
      const first = await assume(admin(ACCOUNT_A), 'tagged', {
        Tags: [tag('Star', 'one'), tag('Moon', 'two')],
        TransitiveTagKeys,
      });
      return keysOf((await assume(keysOf(first.Credentials), 'next')).Credentials);
    };
    await getUser(await through(['Star']));
    assert.equal((await refused(getUser(await through(['Moon'])))).name, 'AccessDenied');
    const again = async () => {
      const first = await through(['Star']);
      return keysOf((await assume(first, 'next')).Credentials);
    };
    await may(
      'next',
      policy(
        { Effect: 'Allow', Action: everything, Resource: '*' },
        {
          Effect: 'Allow',
          Action: 'iam:GetUser',
          Resource: '*',
          Condition: { StringEquals: { 'aws:PrincipalTag/Star': 'one' } },
        },
      ),
    );
    await getUser(await again());
  });

  test('that are inherited stand for the role’s own when the trust policy is asked, and need sts:TagSession', async () => {
    const first = await assume(admin(ACCOUNT_A), 'tagged', { Tags: [tag('Star', 'one')], TransitiveTagKeys: ['Star'] });
    const keys = keysOf(first.Credentials);
    const trusting = (actions: string[], star: string) =>
      iamOf(plane, admin(ACCOUNT_A)).send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: 'next',
          PolicyDocument: JSON.stringify(
            trust({ AWS: ACCOUNT_A }, actions, { Condition: { StringEquals: { 'iam:ResourceTag/Star': star } } }),
          ),
        }),
      );
    await trusting(everything, 'one');
    await assume(keys, 'next');
    await trusting(everything, 'three');
    assert.equal((await refused(assume(keys, 'next'))).name, 'AccessDenied');
    await assume(admin(ACCOUNT_A), 'next');
    await trusting(['sts:AssumeRole'], 'one');
    assert.match((await refused(assume(keys, 'next'))).message, /sts:TagSession/);
    await trusting(everything, 'one');
  });

  const bad: readonly (readonly [string, Partial<AssumeRoleCommandInput>, RegExp])[] = [
    ['keys that differ by case', { Tags: [tag('a', '1'), tag('A', '2')] }, /^Duplicate tag keys found/],
    ['reserved keys', { Tags: [tag('aws:a', '1')] }, /`aws:` are reserved/],
    ['transitive keys without a tag', { Tags: [tag('a', '1')], TransitiveTagKeys: ['b'] }, /must be included/],
  ];
  for (const [what, more, pattern] of bad) {
    test(`are refused for ${what}`, async () => {
      const { name, message } = await refused(assume(admin(ACCOUNT_A), 'tagged', more));
      assert.equal(name, 'InvalidParameterValue');
      assert.match(message, pattern);
    });
  }

  test('that are inherited cannot be given anew', async () => {
    await may('tagged', allow('*'));
    const first = await assume(admin(ACCOUNT_A), 'tagged', { Tags: [tag('Star', 'one')], TransitiveTagKeys: ['Star'] });
    const { message } = await refused(assume(keysOf(first.Credentials), 'next', { Tags: [tag('star', 'two')] }));
    assert.match(message, /conflicts with a transitive tag key from the calling session/);
  });

  test('fill their room', async () => {
    const random = (n: number) => [0, 1, 2, 3].map((part) => hash('sha256', `${n} ${part}`)).join('');
    const many = Array.from({ length: 50 }, (_, n) => tag(`key-${n}`, random(n).slice(0, 250)));
    const { name, message } = await refused(assume(admin(ACCOUNT_A), 'tagged', { Tags: many }));
    assert.match(name, /^PackedPolicyTooLarge/);
    assert.match(message, /^Packed size of session tags consumes \d{3}% of allotted space\.$/);
    const few = await assume(admin(ACCOUNT_A), 'tagged', { Tags: many.slice(0, 10) });
    assert.ok(few.PackedPolicySize! < 100);
  });
});

describe('a chain of roles', () => {
  before(async () => {
    await role('first', byAccount(), { max: 43_200 });
    await role('second', byAccount(), { max: 43_200 });
  });

  test('lasts an hour at most, whatever its roles allow', async () => {
    const first = keysOf((await assume(admin(ACCOUNT_A), 'first', { DurationSeconds: 43_200 })).Credentials);
    const { name, message } = await refused(assume(first, 'second', { DurationSeconds: 3601 }));
    assert.deepEqual(
      [name, message],
      [
        'ValidationError',
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      ],
    );
    const second = await assume(first, 'second', { DurationSeconds: 3600 });
    assert.ok(second.Credentials!.Expiration!.getTime() <= Date.now() + 3600_000);
  });

  test('keeps the source identity, which nobody changes', async () => {
    const first = await assume(admin(ACCOUNT_A), 'first', { SourceIdentity: 'ana' });
    assert.equal(first.SourceIdentity, 'ana');
    const keys = keysOf(first.Credentials);
    assert.equal((await assume(keys, 'second')).SourceIdentity, 'ana');
    assert.equal((await assume(keys, 'second', { SourceIdentity: 'ana' })).SourceIdentity, 'ana');
    assert.equal((await refused(assume(keys, 'second', { SourceIdentity: 'bob' }))).name, 'ValidationError');
  });

  test('needs sts:SetSourceIdentity for a source identity, also for an inherited one', async () => {
    await role('unsourced', trust({ AWS: ACCOUNT_A }));
    const unsourced = (keys: Keys, more = {}) => assume(keys, 'unsourced', more);
    await unsourced(admin(ACCOUNT_A));
    assert.match(
      (await refused(unsourced(admin(ACCOUNT_A), { SourceIdentity: 'ana' }))).message,
      /is not authorized to perform: sts:SetSourceIdentity/,
    );
    const first = await assume(admin(ACCOUNT_A), 'first', { SourceIdentity: 'ana' });
    assert.match((await refused(unsourced(keysOf(first.Credentials)))).message, /sts:SetSourceIdentity/);
  });

  test('tells policies the source identity', async () => {
    await may(
      'second',
      policy({
        Effect: 'Allow',
        Action: 'iam:GetUser',
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceIdentity': 'ana' } },
      }),
    );
    const as = async (SourceIdentity: string) => {
      const first = await assume(admin(ACCOUNT_A), 'first', { SourceIdentity });
      return keysOf((await assume(keysOf(first.Credentials), 'second')).Credentials);
    };
    await getUser(await as('ana'));
    assert.equal((await refused(getUser(await as('bob')))).name, 'AccessDenied');
  });
});

describe('durations', () => {
  test('are an hour, or what is asked for up to the role’s own limit', async () => {
    await role('brief', byAccount(), { max: 7200 });
    const lasts = async (DurationSeconds?: number) => {
      const before = Date.now();
      const given = await assume(admin(ACCOUNT_A), 'brief', DurationSeconds === undefined ? {} : { DurationSeconds });
      return Math.round((given.Credentials!.Expiration!.getTime() - before) / 60_000);
    };
    assert.equal(await lasts(), 60);
    assert.equal(await lasts(900), 15);
    assert.equal(await lasts(7200), 120);
    const { name, message } = await refused(lasts(7201));
    assert.deepEqual(
      [name, message],
      ['ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'],
    );
  });

  test('nobody has an MFA device', async () => {
    const more = { SerialNumber: `arn:aws:iam::${ACCOUNT_A}:mfa/admin`, TokenCode: '123456' };
    const { name, message } = await refused(assume(admin(ACCOUNT_A), 'brief', more));
    assert.deepEqual(
      [name, message],
      ['AccessDenied', 'MultiFactorAuthentication failed with invalid MFA one time pass code. '],
    );
  });
});

describe('GetSessionToken', () => {
  const session = async (keys: Keys, DurationSeconds?: number) =>
    (
      await stsOf(plane, keys).send(
        new GetSessionTokenCommand(DurationSeconds === undefined ? {} : { DurationSeconds }),
      )
    ).Credentials!;
  const minutes = (given: { Expiration?: Date | undefined }) =>
    Math.round((given.Expiration!.getTime() - Date.now()) / 60_000);

  test('needs no permission, and gives a user up to 36 hours, the root user one', async () => {
    assert.equal(minutes(await session(worker(ACCOUNT_B))), 720);
    assert.equal(minutes(await session(worker(ACCOUNT_B), 129_600)), 2160);
    assert.equal(minutes(await session(root(ACCOUNT_B))), 60);
    assert.equal(minutes(await session(root(ACCOUNT_B), 900)), 15);
    const who = await stsOf(plane, keysOf(await session(worker(ACCOUNT_B)))).send(new GetCallerIdentityCommand({}));
    assert.equal(who.Arn, `arn:aws:iam::${ACCOUNT_B}:user/worker`);
  });

  test('gives credentials that assume roles, and call neither IAM nor the rest of STS', async () => {
    await role('by-token', byAccount());
    const keys = keysOf(await session(admin(ACCOUNT_A)));
    assert.ok((await assume(keys, 'by-token', { Tags: [{ Key: 'a', Value: 'b' }] })).Credentials);
    const { name, message, status } = await refused(getUser(keys));
    assert.deepEqual(
      [name, message, status],
      ['InvalidClientTokenId', 'The security token included in the request is invalid', 403],
    );
    const info = new GetAccessKeyInfoCommand({ AccessKeyId: keys.accessKeyId });
    assert.equal((await refused(stsOf(plane, keys).send(info))).name, 'AccessDenied');
    assert.equal((await stsOf(plane, admin(ACCOUNT_A)).send(info)).Account, ACCOUNT_A);
  });

  test('is not for temporary credentials', async () => {
    const ofRole = keysOf((await assume(admin(ACCOUNT_A), 'by-token')).Credentials);
    for (const keys of [ofRole, keysOf(await session(admin(ACCOUNT_A)))]) {
      const { name, message } = await refused(session(keys));
      assert.deepEqual([name, message], ['AccessDenied', 'Cannot call GetSessionToken with session credentials']);
    }
  });
});

describe('GetFederationToken', () => {
  const federate = (keys: Keys, more: object = {}) =>
    stsOf(plane, keys).send(new GetFederationTokenCommand({ Name: 'Bob', ...more }));

  test('is asked of the name, and gives what both the user and the session policy allow', async () => {
    const put = (document: Policy) =>
      iamOf(plane, admin(ACCOUNT_A)).send(
        new PutUserPolicyCommand({ UserName: 'worker', PolicyName: 'may', PolicyDocument: JSON.stringify(document) }),
      );
    await role('for-bob', trust({ AWS: `arn:aws:sts::${ACCOUNT_A}:federated-user/Bob` }));
    await put(allow('sts:GetFederationToken', `arn:aws:sts::${ACCOUNT_A}:federated-user/Alice`));
    const denied = await refused(federate(worker(ACCOUNT_A)));
    assert.match(denied.message, /sts:GetFederationToken on resource: arn:aws:sts::111122223333:federated-user\/Bob/);
    await put(allow('sts:GetFederationToken', `arn:aws:sts::${ACCOUNT_A}:federated-user/Bob`));
    const given = await federate(worker(ACCOUNT_A), { Policy: JSON.stringify(allow('*')) });
    assert.deepEqual(given.FederatedUser, {
      FederatedUserId: `${ACCOUNT_A}:Bob`,
      Arn: `arn:aws:sts::${ACCOUNT_A}:federated-user/Bob`,
    });
    const who = await stsOf(plane, keysOf(given.Credentials)).send(new GetCallerIdentityCommand({}));
    assert.equal(who.Arn, given.FederatedUser?.Arn);
    assert.equal(who.UserId, given.FederatedUser?.FederatedUserId);
  });

  test('gives the intersection: what the user lacks or the session policy leaves out is denied', async () => {
    const listKeys = async (keys: Keys, more: object = {}) => {
      const credentials = keysOf((await federate(keys, more)).Credentials);
      const client = new KMSClient({ endpoint: plane.aws, region: 'us-east-1', credentials, maxAttempts: 1 });
      return client.send(new ListKeysCommand({}));
    };
    const put = (actions: string[]) =>
      iamOf(plane, admin(ACCOUNT_A)).send(
        new PutUserPolicyCommand({
          UserName: 'worker',
          PolicyName: 'may',
          PolicyDocument: JSON.stringify(allow(actions)),
        }),
      );
    const lists = { Policy: JSON.stringify(allow('kms:ListKeys')) };
    await put(['sts:GetFederationToken', 'kms:ListKeys']);
    await listKeys(worker(ACCOUNT_A), lists);
    const denied = 'AccessDeniedException';
    assert.equal((await refused(listKeys(worker(ACCOUNT_A)))).name, denied, 'without a session policy');
    const others = { Policy: JSON.stringify(allow('kms:ListAliases')) };
    assert.equal((await refused(listKeys(worker(ACCOUNT_A), others))).name, denied, 'with another session policy');
    await put(['sts:GetFederationToken']);
    assert.equal((await refused(listKeys(worker(ACCOUNT_A), lists))).name, denied, 'without the user’s right');
    await listKeys(root(ACCOUNT_A), lists);
    assert.equal((await refused(listKeys(root(ACCOUNT_A), others))).name, denied);
  });

  test('gives credentials that call neither IAM nor STS', async () => {
    const keys = keysOf((await federate(admin(ACCOUNT_A), { Policy: JSON.stringify(allow('*')) })).Credentials);
    assert.equal((await refused(getUser(keys))).name, 'InvalidClientTokenId');
    assert.equal((await refused(assume(keys, 'for-bob'))).name, 'AccessDenied');
    assert.equal((await refused(federate(keys))).message, 'Cannot call GetFederationToken with session credentials');
  });

  test('tags need their own allow', async () => {
    const put = (actions: string[]) =>
      iamOf(plane, admin(ACCOUNT_A)).send(
        new PutUserPolicyCommand({
          UserName: 'worker',
          PolicyName: 'may',
          PolicyDocument: JSON.stringify(allow(actions, `arn:aws:sts::${ACCOUNT_A}:federated-user/*`)),
        }),
      );
    const Tags = [{ Key: 'team', Value: 'blue' }];
    await put(['sts:GetFederationToken']);
    assert.match((await refused(federate(worker(ACCOUNT_A), { Tags }))).message, /sts:TagSession/);
    await put(['sts:GetFederationToken', 'sts:TagSession']);
    await federate(worker(ACCOUNT_A), { Tags });
  });
});

describe('by the plane’s clock', () => {
  test('sessions end with their time', async () => {
    await role('passing', byAccount());
    const quarter = keysOf((await assume(admin(ACCOUNT_A), 'passing', { DurationSeconds: 900 })).Credentials);
    const hour = keysOf((await assume(admin(ACCOUNT_A), 'passing')).Credentials);
    const who = (keys: Keys) => stsOf(plane, keys).send(new GetCallerIdentityCommand({}));
    await plane.advance(14 * MINUTE);
    await who(quarter);
    await plane.advance(MINUTE + 1000);
    const { name, message, status } = await refused(who(quarter));
    assert.deepEqual(
      [name, message, status],
      ['ExpiredToken', 'The security token included in the request is expired', 403],
    );
    await who(hour);
  });
});
