/** One attempt of an operation: reads that are remembered, writes that are buffered, one commit. */
import { Conflict, type JobDraft, JobLost, type Unit } from '../store.ts';
import type { Catalogue } from './catalogue.ts';
import type { Committer } from './committer.ts';
import { epochKey } from './keys.ts';
import type { Marker } from './mark.ts';
import { createReadMemory } from './memory.ts';
import {
  CONFLICT,
  type CommitRequest,
  JOB_LOST,
  type JobWrite,
  RECORDS_PER_COMMIT,
  type RecordWrite,
  type Result,
} from './protocol.ts';
import type { Reads } from './reads.ts';
import { encodeRecord } from './records.ts';
import type { Sealing } from './sealing.ts';
import { createUnitDocuments } from './unitdocuments.ts';
import { createUnitRows } from './unitrows.ts';

export interface UnitParts {
  readonly catalogue: Catalogue;
  readonly reads: Reads;
  readonly sealing: Sealing;
  readonly committer: Committer;
  readonly mark: Marker;
  readonly counters: { conflicts: number };
  /** Called when jobs were scheduled. */
  readonly onJobs: () => void;
}

export function beginUnit(parts: UnitParts): Unit {
  const memory = createReadMemory(parts.committer, parts.mark);
  const documents = createUnitDocuments(parts, memory);
  const rows = createUnitRows(parts, memory);
  const finished: number[] = [];
  const jobs: JobWrite[] = [];
  const records: RecordWrite[] = [];
  let committed = false;

  return {
    ...documents.methods,
    ...rows.methods,
    async epoch(account) {
      memory.remember(epochKey(account));
      return parts.reads.epoch(account);
    },
    schedule: (job) => void jobs.push(encodeJob(job)),
    finish: (job) => void finished.push(job.id, job.attempts),
    record: (draft) => void records.push(encodeRecord(draft)),
    writes: () => [...documents.written(), ...rows.written()],
    async commit() {
      if (committed) throw new Error('the unit has been committed; begin another');
      committed = true;
      checkRecords(records);
      const writes = [documents.encoded(), rows.encoded(), finished, jobs, records] as const;
      if (writes.every((list) => list.length === 0) && memory.stillTrue()) return parts.committer.lastCommit;
      const number = await submit(parts, [
        orNull(memory.reads),
        orNull(memory.rowRanges),
        orNull(writes[0]),
        orNull(writes[1]),
        orNull(finished),
        orNull(jobs),
        orNull(records),
      ]);
      if (jobs.length > 0) parts.onJobs();
      return number;
    },
  };
}

async function submit({ committer, counters }: UnitParts, request: CommitRequest): Promise<number> {
  const result = await committer.submit<Exclude<Result, object> | readonly [number, ...string[]]>(request);
  if (result === CONFLICT) {
    counters.conflicts++;
    throw new Conflict('something that was read has changed since; run the operation again');
  }
  if (result === JOB_LOST) throw new JobLost('the job is not held any more; drop this attempt');
  return typeof result === 'number' ? result : result[0];
}

function checkRecords(records: readonly RecordWrite[]): void {
  let rows = 0;
  for (const [, , , , accounts] of records) rows += accounts.length;
  if (rows > RECORDS_PER_COMMIT) throw new RangeError(`one commit cannot hold ${rows} records`);
}

const orNull = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);

function encodeJob({ kind, account, due, payload, key }: JobDraft): JobWrite {
  return [kind, account, Math.ceil(due), JSON.stringify(payload), key ?? null];
}
