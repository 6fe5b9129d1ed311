/**
 * The store's contract: documents, rows, commits, jobs and records. It knows nothing of a database; `sqlite/` is one
 * implementation. Everything is asynchronous because another one will have to be.
 */

/** A value that JSON can hold. Documents are read-only once stored: they may be shared between readers. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * A kind of document. Addressed by account and id; listed by id order, or by a declared index.
 * `indexes`: for each index the exact keys under which a document is listed (none, one or several).
 * `decides`: documents that decide who may do what. They bump the account's policy epoch and keep their past.
 * `partOf`: documents that belong to a document of another collection. Their ids start with the owner's id and `/`;
 * who may write the owner may write them.
 * `sealed`: top-level fields that hold secrets (base64 text). Kept encrypted under account, collection, id and
 * revision; readers see a `Sealed` and open it with `Store.open`.
 */
export interface Collection<D extends object = object> {
  readonly name: string;
  readonly indexes: Readonly<Record<string, (document: D) => readonly string[]>>;
  readonly decides: boolean;
  readonly partOf?: Collection<never>;
  readonly sealed: readonly (keyof D & string)[];
}

/** Declares a collection. Names are unique; `openStore` is handed the list of all. */
export function collection<D extends object>(
  name: string,
  options: {
    indexes?: Record<string, (document: D) => readonly string[]>;
    decides?: boolean;
    partOf?: { readonly name: string };
    sealed?: readonly (keyof D & string)[];
  } = {},
): Collection<D> {
  return {
    name,
    indexes: options.indexes ?? {},
    decides: options.decides ?? false,
    ...(options.partOf ? { partOf: options.partOf as Collection<never> } : {}),
    sealed: options.sealed ?? [],
  };
}

/** A kind of row: numerous, ordered by the bytes of its key inside one container (object keys, table items). */
export interface Rows<V extends object = object> {
  readonly name: string;
  /** Written only by who may write the container's document in this collection. */
  readonly partOf: Collection<never>;
  readonly value?: V;
}

export function rows<V extends object>(name: string, partOf: { readonly name: string }): Rows<V> {
  return { name, partOf: partOf as Collection<never> };
}

/** Account under which documents of the whole plane are kept (persons, signing keys, settings). */
export const PLANE = 'plane';

/** A secret as kept: opened with `Store.open`, never printed. */
export interface Sealed {
  readonly sealed: string;
}

export interface Document<D> {
  readonly account: string;
  readonly id: string;
  /** 1 when created, one more at each change. */
  readonly revision: number;
  readonly value: Readonly<D>;
}

export interface Page<T, Cursor = string> {
  readonly items: readonly T[];
  /** Hand it back as `after` to go on; absent on the last page. */
  readonly next?: Cursor;
}

export interface ListQuery {
  /** An index of the collection with the exact key to list; without it, all documents of the account. */
  readonly index?: string;
  readonly key?: string;
  /** Exclusive: documents whose id is greater. */
  readonly after?: string;
  readonly limit: number;
}

/** Rows with `from` <= key < `before`. `after` is exclusive and goes on in the direction of the listing. */
export interface RowQuery {
  readonly from?: Uint8Array;
  readonly before?: Uint8Array;
  readonly after?: Uint8Array;
  readonly limit: number;
  readonly reverse?: boolean;
}

export interface Row<V> {
  readonly key: Uint8Array;
  readonly value: Readonly<V>;
}

/** What can be read, now (in a unit) or as of a past commit (deciding collections only). */
export interface Reader {
  get<D extends object>(from: Collection<D>, account: string, id: string): Promise<Document<D> | undefined>;
  list<D extends object>(from: Collection<D>, account: string, query: ListQuery): Promise<Page<Document<D>>>;
  /** Documents under an index key in every account, by account and id; at most `limit` (100). */
  find<D extends object>(
    from: Collection<D>,
    index: string,
    key: string,
    limit?: number,
  ): Promise<readonly Document<D>[]>;
}

/**
 * One attempt of an operation: reads, then buffered writes, then one commit. It remembers everything it has read
 * (documents or their absence, ranges, epochs); `commit` refuses with `Conflict` if one of them has moved.
 * A unit reads its own buffered writes.
 */
export interface Unit extends Reader {
  /** The policy epoch of an account or organization, remembered as read. */
  epoch(account: string): Promise<number>;
  put<D extends object>(into: Collection<D>, account: string, id: string, value: D): void;
  delete<D extends object>(from: Collection<D>, account: string, id: string): void;
  getRow<V extends object>(from: Rows<V>, account: string, container: string, key: Uint8Array): Promise<V | undefined>;
  listRows<V extends object>(
    from: Rows<V>,
    account: string,
    container: string,
    query: RowQuery,
  ): Promise<Page<Row<V>, Uint8Array>>;
  putRow<V extends object>(into: Rows<V>, account: string, container: string, key: Uint8Array, value: V): void;
  deleteRow<V extends object>(from: Rows<V>, account: string, container: string, key: Uint8Array): void;
  /** Adds a job to the commit. Jobs that the same commit finishes are removed first. */
  schedule(job: JobDraft): void;
  /** Removes a job in the commit: how a job that has been done is ended together with its effects. */
  finish(job: Job): void;
  /** Adds a record to the commit: to the chain of each account named, under one id. */
  record(record: RecordDraft): void;
  /** The writes buffered so far, for the check that each was allowed. */
  writes(): readonly { readonly collection: Collection<never>; readonly account: string; readonly id: string }[];
  /**
   * Durable once it resolves, with the commit's number (unchanged when there was nothing to write; what was read is
   * checked all the same). Throws `Conflict`, `JobLost` or `StoreFailed`. A unit commits once.
   */
  commit(): Promise<number>;
}

/** Something that was read has moved; the operation is to run again. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/**
 * A job that the commit was to finish is no longer ours: its lease ran out and it was leased again, or it was replaced
 * or finished. Nothing was written; drop the attempt instead of running it again.
 */
export class JobLost extends Error {
  override readonly name = 'JobLost';
}

/** The home cannot be opened, and whoever started the plane can say otherwise: the message says how. */
export class HomeRefused extends Error {
  override readonly name = 'HomeRefused';
}

/** The store cannot write any more (disk full, I/O error): the plane must stop. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';
}

export interface JobDraft {
  /** Names the handler, `volumes.key-changed`. */
  readonly kind: string;
  readonly account: string;
  /** Milliseconds of the plane's clock; run at or after. */
  readonly due: number;
  readonly payload: Json;
  /** A pending job with the same kind, account and key is replaced: for timers that move. */
  readonly key?: string;
}

export interface Job extends JobDraft {
  readonly id: number;
  readonly attempts: number;
}

export interface RecordDraft {
  /** The id of the call; a nested question carries its own and names its parent. */
  readonly id: string;
  readonly parent?: string;
  /** Milliseconds of the plane's clock. */
  readonly at: number;
  /** Accounts in whose chains it stands: the caller's, the resource's. */
  readonly accounts: readonly string[];
  readonly body: Json;
  /** Ids a client sent (Transaction-Id, X-Correlation-ID): searchable inside the caller's account only. */
  readonly aliases?: readonly { readonly account: string; readonly id: string }[];
}

export interface StoredRecord {
  readonly id: string;
  readonly parent?: string;
  readonly at: number;
  readonly account: string;
  /** Position in the account's chain, from 1. */
  readonly sequence: number;
  /** The commit that wrote it. */
  readonly commit: number;
  readonly body: Json;
  /** SHA-256, hex, over the previous hash and this record. */
  readonly hash: string;
}

/** Where a record stands in the chain of its account. */
export type ChainPosition = Pick<StoredRecord, 'commit' | 'sequence'>;

export interface BehindQuery {
  /** Exclusive; absent: from the first record on. */
  readonly behind?: ChainPosition | undefined;
  readonly order: 'oldest-first' | 'newest-first';
  readonly limit: number;
}

export interface ChainProblem {
  readonly account: string;
  readonly sequence: number;
  readonly problem: string;
}

export interface Store {
  /** The highest commit number. */
  readonly lastCommit: number;
  begin(): Unit;
  /** Deciding collections as they were right after commit `commit`. */
  asOf(commit: number): Reader;
  /** The secret of a sealed field of a document that was read from this store. */
  open<D extends object>(from: Collection<D>, document: Document<D>, field: keyof D & string): Buffer;

  /** Records that need not be durable before the reply: written within 50 ms. */
  recordSoon(record: RecordDraft): void;
  /** All records of one call and of the questions nested in it. */
  recordsOf(id: string): Promise<readonly StoredRecord[]>;
  /** The newest record ids known under a client's own id in an account. */
  recordsByAlias(account: string, id: string): Promise<readonly string[]>;
  /** Records of an account, newest first; or of the whole plane when the account is left out. */
  records(query: {
    account?: string;
    beforeCommit?: number;
    afterCommit?: number;
    limit: number;
  }): Promise<readonly StoredRecord[]>;
  /**
   * Records of an account that stand behind one of them: for what is kept up to date from them. Those of the last 50 ms
   * may be missing still.
   */
  recordsBehind(account: string, query: BehindQuery): Promise<readonly StoredRecord[]>;
  /** Recomputes every chain and compares it with the newest checkpoint. */
  verifyRecords(): Promise<{ accounts: number; records: number; problems: readonly ChainProblem[] }>;
  /** Writes and signs a Merkle checkpoint over all chain heads. */
  checkpoint(at: number): Promise<{ commit: number; root: string }>;

  /** Leases up to `limit` jobs due at `now`; a lease that ends before `finish` lets the job run again. */
  leaseJobs(now: number, limit: number, leaseMilliseconds: number): Promise<readonly Job[]>;
  /** Gives a leased job back, to run again at `due`. */
  retryJob(job: Job, due: number): Promise<void>;
  /** When the earliest job is due; undefined when there is none. */
  nextJobDue(): Promise<number | undefined>;

  /** Counters for metrics and benchmarks: commits, groups, fsyncs, conflicts, cache hits. */
  readonly counters: Readonly<Record<string, number>>;
  close(): Promise<void>;
}
