/**
 * Random interleavings of units against a model. Each unit that committed is replayed on the model in the order of the
 * commits: every read must answer as it did in the store, so no read was stale and no insert was missed.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Conflict, type Store, type Unit } from '../store.ts';
import { declared, items, type Place, rules, type Thing, things } from './fixture.ts';

const collections = { things, rules } as const;
type Name = keyof typeof collections;

type Action =
  | { readonly kind: 'get' | 'delete'; readonly from: Name; readonly account: string; readonly id: string }
  | { readonly kind: 'put'; readonly from: Name; readonly account: string; readonly id: string; readonly value: Thing }
  | {
      readonly kind: 'list';
      readonly from: Name;
      readonly account: string;
      readonly key?: string;
      readonly after?: string;
      readonly limit: number;
    }
  | { readonly kind: 'find'; readonly from: Name; readonly key: string; readonly limit: number }
  | { readonly kind: 'epoch'; readonly account: string }
  | { readonly kind: 'getRow' | 'deleteRow'; readonly account: string; readonly key: number }
  | { readonly kind: 'putRow'; readonly account: string; readonly key: number; readonly value: Thing }
  | {
      readonly kind: 'listRows';
      readonly account: string;
      readonly from: number;
      readonly before: number;
      readonly limit: number;
      readonly reverse: boolean;
    };

/** What one of up to three open units does next, or which of them commit at the same time. */
type Step = { readonly unit: number; readonly action: Action } | { readonly commit: readonly number[] };

const account = fc.constantFrom('a', 'b');
const id = fc.constantFrom('1', '2', '3', '4');
const group = fc.constantFrom('g', 'h');
const from = fc.constantFrom<Name>('things', 'rules');
const limit = fc.integer({ min: 1, max: 4 });
const key = fc.integer({ min: 0, max: 5 });
const value = fc.record(
  { name: fc.string({ maxLength: 3 }), groups: fc.uniqueArray(group) },
  { noNullPrototype: true },
);

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constantFrom<'get' | 'delete'>('get', 'delete'), from, account, id }),
  fc.record({ kind: fc.constant<'put'>('put'), from, account, id, value }),
  fc.record(
    { kind: fc.constant<'list'>('list'), from, account, key: group, after: id, limit },
    { requiredKeys: ['kind', 'from', 'account', 'limit'] },
  ),
  fc.record({ kind: fc.constant<'find'>('find'), from, key: group, limit }),
  fc.record({ kind: fc.constant<'epoch'>('epoch'), account }),
  fc.record({ kind: fc.constantFrom<'getRow' | 'deleteRow'>('getRow', 'deleteRow'), account, key }),
  fc.record({ kind: fc.constant<'putRow'>('putRow'), account, key, value }),
  fc.record({
    kind: fc.constant<'listRows'>('listRows'),
    account,
    from: key,
    before: key,
    limit,
    reverse: fc.boolean(),
  }),
);
const unit = fc.integer({ min: 0, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ unit, action }) },
  { weight: 1, arbitrary: fc.record({ commit: fc.uniqueArray(unit, { minLength: 1 }) }) },
);

interface Kept {
  readonly revision: number;
  readonly value: Thing;
}

interface State {
  readonly documents: Map<string, Kept>;
  readonly rows: Map<string, Thing>;
  /** How often the rules of an account changed. */
  readonly epochs: Map<string, number>;
}

const copyOf = (state: State): State => ({
  documents: new Map(state.documents),
  rows: new Map(state.rows),
  epochs: new Map(state.epochs),
});

const path = (...parts: (string | number)[]): string => parts.join('/');

/** Answers an action in the model. `before` is the state that the unit started from, `now` has its own writes. */
function answer(before: State, now: State, action: Action): unknown {
  switch (action.kind) {
    case 'get':
      return now.documents.get(path(action.from, action.account, action.id)) ?? null;
    case 'put': {
      const where = path(action.from, action.account, action.id);
      const revision = (before.documents.get(where)?.revision ?? 0) + 1;
      now.documents.set(where, { revision, value: action.value });
      return undefined;
    }
    case 'delete':
      now.documents.delete(path(action.from, action.account, action.id));
      return undefined;
    case 'list': {
      const prefix = `${path(action.from, action.account)}/`;
      return listed(now, prefix, action.key)
        .filter(([where]) => where > prefix + (action.after ?? ''))
        .slice(0, action.limit);
    }
    case 'find':
      return listed(now, `${action.from}/`, action.key).slice(0, action.limit);
    case 'epoch':
      return before.epochs.get(action.account) ?? 0;
    default:
      return answerRows(now, action);
  }
}

function listed(state: State, prefix: string, key: string | undefined): (readonly [string, Kept])[] {
  return [...state.documents]
    .filter(([where, { value }]) => where.startsWith(prefix) && (key === undefined || value.groups?.includes(key)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function answerRows(now: State, action: Extract<Action, { kind: `${string}ow` | 'listRows' }>): unknown {
  if (action.kind === 'listRows') {
    const keys = [...now.rows.keys()].sort();
    if (action.reverse) keys.reverse();
    return keys
      .filter((where) => where >= path(action.account, action.from) && where < path(action.account, action.before))
      .slice(0, action.limit)
      .map((where) => [where, now.rows.get(where)]);
  }
  const where = path(action.account, action.key);
  if (action.kind === 'getRow') return now.rows.get(where) ?? null;
  if (action.kind === 'putRow') now.rows.set(where, action.value);
  else now.rows.delete(where);
  return undefined;
}

/** Does an action in the store, in accounts and groups of this run's own; answers in the model's words. */
async function act(unit: Unit, run: string, action: Action): Promise<unknown> {
  const inRun = (name: string): string => `${run}-${name}`;
  const outOfRun = (name: string): string => name.slice(run.length + 1);
  const key = (n: number): Uint8Array => Uint8Array.of(n);
  const shown = (found: readonly { account: string; id: string; revision: number; value: Thing }[], from: Name) =>
    found.map(({ account, id, revision, value }) => [
      path(from, outOfRun(account), id),
      { revision, value: plain(value) },
    ]);
  const plain = (value: Thing): Thing => ({ ...value, groups: (value.groups ?? []).map(outOfRun) });
  const marked = (value: Thing): Thing => ({ ...value, groups: (value.groups ?? []).map(inRun) });
  switch (action.kind) {
    case 'get': {
      const found = await unit.get(collections[action.from], inRun(action.account), action.id);
      return found ? { revision: found.revision, value: plain(found.value) } : null;
    }
    case 'put':
      return unit.put(collections[action.from], inRun(action.account), action.id, marked(action.value));
    case 'delete':
      return unit.delete(collections[action.from], inRun(action.account), action.id);
    case 'list': {
      const index = action.key === undefined ? {} : { index: 'byGroup', key: inRun(action.key) };
      const after = action.after === undefined ? {} : { after: action.after };
      const query = { ...index, ...after, limit: action.limit };
      return shown((await unit.list(collections[action.from], inRun(action.account), query)).items, action.from);
    }
    case 'find':
      return shown(await unit.find(collections[action.from], 'byGroup', inRun(action.key), action.limit), action.from);
    case 'epoch':
      return { epoch: await unit.epoch(inRun(action.account)) };
    case 'getRow': {
      const row = await unit.getRow(items, inRun(action.account), 'c', key(action.key));
      return row ? plain(row) : null;
    }
    case 'putRow':
      return unit.putRow(items, inRun(action.account), 'c', key(action.key), marked(action.value));
    case 'deleteRow':
      return unit.deleteRow(items, inRun(action.account), 'c', key(action.key));
    case 'listRows': {
      const query = {
        from: key(action.from),
        before: key(action.before),
        limit: action.limit,
        reverse: action.reverse,
      };
      const page = await unit.listRows(items, inRun(action.account), 'c', query);
      return page.items.map(({ key, value }) => [path(action.account, key[0]!), plain(value)]);
    }
  }
}

interface Attempt {
  readonly unit: Unit;
  readonly log: { readonly action: Action; readonly answered: unknown }[];
}

/** Replays one committed unit; checks each answer that it got. */
function replay(state: State, log: Attempt['log'], epochs: Map<string, unknown>): State {
  const now = copyOf(state);
  for (const { action, answered } of log) {
    const expected = answer(state, now, action);
    if (action.kind === 'epoch') {
      // Which number stands for an epoch is the store's choice, as long as one epoch has one number.
      const name = path(action.account, expected as number);
      if (!epochs.has(name)) epochs.set(name, answered);
      assert.deepEqual(answered, epochs.get(name), 'an epoch moved without a cause');
      const numbers = [...epochs]
        .filter(([other]) => other.startsWith(`${action.account}/`))
        .map(([, n]) => JSON.stringify(n));
      assert.equal(new Set(numbers).size, numbers.length, 'an epoch did not move');
    } else assert.deepEqual(answered, expected, JSON.stringify(action));
  }
  const moved = new Set<string>();
  for (const { action } of log) {
    if ((action.kind !== 'put' && action.kind !== 'delete') || action.from !== 'rules') continue;
    const where = path('rules', action.account, action.id);
    if (now.documents.has(where) || state.documents.has(where)) moved.add(action.account);
  }
  for (const account of moved) now.epochs.set(account, (state.epochs.get(account) ?? 0) + 1);
  return now;
}

async function play(store: Store, run: string, steps: readonly Step[]): Promise<void> {
  const attempts = new Map<number, Attempt>();
  const epochs = new Map<string, unknown>();
  let state: State = { documents: new Map(), rows: new Map(), epochs: new Map() };
  const past: { commit: number; state: State }[] = [];

  async function commit(numbers: readonly number[]): Promise<void> {
    const committing = numbers.flatMap((number) => attempts.get(number) ?? []);
    for (const number of numbers) attempts.delete(number);
    const outcomes = await Promise.allSettled(committing.map(({ unit }) => unit.commit()));
    const done: { commit: number; log: Attempt['log'] }[] = [];
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') done.push({ commit: outcome.value, log: committing[i]!.log });
      else assert.ok(outcome.reason instanceof Conflict, String(outcome.reason));
    }
    // Units that wrote nothing bear the number of the commit they saw: they come after it.
    for (const { commit, log } of done.sort((a, b) => a.commit - b.commit)) {
      state = replay(state, log, epochs);
      past.push({ commit, state });
    }
  }

  for (const step of steps) {
    if ('commit' in step) await commit(step.commit);
    else {
      const attempt = attempts.get(step.unit) ?? { unit: store.begin(), log: [] };
      attempts.set(step.unit, attempt);
      attempt.log.push({ action: step.action, answered: await act(attempt.unit, run, step.action) });
    }
  }
  await commit([...attempts.keys()]);
  await checkPast(store, run, past);
}

async function checkPast(store: Store, run: string, past: readonly { commit: number; state: State }[]): Promise<void> {
  for (const { commit, state } of past) {
    for (const name of ['a', 'b']) {
      const { items: rulesThen } = await store.asOf(commit).list(rules, `${run}-${name}`, { limit: 99 });
      const expected = listed(state, `rules/${name}/`, undefined).map(([where, { revision }]) => [where, revision]);
      assert.deepEqual(
        rulesThen.map(({ id, revision }) => [path('rules', name, id), revision]),
        expected,
      );
    }
  }
}

export function modelContract(newPlace: () => Promise<Place>): void {
  describe('units in any interleaving', () => {
    it('commit as if they had run one after the other', async (t) => {
      const place = await newPlace();
      const store = await place.open(declared);
      t.after(async () => {
        await store.close();
        await place.destroy();
      });
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => play(store, `run${runs++}`, steps)),
        { numRuns: 300 },
      );
      // The interleavings must have met: a run without conflicts would prove nothing.
      assert.ok(store.counters['conflicts']! > 100, `only ${store.counters['conflicts']} conflicts`);
    });
  });
}
