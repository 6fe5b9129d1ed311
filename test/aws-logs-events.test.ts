/** Log events through the vendor's client: taken in, kept encrypted, read page by page. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  type Entity,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  type InputLogEvent,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { admin, B, endOf, LOGS_WORLD, logsClient } from './aws-logs-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let plane: TestPlane;
let logs: CloudWatchLogsClient;

before(async () => {
  plane = await startPlane({ world: LOGS_WORLD });
  logs = logsClient(plane, admin(B));
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'app' }));
});
after(async () => {
  const log = plane.log();
  await plane.stop();
  assert.equal(log, '', 'the plane logged defects');
});

/** A new stream of the group, with what a test does to it. */
async function newStream(logStreamName: string) {
  const at = { logGroupName: 'app', logStreamName };
  await logs.send(new CreateLogStreamCommand(at));
  return {
    put: (logEvents: InputLogEvent[], entity?: Entity) =>
      logs.send(new PutLogEventsCommand({ ...at, logEvents, entity })),
    get: async (input: Partial<GetLogEventsCommandInput> = {}) => {
      const { events, nextForwardToken, nextBackwardToken } = await logs.send(
        new GetLogEventsCommand({ ...at, ...input }),
      );
      return {
        messages: events!.map(({ message }) => message),
        forward: nextForwardToken!,
        backward: nextBackwardToken!,
      };
    },
  };
}

const event = (timestamp: number, message: string): InputLogEvent => ({ timestamp, message });

describe('taking in', () => {
  test('events of several batches stand in the order of their times', async () => {
    const { put, get } = await newStream('order');
    const now = Date.now();
    await put([event(now - 2, 'b'), event(now, 'd')]);
    await put([event(now - 3, 'a'), event(now - 2, 'c'), event(now, 'e ✓')]);
    assert.deepEqual((await get()).messages, ['a', 'b', 'c', 'd', 'e ✓']);
  });

  test('a batch out of order, over a day long or too large is refused whole', async () => {
    const { put, get } = await newStream('refused');
    const now = Date.now();
    assert.equal(
      await endOf(put([event(now, 'x'), event(now - 1, 'y')])),
      'InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order.',
    );
    assert.equal(
      await endOf(put([event(now - DAY - 1, 'x'), event(now, 'y')])),
      'InvalidParameterException: The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
    assert.equal(
      await endOf(put([event(now, 'x'.repeat(1_048_576 - 25))])),
      'InvalidParameterException: Upload too large: 1048577 bytes exceeds limit of 1048576',
    );
    assert.deepEqual((await get()).messages, []);
    await put([event(now - DAY, 'x'), event(now, 'y')]);
    assert.equal((await get()).messages.length, 2);
  });

  test('the largest batch is taken, however its JSON is written', async () => {
    const { put, get } = await newStream('largest');
    const message = '\u0001'.repeat(1_048_576 - 26);
    await put([event(Date.now(), message)]);
    assert.equal((await get()).messages[0], message);
  });

  test('events that are too old or too new are left out and told of', async () => {
    const { put, get } = await newStream('ages');
    const now = Date.now();
    const { rejectedLogEventsInfo: old } = await put([event(now - 15 * DAY, 'old'), event(now, 'good')]);
    assert.deepEqual(old, { tooOldLogEventEndIndex: 1 });
    const { rejectedLogEventsInfo: early } = await put([event(now, 'too'), event(now + 3 * HOUR, 'new')]);
    assert.deepEqual(early, { tooNewLogEventStartIndex: 1 });
    const { rejectedLogEventsInfo: none } = await put([event(now + HOUR, 'soon')]);
    assert.equal(none, undefined);
    assert.deepEqual((await get()).messages, ['good', 'too', 'soon']);
  });

  test('an entity is turned away, its events are not', async () => {
    const { put, get } = await newStream('entity');
    const entity = { keyAttributes: { Type: 'Service', Name: 'web' } };
    const { rejectedEntityInfo } = await put([event(Date.now(), 'x')], entity);
    assert.deepEqual(rejectedEntityInfo, { errorType: 'UnsupportedLogGroupType' });
    assert.deepEqual((await get()).messages, ['x']);
  });

  test('writers at the same time lose nothing', async () => {
    const { put, get } = await newStream('together');
    const now = Date.now();
    await Promise.all(Array.from({ length: 12 }, (_, n) => put([event(now, `event ${n}`)])));
    assert.equal(new Set((await get()).messages).size, 12);
  });
});

describe('reading', () => {
  const start = Date.now() - HOUR;
  const numbers = Array.from({ length: 10 }, (_, n) => String(n));
  let get: Awaited<ReturnType<typeof newStream>>['get'];
  before(async () => {
    const stream = await newStream('pages');
    await stream.put(numbers.map((message, n) => event(start + n, message)));
    get = stream.get;
  });

  test('goes from the newest back, or from the oldest on', async () => {
    assert.deepEqual((await get({ limit: 3 })).messages, ['7', '8', '9']);
    assert.deepEqual((await get({ limit: 3, startFromHead: true })).messages, ['0', '1', '2']);
  });

  test('tokens lead both ways, and the last one leads to itself', async () => {
    const first = await get({ limit: 4, startFromHead: true });
    const second = await get({ limit: 4, startFromHead: true, nextToken: first.forward });
    const third = await get({ limit: 4, startFromHead: true, nextToken: second.forward });
    assert.deepEqual([second.messages, third.messages], [numbers.slice(4, 8), numbers.slice(8)]);
    const end = await get({ limit: 4, startFromHead: true, nextToken: third.forward });
    assert.deepEqual([end.messages, end.forward], [[], third.forward]);
    assert.deepEqual((await get({ limit: 4, nextToken: third.backward })).messages, numbers.slice(4, 8));
    const beginning = await get({ nextToken: first.backward });
    assert.deepEqual([beginning.messages, beginning.backward], [[], first.backward]);
  });

  test('a range of times has its start and not its end', async () => {
    const range = { startTime: start + 2, endTime: start + 5 };
    assert.deepEqual((await get(range)).messages, ['2', '3', '4']);
    assert.deepEqual((await get({ ...range, limit: 1 })).messages, ['4']);
  });

  test('numbers that are not whole, or too large, are refused; those far away end in no defect', async () => {
    for (const wrong of [{ startTime: start + 7.5 }, { limit: 1.5 }, { endTime: 1e30 }]) {
      assert.match(await endOf(get(wrong)), /^SerializationException: /);
    }
    assert.deepEqual((await get({ startTime: Number.MAX_SAFE_INTEGER })).messages, []);
    assert.equal((await get({ endTime: 2 ** 63 })).messages.length, 10);
    assert.match(await endOf(get({ startTime: -1 })), /^InvalidParameterException: /);
  });

  test('a token is good for its stream, in its direction', async () => {
    const { forward } = await get({ limit: 1, startFromHead: true });
    const elsewhere = await newStream('elsewhere');
    const invalid = 'InvalidParameterException: The specified nextToken is invalid.';
    assert.equal(await endOf(elsewhere.get({ nextToken: forward })), invalid);
    assert.equal(await endOf(get({ nextToken: `b${forward.slice(1)}` })), invalid);
    assert.equal(
      await endOf(get({ nextToken: 'f/31132629274945519779805322857203735586714454643391594505' })),
      invalid,
    );
  });

  test('a page holds a megabyte, and the next one goes on', async () => {
    const stream = await newStream('megabytes');
    const now = Date.now();
    for (const letter of ['a', 'b', 'c']) await stream.put([event(now, letter.repeat(600_000))]);
    const first = await stream.get({ startFromHead: true });
    const second = await stream.get({ startFromHead: true, nextToken: first.forward });
    const third = await stream.get({ startFromHead: true, nextToken: second.forward });
    assert.deepEqual(
      [first, second, third].map(({ messages }) => messages.map((message) => message![0])),
      [['a'], ['b'], ['c']],
    );
  });
});
