/** Why, of AWS calls: whom policies mean, all that failed, what is told of what is absent, and what would change it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogStreamsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserCommand,
  GetUserCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  EncryptCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import { AssumeRoleCommand, DecodeAuthorizationMessageCommand } from '@aws-sdk/client-sts';
import {
  ACCOUNT_A as A,
  admin,
  allow,
  ACCOUNT_B as B,
  iamOf,
  type Keys,
  type Policy,
  policy,
  refused,
  stsOf,
  trust,
  worker,
  world,
} from './aws-sts-clients.ts';
import { type Reply, request, startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
let token: string;
before(async () => {
  plane = await startPlane({ world: world() });
  token = (await readFile(join(plane.home, 'operator-token'), 'utf8')).trim();
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
});

const userArn = (account: string, name: string) => `arn:aws:iam::${account}:user/${name}`;
const roleArn = (name: string) => `arn:aws:iam::${A}:role/${name}`;
const options = ({ ...credentials }: Keys) => ({
  endpoint: plane.aws,
  region: 'us-east-1',
  credentials,
  maxAttempts: 1,
});
const kmsOf = (keys: Keys) => new KMSClient(options(keys));
const logsOf = (keys: Keys) => new CloudWatchLogsClient(options(keys));

/** The explanation of a call, as the operator or as an administrator of an account is told it. */
async function why(id: string, as?: string): Promise<Reply['body']> {
  const { status, body } = await request(
    plane.console,
    'GET',
    `/api/decisions/${id}${as === undefined ? '' : `?as=${as}`}`,
    { token },
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

const questionOf = (body: Reply['body']) => body.calls[0].questions[0];

/** What the policy of the resource said. */
function ofResource(body: Reply['body']): Reply['body'] {
  const side = questionOf(body).sides.find(({ role }: { role: string }) => role !== 'principal');
  return side.layers.find(({ kind }: { kind: string }) => kind === 'resource');
}

const makeUser = async (account: string, UserName: string): Promise<string> =>
  (await iamOf(plane, admin(account)).send(new CreateUserCommand({ UserName }))).User!.UserId!;

const makeRole = (RoleName: string, trusting: Policy) =>
  iamOf(plane, admin(A)).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trusting) }));

const assume = (keys: Keys, role: string, ExternalId?: string) =>
  stsOf(plane, keys).send(new AssumeRoleCommand({ RoleArn: roleArn(role), RoleSessionName: 'why', ExternalId }));

/** A key whose policy leaves it to A's own policies, besides what is given. */
async function makeKey(...statements: readonly Policy[]): Promise<string> {
  const own = { Effect: 'Allow', Principal: { AWS: A }, Action: 'kms:*', Resource: '*' };
  const { KeyMetadata } = await kmsOf(admin(A)).send(
    new CreateKeyCommand({ Policy: JSON.stringify(policy(own, ...statements)) }),
  );
  return KeyMetadata!.Arn!;
}

describe('whom a policy means', () => {
  test('is shown by the ARN while he is there, and by the id once he is gone', async () => {
    const id = await makeUser(B, 'guest');
    await makeRole('guests', trust({ AWS: userArn(B, 'guest') }));
    const early = (await refused(assume(admin(B), 'guests'))).id;
    const [near] = ofResource(await why(early)).because;
    assert.deepEqual(near.failed.expected, [userArn(B, 'guest')]);
    assert.deepEqual(near.failed.got, [userArn(B, 'admin')]);
    assert.deepEqual(JSON.parse(near.origin.text).Principal, { AWS: userArn(B, 'guest') });
    await iamOf(plane, admin(B)).send(new DeleteUserCommand({ UserName: 'guest' }));
    const [gone] = ofResource(await why((await refused(assume(admin(B), 'guests'))).id)).because;
    assert.deepEqual(gone.failed.expected, [`user ${id}`]);
    assert.equal(gone.failed.got[0], userArn(B, 'admin'));
    assert.match(gone.failed.got[1], /^AIDA/, 'which tells him from a namesake');
    assert.deepEqual(JSON.parse(gone.origin.text).Principal, { AWS: id });
    assert.deepEqual(ofResource(await why(early)).because[0], near, 'of then it is told as it was then');
  });

  test('is not a namesake made anew, whose ARN is not shown for him', async () => {
    await makeUser(B, 'twice');
    await makeRole('once', trust({ AWS: userArn(B, 'twice') }));
    await iamOf(plane, admin(B)).send(new DeleteUserCommand({ UserName: 'twice' }));
    await makeUser(B, 'twice');
    const body = JSON.stringify(await why((await refused(assume(admin(B), 'once'))).id));
    assert.doesNotMatch(body, /user\/twice/);
  });

  test('is shown where a statement allows, and in what would stop it', async () => {
    await makeRole('open', trust({ AWS: userArn(B, 'admin') }));
    const id = (await assume(admin(B), 'open')).$metadata.requestId!;
    const body = await why(id);
    assert.match(ofResource(body).because[0].origin.text, new RegExp(userArn(B, 'admin')));
    const told = await why(id, A);
    assert.match(questionOf(told).stop.policies[0].text, new RegExp(userArn(B, 'admin')));
    for (const seen of [body, told]) assert.doesNotMatch(JSON.stringify(questionOf(seen)), /AIDA/);
  });

  test('is shown in the text of a grant', async () => {
    const KeyId = await makeKey();
    const given = { KeyId, GranteePrincipal: userArn(B, 'admin'), Operations: ['Encrypt' as const] };
    const { GrantId } = await kmsOf(admin(A)).send(new CreateGrantCommand(given));
    const { $metadata } = await kmsOf(admin(B)).send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
    const { sides, stop } = questionOf(await why($metadata.requestId!));
    const layers: { kind: string; because: { origin: { text: string } }[] }[] = sides[1].layers;
    const grant = JSON.parse(layers.find(({ kind }) => kind === 'grant')!.because[0]!.origin.text);
    assert.equal(grant.grantee, userArn(B, 'admin'));
    assert.equal(stop.says, `revoking the grant \`${GrantId}\``);
  });

  test('is shown by DecodeAuthorizationMessage', async () => {
    const denying = policy(
      { Effect: 'Allow', Principal: { AWS: A }, Action: 'sts:AssumeRole' },
      { Sid: 'NotHim', Effect: 'Deny', Principal: { AWS: userArn(A, 'admin') }, Action: 'sts:*' },
    );
    await makeRole('not-him', denying);
    const EncodedMessage = (await refused(assume(admin(A), 'not-him'))).id;
    const { DecodedMessage } = await stsOf(plane, admin(A)).send(
      new DecodeAuthorizationMessageCommand({ EncodedMessage }),
    );
    const [statement] = JSON.parse(DecodedMessage!).matchedStatements.items;
    assert.deepEqual(statement.principals, { items: [{ value: userArn(A, 'admin') }] });
  });

  test('is not a condition, which keeps what was written', async () => {
    const id = await makeUser(B, 'kept');
    const written = { StringEquals: { 'aws:userid': id } };
    await makeRole('by-id', trust({ AWS: userArn(B, 'kept') }, 'sts:AssumeRole', { Condition: written }));
    const [near] = ofResource(await why((await refused(assume(admin(B), 'by-id'))).id)).because;
    assert.deepEqual(JSON.parse(near.origin.text).Condition, written);
  });
});

describe('a near miss', () => {
  const window = { DateLessThan: { 'aws:CurrentTime': '2024-12-31T23:59:59Z' } };
  const condition = {
    StringEquals: { 'sts:ExternalId': 'e1' },
    IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '172.16.0.0/12'] },
    ...window,
  };
  before(() => makeRole('conditions', trust({ AWS: userArn(B, 'admin') }, 'sts:AssumeRole', { Condition: condition })));

  const keysFailed = async (ExternalId: string) => {
    const [near] = ofResource(await why((await refused(assume(admin(B), 'conditions', ExternalId))).id)).because;
    return [near.failed, ...(near.alsoFailed ?? [])].map(({ key }: { key: string }) => key).sort();
  };

  test('tells every condition that failed, and none that held', async () => {
    assert.deepEqual(await keysFailed('e2'), ['aws:currenttime', 'aws:sourceip', 'sts:externalid']);
    assert.deepEqual(await keysFailed('e1'), ['aws:currenttime', 'aws:sourceip']);
  });

  test('is followed by a statement whose keys are spelled as AWS does', async () => {
    const { id } = await refused(assume(admin(B), 'conditions', 'e2'));
    for (const account of [undefined, A, B]) {
      const { statements } = questionOf(await why(id, account)).remedy;
      assert.deepEqual(statements.at(-1).statement.Condition, { StringEquals: { 'sts:ExternalId': 'e2' } });
    }
  });
});

describe('what is not there', () => {
  const absentKey = (arn: string) => `${arn.slice(0, -12)}000000000000`;

  test('is told to its own account, whichever service it is of', async () => {
    const KeyId = absentKey(await makeKey());
    const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['NoSuchEntity', () => iamOf(plane, admin(A)).send(new GetUserCommand({ UserName: 'nobody' }))],
      ['NotFoundException', () => kmsOf(admin(A)).send(new DescribeKeyCommand({ KeyId }))],
      [
        'ResourceNotFoundException',
        () => logsOf(admin(A)).send(new DescribeLogStreamsCommand({ logGroupName: '/none' })),
      ],
    ];
    for (const [reason, call] of calls) {
      const { id, message } = await refused(call());
      const [told] = (await why(id, A)).calls;
      assert.deepEqual([told.outcome, told.fault.reason, told.fault.message], ['failed', reason, message]);
      assert.equal(told.questions[0].existed, false);
    }
  });

  test('is the same to another account as what is forbidden', async () => {
    const KeyId = await makeKey();
    const told = async (key: string) => {
      const { id } = await refused(kmsOf(admin(B)).send(new DescribeKeyCommand({ KeyId: key })));
      const text = JSON.stringify(await why(id, B));
      return text
        .replaceAll(id, 'ID')
        .replaceAll(key, 'KEY')
        .replaceAll(key.split('/')[1]!, 'KEY')
        .replace(/"at":"[^"]*"/g, '');
    };
    const strip = (text: string) => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|"aws:epochtime":"\d+"/g, 'TIME');
    assert.equal(strip(await told(absentKey(KeyId))), strip(await told(KeyId)));
  });

  test('cannot be allowed by a policy of its own', async () => {
    const { id } = await refused(kmsOf(admin(B)).send(new DescribeKeyCommand({ KeyId: absentKey(await makeKey()) })));
    const { remedy } = questionOf(await why(id, A));
    assert.equal(remedy.statements, undefined);
    assert.match(remedy.says, /no such resource/);
  });

  test('may be what a service of the own account asked for', async () => {
    const kmsKeyId = absentKey(await makeKey());
    const create = (keys: Keys, logGroupName: string) =>
      refused(logsOf(keys).send(new CreateLogGroupCommand({ logGroupName, kmsKeyId })));
    const own = await create(admin(A), '/own');
    assert.equal((await why(own.id, A)).calls[0].fault.message, own.message);
    const other = await create(admin(B), '/other');
    assert.equal((await why(other.id, B)).calls[0].fault.reason, 'refused');
  });
});

describe('the owner of a resource', () => {
  test('is not told how the caller’s own account answers', async () => {
    await makeRole('both-sides', trust({ AWS: userArn(A, 'worker') }));
    const told = async (keys: Keys) => {
      const body = JSON.stringify(await why((await refused(assume(keys, 'both-sides'))).id, A));
      const bare = body.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');
      return bare.replaceAll(/user\/(admin|worker)/g, 'user').replaceAll(/AIDA[A-Z0-9]+/g, 'ID');
    };
    const lacking = await told(worker(B));
    assert.equal(lacking, await told(admin(B)));
    const deny = JSON.stringify(policy({ Effect: 'Deny', Action: 'sts:*', Resource: '*' }));
    const input = { UserName: 'worker', PolicyName: 'deny', PolicyDocument: deny };
    await iamOf(plane, admin(B)).send(new PutUserPolicyCommand(input));
    assert.equal(await told(worker(B)), lacking);
  });
});

test('no policy of a resource is suggested where there can be none', async () => {
  const boundary = JSON.stringify(allow('s3:*'));
  const session = await stsOf(plane, admin(A)).send(
    new AssumeRoleCommand({
      RoleArn: (await makeRole('limited', trust({ AWS: userArn(A, 'admin') }))).Role!.Arn!,
      RoleSessionName: 'why',
      Policy: boundary,
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = session.Credentials!;
  const keys = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
  const { id } = await refused(iamOf(plane, keys).send(new GetUserCommand({ UserName: 'admin' })));
  const { remedy } = questionOf(await why(id));
  assert.equal(remedy.statements, undefined);
  assert.match(remedy.says, /the session’s policies$/);
});

test('an id without a record may be that of a call that never began', async () => {
  const { id } = await refused(iamOf(plane, admin(A)).send(new GetUserCommand({ UserName: 'no such name!' })));
  const { status, body } = await request(plane.console, 'GET', `/api/decisions/${id}`, { token });
  assert.equal(status, 404);
  assert.match(JSON.stringify(body), /refused before it began/);
});

test('other questions say that they are answered for IBM Cloud resources, and what to use for AWS', async () => {
  const resource = await makeKey();
  const ofIbm = `crn:v1:bluemix:public:kms:us-south:a/${'a'.repeat(32)}:i:key:k`;
  for (const query of [
    { action: 'kms:Decrypt', resource },
    { action: 'kms.secrets.wrap', resource },
    { action: 'kms:Decrypt', resource: ofIbm },
  ]) {
    const path = `/api/who-can?${new URLSearchParams(query)}`;
    const { status, body } = await request(plane.console, 'GET', path, { token });
    assert.equal(status, 400);
    assert.match(body.error.message, /answered for IBM Cloud.*simulate-principal-policy.*easement simulate/);
  }
});
