/** Events expire: out of sight at once, erased by a job that runs every day. */
import type {
  DeleteRetentionPolicyCommandInput,
  DeleteRetentionPolicyCommandOutput,
  PutRetentionPolicyCommandInput,
  PutRetentionPolicyCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Context } from '../../context.ts';
import { isHidden } from '../../faults.ts';
import { type Allowed, operation } from '../../operation.ts';
import { arnOf, awsRef, type ResourceRef } from '../../policy/names.ts';
import type { Json } from '../../store/store.ts';
import type { Input, Output } from '../../wire/aws/face.ts';
import { awsFault } from '../../wire/aws/fault.ts';
import { LogGroup } from './access.ts';
import { ownStream } from './address.ts';
import { batchKeys, groupIdOf, groupOf, type LogGroupDocument, logEvents } from './documents.ts';
import { streamsOf } from './erase.ts';
import { batchName, timeKey } from './event-key.ts';

export const EXPIRE = 'logs.expire';

const DAY = 86_400_000;
/** Rows, and keys, that one commit erases. */
const CHUNK = 1000;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const DAYS: ReadonlySet<number> = new Set([
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180],
  ...[365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
]);

export const putRetentionPolicy = operation(
  'logs.PutRetentionPolicy',
  async (cx, input: Input<PutRetentionPolicyCommandInput>): Promise<Output<PutRetentionPolicyCommandOutput>> => {
    const group = await cx.allow(LogGroup.putRetentionPolicy, ownStream(cx, input.logGroupName));
    if (!DAYS.has(input.retentionInDays)) {
      throw awsFault('InvalidParameterException', `retentionInDays must be one of ${[...DAYS].join(', ')}`);
    }
    cx.update(group, { ...group.value, retention: input.retentionInDays });
    scheduleExpiry(cx, groupOf(group.ref), cx.now);
    return {};
  },
  { recorded: ({ logGroupName, retentionInDays }) => ({ logGroupName, retentionInDays }) },
);

export const deleteRetentionPolicy = operation(
  'logs.DeleteRetentionPolicy',
  async (cx, input: Input<DeleteRetentionPolicyCommandInput>): Promise<Output<DeleteRetentionPolicyCommandOutput>> => {
    const group = await cx.allow(LogGroup.deleteRetentionPolicy, ownStream(cx, input.logGroupName));
    const { retention: _retention, ...rest } = group.value;
    cx.update(group, rest);
    return {};
  },
  { recorded: ({ logGroupName }) => ({ logGroupName }) },
);

/** Events before this have expired, or are before `startTime`. Undefined when there is no such moment. */
export function firstKept(cx: Context, { value }: Allowed<LogGroupDocument>, startTime?: number): number | undefined {
  if (value.retention === undefined) return startTime;
  return Math.max(startTime ?? 0, cx.now - value.retention * DAY);
}

function scheduleExpiry(cx: Context, ref: ResourceRef, due: number): void {
  const group = arnOf(ref);
  cx.schedule({ kind: EXPIRE, account: ref.account, due, payload: { group }, key: group });
}

/** Erases a chunk of what has expired in a group; has itself run again when there is more, else in a day. */
export const expireEvents = operation('logs.expire', async (cx, payload: Json): Promise<void> => {
  const ref = awsRef((payload as { group: string }).group, '');
  const group = await allowExpiry(cx, ref);
  const before = group && firstKept(cx, group);
  if (group === undefined || before === undefined) return;
  let room = CHUNK;
  for await (const { value: stream } of streamsOf(cx, group)) {
    room -= await expireIn(cx, group, stream.content, { before, limit: room });
    if (room <= 0) break;
  }
  scheduleExpiry(cx, ref, room > 0 ? cx.now + DAY : cx.now);
});

/** How many rows and keys of a content were erased: all that have expired, up to `limit` of each. */
async function expireIn(
  cx: Context,
  group: Allowed<LogGroupDocument, 'log-group.expire'>,
  content: string,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const rows = cx.rows(group, logEvents, content);
  const expired = await rows.list({ before: timeKey(before), limit });
  for (const { key } of expired.items) rows.remove(key);
  // What is still there must be readable, should it be kept longer after all.
  if (expired.next !== undefined) return limit;
  const id = `${groupIdOf(group.ref)}/${content}`;
  const keys = await cx.parts(group, batchKeys, { index: 'content', key: id, limit });
  const names = keys.items.map((key) => key.id.slice(id.length + 1)).filter((name) => name < batchName(before, ''));
  for (const name of names) cx.removePart(group, batchKeys, `${content}/${name}`);
  return Math.max(expired.items.length, names.length);
}

/** Undefined when the group is gone. */
async function allowExpiry(
  cx: Context,
  ref: ResourceRef,
): Promise<Allowed<LogGroupDocument, 'log-group.expire'> | undefined> {
  try {
    return await cx.allow(LogGroup.expire, ref);
  } catch (error) {
    if (isHidden(error)) return undefined;
    throw error;
  }
}
