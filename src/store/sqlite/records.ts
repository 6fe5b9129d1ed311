/** Records: how drafts travel to the writer, and how they are read back. */
import type { DatabaseSync } from 'node:sqlite';
import type { BehindQuery, Json, RecordDraft, StoredRecord } from '../store.ts';
import { RECORDS_PER_COMMIT, type RecordWrite } from './protocol.ts';

export function encodeRecord({ id, parent, at, body, accounts, aliases }: RecordDraft): RecordWrite {
  if (accounts.length === 0) throw new TypeError(`record \`${id}\` names no account in whose chain it would stand`);
  const each = accounts.length === 1 ? accounts : [...new Set(accounts)];
  const flat = aliases && aliases.length > 0 ? aliases.flatMap((alias) => [alias.account, alias.id]) : null;
  return [id, parent ?? null, Math.trunc(at), JSON.stringify(body), each, flat];
}

export interface RecordReads {
  of(id: string): StoredRecord[];
  byAlias(account: string, id: string): string[];
  query(query: RecordQuery): StoredRecord[];
  behind(account: string, query: BehindQuery): StoredRecord[];
}

export interface RecordQuery {
  readonly account?: string;
  readonly beforeCommit?: number;
  readonly afterCommit?: number;
  readonly limit: number;
}

export type RecordRow = {
  number: number;
  account: string;
  sequence: number;
  id: string;
  parent: string | null;
  at: number;
  body: string;
  hash: string;
};

export const commitOf = (number: number): number => Math.floor(number / RECORDS_PER_COMMIT);

/** Newest ids that an alias answers with. */
const ALIASES = 100;

export function createRecordReads(db: DatabaseSync): RecordReads {
  const columns = 'number, account, sequence, id, parent, at, body, hash';
  const ofCall = db.prepare(
    `with recursive call (id) as (
        select ? union select nested.id from call join records nested on nested.parent = call.id)
      select ${columns} from records where id in (select id from call) order by number`,
  );
  const byAlias = db.prepare(
    'select id from aliases where account = ? and alias = ? group by id order by max(number) desc limit ?',
  );
  const ofAccount = db.prepare(
    `select ${columns} from records where account = ? and number < ? and number >= ? order by number desc limit ?`,
  );
  const all = db.prepare(
    `select ${columns} from records where number < ? and number >= ? order by number desc limit ?`,
  );
  // Sequences have no index: the commit's number says where to begin.
  const behind = `select ${columns} from records where account = ? and number >= ? and sequence > ?`;
  const onwards = db.prepare(`${behind} order by number limit ?`);
  const backwards = db.prepare(`${behind} order by number desc limit ?`);
  return {
    of: (id) => (ofCall.all(id) as RecordRow[]).map(toRecord),
    byAlias: (account, id) => (byAlias.all(account, id, ALIASES) as { id: string }[]).map((row) => row.id),
    query({ account, beforeCommit, afterCommit, limit }) {
      const end = beforeCommit === undefined ? Number.MAX_SAFE_INTEGER : beforeCommit * RECORDS_PER_COMMIT;
      const start = afterCommit === undefined ? 0 : (afterCommit + 1) * RECORDS_PER_COMMIT;
      const rows = account === undefined ? all.all(end, start, limit) : ofAccount.all(account, end, start, limit);
      return (rows as RecordRow[]).map(toRecord);
    },
    behind(account, { behind: { commit, sequence } = { commit: 0, sequence: 0 }, order, limit }) {
      const ordered = order === 'oldest-first' ? onwards : backwards;
      return (ordered.all(account, commit * RECORDS_PER_COMMIT, sequence, limit) as RecordRow[]).map(toRecord);
    },
  };
}

function toRecord({ number, account, sequence, id, parent, at, body, hash }: RecordRow): StoredRecord {
  return {
    id,
    ...(parent === null ? {} : { parent }),
    at,
    account,
    sequence,
    commit: commitOf(number),
    body: JSON.parse(body) as Json,
    hash,
  };
}
