import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import { CHAIN_START, recordHash } from '../chain.ts';
import { declared, idsOf, putThings, rules, safes, type Thing, things } from '../contract/fixture.ts';
import { collection, openStore, rekey, type Store, StoreFailed } from '../index.ts';
import { MIGRATIONS } from './schema.ts';

const A = 'a'.repeat(32);
const B = '111122223333';

function newHome(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), 'easement-home-'));
  t.after(() => rmSync(home, { recursive: true }));
  return home;
}

const open = (home: string, changes: Partial<typeof declared> = {}): Promise<Store> =>
  openStore({ home, ...declared, ...changes });

/** Does something to a closed home's database behind the store's back. */
function tamper(home: string, change: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(join(home, 'easement.db'));
  change(db);
  db.close();
}

async function inStore<T>(home: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await open(home);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Runs a program that has `openStore`, `declared` and `things` in scope. */
function run(home: string, program: string) {
  const imports = `
    import { openStore } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
    import { declared, things } from ${JSON.stringify(new URL('../contract/fixture.ts', import.meta.url).href)};
    const store = await openStore({ home: ${JSON.stringify(home)}, ...declared });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', imports + program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return { child, started: once(child.stdout, 'data'), ended: once(child, 'exit') };
}

describe('a home', () => {
  it('can be read by its owner alone', async (t) => {
    const home = join(newHome(t), 'made', 'by-the-store');
    await inStore(home, (store) => putThings(store, things, A, { x: { name: 'x' } }));
    assert.equal(statSync(home).mode & 0o777, 0o700);
    const store = await open(home);
    await putThings(store, things, A, { x: { name: 'y' } });
    for (const file of readdirSync(home)) assert.equal(statSync(join(home, file)).mode & 0o777, 0o600, file);
    await store.close();
  });

  it('has one plane; another is refused and told whose it is', async (t) => {
    const home = newHome(t);
    const store = await open(home);
    await assert.rejects(open(home), new RegExp(`in use by the plane with pid ${process.pid};`));
    await assert.rejects(rekey(home, declared.rootKey, Buffer.alloc(32, 1)), /in use/);
    await store.close();
    const { child, started, ended } = run(home, `console.log('open'); process.stdin.resume();`);
    assert.equal(await Promise.race([started.then(() => 'started'), ended]), 'started');
    await assert.rejects(open(home), new RegExp(`in use by the plane with pid ${child.pid};`));
    child.kill('SIGKILL');
    await ended;
    await (await open(home)).close();
  });

  it('of a newer version is refused', async (t) => {
    const home = newHome(t);
    await inStore(home, async () => {});
    tamper(home, (db) => db.exec(`pragma user_version = ${MIGRATIONS.length + 1}`));
    await assert.rejects(open(home), /written by a newer easement \(store version 3, this one knows 2\)/);
    tamper(home, (db) => db.exec(`pragma user_version = ${MIGRATIONS.length}`));
    await inStore(home, async () => {});
  });

  it('of version 1 is migrated with all that it holds', async (t) => {
    const home = newHome(t);
    const hash = recordHash(CHAIN_START, {
      account: A,
      sequence: 1,
      commit: 4,
      id: 'call',
      parent: null,
      at: 9,
      body: '{"old":true}',
    });
    tamper(home, (db) => {
      db.exec(MIGRATIONS[0]!);
      db.exec(`pragma user_version = 1;
        insert into meta values ('last_commit', '4');
        insert into collections values (7, 'things', '');
        insert into documents values (7, '${A}', 'old', 3, '{"name":"old","groups":["g"]}', '');
        insert into jobs (kind, account, due, payload, attempts, leased_until) values ('k', '${A}', 50, '{}', 2, 80);
        insert into records values (${4 * 4096}, '${A}', 1, 'call', null, 9, '{"old":true}', '${hash}')`);
    });
    await inStore(home, async (store) => {
      assert.equal(store.lastCommit, 4);
      assert.equal((await store.begin().get(things, A, 'old'))?.revision, 3);
      assert.deepEqual(idsOf(await store.begin().find(things, 'byGroup', 'g')), ['old']);
      const [job] = await store.leaseJobs(50, 1, 10);
      assert.deepEqual([job?.kind, job?.due, job?.attempts], ['k', 50, 3]);
      assert.deepEqual(
        (await store.recordsOf('call')).map(({ commit, body }) => [commit, body]),
        [[4, { old: true }]],
      );
      assert.deepEqual(await store.verifyRecords(), { accounts: 1, records: 1, problems: [] });
      assert.equal(await putThings(store, things, A, { new: { name: 'new' } }), 5);
    });
  });

  it('lists its documents anew when an index is declared differently', async (t) => {
    const home = newHome(t);
    await inStore(home, async (store) => {
      await putThings(store, things, A, { x: { name: 'ann' } });
      await putThings(store, rules, A, { r: { name: 'bob' } });
    });
    const byName = { byName: (thing: Thing) => [thing.name] };
    const changed = [
      collection<Thing>('things', { indexes: byName, decides: true }),
      collection<Thing>('rules', { indexes: byName, decides: true }),
    ] as const;
    const store = await open(home, { collections: [...changed, safes], rows: [] });
    assert.deepEqual(idsOf(await store.begin().find(changed[0], 'byName', 'ann')), ['x']);
    assert.deepEqual(idsOf(await store.asOf(2).find(changed[1], 'byName', 'bob')), ['r']);
    assert.deepEqual(idsOf(await store.asOf(1).find(changed[1], 'byName', 'bob')), []);
    assert.deepEqual(idsOf(await store.asOf(2).find(changed[0], 'byName', 'ann')), ['x']);
    await assert.rejects(store.begin().get(collection('unknown'), A, 'x'), /not handed to openStore/);
    await store.close();
  });

  it('lets its process end, closed or not', { timeout: 20_000 }, async (t) => {
    for (const end of ['', 'await store.close();']) {
      const home = newHome(t);
      const { ended } = run(
        home,
        `const unit = store.begin(); unit.put(things, '${A}', 'x', { name: 'x' }); unit.commit().then(() => process.exitCode = 7); ${end}`,
      );
      assert.deepEqual(await ended, [7, null]);
    }
  });

  it('that cannot be written any more stops writing, and says so to everybody who waits', async (t) => {
    const home = newHome(t);
    const store = await open(home);
    await putThings(store, things, A, { x: { name: 'kept' } });
    tamper(home, (db) => db.exec('drop table rows; drop table jobs'));
    const doomed = store.begin();
    doomed.put(things, A, 'x', { name: 'lost' });
    doomed.schedule({ kind: 'k', account: A, due: 1, payload: null });
    const together = [putThings(store, things, A, { y: { name: 'lost with it' } }), doomed.commit()];
    for (const outcome of await Promise.allSettled(together)) {
      assert.ok(outcome.status === 'rejected' && outcome.reason instanceof StoreFailed);
    }
    await assert.rejects(putThings(store, things, A, { z: { name: 'after' } }), StoreFailed);
    const reader = store.begin();
    assert.deepEqual(
      (await reader.list(things, A, { limit: 9 })).items.map(({ value }) => value.name),
      ['kept'],
    );
    await store.close();
  });
});

describe('secrets at rest', () => {
  const secret = Buffer.from('the plaintext of a secret');
  const encoded = secret.toString('base64');

  async function withSafes(home: string): Promise<void> {
    await inStore(home, async (store) => {
      const unit = store.begin();
      for (const id of ['s', 't']) unit.put(safes, A, id, { name: id, secret: encoded });
      await unit.commit();
    });
  }

  it('are in no file', async (t) => {
    const home = newHome(t);
    const store = await open(home);
    const unit = store.begin();
    unit.put(safes, A, 's', { name: 'in the clear', secret: encoded });
    await unit.commit();
    const files = () =>
      readdirSync(home)
        .map((file) => readFileSync(join(home, file)))
        .reduce((a, b) => Buffer.concat([a, b]));
    for (const step of [async () => {}, () => store.close()]) {
      await step();
      // Proof that the search would find it: what is not sealed is there.
      assert.ok(files().includes('in the clear'));
      for (const text of [secret, encoded, declared.rootKey]) assert.ok(!files().includes(text));
    }
  });

  it('do not open when rows were swapped or taken back', async (t) => {
    const home = newHome(t);
    await withSafes(home);
    const swapped = "update documents set json = (select json from documents where id = 't') where id = 's'";
    const opened = (id: string) =>
      inStore(home, async (store) => store.open(safes, (await store.begin().get(safes, A, id))!, 'secret'));
    assert.deepEqual(await opened('s'), secret);
    tamper(home, (db) => db.exec(swapped));
    await assert.rejects(opened('s'), /was not sealed there/);
    assert.deepEqual(await opened('t'), secret);
    tamper(home, (db) => db.exec("update documents set revision = 2 where id = 't'"));
    await assert.rejects(opened('t'), /was not sealed there/);
  });

  it('need the root key they were sealed under', async (t) => {
    const home = newHome(t);
    await withSafes(home);
    const newKey = Buffer.alloc(32, 1);
    await assert.rejects(open(home, { rootKey: newKey }), /the root key is not that of this home/);
    await assert.rejects(open(home, { rootKey: Buffer.alloc(16) }), /has 16 bytes; it must have 32/);
    await assert.rejects(rekey(home, newKey, newKey), /the root key is not that of this home/);
    await rekey(home, declared.rootKey, newKey);
    await assert.rejects(open(home), /the root key is not that of this home/);
    const store = await open(home, { rootKey: newKey });
    const safe = (await store.begin().get(safes, A, 's'))!;
    assert.deepEqual(store.open(safes, safe, 'secret'), secret);
    assert.deepEqual((await store.checkpoint(1)).commit, 1);
    await store.close();
  });
});

describe('records that were tampered with', () => {
  async function recorded(t: TestContext): Promise<string> {
    const home = newHome(t);
    await inStore(home, async (store) => {
      for (let i = 1; i <= 5; i++) {
        const unit = store.begin();
        unit.record({ id: `call-${i}`, at: i, accounts: [A, B], body: { i } });
        await unit.commit();
      }
      await store.checkpoint(9);
    });
    return home;
  }

  const problemsAfter = async (home: string, change: (db: DatabaseSync) => void) => {
    tamper(home, change);
    return (await inStore(home, (store) => store.verifyRecords())).problems;
  };

  it('are none to begin with', async (t) => {
    assert.deepEqual(await problemsAfter(await recorded(t), () => {}), []);
  });

  for (const column of ['body = \'{"i":0}\'', "id = 'other'", 'at = 7', "parent = 'other'"]) {
    it(`are found when ${column} was set`, async (t) => {
      const problems = await problemsAfter(await recorded(t), (db) =>
        db.exec(`update records set ${column} where account = '${A}' and sequence = 3`),
      );
      assert.deepEqual(
        problems.map(({ account, sequence }) => [account, sequence]),
        [[A, 3]],
      );
    });
  }

  it('are found when one was taken out', async (t) => {
    const problems = await problemsAfter(await recorded(t), (db) =>
      db.exec(`delete from records where account = '${B}' and sequence = 2`),
    );
    assert.deepEqual(
      problems.map(({ account, sequence }) => [account, sequence]),
      [[B, 2]],
    );
    assert.match(problems[0]!.problem, /missing/);
  });

  it('are found when the tail, or all, of a chain was cut off', async (t) => {
    const home = await recorded(t);
    const tail = await problemsAfter(home, (db) =>
      db.exec(`delete from records where account = '${A}' and sequence > 3`),
    );
    assert.deepEqual(
      tail.map(({ account, sequence }) => [account, sequence]),
      [[A, 4]],
    );
    assert.match(tail[0]!.problem, /cut off/);
    const all = await problemsAfter(home, (db) => db.exec(`delete from records where account = '${B}'`));
    assert.deepEqual(all.map(({ account }) => account).sort(), [B, A]);
  });

  it('are found when a chain was made anew, hashes and all', async (t) => {
    const problems = await problemsAfter(await recorded(t), (db) => {
      type Row = { number: number; sequence: number; id: string; parent: null; at: number };
      const rows = db.prepare('select * from records where account = ? order by number').all(A) as Row[];
      let previous = CHAIN_START;
      for (const { number, ...row } of rows) {
        const body = '{"i":"forged"}';
        previous = recordHash(previous, { ...row, account: A, commit: Math.floor(number / 4096), body });
        db.prepare('update records set body = ?, hash = ? where number = ?').run(body, previous, number);
      }
    });
    assert.deepEqual(
      problems.map(({ account, sequence }) => [account, sequence]),
      [[A, 5]],
    );
    assert.match(problems[0]!.problem, /signed/);
  });

  it('are found when the checkpoint was changed with them', async (t) => {
    const home = await recorded(t);
    const heads = await problemsAfter(home, (db) => {
      db.exec(`delete from records where account = '${A}'`);
      db.exec(
        `update checkpoints set heads = (select json_group_array(value) from json_each(heads) where value ->> 'account' <> '${A}')`,
      );
    });
    assert.match(heads.map(({ problem }) => problem).join(), /heads of checkpoint 5 were changed/);
    const root = await problemsAfter(home, (db) => db.exec("update checkpoints set root = 'forged'"));
    assert.match(root.map(({ problem }) => problem).join(), /signature of checkpoint 5 is wrong/);
  });
});
