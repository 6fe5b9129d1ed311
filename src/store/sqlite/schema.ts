/** The database's tables, as a numbered list of steps: a new home runs all of them, an older one those it lacks. */
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { HomeRefused } from '../store.ts';

/** `to_commit` of what still holds: the greatest number that JavaScript counts exactly. */
export const OPEN_END = Number.MAX_SAFE_INTEGER;

/** Step n brings a database from version n to n + 1. Steps that were released are never edited. */
export const MIGRATIONS: readonly string[] = [
  `
  create table meta (name text primary key, value text not null) strict, without rowid;
  create table collections (number integer primary key, name text not null unique, declaration text not null) strict;
  create table documents (
    collection integer not null, account text not null, id text not null,
    revision integer not null, json text not null, keys text not null,
    primary key (collection, account, id)
  ) strict, without rowid;
  create table entries (
    collection integer not null, name text not null, key text not null, account text not null, id text not null,
    primary key (collection, name, key, account, id)
  ) strict, without rowid;
  create table history (
    collection integer not null, account text not null, id text not null, from_commit integer not null,
    to_commit integer not null, revision integer not null, json text not null, keys text not null,
    primary key (collection, account, id, from_commit)
  ) strict, without rowid;
  create table history_entries (
    collection integer not null, name text not null, key text not null, account text not null, id text not null,
    from_commit integer not null,
    primary key (collection, name, key, account, id, from_commit)
  ) strict, without rowid;
  create table epochs (account text primary key, epoch integer not null) strict, without rowid;
  create table rows (
    kind integer not null, account text not null, container text not null, key blob not null, json text not null,
    primary key (kind, account, container, key)
  ) strict, without rowid;
  create table jobs (
    id integer primary key autoincrement, kind text not null, account text not null, due integer not null,
    payload text not null, key text, attempts integer not null default 0, leased_until integer
  ) strict;
  create unique index jobs_by_key on jobs (kind, account, key) where key is not null;
  create table records (
    number integer primary key, account text not null, sequence integer not null, id text not null, parent text,
    at integer not null, body text not null, hash text not null
  ) strict;
  create index records_by_account on records (account);
  create index records_by_id on records (id);
  create index records_by_parent on records (parent) where parent is not null;
  create table checkpoints (
    commit_number integer primary key, at integer not null, root text not null, signature text not null, heads text
  ) strict;
  create table data_keys (collection text primary key, wrapped text not null) strict, without rowid;
  `,
  `
  -- When a job can run next is one ordered column: due, or the end of a lease.
  alter table jobs add column ready integer not null default 0;
  update jobs set ready = max(due, coalesce(leased_until, 0));
  alter table jobs drop column leased_until;
  create index jobs_by_ready on jobs (ready);
  create table aliases (
    account text not null, alias text not null, number integer not null, id text not null,
    primary key (account, alias, number)
  ) strict, without rowid;
  `,
];

/** Opens the connection that writes: brings the tables to this version, or refuses those of a newer one. */
export function openDatabase(path: string): DatabaseSync {
  // SQLite would create it with the process's umask, and gives its side files the mode of this one.
  closeSync(openSync(path, 'a', 0o600));
  const db = new DatabaseSync(path);
  try {
    prepareWriting(db);
    migrate(db, path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Settings of a writing connection: what COMMIT has acknowledged is on the disk. */
export function prepareWriting(db: DatabaseSync): void {
  db.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000; pragma busy_timeout = 5000',
  );
}

function migrate(db: DatabaseSync, path: string): void {
  const { user_version: version } = db.prepare('pragma user_version').get() as { user_version: number };
  if (version > MIGRATIONS.length) {
    throw new HomeRefused(
      `\`${path}\` was written by a newer easement (store version ${version}, this one knows ${MIGRATIONS.length}); run that one`,
    );
  }
  if (version === MIGRATIONS.length) return;
  db.exec('begin immediate');
  try {
    for (const step of MIGRATIONS.slice(version)) db.exec(step);
    db.exec(`pragma user_version = ${MIGRATIONS.length}`);
    db.exec('commit');
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
}

export function getMeta(db: DatabaseSync, name: string): string | undefined {
  return (db.prepare('select value from meta where name = ?').get(name) as { value: string } | undefined)?.value;
}

export function setMeta(db: DatabaseSync, name: string, value: string): void {
  db.prepare('insert into meta values (?, ?) on conflict do update set value = excluded.value').run(name, value);
}
