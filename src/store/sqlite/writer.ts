/**
 * Carries out groups of requests on the connection that writes. A commit is checked whole before its first statement,
 * from memory where that is possible, so a refused one leaves nothing to undo and needs no savepoint.
 */
import type { DatabaseSync } from 'node:sqlite';
import { createRecordWriter } from './chains.ts';
import { createDocumentWriter } from './documents.ts';
import { createJobWriter } from './jobs.ts';
import { containerKey, rowKey } from './keys.ts';
import type { Marker } from './mark.ts';
import {
  type CheckpointRequest,
  CONFLICT,
  type CommitRequest,
  isCommit,
  JOB_LOST,
  type ReadSet,
  type Request,
  type Result,
  type RowRanges,
  type RowWrite,
} from './protocol.ts';
import { createTouched, type Touched } from './touched.ts';

export interface Writer {
  /** One transaction. Throws when it could not be made durable; then nothing of it is. */
  run(group: readonly Request[]): readonly Result[];
  readonly lastCommit: number;
}

/** `beforeCommit` is called when nothing but COMMIT itself is left to do. */
export function createWriter(
  db: DatabaseSync,
  options: {
    lastCommit: number;
    deciding: readonly number[];
    mark: Marker;
    beforeCommit: () => void;
    memory?: number;
  },
): Writer {
  const touched = createTouched(options.memory);
  const documents = createDocumentWriter(
    db,
    (name, commit) => touched.touch(options.mark(name), commit),
    new Set(options.deciding),
  );
  const jobs = createJobWriter(db);
  const records = createRecordWriter(db);
  const writeRows = createRowWriter(db, touched, options.mark);
  const [begin, commit, rollback] = ['begin immediate', 'commit', 'rollback'].map((sql) => db.prepare(sql));
  const setLastCommit = db.prepare("update meta set value = ? where name = 'last_commit'");
  const insertCheckpoint = db.prepare('insert or replace into checkpoints values (?, ?, ?, ?, ?)');
  const dropOlderHeads = db.prepare(
    'update checkpoints set heads = null where commit_number < ? and heads is not null',
  );
  let lastCommit = options.lastCommit;

  function carryOut(request: CommitRequest): Result {
    const [reads, rowRanges, documentWrites, rows, finished, scheduled, drafts] = request;
    if ((reads && anyMoved(touched, reads)) || (rowRanges && anyRangeMoved(touched, rowRanges))) return CONFLICT;
    if (finished && !jobs.held(finished)) return JOB_LOST;
    if (!documentWrites && !rows && !finished && !scheduled && !drafts) return lastCommit;
    const number = ++lastCommit;
    const keysBefore = documentWrites ? documents.write(documentWrites, number) : [];
    if (rows) writeRows(rows, number);
    if (finished) jobs.finish(finished);
    if (scheduled) jobs.schedule(scheduled);
    if (drafts) records.append(drafts, number);
    return keysBefore.length === 0 ? number : [number, ...keysBefore];
  }

  function keepCheckpoint(request: CheckpointRequest): number {
    insertCheckpoint.run(request.commit, request.at, request.root, request.signature, request.heads);
    dropOlderHeads.run(request.commit);
    return request.commit;
  }

  function answer(request: Request): Result {
    if (isCommit(request)) return carryOut(request);
    if (request.kind === 'lease') return { jobs: jobs.lease(request) };
    if (request.kind === 'retry') return jobs.retry(request);
    return keepCheckpoint(request);
  }

  return {
    run(group) {
      begin!.run();
      try {
        const before = lastCommit;
        const results = group.map(answer);
        if (lastCommit !== before) setLastCommit.run(String(lastCommit));
        options.beforeCommit();
        commit!.run();
        return results;
      } catch (error) {
        // The caller stops after this: what memory holds of the group does not matter any more.
        if (db.isTransaction) rollback!.run();
        throw error;
      }
    },
    get lastCommit() {
      return lastCommit;
    },
  };
}

function anyMoved(touched: Touched, reads: ReadSet): boolean {
  let seen = 0;
  for (const read of reads) {
    if (read < 0) seen = -1 - read;
    else if (touched.moved(read, seen)) return true;
  }
  return false;
}

function anyRangeMoved(touched: Touched, ranges: RowRanges): boolean {
  for (let i = 0; i < ranges.length; i += 4) {
    const [seen, container, first, end] = ranges.slice(i, i + 4) as [number, string, string, string | null];
    if (touched.rangeMoved(container, first, end, seen)) return true;
  }
  return false;
}

function createRowWriter(db: DatabaseSync, touched: Touched, mark: Marker) {
  const put = db.prepare('insert into rows values (?, ?, ?, ?, ?) on conflict do update set json = excluded.json');
  const remove = db.prepare('delete from rows where kind = ? and account = ? and container = ? and key = ?');
  return (writes: readonly RowWrite[], commit: number): void => {
    for (const [kind, account, container, key, json] of writes) {
      const bytes = Buffer.from(key, 'latin1');
      if (json === null) remove.run(kind, account, container, bytes);
      else put.run(kind, account, container, bytes, json);
      const where = containerKey(kind, account, container);
      touched.touch(mark(rowKey(where, key)), commit);
      touched.touchRow(where, key, commit);
    }
  };
}
