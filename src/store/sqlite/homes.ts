/** Homes for tests, and hands that reach into them behind the store's back. Used by tests only. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { declared } from '../contract/fixture.ts';
import { openStore, type Store } from '../index.ts';

export const A = 'a'.repeat(32);
export const B = '111122223333';

export function newHome(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), 'easement-home-'));
  t.after(() => rmSync(home, { recursive: true }));
  return home;
}

export const open = (home: string, changes: Partial<typeof declared> = {}): Promise<Store> =>
  openStore({ home, ...declared, ...changes });

/** Does something to a closed home's database behind the store's back. */
export function tamper(home: string, change: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(join(home, 'easement.db'));
  change(db);
  db.close();
}

export async function inStore<T>(home: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await open(home);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}
