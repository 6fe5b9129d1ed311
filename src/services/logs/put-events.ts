/** Taking in log events. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
import type {
  InputLogEvent,
  PutLogEventsCommandInput,
  PutLogEventsCommandOutput,
  RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Context } from '../../context.ts';
import type { Fault } from '../../faults.ts';
import { type Allowed, operation } from '../../operation.ts';
import type { Input, Output } from '../../wire/aws/face.ts';
import { awsFault } from '../../wire/aws/fault.ts';
import { LogGroup } from './access.ts';
import { ownStream } from './address.ts';
import {
  batchKeys,
  groupIdOf,
  type LogGroupDocument,
  type LogStreamDocument,
  logEvents,
  logStreams,
} from './documents.ts';
import { newBatchKey } from './encryption.ts';
import { batchName, eventKey } from './event-key.ts';
import { firstKept } from './retention.ts';
import { placeOf, sealMessage } from './sealing.ts';
import { streamNamed } from './streams.ts';

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OLDEST = 14 * DAY;
const NEWEST = 2 * HOUR;
const SPAN = DAY;
const BATCH_BYTES = 1_048_576;
/** What each event counts besides its message. */
const EVENT_BYTES = 26;
/** Tokens order nothing any more, but clients of old look for one. */
const TOKEN_DIGITS = 56;

export const putLogEvents = operation(
  'logs.PutLogEvents',
  async (cx, input: Input<PutLogEventsCommandInput>): Promise<Output<PutLogEventsCommandOutput>> => {
    const { logGroupName, logStreamName: name } = input;
    const group = await cx.allow(LogGroup.putLogEvents, ownStream(cx, logGroupName, name));
    const stream = (await streamNamed(cx, group, name)).value;
    const events = input.logEvents as readonly Event[];
    requireOneBatch(events);
    const { accepted, rejected } = sift(events, cx.now, firstKept(cx, group) ?? 0);
    requireSpan(accepted);
    if (accepted.length > 0) await keep(cx, group, stream, accepted);
    return {
      nextSequenceToken: String(cx.now).padStart(TOKEN_DIGITS, '0'),
      ...(rejected ? { rejectedLogEventsInfo: rejected } : {}),
      // Entities are not kept: the vendor's way to say so lets the events in.
      ...(input.entity ? { rejectedEntityInfo: { errorType: 'UnsupportedLogGroupType' } } : {}),
    };
  },
  {
    recorded: ({ logGroupName, logStreamName, logEvents: events }) => ({
      logGroupName,
      logStreamName,
      events: events.length,
    }),
  },
);

/** An event as the wire lets it through: with both. */
type Event = { readonly [K in keyof InputLogEvent]-?: NonNullable<InputLogEvent[K]> };

function requireOneBatch(events: readonly Event[]): void {
  if (events.some(({ timestamp }, n) => n > 0 && timestamp < events[n - 1]!.timestamp)) {
    throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
  }
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + EVENT_BYTES, 0);
  if (bytes > BATCH_BYTES) throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${BATCH_BYTES}`);
}

function requireSpan(events: readonly Event[]): void {
  if (events.length > 0 && events.at(-1)!.timestamp - events[0]!.timestamp > SPAN) {
    throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}

const invalid = (message: string): Fault => awsFault('InvalidParameterException', message);

/** Events that are too old, expired or too new are left out, and the reply says which; the others are in order. */
function sift(
  events: readonly Event[],
  now: number,
  expiry: number,
): { readonly accepted: readonly Event[]; readonly rejected?: RejectedLogEventsInfo } {
  const firstAt = (time: number): number => {
    const first = events.findIndex(({ timestamp }) => timestamp >= time);
    return first < 0 ? events.length : first;
  };
  const [old, expired, early] = [firstAt(now - OLDEST), firstAt(expiry), firstAt(now + NEWEST + 1)];
  const begin = Math.max(old, expired);
  if (begin === 0 && early === events.length) return { accepted: events };
  return {
    accepted: events.slice(begin, early),
    rejected: {
      ...(old === 0 ? {} : { tooOldLogEventEndIndex: old }),
      ...(expired <= old ? {} : { expiredLogEventEndIndex: expired }),
      ...(early === events.length ? {} : { tooNewLogEventStartIndex: early }),
    },
  };
}

async function keep(
  cx: Context,
  group: Allowed<LogGroupDocument, 'log-group.putLogEvents'>,
  stream: LogStreamDocument,
  events: readonly Event[],
): Promise<void> {
  const batch = batchName(events.at(-1)!.timestamp, cx.newId());
  const { key, kept } = await newBatchKey(cx, group);
  const content = `${groupIdOf(group.ref)}/${stream.content}`;
  cx.putPart(group, batchKeys, `${stream.content}/${batch}`, { content, ...kept });
  const rows = cx.rows(group, logEvents, stream.content);
  for (const [number, { timestamp, message }] of events.entries()) {
    const place = eventKey({ timestamp, ingestedAt: cx.now, batch, number });
    const sealed = sealMessage(key, message, placeOf(content, place));
    rows.put(place, { batch, sealed, size: Buffer.byteLength(message) });
  }
  if (cx.now - (stream.ingestedAt ?? 0) >= SECOND) {
    cx.putPart(group, logStreams, stream.name, { ...stream, ingestedAt: cx.now });
  }
}
