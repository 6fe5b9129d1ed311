/** Reading log events. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html */
import type { KeyObject } from 'node:crypto';
import type {
  GetLogEventsCommandInput,
  GetLogEventsCommandOutput,
  OutputLogEvent,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Context } from '../../context.ts';
import { type Allowed, operation } from '../../operation.ts';
import { markedPosition, pageMark } from '../../paging.ts';
import type { Row, RowQuery } from '../../store/store.ts';
import type { Input, Output } from '../../wire/aws/face.ts';
import { LogGroup } from './access.ts';
import { namedStream } from './address.ts';
import {
  batchKeys,
  groupIdOf,
  type LogEventRow,
  type LogGroupDocument,
  type LogStreamDocument,
  logEvents,
} from './documents.ts';
import { openBatchKey } from './encryption.ts';
import { timeKey, timesOf } from './event-key.ts';
import { invalidToken } from './listing.ts';
import { firstKept } from './retention.ts';
import { openMessage, placeOf } from './sealing.ts';
import { streamNamed } from './streams.ts';

type GetInput = Input<GetLogEventsCommandInput>;
type Group = Allowed<LogGroupDocument, 'log-group.getLogEvents'>;

const PAGE_EVENTS = 10_000;
const PAGE_BYTES = 1_048_576;
/** Each batch of a page asks its KMS key once, and each question is recorded. */
const PAGE_BATCHES = 500;
const CHUNK = 200;

export const getLogEvents = operation(
  'logs.GetLogEvents',
  async (cx, input: GetInput): Promise<Output<GetLogEventsCommandOutput>> => {
    const at = namedStream(cx, input, input.logStreamName);
    const group = await cx.allow(LogGroup.getLogEvents, at);
    // No data protection policy masks anything here; the right to see what one would mask is asked for all the same.
    if (input.unmask) await cx.allow(LogGroup.unmask, namedStream(cx, input));
    const stream = (await streamNamed(cx, group, input.logStreamName)).value;
    const scope = JSON.stringify(['logs.GetLogEvents', group.ref, stream.content]);
    const from = startOf(cx, scope, { ...input, startTime: firstKept(cx, group, input.startTime) });
    const rows = await pageOfRows(cx, group, stream, { ...from, limit: Math.ceil(input.limit ?? PAGE_EVENTS) });
    const token = (way: Way, key: Uint8Array): string =>
      `${way}/${pageMark(cx, `${scope}${way}`, Buffer.from(key).toString('hex'))}`;
    const here = from.at ?? timeKey(input.startTime ?? 0);
    return {
      events: await opened(cx, group, stream, rows),
      nextForwardToken: token('f', rows.at(-1)?.key ?? here),
      nextBackwardToken: token('b', rows[0]?.key ?? here),
    };
  },
  {
    recorded: ({ logGroupName = null, logGroupIdentifier = null, logStreamName }) => ({
      logGroupName,
      logGroupIdentifier,
      logStreamName,
    }),
  },
);

/** Forward or backward in time. */
type Way = 'f' | 'b';

interface Start {
  readonly reverse: boolean;
  readonly range: Omit<RowQuery, 'limit'>;
  /** Where a token points. */
  readonly at?: Buffer;
}

/** Where a page begins and in which direction it goes. Throws `InvalidParameterException` for a token of another stream. */
function startOf(cx: Context, scope: string, { nextToken, startTime, endTime, startFromHead }: GetInput): Start {
  const range = {
    ...(startTime === undefined ? {} : { from: timeKey(startTime) }),
    ...(endTime === undefined ? {} : { before: timeKey(endTime) }),
  };
  if (nextToken === undefined) return { reverse: startFromHead !== true, range };
  const [, way, mark] = /^([fb])\/(.+)$/.exec(nextToken) ?? [];
  const position = mark === undefined ? undefined : markedPosition(cx, `${scope}${way}`, mark);
  if (position === undefined) throw invalidToken();
  const at = Buffer.from(position, 'hex');
  return { reverse: way === 'b', range: { ...range, after: at }, at };
}

/** As many rows as fit in a page, the oldest first. */
async function pageOfRows(
  cx: Context,
  group: Group,
  { content }: LogStreamDocument,
  { range, reverse, limit }: Start & { readonly limit: number },
): Promise<readonly Row<LogEventRow>[]> {
  const rows = cx.rows(group, logEvents, content);
  const page: Row<LogEventRow>[] = [];
  const batches = new Set<string>();
  let bytes = 0;
  let after = range.after;
  for (;;) {
    const wanted = Math.min(CHUNK, limit + 1 - page.length);
    const chunk = await rows.list({ ...range, reverse, limit: wanted, ...(after === undefined ? {} : { after }) });
    for (const row of chunk.items) {
      bytes += row.value.size;
      batches.add(row.value.batch);
      const isFull = page.length === limit || batches.size > PAGE_BATCHES || (bytes > PAGE_BYTES && page.length > 0);
      if (isFull) return inTime(page, reverse);
      page.push(row);
    }
    if (chunk.next === undefined) return inTime(page, reverse);
    after = chunk.next;
  }
}

const inTime = <T>(page: readonly T[], reverse: boolean): readonly T[] => (reverse ? page.toReversed() : page);

async function opened(
  cx: Context,
  group: Group,
  stream: LogStreamDocument,
  rows: readonly Row<LogEventRow>[],
): Promise<OutputLogEvent[]> {
  const content = `${groupIdOf(group.ref)}/${stream.content}`;
  const keys = new Map<string, KeyObject>();
  const events: OutputLogEvent[] = [];
  for (const { key: place, value } of rows) {
    let key = keys.get(value.batch);
    if (key === undefined) {
      const kept = await cx.part(group, batchKeys, `${stream.content}/${value.batch}`);
      if (kept === undefined) throw new Error(`the batch ${value.batch} of ${content} has lost its data key`);
      key = await openBatchKey(cx, group, kept);
      keys.set(value.batch, key);
    }
    events.push({ ...timesOf(place), message: openMessage(key, value.sealed, placeOf(content, place)) });
  }
  return events;
}
