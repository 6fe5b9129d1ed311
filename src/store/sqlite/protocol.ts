/**
 * What the main thread and the writing thread say to each other. One message holds a whole group, as arrays of
 * primitives: cloning an array costs a fraction of cloning objects, and it is paid for every call of the plane.
 */

/** Marks of names from `keys.ts`; a negative number -1 - n says that the marks behind it had been seen up to commit n. */
export type ReadSet = readonly number[];

/** Row ranges, four by four: seen up to commit, container key, first key, end (exclusive; null: open). */
export type RowRanges = readonly (number | string | null)[];

/** `revision` 0: the document was not read, the writer looks up what it replaces. `json` null: delete. */
export type DocumentWrite = readonly [
  collection: number,
  account: string,
  id: string,
  revision: number,
  json: string | null,
  keys: string,
  keysBefore: string,
];

/** `key`: one character per byte. `json` null: delete. */
export type RowWrite = readonly [kind: number, account: string, container: string, key: string, json: string | null];

export type JobWrite = readonly [kind: string, account: string, due: number, payload: string, key: string | null];

/** `aliases`: account and id by turns. */
export type RecordWrite = readonly [
  id: string,
  parent: string | null,
  at: number,
  body: string,
  accounts: readonly string[],
  aliases: readonly string[] | null,
];

/** `finished`: job id and number of attempts by turns. Null stands for an empty list. */
export type CommitRequest = readonly [
  reads: ReadSet | null,
  rowRanges: RowRanges | null,
  documents: readonly DocumentWrite[] | null,
  rows: readonly RowWrite[] | null,
  finished: readonly number[] | null,
  jobs: readonly JobWrite[] | null,
  records: readonly RecordWrite[] | null,
];

export interface LeaseRequest {
  readonly kind: 'lease';
  readonly now: number;
  readonly limit: number;
  readonly until: number;
}

export interface RetryRequest {
  readonly kind: 'retry';
  readonly id: number;
  readonly attempts: number;
  readonly due: number;
}

export interface CheckpointRequest {
  readonly kind: 'checkpoint';
  readonly commit: number;
  readonly at: number;
  readonly root: string;
  readonly signature: string;
  readonly heads: string;
}

export type Request = CommitRequest | LeaseRequest | RetryRequest | CheckpointRequest;

export const isCommit = (request: Request): request is CommitRequest => Array.isArray(request);

/** Results below zero say why a commit was refused. */
export const CONFLICT = -1;
export const JOB_LOST = -2;

export type LeasedJob = readonly [
  id: number,
  kind: string,
  account: string,
  due: number,
  payload: string,
  key: string | null,
  attempts: number,
];

/**
 * The commit's number; or, where documents were written that had not been read, that and the keys each of them had
 * before, in order. Leased jobs for a lease.
 */
export type Result =
  | number
  | readonly [commit: number, ...keysBefore: string[]]
  | { readonly jobs: readonly LeasedJob[] };

export type Reply = { readonly lastCommit: number; readonly results: readonly Result[] } | { readonly failed: string };

/** Records are numbered by their commit and their place in it. */
export const RECORDS_PER_COMMIT = 4096;

export interface WriterOptions {
  readonly path: string;
  /** Numbers of the collections that decide. */
  readonly deciding: readonly number[];
  /** Of the marks in read sets. */
  readonly seed: number;
  /** One counter: groups whose COMMIT has begun. */
  readonly begun: Int32Array;
}
