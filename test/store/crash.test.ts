/** Kills a process amid concurrent writes, many times, and looks at what it left. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openStore, type Store } from '../../src/store/index.ts';
import { ACCOUNT, account, counters, done, OTHER, options, pairs, rowKey, rowsOfPairs } from './crash-world.ts';

const ROUNDS = 16;
const LONGEST_LIFE_MILLISECONDS = 250;
const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

/** Lets the child write from `first` on for a while; the numbers whose writes it saw acknowledged. */
async function killAmidWrites(home: string, first: number): Promise<number[]> {
  const writer = spawn(process.execPath, [child, home, `${first}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(writer, 'exit');
  let output = '';
  writer.stdout.setEncoding('utf8');
  writer.stdout.on('data', (text: string) => {
    if (output === '') setTimeout(() => writer.kill('SIGKILL'), Math.random() * LONGEST_LIFE_MILLISECONDS);
    output += text;
  });
  await once(writer.stdout, 'end');
  assert.deepEqual(await ended, [null, 'SIGKILL']);
  // A last line without its end was cut off by the kill.
  return output.split('\n').slice(1, -1).map(Number);
}

/** Which of a write's parts are there, in words. */
async function partsOf(store: Store, n: number): Promise<string[]> {
  const unit = store.begin();
  const together = n % 3 === 0;
  const own = together ? ACCOUNT : account(n);
  const present = {
    'own document': await unit.get(pairs, own, `${n}`),
    'other document': await unit.get(pairs, OTHER, `${n}`),
    'own index entry': (await unit.find(pairs, 'byNumber', `${n}`)).length === 2,
    past: await store.asOf(store.lastCommit).get(pairs, own, `${n}`),
    records: (await store.recordsOf(`call-${n}`)).length === 2,
    row: !together || (await unit.getRow(rowsOfPairs, ACCOUNT, 'all', rowKey(n))),
  };
  const parts = Object.entries(present).filter(([, found]) => found);
  return parts.map(([name]) => name).filter((name) => together || name !== 'row');
}

async function drainJobs(store: Store): Promise<void> {
  for (;;) {
    const jobs = await store.leaseJobs(Number.MAX_SAFE_INTEGER - 1, 100, 1);
    if (jobs.length === 0) return;
    const unit = store.begin();
    for (const job of jobs) {
      const { n } = job.payload as { n: number };
      unit.put(done, ACCOUNT, `${n}`, { n });
      unit.finish(job);
    }
    await unit.commit();
  }
}

test('what was acknowledged survives SIGKILL, whole, with its chains and its jobs', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'easement-crash-'));
  t.after(() => rm(home, { recursive: true }));
  let next = 0;
  let counted = 0;
  let acknowledgedInAll = 0;
  const scheduled: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const acknowledged = new Set(await killAmidWrites(home, next));
    acknowledgedInAll += acknowledged.size;
    const store = await openStore({ home, ...options });
    // Each writer may have had one more under way, numbered right behind the last.
    const end = Math.max(next, ...[...acknowledged].map((n) => n + 1)) + 10;
    for (let n = next; n < end; n++) {
      const parts = await partsOf(store, n);
      const whole = n % 3 === 0 ? 6 : 5;
      assert.ok(parts.length === 0 || parts.length === whole, `write ${n} is torn: only its ${parts.join(', ')}`);
      if (acknowledged.has(n)) assert.equal(parts.length, whole, `write ${n} was acknowledged and is lost`);
      if (n % 3 === 0 && parts.length > 0) scheduled.push(n);
    }
    counted = (await store.begin().get(counters, ACCOUNT, 'count'))?.value.n ?? 0;
    assert.equal(counted, scheduled.length, 'an increment was lost or done twice');
    assert.deepEqual((await store.verifyRecords()).problems, []);
    if (round % 4 === 3) await store.checkpoint(round);
    await store.close();
    next = end;
  }
  const store = await openStore({ home, ...options });
  t.after(() => store.close());
  await drainJobs(store);
  for (const n of scheduled) {
    assert.ok(await store.begin().get(done, ACCOUNT, `${n}`), `the job of write ${n} never ran`);
  }
  assert.ok(acknowledgedInAll > ROUNDS * 10, `only ${acknowledgedInAll} writes: too few to mean anything`);
  t.diagnostic(`${acknowledgedInAll} acknowledged writes, ${scheduled.length} jobs, ${ROUNDS} kills`);
});
