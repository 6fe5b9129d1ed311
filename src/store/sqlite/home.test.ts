import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CHAIN_START, recordHash } from '../chain.ts';
import { declared, idsOf, putThings, rules, safes, type Thing, things } from '../contract/fixture.ts';
import { collection, rekey, StoreFailed } from '../index.ts';
import { A, inStore, newHome, open, tamper } from './homes.ts';
import { MIGRATIONS } from './schema.ts';

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
