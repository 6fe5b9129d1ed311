/** Runs the store's jobs: at least once, each through `perform()` as the service it belongs to, ended by its own commit. */
import { type Plane, perform } from './operation.ts';
import type { JobHandler } from './service.ts';
import { type Job, JobLost } from './store/store.ts';

const BATCH = 32;
/** A job that takes longer than this may run a second time. */
const LEASE = 60_000;
const LONGEST_WAIT = 5 * 60_000;
/** The machine's clock and the plane's run alike, but the plane's can be advanced: `wake` says so. */
const LONGEST_SLEEP = 24 * 3600_000;

export interface JobRunner {
  /** Looks for due jobs now: something was scheduled, or the clock was advanced. */
  wake(): void;
  /** Resolves when what is running has ended; nothing new begins. */
  stop(): Promise<void>;
}

export function startJobs(
  plane: Plane,
  handlers: ReadonlyMap<string, JobHandler>,
  log: (message: string, error: unknown) => void,
): JobRunner {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;

  const runDue = async (): Promise<void> => {
    do {
      again = false;
      for (;;) {
        const jobs = stopped ? [] : await plane.store.leaseJobs(plane.clock.now(), BATCH, LEASE);
        if (jobs.length === 0) break;
        await Promise.all(jobs.map((job) => runJob(plane, handlers.get(job.kind), job, log)));
      }
    } while (again && !stopped);
    const due = stopped ? undefined : await plane.store.nextJobDue();
    if (due !== undefined) timer = setTimeout(wake, Math.min(LONGEST_SLEEP, Math.max(0, due - plane.clock.now())));
  };

  const wake = (): void => {
    clearTimeout(timer);
    again = true;
    if (stopped || running) return;
    running = runDue()
      .catch((error: unknown) => log('jobs', error))
      .finally(() => {
        running = undefined;
        // Woken after the last look and before this: look once more.
        if (again && !stopped) wake();
      });
  };

  return {
    wake,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

async function runJob(
  plane: Plane,
  handler: JobHandler | undefined,
  job: Job,
  log: (message: string, error: unknown) => void,
): Promise<void> {
  try {
    if (!handler) throw new Error(`no service handles the job \`${job.kind}\``);
    const credential = { kind: 'job', job, service: handler.service } as const;
    await perform(plane, handler.operation, { credential, context: {} }, () => job.payload);
  } catch (error) {
    if (error instanceof JobLost) return;
    log(`job ${job.kind} of account ${job.account}, attempt ${job.attempts}`, error);
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(job.attempts, 20));
    await plane.store.retryJob(job, plane.clock.now() + wait);
  }
}
