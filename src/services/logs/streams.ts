/** Log streams: made, deleted, listed. */
import type {
  CreateLogStreamCommandInput,
  CreateLogStreamCommandOutput,
  DeleteLogStreamCommandInput,
  DeleteLogStreamCommandOutput,
  DescribeLogStreamsCommandInput,
  DescribeLogStreamsCommandOutput,
  LogStream,
  OrderBy,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Context } from '../../context.ts';
import { type Allowed, operation } from '../../operation.ts';
import { arnOf, logGroupIn, type ResourceRef } from '../../policy/names.ts';
import type { Document } from '../../store/store.ts';
import type { Input, Output } from '../../wire/aws/face.ts';
import { awsFault } from '../../wire/aws/fault.ts';
import { LogGroup } from './access.ts';
import { namedStream, ownStream } from './address.ts';
import {
  groupIdOf,
  type LogGroupDocument,
  type LogStreamDocument,
  logContents,
  logEvents,
  logStreams,
  streamRef,
} from './documents.ts';
import { discardStream, streamsOf } from './erase.ts';
import { timeKey, timesOf } from './event-key.ts';
import { pageOf } from './listing.ts';
import { firstKept } from './retention.ts';

export const createLogStream = operation(
  'logs.CreateLogStream',
  async (cx, input: Input<CreateLogStreamCommandInput>): Promise<Output<CreateLogStreamCommandOutput>> => {
    const { logGroupName, logStreamName: name } = input;
    const group = await cx.allow(LogGroup.createLogStream, ownStream(cx, logGroupName, name));
    if (name.includes('\0') || !name.isWellFormed()) {
      throw awsFault('InvalidParameterException', 'The name of a log stream must be text without NUL.');
    }
    if (await cx.part(group, logStreams, name)) {
      throw awsFault('ResourceAlreadyExistsException', 'The specified log stream already exists');
    }
    const content = cx.newId();
    cx.putPart(group, logStreams, name, { name, group: groupIdOf(group.ref), content, createdAt: cx.now });
    cx.putPart(group, logContents, content, { stream: name });
    return {};
  },
  { recorded: ({ logGroupName, logStreamName }) => ({ logGroupName, logStreamName }) },
);

export const deleteLogStream = operation(
  'logs.DeleteLogStream',
  async (cx, input: Input<DeleteLogStreamCommandInput>): Promise<Output<DeleteLogStreamCommandOutput>> => {
    const { logGroupName, logStreamName: name } = input;
    const group = await cx.allow(LogGroup.deleteLogStream, ownStream(cx, logGroupName, name));
    discardStream(cx, group, (await streamNamed(cx, group, name)).value);
    return {};
  },
  { recorded: ({ logGroupName, logStreamName }) => ({ logGroupName, logStreamName }) },
);

/** A stream of an allowed group. Throws `ResourceNotFoundException`. */
export async function streamNamed(
  cx: Context,
  group: Allowed<LogGroupDocument>,
  name: string,
): Promise<Document<LogStreamDocument>> {
  const stream = await cx.part(group, logStreams, name);
  if (stream) return stream;
  throw awsFault('ResourceNotFoundException', 'The specified log stream does not exist.');
}

type DescribeInput = Input<DescribeLogStreamsCommandInput>;

export const describeLogStreams = operation(
  'logs.DescribeLogStreams',
  async (cx, input: DescribeInput): Promise<Output<DescribeLogStreamsCommandOutput>> => {
    const group = await cx.allow(LogGroup.describeLogStreams, namedStream(cx, input));
    const { orderBy = 'LogStreamName', descending = false, logStreamNamePrefix: prefix = '' } = input;
    if (orderBy === 'LastEventTime' && prefix !== '') {
      throw awsFault('InvalidParameterException', 'Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const streams = await inOrder(cx, group, orderBy);
    if (descending) streams.reverse();
    const scope = JSON.stringify(['logs.DescribeLogStreams', group.ref, orderBy, descending, prefix]);
    const { items, next } = await pageOf(cx, scope, input, async function* (after) {
      for (const stream of streams) {
        const isBehind = after === undefined || (descending ? stream.id < after : stream.id > after);
        if (isBehind && stream.value.name.startsWith(prefix)) yield stream;
      }
    });
    const logStreams: LogStream[] = [];
    for (const { value } of items) logStreams.push(showStream(group.ref, value, await timesIn(cx, group, value)));
    return {
      logStreams,
      ...(next === undefined ? {} : { nextToken: next }),
    };
  },
);

/** Streams with what they are ordered by as their ids. */
async function inOrder(cx: Context, group: Allowed<LogGroupDocument>, by: OrderBy) {
  const ordered: { readonly id: string; readonly value: Readonly<LogStreamDocument> }[] = [];
  for await (const { value } of streamsOf(cx, group)) {
    const { last = 0 } = by === 'LastEventTime' ? await timesIn(cx, group, value) : {};
    ordered.push({ id: `${timeKey(last).toString('hex')}/${value.name}`, value });
  }
  return ordered.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Timestamps of the oldest and the newest event of a stream. */
async function timesIn(
  cx: Context,
  group: Allowed<LogGroupDocument>,
  { content }: LogStreamDocument,
): Promise<{ readonly first?: number; readonly last?: number }> {
  const rows = cx.rows(group, logEvents, content);
  const kept = firstKept(cx, group);
  const one = { limit: 1, ...(kept === undefined ? {} : { from: timeKey(kept) }) };
  const [oldest] = (await rows.list(one)).items;
  const [newest] = (await rows.list({ ...one, reverse: true })).items;
  return oldest && newest ? { first: timesOf(oldest.key).timestamp, last: timesOf(newest.key).timestamp } : {};
}

function showStream(
  { account, location, id }: ResourceRef,
  { name, createdAt, ingestedAt }: LogStreamDocument,
  { first, last }: { readonly first?: number; readonly last?: number },
): LogStream {
  return {
    logStreamName: name,
    creationTime: createdAt,
    arn: arnOf(streamRef(account, location, logGroupIn(id), name)),
    // What the vendor reports since 2019, whatever there is.
    storedBytes: 0,
    ...(first === undefined ? {} : { firstEventTimestamp: first }),
    ...(last === undefined ? {} : { lastEventTimestamp: last }),
    ...(ingestedAt === undefined ? {} : { lastIngestionTime: ingestedAt }),
  };
}
