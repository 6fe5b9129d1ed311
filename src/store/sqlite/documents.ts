/** Writing documents: the document, its index entries, its past and its account's epoch. */
import type { DatabaseSync } from 'node:sqlite';
import { decodeKeys, eachTouched, epochKey } from './keys.ts';
import type { DocumentWrite } from './protocol.ts';
import { OPEN_END } from './schema.ts';

export interface DocumentWriter {
  /** Returns the keys that documents had which the unit wrote without having read them, in order. */
  write(writes: readonly DocumentWrite[], commit: number): string[];
}

export function createDocumentWriter(
  db: DatabaseSync,
  touch: (name: string, commit: number) => void,
  deciding: ReadonlySet<number>,
): DocumentWriter {
  const look = db.prepare('select revision, keys from documents where collection = ? and account = ? and id = ?');
  const put = db.prepare(
    `insert into documents values (?, ?, ?, ?, ?, ?)
      on conflict do update set revision = excluded.revision, json = excluded.json, keys = excluded.keys`,
  );
  const remove = db.prepare('delete from documents where collection = ? and account = ? and id = ?');
  const enter = db.prepare('insert or ignore into entries values (?, ?, ?, ?, ?)');
  const leave = db.prepare(
    'delete from entries where collection = ? and name = ? and key = ? and account = ? and id = ?',
  );
  const setEpoch = db.prepare('insert into epochs values (?, ?) on conflict do update set epoch = excluded.epoch');
  const keepPast = createPast(db);

  function list(collection: number, account: string, id: string, before: string, after: string): void {
    if (before === after) return;
    const left = decodeKeys(before);
    for (let i = 0; i < left.length; i += 2) leave.run(collection, left[i]!, left[i + 1]!, account, id);
    const entered = decodeKeys(after);
    for (let i = 0; i < entered.length; i += 2) enter.run(collection, entered[i]!, entered[i + 1]!, account, id);
  }

  function writeOne(write: DocumentWrite, revision: number, before: string, commit: number): void {
    const [collection, account, id, , json, keys] = write;
    const after = json === null ? '' : keys;
    if (json === null) remove.run(collection, account, id);
    else put.run(collection, account, id, revision, json, after);
    list(collection, account, id, before, after);
    if (deciding.has(collection)) {
      keepPast(write, revision, commit);
      setEpoch.run(account, commit);
      touch(epochKey(account), commit);
    }
    eachTouched(collection, account, id, before, after, (key) => touch(key, commit));
  }

  return {
    write(writes, commit) {
      const keysBefore: string[] = [];
      for (const write of writes) {
        const [collection, account, id, revision, json, , before] = write;
        if (revision > 0) {
          writeOne(write, revision, before, commit);
          continue;
        }
        const kept = look.get(collection, account, id) as { revision: number; keys: string } | undefined;
        keysBefore.push(kept?.keys ?? '');
        if (kept || json !== null) writeOne(write, (kept?.revision ?? 0) + 1, kept?.keys ?? '', commit);
      }
      return keysBefore;
    },
  };
}

function createPast(db: DatabaseSync) {
  const end = db.prepare(
    'update history set to_commit = ? where collection = ? and account = ? and id = ? and to_commit = ?',
  );
  const begin = db.prepare('insert into history values (?, ?, ?, ?, ?, ?, ?, ?)');
  const enter = db.prepare('insert or ignore into history_entries values (?, ?, ?, ?, ?, ?)');
  return ([collection, account, id, , json, keys]: DocumentWrite, revision: number, commit: number): void => {
    end.run(commit, collection, account, id, OPEN_END);
    if (json === null) return;
    begin.run(collection, account, id, commit, OPEN_END, revision, json, keys);
    const flat = decodeKeys(keys);
    for (let i = 0; i < flat.length; i += 2) enter.run(collection, flat[i]!, flat[i + 1]!, account, id, commit);
  };
}
