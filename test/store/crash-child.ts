/**
 * Writes without pause until it is killed, and says which writes were acknowledged: `ready`, then one number a line.
 *   node crash-child.ts HOME FIRST-NUMBER
 */
import { writeSync } from 'node:fs';
import { Conflict, openStore, type Store } from '../../src/store/index.ts';
import { ACCOUNT, account, counters, done, JOB, OTHER, options, pairs, rowKey, rowsOfPairs } from './crash-world.ts';

const WRITERS = 8;
const [home, first] = process.argv.slice(2) as [string, string];
let number = Number(first);

/** Everything that belongs together: two documents in two accounts, a row, a job, a record in both chains, a count. */
async function write(store: Store, n: number): Promise<void> {
  for (;;) {
    const unit = store.begin();
    const counter = await unit.get(counters, ACCOUNT, 'count');
    unit.put(counters, ACCOUNT, 'count', { n: (counter?.value.n ?? 0) + 1 });
    unit.put(pairs, ACCOUNT, `${n}`, { n });
    unit.put(pairs, OTHER, `${n}`, { n });
    unit.putRow(rowsOfPairs, ACCOUNT, 'all', rowKey(n), { n });
    unit.schedule({ kind: JOB, account: ACCOUNT, due: 0, payload: { n } });
    unit.record({ id: `call-${n}`, at: n, accounts: [ACCOUNT, OTHER], body: { n } });
    try {
      await unit.commit();
      return;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}

/** A write that meets nobody, so that groups hold many. */
async function writeApart(store: Store, n: number): Promise<void> {
  const unit = store.begin();
  unit.put(pairs, account(n), `${n}`, { n });
  unit.put(pairs, OTHER, `${n}`, { n });
  unit.record({ id: `call-${n}`, at: n, accounts: [account(n), OTHER], body: { n } });
  await unit.commit();
}

async function writeForever(store: Store): Promise<never> {
  for (;;) {
    const n = number++;
    await (n % 3 === 0 ? write(store, n) : writeApart(store, n));
    writeSync(1, `${n}\n`);
  }
}

async function workForever(store: Store): Promise<never> {
  for (;;) {
    for (const job of await store.leaseJobs(1, 20, 1000)) {
      const unit = store.begin();
      const { n } = job.payload as { n: number };
      unit.put(done, ACCOUNT, `${n}`, { n });
      unit.finish(job);
      await unit.commit();
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const store = await openStore({ home, ...options });
writeSync(1, 'ready\n');
await Promise.all([workForever(store), ...Array.from({ length: WRITERS }, () => writeForever(store))]);
