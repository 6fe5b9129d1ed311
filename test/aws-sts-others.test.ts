/** The rest of STS: keys' accounts, decoded refusals, the root user of members, tokens for elsewhere; and boto3. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  CreateAccessKeyCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteAccessKeyCommand,
  DisableOutboundWebIdentityFederationCommand,
  EnableOutboundWebIdentityFederationCommand,
  GetOutboundWebIdentityFederationInfoCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  AssumeRootCommand,
  type AssumeRootCommandInput,
  DecodeAuthorizationMessageCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetDelegatedAccessTokenCommand,
  GetWebIdentityTokenCommand,
  type GetWebIdentityTokenCommandInput,
} from '@aws-sdk/client-sts';
import { decodeJwt, decodeProtectedHeader } from 'jose';
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
  policy,
  refused,
  stsOf,
  trust,
  worker,
  world,
} from './aws-sts-clients.ts';
import { startPlane, type TestPlane } from './plane.ts';

const run = promisify(execFile);
const MEMBERS = `organizations: [{ id: o-ststests00, management: "${ACCOUNT_A}", members: ["${ACCOUNT_B}"] }]\n`;

let plane: TestPlane;

before(async () => {
  plane = await startPlane({ world: world(MEMBERS) });
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
});

/** Gives the worker of an account one policy and no other. */
async function may(account: string, document: Policy): Promise<void> {
  const input = { UserName: 'worker', PolicyName: 'may', PolicyDocument: JSON.stringify(document) };
  await iamOf(plane, admin(account)).send(new PutUserPolicyCommand(input));
}

describe('GetAccessKeyInfo', () => {
  const info = (keys: Keys, AccessKeyId: string) =>
    stsOf(plane, keys).send(new GetAccessKeyInfoCommand({ AccessKeyId }));

  test('tells the account of any key, to who may ask', async () => {
    assert.equal((await info(admin(ACCOUNT_A), admin(ACCOUNT_C).accessKeyId)).Account, ACCOUNT_C);
    await may(ACCOUNT_A, allow('sts:GetCallerIdentity'));
    const key = admin(ACCOUNT_C).accessKeyId;
    assert.equal((await refused(info(worker(ACCOUNT_A), key))).name, 'AccessDenied');
    await may(ACCOUNT_A, allow('sts:GetAccessKeyInfo'));
    assert.equal((await info(worker(ACCOUNT_A), key)).Account, ACCOUNT_C);
  });

  test('knows no key that was deleted, and none that never was', async () => {
    const iam = iamOf(plane, admin(ACCOUNT_A));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'worker' }));
    const AccessKeyId = AccessKey!.AccessKeyId!;
    assert.equal((await info(admin(ACCOUNT_A), AccessKeyId)).Account, ACCOUNT_A);
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'worker', AccessKeyId }));
    for (const id of [AccessKeyId, 'AKIANEVERMADE0000000', 'ASIAAAAAAAAAAAAAAAAA']) {
      assert.equal((await refused(info(admin(ACCOUNT_A), id))).name, 'ValidationError', id);
    }
  });
});

describe('DecodeAuthorizationMessage', () => {
  const decode = async (keys: Keys, EncodedMessage: string) => {
    const given = await stsOf(plane, keys).send(new DecodeAuthorizationMessageCommand({ EncodedMessage }));
    return JSON.parse(given.DecodedMessage!);
  };
  const listUsers = (keys: Keys) => refused(iamOf(plane, keys).send(new ListUsersCommand({})));

  test('tells why a call of the account was refused', async () => {
    await may(ACCOUNT_A, allow('iam:GetUser'));
    const implicit = await decode(admin(ACCOUNT_A), (await listUsers(worker(ACCOUNT_A))).id);
    assert.equal(implicit.allowed, false);
    assert.equal(implicit.explicitDeny, false);
    assert.deepEqual(implicit.matchedStatements.items, []);
    assert.equal(implicit.context.action, 'iam:ListUsers');
    assert.equal(implicit.context.principal.arn, `arn:aws:iam::${ACCOUNT_A}:user/worker`);
    await may(ACCOUNT_A, policy({ Sid: 'NoLists', Effect: 'Deny', Action: 'iam:List*', Resource: '*' }));
    const explicit = await decode(admin(ACCOUNT_A), (await listUsers(worker(ACCOUNT_A))).id);
    assert.equal(explicit.explicitDeny, true);
    assert.equal(explicit.matchedStatements.items[0].statementId, 'NoLists');
  });

  test('of a call to another account tells the own side alone', async () => {
    const iam = iamOf(plane, admin(ACCOUNT_B));
    const denying = policy(
      { Effect: 'Allow', Principal: { AWS: ACCOUNT_A }, Action: 'sts:AssumeRole' },
      { Sid: 'NotHim', Effect: 'Deny', Principal: { AWS: `arn:aws:iam::${ACCOUNT_A}:user/admin` }, Action: 'sts:*' },
    );
    await iam.send(new CreateRoleCommand({ RoleName: 'denying', AssumeRolePolicyDocument: JSON.stringify(denying) }));
    const input = { RoleArn: `arn:aws:iam::${ACCOUNT_B}:role/denying`, RoleSessionName: 'x1' };
    const { id } = await refused(stsOf(plane, admin(ACCOUNT_A)).send(new AssumeRoleCommand(input)));
    const told = await decode(admin(ACCOUNT_A), id);
    assert.equal(told.explicitDeny, false);
    assert.doesNotMatch(JSON.stringify(told), /NotHim/);
    assert.match((await refused(decode(admin(ACCOUNT_B), id))).name, /^InvalidAuthorizationMessage/);
  });

  test('is for the account’s own messages, and for who may', async () => {
    const { id } = await listUsers(worker(ACCOUNT_A));
    for (const [keys, message] of [
      [admin(ACCOUNT_B), id],
      [admin(ACCOUNT_A), '00000000-0000-4000-8000-000000000000'],
      [admin(ACCOUNT_A), 'not a message'],
    ] as const) {
      const { name, status } = await refused(decode(keys, message));
      assert.match(name, /^InvalidAuthorizationMessage/);
      assert.equal(status, 400);
    }
    assert.equal((await refused(decode(worker(ACCOUNT_A), id))).name, 'AccessDenied');
  });

  test('knows nothing of calls that were allowed', async () => {
    const { $metadata } = await iamOf(plane, admin(ACCOUNT_A)).send(new ListUsersCommand({}));
    assert.match((await refused(decode(admin(ACCOUNT_A), $metadata.requestId!))).name, /^InvalidAuthorizationMessage/);
  });
});

describe('AssumeRoot', () => {
  const TASK = 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials';
  const assumeRoot = (keys: Keys, more: Partial<AssumeRootCommandInput> = {}) =>
    stsOf(plane, keys).send(
      new AssumeRootCommand({ TargetPrincipal: ACCOUNT_B, TaskPolicyArn: { arn: TASK }, ...more }),
    );

  test('makes the management account the root user of a member, for the task alone', async () => {
    const { Credentials } = await assumeRoot(admin(ACCOUNT_A));
    assert.ok(Credentials!.Expiration!.getTime() <= Date.now() + 900_000);
    const keys = keysOf(Credentials);
    const who = await stsOf(plane, keys).send(new GetCallerIdentityCommand({}));
    assert.equal(who.Arn, `arn:aws:iam::${ACCOUNT_B}:root`);
    await iamOf(plane, keys).send(new ListAccessKeysCommand({}));
    for (const call of [
      iamOf(plane, keys).send(new ListUsersCommand({})),
      iamOf(plane, keys).send(new GetUserCommand({ UserName: 'worker' })),
      iamOf(plane, keys).send(new CreateAccessKeyCommand({})),
      stsOf(plane, keys).send(new GetAccessKeyInfoCommand({ AccessKeyId: keys.accessKeyId })),
    ]) {
      assert.equal((await refused(call)).name, 'AccessDenied');
    }
  });

  test('is for members of one’s own organization, for who may, by id or ARN', async () => {
    await may(ACCOUNT_A, allow('sts:AssumeRoot', `arn:aws:iam::${ACCOUNT_B}:root`));
    await assumeRoot(worker(ACCOUNT_A), { TargetPrincipal: `arn:aws:iam::${ACCOUNT_B}:root` });
    await may(
      ACCOUNT_A,
      allow('sts:AssumeRoot', '*', { Condition: { ArnEquals: { 'sts:TaskPolicyArn': `${TASK}-other` } } }),
    );
    for (const [keys, TargetPrincipal] of [
      [worker(ACCOUNT_A), ACCOUNT_B],
      [admin(ACCOUNT_A), ACCOUNT_C],
      [admin(ACCOUNT_A), ACCOUNT_A],
      [admin(ACCOUNT_C), ACCOUNT_B],
      [admin(ACCOUNT_B), ACCOUNT_B],
    ] as const) {
      assert.equal((await refused(assumeRoot(keys, { TargetPrincipal }))).name, 'AccessDenied');
    }
  });

  test('refuses policies that are no tasks, and targets that are no accounts', async () => {
    const other = { TaskPolicyArn: { arn: 'arn:aws:iam::aws:policy/AdministratorAccess' } };
    assert.equal((await refused(assumeRoot(admin(ACCOUNT_A), other))).name, 'ValidationError');
    for (const TargetPrincipal of [`arn:aws:iam::${ACCOUNT_B}:user/admin`, `arn:aws-cn:iam::${ACCOUNT_B}:root`]) {
      assert.equal((await refused(assumeRoot(admin(ACCOUNT_A), { TargetPrincipal }))).name, 'ValidationError');
    }
  });
});

describe('GetWebIdentityToken', () => {
  const get = (keys: Keys, more: Partial<GetWebIdentityTokenCommandInput> = {}) =>
    stsOf(plane, keys).send(
      new GetWebIdentityTokenCommand({ Audience: ['there'], SigningAlgorithm: 'ES384', ...more }),
    );

  test('needs federation to be enabled', async () => {
    const iam = iamOf(plane, admin(ACCOUNT_A));
    const { name, status } = await refused(get(admin(ACCOUNT_A)));
    assert.match(name, /^OutboundWebIdentityFederationDisabled/);
    assert.equal(status, 403);
    const { IssuerIdentifier } = await iam.send(new EnableOutboundWebIdentityFederationCommand({}));
    assert.match(IssuerIdentifier ?? '', /^https:\/\/[0-9a-f-]{36}\.tokens\.sts\.global\.api\.aws$/);
    assert.match((await refused(iam.send(new EnableOutboundWebIdentityFederationCommand({})))).name, /^FeatureEnabled/);
    const info = await iam.send(new GetOutboundWebIdentityFederationInfoCommand({}));
    assert.deepEqual([info.IssuerIdentifier, info.JwtVendingEnabled], [IssuerIdentifier, true]);
    await get(admin(ACCOUNT_A));
  });

  test('gives a token that another account takes', async () => {
    const own = await iamOf(plane, admin(ACCOUNT_A)).send(new GetOutboundWebIdentityFederationInfoCommand({}));
    const issuer = own.IssuerIdentifier!;
    const iam = iamOf(plane, admin(ACCOUNT_C));
    await iam.send(new CreateOpenIDConnectProviderCommand({ Url: issuer, ClientIDList: ['there'] }));
    const name = issuer.slice('https://'.length);
    const trusted = trust(
      { Federated: `arn:aws:iam::${ACCOUNT_C}:oidc-provider/${name}` },
      'sts:AssumeRoleWithWebIdentity',
      { Condition: { StringEquals: { [`${name}:sub`]: `arn:aws:iam::${ACCOUNT_A}:user/worker` } } },
    );
    await iam.send(new CreateRoleCommand({ RoleName: 'visitors', AssumeRolePolicyDocument: JSON.stringify(trusted) }));
    await may(ACCOUNT_A, allow('sts:GetWebIdentityToken'));
    const visit = (WebIdentityToken: string | undefined) =>
      stsOf(plane, worker(ACCOUNT_B)).send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: `arn:aws:iam::${ACCOUNT_C}:role/visitors`,
          RoleSessionName: 'visitor',
          WebIdentityToken,
        }),
      );
    for (const SigningAlgorithm of ['ES384', 'RS256']) {
      const { WebIdentityToken, Expiration } = await get(worker(ACCOUNT_A), { SigningAlgorithm, DurationSeconds: 60 });
      assert.equal(decodeProtectedHeader(WebIdentityToken!).alg, SigningAlgorithm);
      const claims = decodeJwt(WebIdentityToken!);
      assert.deepEqual([claims.iss, claims.aud, claims.exp! - claims.iat!], [issuer, 'there', 60]);
      assert.equal(claims.exp! * 1000, Expiration!.getTime());
      await visit(WebIdentityToken);
      const others = await get(admin(ACCOUNT_A), { SigningAlgorithm });
      assert.equal((await refused(visit(others.WebIdentityToken))).name, 'AccessDenied');
    }
  });

  test('is asked with audience, algorithm and duration; tags need their own allow', async () => {
    const condition = {
      'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': ['there'] },
      StringEquals: { 'sts:SigningAlgorithm': 'ES384' },
      NumericLessThanEquals: { 'sts:DurationSeconds': '300' },
    };
    await may(ACCOUNT_A, allow('sts:GetWebIdentityToken', '*', { Condition: condition }));
    await get(worker(ACCOUNT_A));
    for (const more of [
      { Audience: ['there', 'elsewhere'] },
      { SigningAlgorithm: 'RS256' },
      { DurationSeconds: 301 },
      { Tags: [{ Key: 'team', Value: 'blue' }] },
    ]) {
      assert.equal((await refused(get(worker(ACCOUNT_A), more))).name, 'AccessDenied');
    }
    await may(ACCOUNT_A, allow(['sts:GetWebIdentityToken', 'sts:TagGetWebIdentityToken']));
    const { WebIdentityToken } = await get(worker(ACCOUNT_A), { Tags: [{ Key: 'team', Value: 'blue' }] });
    const own = decodeJwt(WebIdentityToken!)['https://sts.amazonaws.com/'] as { request_tags: object };
    assert.deepEqual(own.request_tags, { team: 'blue' });
  });

  test('outlives no session', async () => {
    const iam = iamOf(plane, admin(ACCOUNT_A));
    const policyText = JSON.stringify(trust({ AWS: ACCOUNT_A }));
    await iam.send(new CreateRoleCommand({ RoleName: 'short', AssumeRolePolicyDocument: policyText }));
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: 'short',
        PolicyName: 'may',
        PolicyDocument: JSON.stringify(allow('*')),
      }),
    );
    const input = { RoleArn: `arn:aws:iam::${ACCOUNT_A}:role/short`, RoleSessionName: 'short', DurationSeconds: 900 };
    const session = keysOf((await stsOf(plane, admin(ACCOUNT_A)).send(new AssumeRoleCommand(input))).Credentials);
    await get(session, { DurationSeconds: 600 });
    assert.match((await refused(get(session, { DurationSeconds: 1800 }))).name, /^SessionDurationEscalation/);
  });

  test('ends with federation; tokens that were given go on', async () => {
    const iam = iamOf(plane, admin(ACCOUNT_A));
    await iam.send(new DisableOutboundWebIdentityFederationCommand({}));
    assert.match((await refused(get(admin(ACCOUNT_A)))).name, /^OutboundWebIdentityFederationDisabled/);
    const again = new DisableOutboundWebIdentityFederationCommand({});
    assert.match((await refused(iam.send(again))).name, /^FeatureDisabled/);
  });
});

describe('GetDelegatedAccessToken', () => {
  test('takes no token, for none was ever given', async () => {
    const call = (keys: Keys) => stsOf(plane, keys).send(new GetDelegatedAccessTokenCommand({ TradeInToken: 'token' }));
    assert.match((await refused(call(admin(ACCOUNT_A)))).name, /^ExpiredTradeInToken/);
    assert.equal((await refused(call(worker(ACCOUNT_C)))).name, 'AccessDenied');
  });
});

test('boto3 reads what every operation answers', async () => {
  const { accessKeyId, secretAccessKey } = admin(ACCOUNT_A);
  const script = new URL('./aws-sts-boto.py', import.meta.url).pathname;
  const { stdout } = await run('python3', [script, plane.aws, accessKeyId, secretAccessKey, ACCOUNT_A, ACCOUNT_B]);
  assert.deepEqual(JSON.parse(stdout), {
    AssumeRole: `arn:aws:sts::${ACCOUNT_A}:assumed-role/boto/python`,
    AssumeRoleWithSAML: 'InvalidIdentityToken',
    AssumeRoleWithWebIdentity: 'InvalidIdentityToken',
    AssumeRoot: `arn:aws:iam::${ACCOUNT_B}:root`,
    DecodeAuthorizationMessage: 'sts:AssumeRole',
    GetAccessKeyInfo: ACCOUNT_A,
    GetCallerIdentity: `arn:aws:iam::${ACCOUNT_A}:user/admin`,
    GetDelegatedAccessToken: 'ExpiredTradeInTokenException',
    GetFederationToken: `arn:aws:sts::${ACCOUNT_A}:federated-user/python`,
    GetSessionToken: `arn:aws:iam::${ACCOUNT_A}:user/admin`,
    GetWebIdentityToken: 3,
  });
});
