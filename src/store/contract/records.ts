import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Job, JobLost, type RecordDraft, type StoredRecord } from '../store.ts';
import { declared, freshStore, idsOf, items, type Place, putThings, safes, things } from './fixture.ts';

const A = 'a'.repeat(32);
const B = '111122223333';

const record = (id: string, extra: Partial<RecordDraft> = {}): RecordDraft => ({
  id,
  at: 1000,
  accounts: [A],
  body: { asked: id },
  ...extra,
});

export function recordContract(newPlace: () => Promise<Place>): void {
  describe('records', () => {
    it('stand in the chain of each account named, under one id, together with those nested in them', async (t) => {
      const store = await freshStore(t, newPlace);
      const unit = store.begin();
      unit.record(record('call', { accounts: [A, B, A] }));
      unit.record(record('nested', { parent: 'call', accounts: [B] }));
      unit.record(record('deeper', { parent: 'nested' }));
      unit.record(record('stranger'));
      const commit = await unit.commit();
      const found = await store.recordsOf('call');
      assert.deepEqual(
        found.map(({ id, parent, account, sequence }) => [id, parent, account, sequence]),
        [
          ['call', undefined, A, 1],
          ['call', undefined, B, 1],
          ['nested', 'call', B, 2],
          ['deeper', 'nested', A, 2],
        ],
      );
      assert.deepEqual([found[0]?.commit, found[0]?.at, found[0]?.body], [commit, 1000, { asked: 'call' }]);
      assert.equal(new Set(found.map(({ hash }) => hash)).size, 4);
      assert.throws(() => store.begin().record(record('nowhere', { accounts: [] })), /no account/);
    });

    it('are found by the ids that clients sent, in the account of the client alone', async (t) => {
      const store = await freshStore(t, newPlace);
      for (const id of ['first', 'second']) {
        const unit = store.begin();
        unit.record(record(id, { accounts: [A, B], aliases: [{ account: A, id: 'sent' }] }));
        await unit.commit();
      }
      assert.deepEqual(await store.recordsByAlias(A, 'sent'), ['second', 'first']);
      assert.deepEqual(await store.recordsByAlias(B, 'sent'), []);
    });

    it('are listed newest first, between commits, of one account or of all', async (t) => {
      const store = await freshStore(t, newPlace);
      for (const [i, account] of [A, B, A, B, A].entries()) {
        const unit = store.begin();
        unit.record(record(`r${i + 1}`, { accounts: [account] }));
        await unit.commit();
      }
      assert.deepEqual(idsOf(await store.records({ limit: 3 })), ['r5', 'r4', 'r3']);
      assert.deepEqual(idsOf(await store.records({ account: A, limit: 9 })), ['r5', 'r3', 'r1']);
      assert.deepEqual(idsOf(await store.records({ account: A, beforeCommit: 5, limit: 9 })), ['r3', 'r1']);
      assert.deepEqual(idsOf(await store.records({ afterCommit: 3, limit: 9 })), ['r5', 'r4']);
      assert.deepEqual(idsOf(await store.records({ afterCommit: 1, beforeCommit: 4, limit: 9 })), ['r3', 'r2']);
    });

    it('of an account are read on from behind one of them, from either end, also within a commit', async (t) => {
      const store = await freshStore(t, newPlace);
      for (const names of [['r1', 'r2', 'r3'], ['r4'], ['r5', 'r6']]) {
        const unit = store.begin();
        for (const id of names) unit.record(record(id, { accounts: [A, B] }));
        unit.record(record(`other of ${names[0]}`, { accounts: [B] }));
        await unit.commit();
      }
      const read = (limit: number, behind?: StoredRecord) =>
        store.recordsBehind(A, { behind, order: 'oldest-first', limit });
      const first = await read(2);
      assert.deepEqual(idsOf(first), ['r1', 'r2']);
      const second = await read(3, first[1]);
      assert.deepEqual(idsOf(second), ['r3', 'r4', 'r5']);
      const third = await read(3, second[2]);
      assert.deepEqual(idsOf(third), ['r6']);
      assert.deepEqual(await read(3, third[0]), []);
      const newest = await store.recordsBehind(A, { behind: first[1], order: 'newest-first', limit: 3 });
      assert.deepEqual(idsOf(newest), ['r6', 'r5', 'r4']);
    });

    it('need not be waited for, and are there within 50 ms, when they are asked for, or after close', async (t) => {
      const place = await newPlace();
      t.after(() => place.destroy());
      const store = await place.open(declared);
      const started = performance.now();
      store.recordSoon(record('soon'));
      while (store.lastCommit === 0 && performance.now() - started < 2000) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.equal(store.lastCommit, 1);
      assert.equal((await store.recordsOf('soon')).length, 1);
      store.recordSoon(record('asked'));
      assert.equal((await store.recordsOf('asked')).length, 1);
      for (let i = 0; i < 3000; i++) store.recordSoon(record(`many-${i}`, { accounts: [A, B] }));
      await store.close();
      const again = await place.open(declared);
      assert.equal((await again.recordsOf('many-2999')).length, 2);
      assert.deepEqual(await again.verifyRecords(), { accounts: 2, records: 6002, problems: [] });
      await again.close();
    });

    it('form chains that verify, with and without a checkpoint', async (t) => {
      const store = await freshStore(t, newPlace);
      assert.deepEqual(await store.verifyRecords(), { accounts: 0, records: 0, problems: [] });
      const add = async (id: string) => {
        const unit = store.begin();
        unit.record(record(id, { accounts: [A, B] }));
        await unit.commit();
      };
      await add('one');
      const first = await store.checkpoint(5);
      await add('two');
      assert.deepEqual(await store.verifyRecords(), { accounts: 2, records: 4, problems: [] });
      const second = await store.checkpoint(6);
      assert.deepEqual([first.commit, second.commit], [1, 2]);
      assert.notEqual(first.root, second.root);
      assert.deepEqual((await store.verifyRecords()).problems, []);
    });
  });

  describe('jobs', () => {
    const job = (name: string, due: number, key?: string) => ({
      kind: 'wake',
      account: A,
      due,
      payload: { name },
      ...(key ? { key } : {}),
    });

    it('are leased when due, in order, and again when the lease has ended', async (t) => {
      let told = 0;
      const store = await freshStore(t, newPlace, () => told++);
      const unit = store.begin();
      unit.schedule(job('late', 300));
      unit.schedule(job('early', 100));
      unit.schedule(job('later', 200));
      assert.equal(told, 0);
      await unit.commit();
      await putThings(store, things, A, { x: { name: 'schedules nothing' } });
      assert.equal(told, 1);
      assert.equal(await store.nextJobDue(), 100);
      assert.deepEqual(await store.leaseJobs(99, 9, 50), []);
      const names = (jobs: readonly Job[]) => jobs.map(({ payload }) => (payload as { name: string }).name);
      const leased = await store.leaseJobs(250, 9, 100);
      assert.deepEqual(names(leased), ['early', 'later']);
      assert.deepEqual([leased[0]?.attempts, leased[0]?.due, leased[0]?.kind, leased[0]?.account], [1, 100, 'wake', A]);
      assert.deepEqual(names(await store.leaseJobs(349, 9, 100)), ['late']);
      assert.equal(await store.nextJobDue(), 350);
      const again = await store.leaseJobs(350, 1, 100);
      assert.deepEqual([names(again), again[0]?.attempts], [['early'], 2]);
    });

    it('end together with their effects, and only while they are held', async (t) => {
      const store = await freshStore(t, newPlace);
      const unit = store.begin();
      unit.schedule(job('work', 1));
      await unit.commit();
      const [lost] = await store.leaseJobs(1, 1, 10);
      const [held] = await store.leaseJobs(11, 1, 10);
      const finish = async (ended: Job, id: string) => {
        const done = store.begin();
        done.put(things, A, id, { name: 'effect' });
        done.finish(ended);
        await done.commit();
      };
      await assert.rejects(finish(lost!, 'by-loser'), JobLost);
      await finish(held!, 'by-holder');
      await assert.rejects(finish(held!, 'twice'), JobLost);
      assert.deepEqual(idsOf((await store.begin().list(things, A, { limit: 9 })).items), ['by-holder']);
      assert.equal(await store.nextJobDue(), undefined);
    });

    it('are given back to run at another time, by who holds them', async (t) => {
      const store = await freshStore(t, newPlace);
      const unit = store.begin();
      unit.schedule(job('work', 1));
      await unit.commit();
      const [lost] = await store.leaseJobs(1, 1, 10);
      const [held] = await store.leaseJobs(11, 1, 10);
      await store.retryJob(lost!, 1);
      assert.equal(await store.nextJobDue(), 21);
      await store.retryJob(held!, 500);
      assert.equal(await store.nextJobDue(), 500);
      assert.equal((await store.leaseJobs(500, 1, 10))[0]?.attempts, 3);
    });

    it('with a key replace the pending one of their kind and account', async (t) => {
      const store = await freshStore(t, newPlace);
      const unit = store.begin();
      unit.schedule(job('old', 100, 'timer'));
      unit.schedule({ ...job('other account', 150, 'timer'), account: B });
      await unit.commit();
      const [leased] = await store.leaseJobs(100, 1, 1000);
      const mover = store.begin();
      mover.schedule(job('new', 200, 'timer'));
      await mover.commit();
      const ender = store.begin();
      ender.finish(leased!);
      await assert.rejects(ender.commit(), JobLost);
      const jobs = await store.leaseJobs(900, 9, 10);
      assert.deepEqual(
        jobs.map(({ payload, key }) => [(payload as { name: string }).name, key]),
        [
          ['other account', 'timer'],
          ['new', 'timer'],
        ],
      );
      const repeat = store.begin();
      repeat.finish(jobs[1]!);
      repeat.schedule(job('repeated', 950, 'timer'));
      await repeat.commit();
      assert.equal((await store.leaseJobs(950, 9, 10)).length, 2);
    });
  });

  describe('a store that is opened again', () => {
    it('holds everything it held', async (t) => {
      const place = await newPlace();
      t.after(() => place.destroy());
      const store = await place.open(declared);
      const unit = store.begin();
      unit.put(things, A, 'x', { name: 'x', groups: ['g'] });
      unit.put(safes, A, 's', { name: 's', secret: Buffer.from('secret').toString('base64') });
      unit.putRow(items, A, 'x', Uint8Array.of(1), { name: 'row' });
      unit.schedule({ kind: 'k', account: A, due: 7, payload: [1] });
      unit.record(record('r'));
      await unit.commit();
      const leased = await store.leaseJobs(7, 1, 1_000_000);
      assert.equal(leased.length, 1);
      await store.close();
      await assert.rejects(
        store
          .begin()
          .commit()
          .then(() => putThings(store, things, A, { y: { name: 'late' } })),
      );
      const again = await place.open(declared);
      t.after(() => again.close());
      assert.equal(again.lastCommit, 1);
      assert.deepEqual(idsOf(await again.begin().find(things, 'byGroup', 'g')), ['x']);
      const safe = (await again.begin().get(safes, A, 's'))!;
      assert.equal(again.open(safes, safe, 'secret').toString(), 'secret');
      assert.deepEqual(await again.begin().getRow(items, A, 'x', Uint8Array.of(1)), { name: 'row' });
      assert.deepEqual(idsOf(await again.recordsOf('r')), ['r']);
      // The process that held the lease is gone with it.
      assert.equal(await again.nextJobDue(), 7);
      assert.equal(await putThings(again, things, A, { z: { name: 'z' } }), 2);
    });
  });
}
