/** Who may do what with log groups: each operation with the one grant that it takes, and with all others but that. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  AssociateKmsKeyCommand,
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DisassociateKmsKeyCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import {
  A,
  admin,
  B,
  EVERYTHING,
  endOf,
  groupArn,
  iamClient,
  kmsClient,
  LOGS_WORLD,
  logsClient,
  policy,
  worker,
} from './aws-logs-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
let iam: IAMClient;
let asAdmin: CloudWatchLogsClient;
let asWorker: CloudWatchLogsClient;
let keyArn: string;

before(async () => {
  plane = await startPlane({ world: LOGS_WORLD });
  iam = iamClient(plane, admin(B));
  asAdmin = logsClient(plane, admin(B));
  asWorker = logsClient(plane, worker(B));
  const all = { Effect: 'Allow', Action: 'kms:*', Resource: '*' };
  const { KeyMetadata } = await kmsClient(plane, admin(B)).send(
    new CreateKeyCommand({
      Policy: policy(
        { ...all, Principal: { AWS: `arn:aws:iam::${B}:root` } },
        { ...all, Principal: { Service: 'logs.us-east-1.amazonaws.com' } },
      ),
    }),
  );
  keyArn = KeyMetadata!.Arn!;
  await asAdmin.send(new CreateLogGroupCommand({ logGroupName: 'app', tags: { team: 'x' } }));
  await asAdmin.send(new CreateLogStreamCommand({ logGroupName: 'app', logStreamName: 's' }));
});
after(async () => {
  const log = plane.log();
  await plane.stop();
  assert.equal(log, '', 'the plane logged defects');
});

/** What the worker may do, and nothing else. */
async function allowWorker(...statements: readonly object[]): Promise<void> {
  const PolicyDocument = policy(...statements);
  await iam.send(new PutUserPolicyCommand({ UserName: 'worker', PolicyName: 'own', PolicyDocument }));
}

const allow = (action: string, resource: string, condition?: object) => ({
  Effect: 'Allow',
  Action: `logs:${action}`,
  Resource: resource,
  ...(condition ? { Condition: condition } : {}),
});

const GROUP = groupArn(B, 'app');
const at = { logGroupName: 'app', logStreamName: 's' };
const now = Date.now();

interface Call {
  readonly action: string;
  /** What the vendor asks its policies about. */
  readonly resource: string;
  readonly send: (logs: CloudWatchLogsClient) => Promise<unknown>;
}

/** In this order each can be done after the others. */
const CALLS: readonly Call[] = [
  {
    action: 'CreateLogGroup',
    resource: `${groupArn(B, 'new')}:log-stream:`,
    send: (logs) => logs.send(new CreateLogGroupCommand({ logGroupName: 'new' })),
  },
  {
    action: 'DeleteLogGroup',
    resource: `${groupArn(B, 'new')}:log-stream:`,
    send: (logs) => logs.send(new DeleteLogGroupCommand({ logGroupName: 'new' })),
  },
  {
    action: 'DescribeLogGroups',
    resource: `${groupArn(B, '')}:log-stream:`,
    send: (logs) => logs.send(new DescribeLogGroupsCommand({})),
  },
  {
    action: 'AssociateKmsKey',
    resource: `${GROUP}:log-stream:`,
    send: (logs) => logs.send(new AssociateKmsKeyCommand({ logGroupName: 'app', kmsKeyId: keyArn })),
  },
  {
    action: 'DisassociateKmsKey',
    resource: `${GROUP}:log-stream:`,
    send: (logs) => logs.send(new DisassociateKmsKeyCommand({ resourceIdentifier: GROUP })),
  },
  {
    action: 'CreateLogStream',
    resource: `${GROUP}:log-stream:new`,
    send: (logs) => logs.send(new CreateLogStreamCommand({ logGroupName: 'app', logStreamName: 'new' })),
  },
  {
    action: 'DeleteLogStream',
    resource: `${GROUP}:log-stream:new`,
    send: (logs) => logs.send(new DeleteLogStreamCommand({ logGroupName: 'app', logStreamName: 'new' })),
  },
  {
    action: 'DescribeLogStreams',
    resource: `${GROUP}:log-stream:`,
    send: (logs) => logs.send(new DescribeLogStreamsCommand({ logGroupName: 'app' })),
  },
  {
    action: 'PutLogEvents',
    resource: `${GROUP}:log-stream:s`,
    send: (logs) => logs.send(new PutLogEventsCommand({ ...at, logEvents: [{ timestamp: now, message: 'x' }] })),
  },
  {
    action: 'GetLogEvents',
    resource: `${GROUP}:log-stream:s`,
    send: (logs) => logs.send(new GetLogEventsCommand(at)),
  },
  {
    action: 'PutRetentionPolicy',
    resource: `${GROUP}:log-stream:`,
    send: (logs) => logs.send(new PutRetentionPolicyCommand({ logGroupName: 'app', retentionInDays: 7 })),
  },
  {
    action: 'DeleteRetentionPolicy',
    resource: `${GROUP}:log-stream:`,
    send: (logs) => logs.send(new DeleteRetentionPolicyCommand({ logGroupName: 'app' })),
  },
  {
    action: 'TagResource',
    resource: GROUP,
    send: (logs) => logs.send(new TagResourceCommand({ resourceArn: GROUP, tags: { cost: '1' } })),
  },
  {
    action: 'UntagResource',
    resource: GROUP,
    send: (logs) => logs.send(new UntagResourceCommand({ resourceArn: GROUP, tagKeys: ['cost'] })),
  },
  {
    action: 'ListTagsForResource',
    resource: GROUP,
    send: (logs) => logs.send(new ListTagsForResourceCommand({ resourceArn: GROUP })),
  },
];

describe('each operation', () => {
  for (const { action, resource, send } of CALLS) {
    test(`${action} takes its own grant and no other`, async () => {
      await allowWorker({ Effect: 'Allow', NotAction: `logs:${action}`, Resource: '*' });
      assert.equal(
        await endOf(send(asWorker)),
        `AccessDeniedException: User: arn:aws:iam::${B}:user/worker is not authorized to perform: logs:${action} on resource: ${resource} because no identity-based policy allows the logs:${action} action`,
      );
      await allowWorker(allow(action, `${resource}x`));
      assert.match(await endOf(send(asWorker)), /^AccessDeniedException: /, 'a grant for something else');
      await allowWorker(allow(action, resource));
      assert.equal(await endOf(send(asWorker)), 'done');
      await allowWorker(EVERYTHING, { ...allow(action, resource), Effect: 'Deny' });
      assert.match(
        await endOf(send(asWorker)),
        /^AccessDeniedException: .* with an explicit deny in an identity-based/,
      );
    });
  }
});

describe('a grant', () => {
  test('for a group names it with `:*`, as the pages say; for its tags without', async () => {
    const streams = () => endOf(asWorker.send(new DescribeLogStreamsCommand({ logGroupName: 'app' })));
    const tags = () => endOf(asWorker.send(new ListTagsForResourceCommand({ resourceArn: GROUP })));
    await allowWorker(allow('*', GROUP));
    assert.deepEqual([(await streams()).split(':')[0], await tags()], ['AccessDeniedException', 'done']);
    await allowWorker(allow('*', `${GROUP}:*`));
    assert.deepEqual([await streams(), (await tags()).split(':')[0]], ['done', 'AccessDeniedException']);
  });

  test('to unmask is asked for besides the one to read', async () => {
    const read = (unmask: boolean) => endOf(asWorker.send(new GetLogEventsCommand({ ...at, unmask })));
    await allowWorker(allow('GetLogEvents', '*'));
    assert.deepEqual([await read(false), (await read(true)).split(':')[0]], ['done', 'AccessDeniedException']);
    await allowWorker(allow('GetLogEvents', '*'), allow('Unmask', '*'));
    assert.equal(await read(true), 'done');
  });

  test('can depend on the tags of the group, and on those in the request', async () => {
    const read = () => endOf(asWorker.send(new GetLogEventsCommand(at)));
    await allowWorker(allow('GetLogEvents', '*', { StringEquals: { 'aws:ResourceTag/team': 'x' } }));
    assert.equal(await read(), 'done');
    await allowWorker(allow('GetLogEvents', '*', { StringEquals: { 'aws:ResourceTag/team': 'y' } }));
    assert.match(await read(), /^AccessDeniedException: /);
    const make = (team: string) =>
      endOf(asWorker.send(new CreateLogGroupCommand({ logGroupName: `of-${team}`, tags: { team } })));
    await allowWorker(allow('*', '*', { StringEquals: { 'aws:RequestTag/team': 'x' } }));
    assert.equal(await make('x'), 'done');
    assert.match(await make('y'), /^AccessDeniedException: /);
    await allowWorker(allow('CreateLogGroup', '*'));
    assert.match(await make('z'), /^AccessDeniedException: .* logs:TagResource /, 'tags take a grant of their own');
  });
});

test('groups of another account cannot be reached, and are not told of', async () => {
  await logsClient(plane, admin(A)).send(new CreateLogGroupCommand({ logGroupName: 'theirs' }));
  const read = (group: string) =>
    endOf(asAdmin.send(new DescribeLogStreamsCommand({ logGroupIdentifier: groupArn(A, group) })));
  const [there, absent] = [await read('theirs'), await read('absent')];
  assert.match(there, /^AccessDeniedException: /);
  assert.equal(there.replaceAll('theirs', 'absent'), absent);
});

test('a group is named whole: no name can be made to look like another', async () => {
  await allowWorker(EVERYTHING, { ...allow('GetLogEvents', `${GROUP}:log-stream:s`), Effect: 'Deny' });
  const read = (logGroupIdentifier: string) =>
    endOf(asWorker.send(new GetLogEventsCommand({ logGroupIdentifier, logStreamName: 's' })));
  assert.match(await read(GROUP), /^AccessDeniedException: /);
  for (const odd of [
    'app:log-stream:x',
    `${GROUP}:log-stream:x`,
    `${GROUP}:`,
    'app!',
    `${GROUP}*`,
    GROUP.replace(B, ''),
  ]) {
    assert.match(await read(odd), /^InvalidParameterException: /, odd);
  }
});
