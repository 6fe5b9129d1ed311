/** Writing jobs. A lease counts as an attempt, and the count is its token: who holds an older one has lost the job. */
import type { DatabaseSync } from 'node:sqlite';
import type { JobWrite, LeasedJob, LeaseRequest, RetryRequest } from './protocol.ts';

export interface JobWriter {
  /** Whether the leases are the current ones; job id and attempts by turns. */
  held(finished: readonly number[]): boolean;
  finish(finished: readonly number[]): void;
  schedule(jobs: readonly JobWrite[]): void;
  lease(request: LeaseRequest): LeasedJob[];
  /** 1, or 0 when the job is not held any more. */
  retry(request: RetryRequest): number;
}

export function createJobWriter(db: DatabaseSync): JobWriter {
  const find = db.prepare('select attempts from jobs where id = ?');
  const remove = db.prepare('delete from jobs where id = ?');
  const replace = db.prepare('delete from jobs where kind = ? and account = ? and key = ?');
  const insert = db.prepare('insert into jobs (kind, account, due, payload, key, ready) values (?, ?, ?, ?, ?, ?)');
  const ready = db.prepare(
    'select id, kind, account, due, payload, key, attempts + 1 from jobs where ready <= ? order by ready, id limit ?',
  );
  ready.setReturnArrays(true);
  const lease = db.prepare('update jobs set ready = ?, attempts = attempts + 1 where id = ?');
  const retry = db.prepare('update jobs set ready = ?, due = ? where id = ? and attempts = ?');

  return {
    held(finished) {
      for (let i = 0; i < finished.length; i += 2) {
        const job = find.get(finished[i]!) as { attempts: number } | undefined;
        if (job?.attempts !== finished[i + 1]) return false;
      }
      return true;
    },
    finish(finished) {
      for (let i = 0; i < finished.length; i += 2) remove.run(finished[i]!);
    },
    schedule(jobs) {
      for (const [kind, account, due, payload, key] of jobs) {
        if (key !== null) replace.run(kind, account, key);
        insert.run(kind, account, due, payload, key, due);
      }
    },
    lease({ now, limit, until }) {
      const jobs = ready.all(now, limit) as unknown as LeasedJob[];
      for (const [id] of jobs) lease.run(until, id);
      return jobs;
    },
    retry: ({ id, attempts, due }) => Number(retry.run(due, due, id, attempts).changes),
  };
}
