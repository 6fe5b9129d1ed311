/**
 * What a commit costs: CPU of all threads, and how many commits share an fsync.
 *   node bench/store.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collection, openStore, type Store } from '../src/store/index.ts';

interface Key {
  readonly name: string;
  readonly instance: string;
  readonly state: string;
}

const keys = collection<Key>('keys', { indexes: { byInstance: (key) => [key.instance] } });
const instances = collection<Key>('instances', { decides: true });

const body = {
  action: 'kms.secrets.unwrap',
  caller: 'iam-ServiceId-1',
  resource: 'crn:v1:bluemix:public:kms:us-south:a/',
  outcome: 'allow',
  because: ['policy-1'],
  context: { ip: '127.0.0.1', agent: 'sdk' },
};

let serial = 0;

/** What an authorized call that changes nothing does: some reads, an epoch, a record. */
async function recordOnly(store: Store): Promise<void> {
  const unit = store.begin();
  await unit.get(instances, 'a1', 'instance');
  await unit.get(keys, 'a1', 'key');
  await unit.epoch('a1');
  unit.record({ id: `call-${serial++}`, at: serial, accounts: ['a1'], body });
  await unit.commit();
}

async function oneDocument(store: Store): Promise<void> {
  const unit = store.begin();
  await unit.get(instances, 'a1', 'instance');
  await unit.epoch('a1');
  const id = `key-${serial++}`;
  unit.put(keys, 'a1', id, { name: id, instance: 'instance', state: 'active' });
  unit.record({ id: `call-${serial}`, at: serial, accounts: ['a1'], body });
  await unit.commit();
}

async function measure(store: Store, name: string, work: (store: Store) => Promise<void>, committers: number) {
  const each = Math.floor(30_000 / committers);
  const run = (times: number) =>
    Promise.all(
      Array.from({ length: committers }, async () => {
        for (let i = 0; i < times; i++) await work(store);
      }),
    );
  await run(Math.floor(each / 3));
  const { commits, fsyncs } = store.counters;
  const cpu = process.cpuUsage();
  const started = performance.now();
  await run(each);
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1000;
  const done = store.counters['commits']! - commits!;
  const perSync = done / (store.counters['fsyncs']! - fsyncs!);
  const micros = (n: number): string => (n / done).toFixed(1);
  console.log(
    `${name}, ${committers} committers: ${micros(user + system)} us CPU per commit (user ${micros(user)}, system ${micros(system)}), ` +
      `${perSync.toFixed(1)} commits per fsync, ${Math.round(done / seconds)} commits/s`,
  );
}

const home = mkdtempSync(join(tmpdir(), 'easement-bench-'));
const store = await openStore({ home, collections: [keys, instances], rows: [], rootKey: Buffer.alloc(32, 1) });
try {
  const unit = store.begin();
  unit.put(instances, 'a1', 'instance', { name: 'instance', instance: '', state: 'active' });
  unit.put(keys, 'a1', 'key', { name: 'key', instance: 'instance', state: 'active' });
  await unit.commit();
  for (const committers of [1, 16, 32]) {
    await measure(store, 'record only', recordOnly, committers);
    await measure(store, 'one document and record', oneDocument, committers);
  }
} finally {
  await store.close();
  rmSync(home, { recursive: true });
}
