/** CloudWatch Logs through boto3, whose model of the service is not the one that the plane's wire is made of. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { logsService } from '../src/services/logs/logs.ts';
import { admin, B, groupArn, kmsClient, LOGS_WORLD, policy } from './aws-logs-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
let seen: Record<string, Record<string, unknown>>;
let now: number;
let keyArn: string;

before(async () => {
  plane = await startPlane({ world: LOGS_WORLD });
  const all = { Effect: 'Allow', Action: 'kms:*', Resource: '*' };
  const Policy = policy(
    { ...all, Principal: { AWS: `arn:aws:iam::${B}:root` } },
    { ...all, Principal: { Service: 'logs.us-east-1.amazonaws.com' } },
  );
  const { KeyMetadata } = await kmsClient(plane, admin(B)).send(new CreateKeyCommand({ Policy }));
  keyArn = KeyMetadata!.Arn!;
  const { accessKeyId, secretAccessKey } = admin(B);
  const script = fileURLToPath(new URL('./aws-logs-boto.py', import.meta.url));
  const { stdout } = await promisify(execFile)('python3', [script, plane.aws, accessKeyId, secretAccessKey, keyArn]);
  ({ seen, now } = JSON.parse(stdout));
});
after(() => plane.stop());

test('every operation that is answered was called', () => {
  const answered = [...logsService.aws![0]!.operations.keys()];
  const called = Object.keys(seen).filter((name) => name !== 'error');
  assert.deepEqual(
    called.map((name) => name.replaceAll('_', '')).toSorted(),
    answered.map((name) => name.toLowerCase()).toSorted(),
  );
});

test('groups and streams are shown', () => {
  const [group] = seen['describe_log_groups']!['logGroups'] as Record<string, unknown>[];
  assert.equal(group!['arn'], `${groupArn(B, 'boto/group')}:*`);
  assert.equal(group!['kmsKeyId'], keyArn);
  const [stream] = seen['describe_log_streams']!['logStreams'] as Record<string, unknown>[];
  assert.equal(stream!['arn'], `${groupArn(B, 'boto/group')}:log-stream:boto stream`);
  assert.deepEqual([stream!['firstEventTimestamp'], stream!['lastEventTimestamp']], [now, now + 2]);
});

test('events come back as they were put', () => {
  const { events, nextForwardToken, nextBackwardToken } = seen['get_log_events'] as {
    events: { timestamp: number; message: string; ingestionTime: number }[];
    [token: string]: unknown;
  };
  assert.deepEqual(
    events.map(({ timestamp, message }) => [timestamp, message]),
    [0, 1, 2].map((n) => [now + n, `message ${n} ✓`]),
  );
  assert.ok(events.every(({ ingestionTime }) => Math.abs(ingestionTime - now) < 60_000));
  assert.match(String(nextForwardToken), /^f\//);
  assert.match(String(nextBackwardToken), /^b\//);
  assert.match(String(seen['put_log_events']!['nextSequenceToken']), /^\d{56}$/);
});

test('tags are shown, and errors arrive as the class that the model names', () => {
  assert.deepEqual(seen['list_tags_for_resource'], { tags: { cost: '1' } });
  assert.deepEqual(seen['error'], {
    Code: 'ResourceNotFoundException',
    Message: 'The specified log group does not exist.',
  });
});
