import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytes, freshStore, idsOf, items, type Place, parts, putThings, rules, safes, things } from './fixture.ts';

const A = 'a'.repeat(32);
const B = '111122223333';

export function documentContract(newPlace: () => Promise<Place>): void {
  describe('documents', () => {
    it('are absent, then have revision 1, one more at each change, and are absent again', async (t) => {
      const store = await freshStore(t, newPlace);
      assert.equal(await store.begin().get(things, A, 'x'), undefined);
      assert.equal(await putThings(store, things, A, { x: { name: 'one' } }), 1);
      assert.deepEqual(await store.begin().get(things, A, 'x'), {
        account: A,
        id: 'x',
        revision: 1,
        value: { name: 'one' },
      });
      const unit = store.begin();
      await unit.get(things, A, 'x');
      unit.put(things, A, 'x', { name: 'two' });
      unit.put(things, A, 'x', { name: 'three' });
      assert.equal(await unit.commit(), 2);
      const changed = await store.begin().get(things, A, 'x');
      assert.deepEqual([changed?.revision, changed?.value.name], [2, 'three']);
      const last = store.begin();
      last.delete(things, A, 'x');
      await last.commit();
      assert.equal(await store.begin().get(things, A, 'x'), undefined);
      assert.equal(store.lastCommit, 3);
    });

    it('are counted on when they are put without having been read', async (t) => {
      const store = await freshStore(t, newPlace);
      const blind = Array.from({ length: 5 }, (_, i) => putThings(store, things, A, { x: { name: `${i}` } }));
      await Promise.all(blind);
      assert.equal((await store.begin().get(things, A, 'x'))?.revision, 5);
    });

    it('are kept as they were when they were put', async (t) => {
      const store = await freshStore(t, newPlace);
      const groups = ['g'];
      const unit = store.begin();
      unit.put(things, A, 'x', { name: 'one', groups });
      groups.push('later');
      await unit.commit();
      assert.deepEqual((await store.begin().get(things, A, 'x'))?.value.groups, ['g']);
    });

    it('are listed in the order of the bytes of their ids, page by page, one account at a time', async (t) => {
      const store = await freshStore(t, newPlace);
      const ids = ['b', 'a', '\u{1f511}', '\u{ff5e}', 'é'];
      await putThings(store, things, A, Object.fromEntries(ids.map((id) => [id, { name: id }])));
      await putThings(store, things, B, { c: { name: 'other' } });
      const ordered = [...ids].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
      const seen: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store.begin().list(things, A, { limit: 2, ...(after ? { after } : {}) });
        seen.push(...idsOf(page.items));
        if (page.next === undefined) break;
        after = page.next;
      }
      assert.deepEqual(seen, ordered);
      assert.equal((await store.begin().list(things, A, { limit: 5 })).next, undefined);
      const unit = store.begin();
      unit.put(things, A, '\u{10000}', { name: 'own' });
      const all = [...ordered, '\u{10000}'].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
      assert.deepEqual(idsOf((await unit.list(things, A, { limit: 9 })).items), all);
    });

    it('are listed under each of their index keys, and found in every account', async (t) => {
      const store = await freshStore(t, newPlace);
      await putThings(store, things, A, { x: { name: 'x', groups: ['g', 'h'] }, y: { name: 'y', groups: ['g'] } });
      await putThings(store, things, B, { z: { name: 'z', groups: ['g'] } });
      const list = async (key: string) =>
        idsOf((await store.begin().list(things, A, { index: 'byGroup', key, limit: 9 })).items);
      assert.deepEqual([await list('g'), await list('h'), await list('none')], [['x', 'y'], ['x'], []]);
      assert.deepEqual(idsOf(await store.begin().find(things, 'byGroup', 'g')), ['z', 'x', 'y']);
      assert.deepEqual(idsOf(await store.begin().find(things, 'byGroup', 'g', 2)), ['z', 'x']);
      await putThings(store, things, A, { x: { name: 'x', groups: ['h'] } });
      assert.deepEqual([await list('g'), await list('h')], [['y'], ['x']]);
      assert.deepEqual(idsOf(await store.begin().find(things, 'byGroup', 'g')), ['z', 'y']);
    });

    it('are seen by the unit that wrote them before anybody else sees them', async (t) => {
      const store = await freshStore(t, newPlace);
      await putThings(store, things, A, { a: { name: 'a', groups: ['g'] }, b: { name: 'b', groups: ['g'] } });
      const unit = store.begin();
      unit.delete(things, A, 'a');
      unit.put(things, A, 'b', { name: 'b' });
      unit.put(things, A, 'c', { name: 'c', groups: ['g'] });
      assert.equal(await unit.get(things, A, 'a'), undefined);
      assert.equal((await unit.get(things, A, 'b'))?.revision, 2);
      assert.deepEqual(idsOf((await unit.list(things, A, { limit: 9 })).items), ['b', 'c']);
      assert.deepEqual(idsOf((await unit.list(things, A, { index: 'byGroup', key: 'g', limit: 9 })).items), ['c']);
      assert.deepEqual(idsOf(await unit.find(things, 'byGroup', 'g')), ['c']);
      assert.deepEqual(idsOf((await store.begin().list(things, A, { limit: 9 })).items), ['a', 'b']);
      assert.deepEqual(
        unit.writes().map(({ collection, account, id }) => [collection.name, account, id]),
        [
          ['things', A, 'a'],
          ['things', A, 'b'],
          ['things', A, 'c'],
        ],
      );
    });

    it('refuse addresses that could be mistaken for others', async (t) => {
      const store = await freshStore(t, newPlace);
      const unit = store.begin();
      assert.throws(() => unit.put(things, A, '', { name: '' }), /name/);
      assert.throws(() => unit.put(things, `${A}\0`, 'x', { name: '' }), /name/);
      assert.throws(() => unit.put(things, A, '\ud800', { name: '' }), /name/);
      assert.throws(() => unit.put(parts, A, 'alone', { name: '' }), /must start with/);
      unit.put(parts, A, 'owner/part', { name: '' });
      assert.equal(await unit.commit(), 1);
      await assert.rejects(unit.commit(), /committed/);
    });
  });

  describe('deciding documents', () => {
    it('move the epoch of their account, and of no other', async (t) => {
      const store = await freshStore(t, newPlace);
      const epochs = async () => [await store.begin().epoch(A), await store.begin().epoch(B)] as const;
      const [a0, b0] = await epochs();
      await putThings(store, things, A, { x: { name: 'decides nothing' } });
      assert.deepEqual(await epochs(), [a0, b0]);
      await putThings(store, rules, A, { x: { name: 'decides' } });
      const [a1, b1] = await epochs();
      assert.ok(a1 > a0);
      assert.equal(b1, b0);
      const unit = store.begin();
      unit.delete(rules, A, 'x');
      await unit.commit();
      assert.ok((await epochs())[0] > a1);
    });

    it('are read as they were after a past commit', async (t) => {
      const store = await freshStore(t, newPlace);
      const first = await putThings(store, rules, A, { r: { name: 'one', groups: ['g'] } });
      const second = await putThings(store, rules, A, { r: { name: 'two', groups: ['h'] }, s: { name: 's' } });
      const unit = store.begin();
      unit.delete(rules, A, 'r');
      const third = await unit.commit();
      const fourth = await putThings(store, rules, A, { r: { name: 'again', groups: ['g'] } });
      const names: (string | undefined)[] = [];
      const listed: string[][] = [];
      const grouped: string[][] = [];
      for (const commit of [0, first, second, third, fourth]) {
        const past = store.asOf(commit);
        names.push((await past.get(rules, A, 'r'))?.value.name);
        listed.push(idsOf((await past.list(rules, A, { limit: 9 })).items));
        grouped.push(idsOf(await past.find(rules, 'byGroup', 'g')));
        assert.deepEqual(
          idsOf((await past.list(rules, A, { index: 'byGroup', key: 'g', limit: 9 })).items),
          grouped.at(-1),
        );
      }
      assert.deepEqual(names, [undefined, 'one', 'two', undefined, 'again']);
      assert.deepEqual(listed, [[], ['r'], ['r', 's'], ['s'], ['r', 's']]);
      assert.deepEqual(grouped, [[], ['r'], [], [], ['r']]);
      assert.equal((await store.asOf(second).get(rules, A, 'r'))?.revision, 2);
      await assert.rejects(store.asOf(1).get(things, A, 'x'), /does not keep its past/);
    });
  });

  describe('sealed fields', () => {
    const secret = Buffer.from('open sesame');

    it('are opened by the store alone, at every revision', async (t) => {
      const store = await freshStore(t, newPlace);
      const unit = store.begin();
      unit.put(safes, A, 's', { name: 'safe', secret: secret.toString('base64') });
      const own = (await unit.get(safes, A, 's'))!;
      assert.deepEqual(store.open(safes, own, 'secret'), secret);
      unit.put(safes, A, 's', { ...own.value, name: 'put twice' });
      await unit.commit();
      const first = (await store.begin().get(safes, A, 's'))!;
      assert.doesNotMatch(JSON.stringify(first), new RegExp(secret.toString('base64')));
      const again = store.begin();
      const read = (await again.get(safes, A, 's'))!;
      again.put(safes, A, 's', { ...read.value, name: 'renamed' });
      await again.commit();
      const second = (await store.begin().get(safes, A, 's'))!;
      assert.deepEqual([second.revision, second.value.name], [2, 'renamed']);
      assert.deepEqual(store.open(safes, second, 'secret'), secret);
      assert.notDeepEqual(second.value.secret, first.value.secret);
      assert.deepEqual(store.open(safes, first, 'secret'), secret);
    });

    it('open nowhere but where they were sealed', async (t) => {
      const store = await freshStore(t, newPlace);
      const unit = store.begin();
      unit.put(safes, A, 's', { name: 'safe', secret: secret.toString('base64') });
      unit.put(safes, A, 'empty', { name: 'empty' });
      await unit.commit();
      const sealed = (await store.begin().get(safes, A, 's'))!;
      for (const moved of [{ id: 't' }, { account: B }, { revision: 2 }]) {
        assert.throws(() => store.open(safes, { ...sealed, ...moved }, 'secret'), /was not sealed there/);
      }
      const thief = store.begin();
      assert.throws(() => thief.put(safes, A, 'new', sealed.value), /must be given as base64/);
      await thief.get(safes, A, 'empty');
      assert.throws(() => thief.put(safes, A, 'empty', sealed.value), /was not sealed there/);
      assert.throws(() => thief.put(safes, A, 'new', { name: 'x', secret: 'not base64!' }), /not base64/);
      assert.throws(() => store.open(safes, { ...sealed, value: { name: 'x' } }, 'secret'), /nothing sealed/);
    });
  });

  describe('rows', () => {
    it('are ordered by the bytes of their keys, in ranges, both ways, page by page', async (t) => {
      const store = await freshStore(t, newPlace);
      const unit = store.begin();
      const keys = [[0], [0, 0], [1], [127, 255], [128], [255], [255, 255]];
      for (const key of [...keys].reverse()) unit.putRow(items, A, 'c', bytes(...key), { name: key.join() });
      unit.putRow(items, A, 'd', bytes(9), { name: 'other container' });
      const list = async (from: typeof unit, query: Partial<Parameters<typeof unit.listRows>[3]>) =>
        (await from.listRows(items, A, 'c', { limit: 9, ...query })).items.map(({ value }) => value.name);
      const names = keys.map((key) => key.join());
      assert.deepEqual(await list(unit, {}), names);
      await unit.commit();
      const reader = store.begin();
      assert.deepEqual(await list(reader, {}), names);
      assert.deepEqual(await list(reader, { reverse: true }), [...names].reverse());
      assert.deepEqual(await list(reader, { from: bytes(1), before: bytes(255) }), ['1', '127,255', '128']);
      assert.deepEqual(await list(reader, { from: bytes(1), before: bytes(255), reverse: true, limit: 2 }), [
        '128',
        '127,255',
      ]);
      const page = await reader.listRows(items, A, 'c', { limit: 3 });
      assert.deepEqual(await list(reader, { after: page.next! }), names.slice(3));
      const down = await reader.listRows(items, A, 'c', { limit: 3, reverse: true });
      assert.deepEqual(await list(reader, { after: down.next!, reverse: true }), [...names].reverse().slice(3));
      assert.deepEqual(await reader.getRow(items, A, 'c', bytes(128)), { name: '128' });
      assert.equal(await reader.getRow(items, A, 'd', bytes(128)), undefined);
    });

    it('show a unit its own puts and deletions', async (t) => {
      const store = await freshStore(t, newPlace);
      const unit = store.begin();
      for (const key of [1, 2, 3]) unit.putRow(items, A, 'c', bytes(key), { name: `${key}` });
      await unit.commit();
      const next = store.begin();
      next.deleteRow(items, A, 'c', bytes(1));
      next.putRow(items, A, 'c', bytes(4), { name: '4' });
      const page = await next.listRows(items, A, 'c', { limit: 2 });
      assert.deepEqual([page.items.map(({ value }) => value.name), page.next], [['2', '3'], Buffer.from([3])]);
      assert.equal(await next.getRow(items, A, 'c', bytes(1)), undefined);
      assert.deepEqual(next.writes(), [{ collection: things, account: A, id: 'c' }]);
      await next.commit();
      assert.equal((await store.begin().listRows(items, A, 'c', { limit: 9 })).items.length, 3);
    });
  });
}
