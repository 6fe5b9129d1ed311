/**
 * The confused deputy: account A lends a KMS key to the log groups of account B, and CloudWatch Logs cannot be made to use
 * it for account C. https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import {
  AssociateKmsKeyCommand,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DisassociateKmsKeyCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import {
  A,
  admin,
  B,
  C,
  endOf,
  groupArn,
  kmsClient,
  LOGS_WORLD,
  logsClient,
  policy,
  refusedId,
} from './aws-logs-world.ts';
import { type Reply, request, startPlane, type TestPlane } from './plane.ts';

const SERVICE = 'logs.us-east-1.amazonaws.com';

let plane: TestPlane;
let operatorToken: string;
let keyId: string;
let keyArn: string;
let made = 0;

before(async () => {
  plane = await startPlane({ world: LOGS_WORLD });
  operatorToken = (await readFile(join(plane.home, 'operator-token'), 'utf8')).trim();
  const { KeyMetadata } = await kms().send(new CreateKeyCommand({}));
  keyId = KeyMetadata!.KeyId!;
  keyArn = KeyMetadata!.Arn!;
});
after(async () => {
  const log = plane.log();
  await plane.stop();
  assert.equal(log, '', 'the plane logged defects');
});

const kms = () => kmsClient(plane, admin(A));
const logs = (account: string) => logsClient(plane, admin(account));

/** The conditions under which A lends the key. */
const LENT = {
  'aws:SourceAccount': B,
  'aws:SourceArn': `arn:aws:logs:us-east-1:${B}:log-group:app*`,
  'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:us-east-1:${B}:log-group:app*`,
};
type Conditions = { readonly [K in keyof typeof LENT]?: string };

async function lend(conditions: Conditions, service: object = {}): Promise<void> {
  const Policy = policy(
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${A}:root` }, Action: 'kms:*', Resource: '*' },
    {
      Effect: 'Allow',
      Principal: { Service: SERVICE },
      Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      Resource: '*',
      ...(Object.keys(conditions).length === 0 ? {} : { Condition: { StringLike: conditions } }),
      ...service,
    },
  );
  await kms().send(new PutKeyPolicyCommand({ KeyId: keyId, Policy }));
}

/** A group of the account under the key, with a stream. */
async function newGroup(account: string, name = 'app', kmsKeyId = keyArn) {
  made += 1;
  const at = { logGroupName: `${name}-${made}`, logStreamName: 's' };
  await logs(account).send(new CreateLogGroupCommand({ ...at, kmsKeyId }));
  await logs(account).send(new CreateLogStreamCommand(at));
  return {
    at,
    put: (message: string) =>
      logs(account).send(new PutLogEventsCommand({ ...at, logEvents: [{ timestamp: Date.now(), message }] })),
    get: async () => (await logs(account).send(new GetLogEventsCommand(at))).events!.map(({ message }) => message),
  };
}

const notAllowed = (account: string, group: string): string =>
  `AccessDeniedException: The specified KMS key does not exist or is not allowed to be used with Arn '${groupArn(account, group)}'`;

const why = async (id: string, query = ''): Promise<Reply> =>
  request(plane.console, 'GET', `/api/decisions/${id}${query}`, { token: operatorToken });

describe('a key lent to the log groups of one account', () => {
  beforeEach(() => lend(LENT));

  test('encrypts its log groups: they are written and read', async () => {
    const { at, put, get } = await newGroup(B);
    await put('hello');
    assert.deepEqual(await get(), ['hello']);
    const { logGroups } = await logs(B).send(new DescribeLogGroupsCommand({ logGroupNamePrefix: at.logGroupName }));
    assert.equal(logGroups![0]!.kmsKeyId, keyArn);
  });

  test('cannot be had by another account, whatever rights its caller has there', async () => {
    const create = logs(C).send(new CreateLogGroupCommand({ logGroupName: 'app-c', kmsKeyId: keyArn }));
    assert.equal(await endOf(create), notAllowed(C, 'app-c'));
    await logs(C).send(new CreateLogGroupCommand({ logGroupName: 'app-c' }));
    const associate = (kmsKeyId: string) =>
      logs(C).send(new AssociateKmsKeyCommand({ logGroupName: 'app-c', kmsKeyId }));
    assert.equal(await endOf(associate(keyArn)), notAllowed(C, 'app-c'));
    const absent = `arn:aws:kms:us-east-1:${A}:key/00000000-0000-4000-8000-000000000000`;
    assert.equal(await endOf(associate(absent)), notAllowed(C, 'app-c'), 'absent and forbidden are told alike');
    assert.equal(await endOf(logs(C).send(new DisassociateKmsKeyCommand({ logGroupName: 'app-c' }))), 'done');
  });

  test('cannot be had for another group of the account', async () => {
    assert.match(await endOf(newGroup(B, 'other')), /^AccessDeniedException: The specified KMS key does not exist/);
  });

  test('is named by its ARN, in the Region of the group', async () => {
    const create = (kmsKeyId: string) =>
      endOf(logs(B).send(new CreateLogGroupCommand({ logGroupName: 'app-named', kmsKeyId })));
    assert.match(await create(keyId), /^InvalidParameterException: /);
    assert.match(await create(`arn:aws:kms:us-east-1:${A}:alias/lent`), /^InvalidParameterException: /);
    assert.equal(await create(keyArn.replace('us-east-1', 'eu-west-1')), notAllowed(B, 'app-named'));
  });
});

describe('each condition', () => {
  const wrong: Conditions = {
    'aws:SourceAccount': C,
    'aws:SourceArn': `arn:aws:logs:us-east-1:${C}:log-group:app*`,
    'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:us-east-1:${C}:log-group:app*`,
  };
  for (const key of Object.keys(LENT) as (keyof typeof LENT)[]) {
    test(`${key} refuses when it asks for something else`, async () => {
      await lend({ ...LENT, [key]: wrong[key] });
      assert.match(await endOf(newGroup(B)), /^AccessDeniedException: /);
      assert.match(await endOf(newGroup(C)), /^AccessDeniedException: /);
    });

    test(`${key} alone keeps another account out; without any the key is everybody's`, async () => {
      await lend({ [key]: LENT[key] });
      assert.equal(await endOf(newGroup(B)), 'done');
      assert.match(await endOf(newGroup(C)), /^AccessDeniedException: /);
      await lend({});
      assert.equal(await endOf(newGroup(C)), 'done');
    });
  }

  test('the name of the service counts, and so do its actions', async () => {
    await lend(LENT, { Principal: { Service: 'logs.eu-west-1.amazonaws.com' } });
    assert.match(await endOf(newGroup(B)), /^AccessDeniedException: /);
    await lend(LENT, { Action: 'kms:Decrypt' });
    assert.match(await endOf(newGroup(B)), /^AccessDeniedException: /);
    await lend(LENT, { Action: 'kms:GenerateDataKey' });
    const { put, get } = await newGroup(B);
    await put('x');
    assert.match(await endOf(get()), /^AccessDeniedException: /);
    await lend(LENT, { Action: ['kms:GenerateDataKey', 'kms:Decrypt'] });
    assert.deepEqual(await get(), ['x']);
  });

  test('a right that a caller has to the key himself does not help the service', async () => {
    await lend(LENT, { Principal: { AWS: `arn:aws:iam::${B}:root` }, Condition: undefined });
    assert.match(await endOf(newGroup(B)), /^AccessDeniedException: /);
  });
});

describe('what becomes of the key', () => {
  test('while the right is taken back nothing is written or read; then it goes on', async () => {
    await lend(LENT);
    const { at, put, get } = await newGroup(B);
    await put('before');
    await lend({ ...LENT, 'aws:SourceAccount': C });
    assert.equal(await endOf(put('between')), notAllowed(B, at.logGroupName));
    assert.equal(await endOf(get()), notAllowed(B, at.logGroupName));
    await lend(LENT);
    await put('after');
    assert.deepEqual(await get(), ['before', 'after']);
  });

  test('the same while it is disabled', async () => {
    await lend(LENT);
    const { put, get } = await newGroup(B);
    await put('before');
    await kms().send(new DisableKeyCommand({ KeyId: keyId }));
    try {
      assert.match(await endOf(put('between')), /^InvalidParameterException: .* is disabled/);
      assert.match(await endOf(get()), /^InvalidParameterException: .* is disabled/);
      assert.match(await endOf(newGroup(B)), /^InvalidParameterException: .* is disabled/);
    } finally {
      await kms().send(new EnableKeyCommand({ KeyId: keyId }));
    }
    await put('after');
    assert.deepEqual(await get(), ['before', 'after']);
  });

  test('events stay under the key that they were written under', async () => {
    await lend(LENT);
    const { at, put, get } = await newGroup(B);
    await put('under the key');
    await logs(B).send(new DisassociateKmsKeyCommand(at));
    await put('under none');
    assert.deepEqual(await get(), ['under the key', 'under none']);
    await lend({ ...LENT, 'aws:SourceAccount': C });
    await put('still under none');
    assert.equal(await endOf(get()), notAllowed(B, at.logGroupName));
    await lend(LENT);
    assert.equal((await get()).length, 3);
    await logs(B).send(
      new AssociateKmsKeyCommand({ resourceIdentifier: groupArn(B, at.logGroupName), kmsKeyId: keyArn }),
    );
    await lend({ ...LENT, 'aws:SourceAccount': C });
    assert.equal(await endOf(put('not without it')), notAllowed(B, at.logGroupName));
  });
});

describe('on record', () => {
  test('the question of the service is in the chains of both accounts, with whom it acted for', async () => {
    await lend(LENT);
    const { at, put } = await newGroup(B);
    const id = (await put('x')).$metadata.requestId!;
    const [outer] = (await why(id, `?as=${B}`)).body.calls;
    assert.equal(outer.operation, 'logs.PutLogEvents');
    const [nested] = outer.nested;
    assert.equal(nested.operation, 'kms.GenerateDataKey');
    assert.equal(nested.mode, 'service-principal');
    const [seenByA, ...others] = (await why(id, `?as=${A}`)).body.calls;
    assert.deepEqual(others, []);
    assert.equal(seenByA.id, nested.id, 'the owner of the key sees what was asked of the key, and no more of the call');
    const { kind, id: caller, account } = seenByA.caller;
    assert.deepEqual({ kind, caller, account }, { kind: 'service', caller: SERVICE, account: B });
    assert.equal(seenByA.wire, undefined);
    assert.equal(seenByA.outcome, 'done');
    const [full] = (await why(nested.id)).body.calls;
    assert.equal(full.context['aws:sourceaccount'], B);
    assert.equal(full.context['aws:sourcearn'], groupArn(B, at.logGroupName));
    assert.equal(full.context['aws:useragent'], undefined, 'nothing of the client is said to be the service');
    assert.equal((await why(nested.id, `?as=${C}`)).status, 404);
    const verified = await request(plane.console, 'POST', '/api/records/verify', { token: operatorToken });
    assert.deepEqual(verified.body.problems, []);
  });

  test('who is refused is told nothing of the other account; its owner is told everything', async () => {
    await lend(LENT);
    made += 1;
    const attempt = (kmsKeyId: string) =>
      refusedId(logs(C).send(new CreateLogGroupCommand({ logGroupName: `app-${made}`, kmsKeyId })));
    const id = await attempt(keyArn);
    const toldC = await why(id, `?as=${C}`);
    assert.equal(toldC.status, 200);
    const [outer] = toldC.body.calls;
    const [question] = outer.nested[0].questions;
    assert.deepEqual([outer.outcome, outer.nested[0].outcome, question.outcome], ['refused', 'refused', 'refused']);
    const told = JSON.stringify(toldC.body);
    for (const secret of [B, 'root', 'kms:keyspec', 'key policy of']) {
      assert.ok(!told.includes(secret), `${secret} is A's own business: ${told}`);
    }
    const absent = await attempt(`${keyArn.slice(0, -12)}000000000000`);
    const bare = (text: string) =>
      text
        .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
        .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
    assert.equal(
      bare(JSON.stringify((await why(absent, `?as=${C}`)).body)),
      bare(told),
      'absent and forbidden are one',
    );
    const [toldA] = (await why(id, `?as=${A}`)).body.calls;
    assert.equal(toldA.caller.account, C);
    assert.equal(toldA.questions[0].outcome, 'denied');
    assert.match(JSON.stringify(toldA.questions[0]), /SourceAccount/i);
  });
});
