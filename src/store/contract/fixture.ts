/** What the contract's tests keep, and how they come by a store. Used by tests only. */
import type { TestContext } from 'node:test';
import { type Collection, collection, type Rows, rows, type Sealed, type Store } from '../store.ts';

export interface Thing {
  readonly name: string;
  readonly groups?: readonly string[];
}

export interface Safe {
  readonly name: string;
  readonly secret?: string | Sealed;
}

const groupsOf = (thing: Thing): readonly string[] => thing.groups ?? [];

export const things = collection<Thing>('things', { indexes: { byGroup: groupsOf } });
export const rules = collection<Thing>('rules', { indexes: { byGroup: groupsOf }, decides: true });
export const parts = collection<Thing>('parts', { partOf: things });
export const safes = collection<Safe>('safes', { sealed: ['secret'] });
export const items = rows<Thing>('items', things);

export interface Declared {
  readonly collections: readonly Collection<never>[];
  readonly rows: readonly Rows[];
  readonly rootKey: Buffer;
  readonly onJobs?: () => void;
}

/** One place where a store keeps its state; it can be opened again after it was closed. */
export interface Place {
  open(declared: Declared): Promise<Store>;
  destroy(): Promise<void>;
}

export const declared: Declared = {
  collections: [things, rules, parts, safes],
  rows: [items],
  rootKey: Buffer.alloc(32, 42),
};

/** A fresh store that is closed and destroyed after the test. */
export async function freshStore(t: TestContext, newPlace: () => Promise<Place>, onJobs?: () => void): Promise<Store> {
  const place = await newPlace();
  const store = await place.open(onJobs ? { ...declared, onJobs } : declared);
  t.after(async () => {
    await store.close();
    await place.destroy();
  });
  return store;
}

/** Commits one document each, in one unit. */
export async function putThings(
  store: Store,
  into: typeof things,
  account: string,
  values: Readonly<Record<string, Thing>>,
): Promise<number> {
  const unit = store.begin();
  for (const [id, value] of Object.entries(values)) unit.put(into, account, id, value);
  return unit.commit();
}

export const idsOf = (documents: readonly { readonly id: string }[]): string[] => documents.map(({ id }) => id);
export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
