import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import { CHAIN_START, recordHash } from '../chain.ts';
import { declared, safes } from '../contract/fixture.ts';
import { rekey } from '../index.ts';
import { A, B, inStore, newHome, open, tamper } from './homes.ts';

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
