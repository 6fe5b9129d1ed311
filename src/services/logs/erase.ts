/** Streams that go: out of sight in the commit that deletes them, erased by jobs, a chunk at a time. */
import type { Context } from '../../context.ts';
import { isHidden } from '../../faults.ts';
import { type Allowed, operation } from '../../operation.ts';
import type { Document, Json } from '../../store/store.ts';
import { LogContent } from './access.ts';
import {
  batchKeys,
  contentRef,
  groupIdOf,
  type LogContentDocument,
  type LogGroupDocument,
  type LogStreamDocument,
  logEvents,
  logStreams,
} from './documents.ts';

export const ERASE = 'logs.erase';

/** Rows and keys that one commit erases. */
const CHUNK = 1000;
const PAGE = 100;

type MayDiscard = Allowed<LogGroupDocument, 'log-group.deleteLogGroup' | 'log-group.deleteLogStream'>;

/** All streams of a group. */
export async function* streamsOf(
  cx: Context,
  group: Allowed<LogGroupDocument>,
): AsyncGenerator<Document<LogStreamDocument>> {
  let after: string | undefined;
  do {
    const query = { index: 'group', key: groupIdOf(group.ref), limit: PAGE, ...(after === undefined ? {} : { after }) };
    const page = await cx.parts(group, logStreams, query);
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

/** Deletes a stream, and has a job erase what it holds. */
export function discardStream(cx: Context, group: MayDiscard, stream: LogStreamDocument): void {
  cx.removePart(group, logStreams, stream.name);
  const { account } = group.ref;
  const content = `${groupIdOf(group.ref)}/${stream.content}`;
  cx.schedule({ kind: ERASE, account, due: cx.now, payload: { account, content }, key: content });
}

/** Erases a chunk of a content; has itself run again when there is more. */
export const eraseContent = operation('logs.erase', async (cx, payload: Json): Promise<void> => {
  const { account, content: id } = payload as { account: string; content: string };
  const content = await allowErasing(cx, account, id);
  if (content === undefined) return;
  const events = cx.rows(content, logEvents);
  const rows = await events.list({ limit: CHUNK });
  for (const { key } of rows.items) events.remove(key);
  const keys = await cx.parts(content, batchKeys, { index: 'content', key: id, limit: CHUNK });
  for (const { id: key } of keys.items) cx.removePart(content, batchKeys, key.slice(id.length + 1));
  if (rows.next === undefined && keys.next === undefined) cx.remove(content);
  else cx.schedule({ kind: ERASE, account, due: cx.now, payload, key: id });
});

/** Undefined when it has been erased already. */
async function allowErasing(
  cx: Context,
  account: string,
  id: string,
): Promise<Allowed<LogContentDocument> | undefined> {
  try {
    return await cx.allow(LogContent.erase, contentRef(account, '', id));
  } catch (error) {
    if (isHidden(error)) return undefined;
    throw error;
  }
}
