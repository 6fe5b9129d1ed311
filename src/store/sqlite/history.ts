/** Deciding collections as they were after a past commit. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Collection, Document, ListQuery, Page, Reader } from '../store.ts';
import type { Catalogue } from './catalogue.ts';
import { pageOf } from './shapes.ts';

type VersionRow = { account: string; id: string; revision: number; json: string };

export function createHistory(db: DatabaseSync, catalogue: Catalogue): (commit: number) => Reader {
  const columns = 'h.account, h.id, h.revision, h.json';
  const held = 'h.from_commit <= ? and h.to_commit > ?';
  const byEntry = `select ${columns} from history_entries e
    join history h on h.collection = e.collection and h.account = e.account and h.id = e.id
      and h.from_commit = e.from_commit
    where ${held} and e.collection = ? and e.name = ? and e.key = ?`;
  const get = db.prepare(
    `select ${columns} from history h where ${held} and collection = ? and account = ? and id = ?`,
  );
  const list = db.prepare(
    `select ${columns} from history h where ${held} and collection = ? and account = ? and id > ? order by id limit ?`,
  );
  const listByKey = db.prepare(`${byEntry} and e.account = ? and e.id > ? order by e.id limit ?`);
  const find = db.prepare(`${byEntry} order by e.account, e.id limit ?`);

  function numberOf(of: Collection<never>): number {
    if (!of.decides) throw new Error(`\`${of.name}\` does not keep its past; declare that it decides`);
    return catalogue.collection(of);
  }

  return (commit) => ({
    async get<D extends object>(from: Collection<D>, account: string, id: string) {
      return versions<D>(get, commit, commit, numberOf(from as Collection<never>), account, id)[0];
    },
    async list<D extends object>(from: Collection<D>, account: string, query: ListQuery): Promise<Page<Document<D>>> {
      const { index, key = '', after = '', limit } = query;
      const number = numberOf(from as Collection<never>);
      const items =
        index === undefined
          ? versions<D>(list, commit, commit, number, account, after, limit + 1)
          : versions<D>(listByKey, commit, commit, number, index, key, account, after, limit + 1);
      return pageOf(items, limit, ({ id }) => id);
    },
    async find<D extends object>(from: Collection<D>, index: string, key: string, limit = 100) {
      return versions<D>(find, commit, commit, numberOf(from as Collection<never>), index, key, limit);
    },
  });
}

function versions<D>(statement: StatementSync, ...parameters: (string | number)[]): Document<D>[] {
  return (statement.all(...parameters) as VersionRow[]).map(({ account, id, revision, json }) => ({
    account,
    id,
    revision,
    value: JSON.parse(json) as D,
  }));
}
