import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Conflict, type Store, type Unit } from '../store.ts';
import { bytes, freshStore, items, type Place, putThings, rules, things } from './fixture.ts';

const A = 'a'.repeat(32);
const B = '111122223333';

interface Case {
  readonly read: (unit: Unit) => Promise<unknown>;
  /** Moves what was read. */
  readonly moves: (unit: Unit) => void;
  /** Moves something close by that was not. */
  readonly spares: (unit: Unit) => void;
}

const byGroup = (unit: Unit) => unit.list(things, A, { index: 'byGroup', key: 'g', limit: 9 });

const cases: Readonly<Record<string, Case>> = {
  'a document that was read is changed': {
    read: (unit) => unit.get(things, A, 'kept'),
    moves: (unit) => unit.put(things, A, 'kept', { name: 'changed' }),
    spares: (unit) => unit.put(things, B, 'kept', { name: 'changed' }),
  },
  'a document that was read is deleted': {
    read: (unit) => unit.get(things, A, 'kept'),
    moves: (unit) => unit.delete(things, A, 'kept'),
    spares: (unit) => unit.delete(rules, A, 'kept'),
  },
  'a document that was absent is made': {
    read: (unit) => unit.get(things, A, 'new'),
    moves: (unit) => unit.put(things, A, 'new', { name: 'made' }),
    spares: (unit) => unit.put(things, A, 'newer', { name: 'made' }),
  },
  'a list misses an insert': {
    read: (unit) => unit.list(things, A, { limit: 9 }),
    moves: (unit) => unit.put(things, A, 'new', { name: 'made' }),
    spares: (unit) => unit.put(rules, A, 'new', { name: 'made' }),
  },
  'a list by an index misses an insert': {
    read: byGroup,
    moves: (unit) => unit.put(things, A, 'new', { name: 'made', groups: ['g'] }),
    spares: (unit) => unit.put(things, A, 'new', { name: 'made', groups: ['h'] }),
  },
  'a document leaves a list by an index': {
    read: byGroup,
    moves: (unit) => unit.put(things, A, 'kept', { name: 'kept' }),
    spares: (unit) => unit.put(things, A, 'plain', { name: 'changed' }),
  },
  'a document changes inside a list': {
    read: byGroup,
    moves: (unit) => unit.put(things, A, 'kept', { name: 'changed', groups: ['g'] }),
    spares: (unit) => unit.put(things, B, 'kept', { name: 'changed', groups: ['g'] }),
  },
  'a search in all accounts misses an insert': {
    read: (unit) => unit.find(things, 'byGroup', 'g'),
    moves: (unit) => unit.put(things, B, 'new', { name: 'made', groups: ['g'] }),
    spares: (unit) => unit.put(things, B, 'new', { name: 'made', groups: ['h'] }),
  },
  'an epoch moves': {
    read: (unit) => unit.epoch(A),
    moves: (unit) => unit.put(rules, A, 'new', { name: 'made' }),
    spares: (unit) => unit.put(rules, B, 'new', { name: 'made' }),
  },
  'a row that was read is changed': {
    read: (unit) => unit.getRow(items, A, 'c', bytes(2)),
    moves: (unit) => unit.putRow(items, A, 'c', bytes(2), { name: 'changed' }),
    spares: (unit) => unit.putRow(items, A, 'c', bytes(2, 0), { name: 'changed' }),
  },
  'a row that was absent is put': {
    read: (unit) => unit.getRow(items, A, 'c', bytes(9)),
    moves: (unit) => unit.putRow(items, A, 'c', bytes(9), { name: 'put' }),
    spares: (unit) => unit.putRow(items, B, 'c', bytes(9), { name: 'put' }),
  },
  'a page of rows misses an insert': {
    read: (unit) => unit.listRows(items, A, 'c', { limit: 1 }),
    moves: (unit) => unit.putRow(items, A, 'c', bytes(1), { name: 'put' }),
    spares: (unit) => unit.putRow(items, A, 'c', bytes(5), { name: 'behind the row that told of a next page' }),
  },
  'a page of rows from the end misses an insert': {
    read: (unit) => unit.listRows(items, A, 'c', { limit: 1, reverse: true }),
    moves: (unit) => unit.putRow(items, A, 'c', bytes(9), { name: 'put' }),
    spares: (unit) => unit.putRow(items, A, 'c', bytes(3), { name: 'before the row that told of a next page' }),
  },
  'a range of rows misses a deletion': {
    read: (unit) => unit.listRows(items, A, 'c', { from: bytes(2), before: bytes(4), limit: 9 }),
    moves: (unit) => unit.deleteRow(items, A, 'c', bytes(2)),
    spares: (unit) => unit.deleteRow(items, A, 'c', bytes(4)),
  },
};

async function start(store: Store): Promise<void> {
  const unit = store.begin();
  unit.put(things, A, 'kept', { name: 'kept', groups: ['g'] });
  unit.put(things, A, 'plain', { name: 'plain' });
  for (const key of [2, 4, 6]) unit.putRow(items, A, 'c', bytes(key), { name: `${key}` });
  await unit.commit();
}

export function commitContract(newPlace: () => Promise<Place>): void {
  describe('a commit is refused', () => {
    for (const [name, { read, moves, spares }] of Object.entries(cases)) {
      it(`when ${name}; not when something else moves`, async (t) => {
        const store = await freshStore(t, newPlace);
        await start(store);
        for (const writes of [true, false]) {
          const [refused, accepted] = [store.begin(), store.begin()];
          await read(accepted);
          const sparing = store.begin();
          spares(sparing);
          await sparing.commit();
          if (writes) accepted.put(things, A, 'accepted', { name: 'written' });
          await accepted.commit();
          await read(refused);
          const moving = store.begin();
          moves(moving);
          await moving.commit();
          if (writes) refused.put(things, A, 'refused', { name: 'written' });
          await assert.rejects(refused.commit(), Conflict);
          assert.equal(await store.begin().get(things, A, 'refused'), undefined);
          assert.equal((await store.begin().get(things, A, 'accepted')) !== undefined, writes);
          await startAgain(store);
        }
      });
    }

    it('whole: its documents, rows, jobs and records are not there, and its number is not used', async (t) => {
      const store = await freshStore(t, newPlace);
      await start(store);
      const unit = store.begin();
      await unit.get(things, A, 'kept');
      await putThings(store, things, A, { kept: { name: 'moved' } });
      const before = store.lastCommit;
      unit.put(things, A, 'half', { name: 'half' });
      unit.putRow(items, A, 'c', bytes(7), { name: 'half' });
      unit.schedule({ kind: 'half', account: A, due: 1, payload: null });
      unit.record({ id: 'half', at: 1, accounts: [A], body: null });
      await assert.rejects(unit.commit(), Conflict);
      const after = store.begin();
      assert.equal(await after.get(things, A, 'half'), undefined);
      assert.equal(await after.getRow(items, A, 'c', bytes(7)), undefined);
      assert.equal(await store.nextJobDue(), undefined);
      assert.deepEqual(await store.recordsOf('half'), []);
      assert.equal(store.lastCommit, before);
    });

    it('alone: of commits that came together, those that do not collide are kept', async (t) => {
      const store = await freshStore(t, newPlace);
      await start(store);
      const units = await Promise.all(
        Array.from({ length: 8 }, async (_, i) => {
          const unit = store.begin();
          await unit.get(things, A, 'kept');
          unit.put(things, A, i % 2 === 0 ? 'kept' : `own-${i}`, { name: `${i}` });
          return unit;
        }),
      );
      const free = store.begin();
      free.put(things, A, 'free', { name: 'free' });
      const outcomes = await Promise.allSettled([...units, free].map((unit) => unit.commit()));
      const kept = outcomes.filter(({ status }) => status === 'fulfilled').length;
      // The first one writes what all others have read; the last one has read nothing.
      assert.equal(kept, 2);
      assert.equal((await store.begin().get(things, A, 'kept'))?.revision, 2);
      assert.ok(await store.begin().get(things, A, 'free'));
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof Conflict);
      }
    });
  });

  describe('a commit that is acknowledged', () => {
    it('is seen by every unit that begins after, cached or not', async (t) => {
      const store = await freshStore(t, newPlace);
      for (let i = 1; i <= 20; i++) {
        await putThings(store, rules, A, { x: { name: `${i}`, groups: ['g'] } });
        const unit = store.begin();
        const [listed] = (await unit.list(rules, A, { index: 'byGroup', key: 'g', limit: 1 })).items;
        assert.equal((await unit.get(rules, A, 'x'))?.value.name, `${i}`);
        assert.equal(listed?.value.name, `${i}`);
        assert.equal((await unit.list(rules, A, { limit: 1 })).items[0]?.revision, i);
        assert.equal((await unit.find(rules, 'byGroup', 'g'))[0]?.revision, i);
      }
    });

    it('has the next number, which a unit without writes leaves as it is', async (t) => {
      const store = await freshStore(t, newPlace);
      const numbers = await Promise.all([1, 2, 3].map((i) => putThings(store, things, A, { [i]: { name: '' } })));
      assert.deepEqual(
        [...numbers].sort((a, b) => a - b),
        [1, 2, 3],
      );
      const unit = store.begin();
      await unit.get(things, A, '1');
      assert.equal(await unit.commit(), 3);
      assert.equal(await store.begin().commit(), 3);
    });
  });
}

async function startAgain(store: Store): Promise<void> {
  const unit = store.begin();
  for (const account of [A, B]) {
    for (const from of [things, rules]) {
      for (const { id } of (await unit.list(from, account, { limit: 99 })).items) unit.delete(from, account, id);
    }
    for (const { key } of (await unit.listRows(items, account, 'c', { limit: 99 })).items) {
      unit.deleteRow(items, account, 'c', key);
    }
  }
  await unit.commit();
  await start(store);
}
