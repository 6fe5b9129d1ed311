/**
 * Why was a call answered as it was? Reads what it left on record, asks its questions again as of when they were
 * decided, and tells each viewer what is his to know: the operator everything, an administrator his account's side in
 * full and of the other side what follows from his own request.
 */
import type { StoredRecord } from './store/store.ts';
import { type ShownQuestion, showQuestion, type WhySources } from './why/question.ts';
import { bodyOf, isParty, once, questionsFor, type ShownCall, showCall, type Viewer } from './why/record.ts';

export interface ExplainedCall extends ShownCall {
  readonly questions: readonly ShownQuestion[];
  /** What services asked of others to answer this call. */
  readonly nested: readonly ExplainedCall[];
}

export interface Explanation {
  /** The id that was asked for. */
  readonly id: string;
  /** The outermost calls under the id that the viewer has a part in: mostly one. */
  readonly calls: readonly ExplainedCall[];
}

/**
 * Explains the call with this id, outermost or nested; `id` may also be one that a client of the viewer's account sent.
 * Undefined when there is nothing under the id that the viewer has a part in: whether there is anything is not told.
 */
export async function why(from: WhySources, id: string, viewer: Viewer): Promise<Explanation | undefined> {
  const records = once(await findRecords(from.store, id, viewer)).filter((record) => isParty(viewer, bodyOf(record)));
  if (records.length === 0) return undefined;
  const seen = new Set(records.map((record) => record.id));
  const outermost = records.filter((record) => record.parent === undefined || !seen.has(record.parent));
  const calls = await Promise.all(outermost.map((record) => explain(from, record, records, viewer)));
  return { id, calls };
}

async function findRecords(store: WhySources['store'], id: string, viewer: Viewer): Promise<readonly StoredRecord[]> {
  const records = await store.recordsOf(id);
  if (records.length > 0 || viewer.kind === 'operator') return records;
  const [newest] = await store.recordsByAlias(viewer.account, id);
  return newest === undefined ? [] : store.recordsOf(newest);
}

async function explain(
  from: WhySources,
  record: StoredRecord,
  records: readonly StoredRecord[],
  viewer: Viewer,
): Promise<ExplainedCall> {
  const body = bodyOf(record);
  const questions: ShownQuestion[] = [];
  for (const asked of questionsFor(viewer, body)) {
    questions.push(await showQuestion(from, record, asked, viewer));
  }
  const inner = records.filter(({ parent }) => parent === record.id);
  const nested: ExplainedCall[] = [];
  for (const call of inner) nested.push(await explain(from, call, records, viewer));
  return { ...showCall(record, viewer, inner), questions, nested };
}
