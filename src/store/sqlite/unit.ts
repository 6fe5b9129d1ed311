/** One attempt of an operation: reads that are remembered, writes that are buffered, one commit. */
import {
  type Collection,
  Conflict,
  type Document,
  type JobDraft,
  JobLost,
  type ListQuery,
  type RecordDraft,
  type RowQuery,
  type Rows,
  type Unit,
} from '../store.ts';
import { type BufferedDocument, documentOf, listWithBuffer } from './buffer.ts';
import type { Catalogue } from './catalogue.ts';
import type { Committer } from './committer.ts';
import {
  accountRange,
  containerKey,
  documentKey,
  encodeKeys,
  epochKey,
  everywhereRange,
  indexRange,
  plainName,
  rowKey,
} from './keys.ts';
import {
  CONFLICT,
  type CommitRequest,
  type DocumentWrite,
  JOB_LOST,
  type JobWrite,
  RECORDS_PER_COMMIT,
  type RecordWrite,
  type Result,
} from './protocol.ts';
import type { Found, Present, Reads } from './reads.ts';
import { encodeRecord } from './records.ts';
import { type BufferedRows, rangeOf, rowsWithBuffer, seenOf, toBytes, toText } from './rowbuffer.ts';
import type { Sealing } from './sealing.ts';

export interface UnitParts {
  readonly catalogue: Catalogue;
  readonly reads: Reads;
  readonly sealing: Sealing;
  readonly committer: Committer;
  readonly counters: { conflicts: number };
  /** Called when jobs were scheduled. */
  readonly onJobs: () => void;
}

/** Longest JSON text of one document or row, in characters. */
const LONGEST_JSON = 16 * 1024 * 1024;

export function beginUnit(parts: UnitParts): Unit {
  const { catalogue, reads, committer } = parts;
  const memory = createReadMemory(committer);
  const found = new Map<string, Found>();
  const buffered = new Map<string, BufferedDocument>();
  const rowWrites = createRowWrites(parts, memory);
  const finished: number[] = [];
  const jobs: JobWrite[] = [];
  const records: RecordWrite[] = [];
  let recordRows = 0;
  let over = false;

  function look(collection: number, account: string, id: string, key: string): Found {
    const known = found.get(key);
    if (known) return known;
    memory.remember(key);
    const now = reads.document(collection, account, id);
    found.set(key, now);
    return now;
  }

  /** Finds out what a buffered write replaces, so that the revision it will have is known. */
  function settle(key: string, write: BufferedDocument): BufferedDocument {
    if (write.revision > 0) return write;
    const before = look(write.collection, write.account, write.id, key);
    const settled = { ...write, revision: (before.document?.revision ?? 0) + 1, keysBefore: before.keys };
    buffered.set(key, settled);
    return settled;
  }

  function ownWrites(collection: number, account?: string): BufferedDocument[] {
    const own: BufferedDocument[] = [];
    for (const [key, write] of buffered) {
      if (write.collection !== collection || (account !== undefined && write.account !== account)) continue;
      own.push(settle(key, write));
    }
    return own;
  }

  function keep(collection: number, items: readonly Present[]): readonly Present[] {
    for (const item of items) {
      const key = documentKey(collection, item.document.account, item.document.id);
      if (!found.has(key)) found.set(key, item);
    }
    return items;
  }

  function write(of: Collection<never>, account: string, id: string, value: object | undefined): void {
    if (over) throw new Error('the unit has been committed; begin another');
    const collection = catalogue.collection(of);
    checkAddress(of, account, id);
    const key = documentKey(collection, account, id);
    const seals = of.sealed.length > 0 && value !== undefined;
    const before = seals ? look(collection, account, id, key) : found.get(key);
    const revision = before ? (before.document?.revision ?? 0) + 1 : 0;
    const own = seals ? buffered.get(key) : undefined;
    const target = { account, id, revision };
    const kept = seals ? parts.sealing.seal(of, target, value, before?.document, own && documentOf(own)?.value) : value;
    const json = kept ? encodeJson(kept, `${of.name}/${id}`) : null;
    const keys = kept ? encodeKeys(of.indexes, kept) : '';
    buffered.set(key, { of, collection, account, id, revision, json, keys, keysBefore: before?.keys ?? '' });
  }

  function toRequest(): CommitRequest {
    const documents: DocumentWrite[] = [];
    for (const d of buffered.values()) {
      // To delete what is known to be absent is no write.
      if (d.json === null && d.revision === 1) continue;
      documents.push([d.collection, d.account, d.id, d.revision, d.json, d.keys, d.keysBefore]);
    }
    return [
      orNull(memory.reads),
      orNull(memory.rowRanges),
      orNull(documents),
      orNull(rowWrites.encoded()),
      orNull(finished),
      orNull(jobs),
      orNull(records),
    ];
  }

  return {
    async get<D extends object>(from: Collection<D>, account: string, id: string) {
      const collection = catalogue.collection(from);
      const key = documentKey(collection, account, id);
      const own = buffered.get(key);
      const document = own ? documentOf(settle(key, own)) : look(collection, account, id, key).document;
      return document as Document<D> | undefined;
    },
    async list<D extends object>(from: Collection<D>, account: string, query: ListQuery) {
      const collection = catalogue.collection(from);
      const { index, key = '' } = query;
      memory.remember(
        index === undefined ? accountRange(collection, account) : indexRange(collection, index, account, key),
      );
      const listing = { ...query, limit: query.limit + 1 };
      const items = listWithBuffer(ownWrites(collection, account), listing, (limit) =>
        keep(collection, reads.list(collection, account, { ...query, limit })),
      ) as readonly Document<D>[];
      return pageOf(items, query.limit, ({ id }) => id);
    },
    async find<D extends object>(from: Collection<D>, index: string, key: string, limit = 100) {
      const collection = catalogue.collection(from);
      memory.remember(everywhereRange(collection, index, key));
      return listWithBuffer(ownWrites(collection), { index, key, limit }, (more) =>
        keep(collection, reads.find(collection, index, key, more)),
      ) as readonly Document<D>[];
    },
    async epoch(account) {
      memory.remember(epochKey(account));
      return reads.epoch(account);
    },
    put: (into, account, id, value) => write(into as Collection<never>, account, id, value),
    delete: (from, account, id) => write(from as Collection<never>, account, id, undefined),
    ...rowWrites.methods,
    schedule(job) {
      jobs.push(encodeJob(job));
    },
    finish: (job) => void finished.push(job.id, job.attempts),
    record(draft: RecordDraft) {
      const record = encodeRecord(draft);
      recordRows += record[4].length;
      if (recordRows > RECORDS_PER_COMMIT) throw new RangeError('one commit cannot hold so many records');
      records.push(record);
    },
    writes: () => [
      ...[...buffered.values()].map(({ of, account, id }) => ({ collection: of, account, id })),
      ...rowWrites.written(),
    ],
    async commit() {
      if (over) throw new Error('the unit has been committed; begin another');
      over = true;
      const request = toRequest();
      if (request.every((part, i) => i < 2 || part === null) && memory.stillTrue()) return committer.lastCommit;
      const result = await committer.submit<Exclude<Result, object> | readonly [number, ...string[]]>(request);
      if (result === CONFLICT) {
        parts.counters.conflicts++;
        throw new Conflict('something that was read has changed since; run the operation again');
      }
      if (result === JOB_LOST) throw new JobLost('the job is not held any more; drop this attempt');
      if (jobs.length > 0) parts.onJobs();
      return typeof result === 'number' ? result : result[0];
    },
  };
}

/** What a unit has read, and up to which commit it had been seen then. */
function createReadMemory(committer: Committer) {
  const reads: (number | string)[] = [];
  const rowRanges: (number | string | null)[] = [];
  let first = -1;
  let seen = -1;

  function note(): number {
    const now = committer.lastCommit;
    if (first < 0) first = now;
    return now;
  }

  return {
    reads,
    rowRanges,
    remember(key: string): void {
      const now = note();
      if (now !== seen) {
        reads.push(now);
        seen = now;
      }
      reads.push(key);
    },
    rememberRows(container: string, start: string, end: string | undefined): void {
      rowRanges.push(note(), container, start, end ?? null);
    },
    /** Nothing at all was committed since the first read. */
    stillTrue: (): boolean => first < 0 || (first === committer.lastCommit && committer.quiet()),
  };
}

function createRowWrites({ catalogue, reads }: UnitParts, memory: ReturnType<typeof createReadMemory>) {
  type Container = { of: Rows; kind: number; account: string; container: string; rows: BufferedRows };
  const containers = new Map<string, Container>();

  function write(of: Rows, account: string, container: string, key: Uint8Array, value: object | undefined): void {
    const kind = catalogue.rows(of);
    const where = containerKey(kind, plainName(account), plainName(container));
    let target = containers.get(where);
    if (!target) {
      target = { of, kind, account, container, rows: new Map() };
      containers.set(where, target);
    }
    target.rows.set(toText(key), value ? encodeJson(value, `${of.name}/${container}`) : null);
  }

  const methods: Pick<Unit, 'getRow' | 'listRows' | 'putRow' | 'deleteRow'> = {
    async getRow<V extends object>(from: Rows<V>, account: string, container: string, key: Uint8Array) {
      const kind = catalogue.rows(from);
      const where = containerKey(kind, account, container);
      const text = toText(key);
      let json = containers.get(where)?.rows.get(text);
      if (json === undefined) {
        memory.remember(rowKey(where, text));
        json = reads.row(kind, account, container, key);
      }
      return json === undefined || json === null ? undefined : (JSON.parse(json) as V);
    },
    async listRows<V extends object>(from: Rows<V>, account: string, container: string, query: RowQuery) {
      const kind = catalogue.rows(from);
      const where = containerKey(kind, account, container);
      const range = rangeOf(query);
      const reverse = query.reverse ?? false;
      const rows = rowsWithBuffer(containers.get(where)?.rows, range, query.limit + 1, reverse, (limit) => {
        const end = range.end === undefined ? undefined : toBytes(range.end);
        const kept = reads.rows({ kind, account, container, first: toBytes(range.first), end, limit, reverse });
        const texts = kept.map(({ key, json }) => ({ key: toText(key), json }));
        const seen = seenOf(range, texts, texts.length === limit, reverse);
        memory.rememberRows(where, seen.first, seen.end);
        return texts;
      });
      const items = rows.map(({ key, json }) => ({ key: toBytes(key) as Uint8Array, value: JSON.parse(json) as V }));
      return pageOf(items, query.limit, ({ key }) => key);
    },
    putRow: write,
    deleteRow: (from, account, container, key) => write(from, account, container, key, undefined),
  };

  return {
    methods,
    written: () =>
      [...containers.values()].map(({ of, account, container }) => ({
        collection: of.partOf,
        account,
        id: container,
      })),
    encoded: () =>
      [...containers.values()].flatMap(({ kind, account, container, rows }) =>
        [...rows].map(([key, json]) => [kind, account, container, key, json] as const),
      ),
  };
}

const orNull = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);

/** `items` holds one more than the page where there is a next one. */
export function pageOf<T, Cursor>(items: readonly T[], limit: number, cursorOf: (item: T) => Cursor) {
  if (items.length <= limit) return { items };
  const page = items.slice(0, limit);
  return { items: page, ...(page.length > 0 ? { next: cursorOf(page.at(-1)!) } : {}) };
}

function checkAddress(of: Collection<never>, account: string, id: string): void {
  plainName(account);
  plainName(id);
  if (of.partOf && id.indexOf('/') < 1) {
    throw new TypeError(
      `the id \`${id}\` in \`${of.name}\` must start with that of its \`${of.partOf.name}\` and \`/\``,
    );
  }
}

function encodeJson(value: object, name: string): string {
  const json = JSON.stringify(value);
  if (json.length > LONGEST_JSON)
    throw new RangeError(`\`${name}\` is too large to keep: ${json.length} characters of JSON`);
  return json;
}

function encodeJob({ kind, account, due, payload, key }: JobDraft): JobWrite {
  return [kind, account, Math.ceil(due), JSON.stringify(payload), key ?? null];
}
