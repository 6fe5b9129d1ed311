/**
 * What units read: queries on a connection of their own, and a cache of their answers. An acknowledged commit drops what
 * it touched before anybody learns of it, so what is cached is never older than the last acknowledgement.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { createCache } from '../cache.ts';
import type { Document, ListQuery } from '../store.ts';
import { documentKey, eachTouched, epochKey } from './keys.ts';
import type { CommitRequest, Result } from './protocol.ts';

/** A document as read, with its encoded index keys; `document` is undefined for an absent one. */
export interface Found {
  readonly document: Document<object> | undefined;
  readonly keys: string;
}

export type Present = Found & { readonly document: Document<object> };

export interface Reads {
  document(collection: number, account: string, id: string): Found;
  /** Up to `limit` documents of an account, in id order. `range`: the name of what is listed in `keys.ts`. */
  list(range: string, collection: number, account: string, query: ListQuery): readonly Present[];
  /** Up to `limit` documents of all accounts under an index key. `range`: `everywhereRange`. */
  find(range: string, collection: number, index: string, key: string, limit: number): readonly Present[];
  epoch(account: string): number;
  row(kind: number, account: string, container: string, key: Uint8Array): string | undefined;
  rows(range: RowRange): readonly { readonly key: Uint8Array; readonly json: string }[];
  /** Drops what a commit touched. */
  forget(request: CommitRequest, result: Result, deciding: ReadonlySet<number>): void;
}

/** Keys from `first` (inclusive) until before `end`. */
export interface RowRange {
  readonly kind: number;
  readonly account: string;
  readonly container: string;
  readonly first: Uint8Array;
  readonly end: Uint8Array | undefined;
  readonly limit: number;
  readonly reverse: boolean;
}

export interface ReadOptions {
  readonly cacheBytes: number;
  readonly counters: { cacheHits: number; cacheMisses: number };
}

type DocumentRow = [account: string, id: string, revision: number, json: string, keys: string];

/** What an entry costs beside its text: names, map slots, objects. */
const ENTRY_BYTES = 300;
const ABSENT: Found = { document: undefined, keys: '' };

export function createReads(db: DatabaseSync, { cacheBytes, counters }: ReadOptions): Reads {
  type Entry = { readonly found?: Found; readonly epoch?: number; readonly pages?: Map<string, readonly Present[]> };
  const cache = createCache<Entry>(cacheBytes);
  const sql = prepareReads(db);

  function cached<V>(value: V | undefined): V | undefined {
    if (value === undefined) counters.cacheMisses++;
    else counters.cacheHits++;
    return value;
  }

  /** Pages of one range lie together: they are dropped together. */
  function page(range: string, query: string, load: () => DocumentRow[]): readonly Present[] {
    const entry = cache.get(range);
    const known = cached(entry?.pages?.get(query));
    if (known) return known;
    const rows = load();
    const items = rows.map(toPresent);
    const pages = new Map(entry?.pages).set(query, items);
    let bytes = ENTRY_BYTES;
    for (const kept of pages.values()) bytes += sizeOf(kept);
    cache.set(range, { pages }, bytes);
    return items;
  }

  return {
    document(collection, account, id) {
      const key = documentKey(collection, account, id);
      const known = cached(cache.get(key)?.found);
      if (known) return known;
      const row = sql.document.get(collection, account, id) as DocumentRow | undefined;
      const found = row ? toPresent(row) : ABSENT;
      cache.set(key, { found }, row ? sizeOf([found as Present]) : ENTRY_BYTES);
      return found;
    },
    list(range, collection, account, { index, key = '', after = '', limit }) {
      return page(range, `${limit} ${after}`, () =>
        index === undefined
          ? rowsOf(sql.list, collection, account, after, limit)
          : rowsOf(sql.listByKey, collection, index, key, account, after, limit),
      );
    },
    find: (range, collection, index, key, limit) =>
      page(range, String(limit), () => rowsOf(sql.find, collection, index, key, limit)),
    epoch(account) {
      const key = epochKey(account);
      const known = cached(cache.get(key)?.epoch);
      if (known !== undefined) return known;
      const row = sql.epoch.get(account) as [number] | undefined;
      const epoch = row?.[0] ?? 0;
      cache.set(key, { epoch }, ENTRY_BYTES);
      return epoch;
    },
    row: (kind, account, container, key) => (sql.row.get(kind, account, container, key) as [string] | undefined)?.[0],
    rows: (range) => readRows(sql, range),
    forget: (request, result, deciding) => eachMoved(request, result, deciding, cache.delete),
  };
}

/** Names of all that a durable commit touched. */
function eachMoved(
  request: CommitRequest,
  result: Result,
  deciding: ReadonlySet<number>,
  visit: (name: string) => void,
): void {
  let unread = 0;
  for (const [collection, account, id, revision, , keys, keysBefore] of request[2] ?? []) {
    // The writer looked up what the unit had not read, and says so in its result.
    const before = revision > 0 ? keysBefore : String((result as readonly unknown[])[++unread]);
    eachTouched(collection, account, id, before, keys, visit);
    if (deciding.has(collection)) visit(epochKey(account));
  }
}

function toPresent([account, id, revision, json, keys]: DocumentRow): Present & { readonly size: number } {
  return { document: { account, id, revision, value: JSON.parse(json) as object }, keys, size: json.length };
}

function sizeOf(items: readonly Present[]): number {
  let bytes = 0;
  // Parsed JSON takes a small multiple of its text.
  for (const item of items as readonly (Present & { size: number })[]) bytes += ENTRY_BYTES + 3 * item.size;
  return bytes;
}

const rowsOf = (statement: StatementSync, ...parameters: (string | number)[]): DocumentRow[] =>
  statement.all(...parameters) as unknown as DocumentRow[];

function prepareReads(db: DatabaseSync) {
  const columns = 'd.account, d.id, d.revision, d.json, d.keys';
  const byEntry = `select ${columns} from entries e
    join documents d on d.collection = e.collection and d.account = e.account and d.id = e.id
    where e.collection = ? and e.name = ? and e.key = ?`;
  const range = 'select key, json from rows where kind = ? and account = ? and container = ? and key >= ?';
  const statements = {
    document: db.prepare(`select ${columns} from documents d where collection = ? and account = ? and id = ?`),
    list: db.prepare(
      `select ${columns} from documents d where collection = ? and account = ? and id > ? order by id limit ?`,
    ),
    listByKey: db.prepare(`${byEntry} and e.account = ? and e.id > ? order by e.id limit ?`),
    find: db.prepare(`${byEntry} order by e.account, e.id limit ?`),
    epoch: db.prepare('select epoch from epochs where account = ?'),
    row: db.prepare('select json from rows where kind = ? and account = ? and container = ? and key = ?'),
    rows: db.prepare(`${range} order by key limit ?`),
    rowsBefore: db.prepare(`${range} and key < ? order by key limit ?`),
    rowsDown: db.prepare(`${range} order by key desc limit ?`),
    rowsDownBefore: db.prepare(`${range} and key < ? order by key desc limit ?`),
  };
  for (const statement of Object.values(statements)) statement.setReturnArrays(true);
  return statements;
}

function readRows(sql: ReturnType<typeof prepareReads>, range: RowRange): { key: Uint8Array; json: string }[] {
  const { kind, account, container, first, end, limit, reverse } = range;
  const open = reverse ? sql.rowsDown : sql.rows;
  const bounded = reverse ? sql.rowsDownBefore : sql.rowsBefore;
  const rows = end
    ? bounded.all(kind, account, container, first, end, limit)
    : open.all(kind, account, container, first, limit);
  return (rows as unknown as [Uint8Array, string][]).map(([key, json]) => ({ key, json }));
}
