/** What is kept of log events, and for how long: on disk, after kill -9, after deletions and expiry. */
import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  GetLogEventsCommand,
  type InputLogEvent,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { admin, B, endOf, LOGS_WORLD, logsClient } from './aws-logs-world.ts';
import { eventually, startPlane, type TestPlane } from './plane.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let plane: TestPlane;

before(async () => {
  plane = await startPlane({ world: LOGS_WORLD });
});
after(async () => {
  const log = plane.log();
  await plane.stop();
  assert.equal(log, '', 'the plane logged defects');
});

const event = (timestamp: number, message: string): InputLogEvent => ({ timestamp, message });

/** A new group with a stream. */
async function newStream(logGroupName: string) {
  const at = { logGroupName, logStreamName: 's' };
  const logs = logsClient(plane, admin(B));
  await logs.send(new CreateLogGroupCommand(at));
  await logs.send(new CreateLogStreamCommand(at));
  return {
    at,
    logs,
    put: (...logEvents: InputLogEvent[]) => logs.send(new PutLogEventsCommand({ ...at, logEvents })),
    get: async () => (await logs.send(new GetLogEventsCommand(at))).events!.map(({ message }) => message),
  };
}

/** How many rows there are of events, and how many documents. */
function countKept(): { rows: number; documents: number } {
  const database = new DatabaseSync(join(plane.home, 'easement.db'), { readOnly: true });
  try {
    const count = (table: string) => Number(database.prepare(`select count(*) as n from ${table}`).get()!['n']);
    return { rows: count('rows'), documents: count('documents') };
  } finally {
    database.close();
  }
}

const numbered = (count: number, time: number): InputLogEvent[] =>
  Array.from({ length: count }, (_, n) => event(time, `${n}`));

test('what a deleted stream held is erased, and nothing else', async () => {
  const kept = await newStream('kept');
  await kept.put(event(Date.now(), 'stays'));
  const without = countKept();
  const { at, logs, put } = await newStream('erased');
  await put(...numbered(2500, Date.now()));
  await put(event(Date.now(), 'last'));
  assert.equal(countKept().rows, without.rows + 2501);
  await logs.send(new DeleteLogStreamCommand(at));
  await eventually('the events are erased', async () => countKept().rows === without.rows);
  // The group itself is left.
  await eventually('their keys are erased', async () => countKept().documents === without.documents + 1);
  assert.deepEqual(await kept.get(), ['stays']);
});

test('events expire: out of sight at once, erased by the service, refused when they come late', async () => {
  const { at, logs, put, get } = await newStream('expiring');
  const { rows } = countKept();
  await put(...numbered(2500, Date.now()));
  const retain = (retentionInDays: number) => logs.send(new PutRetentionPolicyCommand({ ...at, retentionInDays }));
  assert.match(await endOf(retain(2)), /^InvalidParameterException: retentionInDays must be one of 1, 3, 5, /);
  await retain(1);
  const shown = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: at.logGroupName }));
  assert.equal(shown.logGroups![0]!.retentionInDays, 1);
  await plane.advance(20 * HOUR);
  await put(event(Date.now() + 20 * HOUR, 'new'));
  assert.equal((await get()).length, 2501);
  await plane.advance(10 * HOUR);
  assert.deepEqual(await get(), ['new']);
  await eventually('the expired events are erased', async () => countKept().rows === rows + 1);
  const now = Date.now() + 30 * HOUR;
  const { rejectedLogEventsInfo } = await put(
    event(now - 15 * DAY, 'old'),
    event(now - 25 * HOUR, 'expired'),
    event(now, 'in'),
  );
  assert.deepEqual(rejectedLogEventsInfo, { tooOldLogEventEndIndex: 1, expiredLogEventEndIndex: 2 });
  await logs.send(new DeleteRetentionPolicyCommand(at));
  assert.deepEqual(await get(), ['new', 'in'], 'what was erased does not come back');
});

test('what was acknowledged is there after kill -9, and in no file in clear', async () => {
  const first = await startPlane({ world: LOGS_WORLD });
  const at = { logGroupName: 'lasting', logStreamName: 's' };
  const client = logsClient(first, admin(B));
  await client.send(new CreateLogGroupCommand(at));
  await client.send(new CreateLogStreamCommand(at));
  const secret = 'the-word-that-must-not-be-found';
  const written = Array.from({ length: 20 }, (_, n) => `${secret} ${n}`);
  for (const message of written) {
    await client.send(new PutLogEventsCommand({ ...at, logEvents: [event(Date.now(), message)] }));
  }
  await first.kill();
  for (const file of await readdir(first.home, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const bytes = await readFile(join(file.parentPath, file.name));
    assert.ok(
      !bytes.includes(secret) && !bytes.includes(Buffer.from(secret).toString('base64').slice(0, 30)),
      file.name,
    );
  }
  const again = await startPlane({ home: first.home, world: LOGS_WORLD });
  try {
    const { events } = await logsClient(again, admin(B)).send(new GetLogEventsCommand(at));
    assert.deepEqual(
      events!.map(({ message }) => message),
      written,
    );
  } finally {
    await again.stop();
    await rm(join(first.home, '..'), { recursive: true });
  }
});
