/** CloudWatch Logs through the vendor's client: groups, streams, events, tags; who may do what, and in whose words not. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  paginateDescribeLogGroups,
  paginateDescribeLogStreams,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { A, admin, B, endOf, groupArn, kmsClient, LOGS_WORLD, logsClient, policy } from './aws-logs-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

const HOUR = 3_600_000;

let plane: TestPlane;
let logs: CloudWatchLogsClient;
let keyArn: string;

before(async () => {
  plane = await startPlane({ world: LOGS_WORLD });
  logs = logsClient(plane, admin(B));
  const service = {
    Effect: 'Allow',
    Principal: { Service: 'logs.us-east-1.amazonaws.com' },
    Action: 'kms:*',
    Resource: '*',
  };
  const own = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${B}:root` }, Action: 'kms:*', Resource: '*' };
  const { KeyMetadata } = await kmsClient(plane, admin(B)).send(new CreateKeyCommand({ Policy: policy(own, service) }));
  keyArn = KeyMetadata!.Arn!;
});
after(async () => {
  const log = plane.log();
  await plane.stop();
  assert.equal(log, '', 'the plane logged defects');
});

async function newStream(
  logGroupName: string,
  logStreamName = 's',
): Promise<{ logGroupName: string; logStreamName: string }> {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  return { logGroupName, logStreamName };
}

const namesOf = (groups: readonly { logGroupName?: string | undefined }[] | undefined) =>
  groups?.map(({ logGroupName }) => logGroupName);

describe('log groups', () => {
  test('a group is made, shown, tagged and deleted', async () => {
    const logGroupName = '/shown/group';
    await logs.send(new CreateLogGroupCommand({ logGroupName, tags: { team: 'x' } }));
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
    const { creationTime, ...shown } = logGroups![0]!;
    assert.ok(Math.abs(creationTime! - Date.now()) < HOUR);
    assert.deepEqual(shown, {
      logGroupName,
      arn: `${groupArn(B, logGroupName)}:*`,
      logGroupArn: groupArn(B, logGroupName),
      logGroupClass: 'STANDARD',
      metricFilterCount: 0,
      deletionProtectionEnabled: false,
    });
    const resourceArn = groupArn(B, logGroupName);
    await logs.send(new TagResourceCommand({ resourceArn, tags: { team: 'y', cost: '1' } }));
    await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['cost'] }));
    assert.deepEqual((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags, { team: 'y' });
    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
    assert.equal(
      await endOf(logs.send(new DeleteLogGroupCommand({ logGroupName }))),
      'ResourceNotFoundException: The specified log group does not exist.',
    );
  });

  test('names are unique in an account, not beyond it', async () => {
    const make = (client: CloudWatchLogsClient) => client.send(new CreateLogGroupCommand({ logGroupName: 'twice' }));
    await make(logs);
    assert.equal(await endOf(make(logs)), 'ResourceAlreadyExistsException: The specified log group already exists');
    assert.equal(await endOf(make(logsClient(plane, admin(A)))), 'done');
  });

  test('are listed by name, by prefix, by part of the name, page by page', async () => {
    const names = ['list/a', 'list/a-b', 'list/a.c', 'list/a/d', 'list/a1', 'list/b'];
    for (const logGroupName of names.toReversed()) await logs.send(new CreateLogGroupCommand({ logGroupName }));
    const pages = [];
    for await (const page of paginateDescribeLogGroups(
      { client: logs, pageSize: 4 },
      { logGroupNamePrefix: 'list/' },
    )) {
      pages.push(namesOf(page.logGroups));
    }
    assert.deepEqual(pages, [names.slice(0, 4), names.slice(4)]);
    const part = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'st/a-' }));
    assert.deepEqual(namesOf(part.logGroups), ['list/a-b']);
    const named = { logGroupIdentifiers: ['list/b', groupArn(B, 'list/a')] };
    assert.deepEqual(namesOf((await logs.send(new DescribeLogGroupsCommand(named))).logGroups), ['list/a', 'list/b']);
    const first = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'list/', limit: 1 }));
    const { nextToken } = first;
    const elsewhere = logsClient(plane, admin(A)).send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: 'list/', nextToken }),
    );
    assert.equal(await endOf(elsewhere), 'InvalidParameterException: The specified nextToken is invalid.');
  });

  test('what cannot be is refused in the words of the vendor', async () => {
    const create = (input: object) =>
      endOf(logs.send(new CreateLogGroupCommand({ logGroupName: 'refused', ...input })));
    assert.equal(
      await create({ logGroupName: 'aws/mine' }),
      'InvalidParameterException: Log groups starting with AWS/ are reserved for AWS.',
    );
    assert.match(await create({ logGroupClass: 'DELIVERY' }), /^InvalidParameterException: /);
    assert.match(await create({ deletionProtectionEnabled: true }), /^InvalidParameterException: /);
    assert.match(await create({ tags: { 'aws:x': '1' } }), /^InvalidParameterException: /);
    assert.match(await create({ logGroupName: 'no:colon' }), /^InvalidParameterException: 1 validation error detected/);
    assert.equal(
      await create({ kmsKeyId: keyArn.slice(keyArn.lastIndexOf('/') + 1) }),
      "InvalidParameterException: The specified KMS Key Id could not be found. 'refused'",
    );
  });
});

describe('log streams', () => {
  test('are listed by name or by their last event, either way round', async () => {
    const { logGroupName } = await newStream('streams', 'a');
    for (const logStreamName of ['c', 'b/1', 'b'])
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    const now = Date.now();
    for (const [logStreamName, age] of [
      ['c', 3],
      ['a', 1],
      ['b', 2],
    ] as const) {
      const logEvents = [{ timestamp: now - age * HOUR, message: 'x' }];
      await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    }
    const list = async (input: object): Promise<(string | undefined)[]> => {
      const found = [];
      for await (const page of paginateDescribeLogStreams({ client: logs, pageSize: 2 }, { logGroupName, ...input })) {
        found.push(...page.logStreams!.map(({ logStreamName }) => logStreamName));
      }
      return found;
    };
    assert.deepEqual(await list({}), ['a', 'b', 'b/1', 'c']);
    assert.deepEqual(await list({ descending: true }), ['c', 'b/1', 'b', 'a']);
    assert.deepEqual(await list({ logStreamNamePrefix: 'b' }), ['b', 'b/1']);
    assert.deepEqual(await list({ orderBy: 'LastEventTime' }), ['b/1', 'c', 'b', 'a']);
    assert.deepEqual(await list({ orderBy: 'LastEventTime', descending: true }), ['a', 'b', 'c', 'b/1']);
    const both = logs.send(
      new DescribeLogStreamsCommand({ logGroupName, orderBy: 'LastEventTime', logStreamNamePrefix: 'b' }),
    );
    assert.match(await endOf(both), /^InvalidParameterException: /);
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix: 'a' }));
    const { creationTime: _made, lastIngestionTime: _in, ...shown } = logStreams![0]!;
    assert.deepEqual(shown, {
      logStreamName: 'a',
      arn: `${groupArn(B, logGroupName)}:log-stream:a`,
      storedBytes: 0,
      firstEventTimestamp: now - HOUR,
      lastEventTimestamp: now - HOUR,
    });
  });

  test('one that was deleted leaves nothing to a later one of the same name', async () => {
    const at = await newStream('again');
    const logEvents = [{ timestamp: Date.now(), message: 'old' }];
    await logs.send(new PutLogEventsCommand({ ...at, logEvents }));
    assert.match(await endOf(logs.send(new CreateLogStreamCommand(at))), /^ResourceAlreadyExistsException: /);
    await logs.send(new DeleteLogStreamCommand(at));
    assert.equal(
      await endOf(logs.send(new GetLogEventsCommand(at))),
      'ResourceNotFoundException: The specified log stream does not exist.',
    );
    await logs.send(new CreateLogStreamCommand(at));
    assert.deepEqual((await logs.send(new GetLogEventsCommand(at))).events, []);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: at.logGroupName }));
    await newStream('again');
    assert.deepEqual((await logs.send(new GetLogEventsCommand(at))).events, []);
  });

  test('a name that cannot be kept is refused', async () => {
    const { logGroupName } = await newStream('odd-names');
    for (const logStreamName of ['a:b', 'a*', '', '\0', 'x\0y']) {
      const make = logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      assert.match(await endOf(make), /^InvalidParameterException: /, JSON.stringify(logStreamName));
    }
    assert.equal(
      await endOf(logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: '2026/[$LATEST]é ✓' }))),
      'done',
    );
  });
});
