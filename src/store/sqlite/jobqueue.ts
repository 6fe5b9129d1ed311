/** Leasing jobs. */
import type { DatabaseSync } from 'node:sqlite';
import type { Job, Json, Store } from '../store.ts';
import type { Committer } from './committer.ts';
import type { LeasedJob } from './protocol.ts';

export function createJobQueue(
  db: DatabaseSync,
  committer: Committer,
): Pick<Store, 'leaseJobs' | 'retryJob' | 'nextJobDue'> {
  const earliest = db.prepare('select min(ready) as ready from jobs');
  const nextReady = (): number | undefined => (earliest.get() as { ready: number | null }).ready ?? undefined;
  return {
    async leaseJobs(now, limit, leaseMilliseconds) {
      // Most times there is nothing to do, and then nothing is to be written.
      const ready = nextReady();
      if (ready === undefined || ready > now) return [];
      const until = Math.ceil(now + leaseMilliseconds);
      const { jobs } = await committer.submit<{ jobs: readonly LeasedJob[] }>({ kind: 'lease', now, limit, until });
      return jobs.map(toJob);
    },
    async retryJob({ id, attempts }, due) {
      await committer.submit({ kind: 'retry', id, attempts, due: Math.ceil(due) });
    },
    nextJobDue: async () => nextReady(),
  };
}

function toJob([id, kind, account, due, payload, key, attempts]: LeasedJob): Job {
  return { id, kind, account, due, payload: JSON.parse(payload) as Json, attempts, ...(key === null ? {} : { key }) };
}
