/** One plane per home. */
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HomeRefused } from '../store.ts';

/**
 * Takes the home for this process; the returned function gives it back. Throws when another process (or another store
 * in this one) has it. Node has no file locks of its own, so it is the lock of a tiny database: the system releases it
 * when its holder dies, however that happens.
 */
export function lockHome(home: string): () => void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const path = join(home, 'lock.db');
  closeSync(openSync(path, 'a', 0o600));
  const db = new DatabaseSync(path);
  const pidFile = join(home, 'lock.pid');
  try {
    db.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (error) {
    db.close();
    if (!(error instanceof Error) || !/locked/.test(error.message)) throw error;
    throw new HomeRefused(
      `\`${home}\` is in use by the plane with pid ${holder(pidFile)}; stop it, or choose another --home`,
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  return () => db.close();
}

function holder(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8').trim();
  } catch {
    return 'unknown (it is just starting)';
  }
}
