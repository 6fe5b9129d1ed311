/** The numbers under which collections and rows are kept, and what to do when a declaration has changed. */
import type { DatabaseSync } from 'node:sqlite';
import type { Collection, Rows } from '../store.ts';
import { decodeKeys, encodeKeys } from './keys.ts';
import { OPEN_END } from './schema.ts';

export interface Catalogue {
  /** Throws for a collection that `openStore` was not handed. */
  collection(collection: { readonly name: string }): number;
  rows(rows: { readonly name: string }): number;
  readonly deciding: readonly number[];
}

/** Numbers what is declared. Collections whose indexes, or whose `decides`, changed since last time are listed anew. */
export function openCatalogue(
  db: DatabaseSync,
  collections: readonly Collection<never>[],
  rows: readonly Rows[],
  lastCommit: number,
): Catalogue {
  const collectionNumbers = new Map<string, number>();
  const rowNumbers = new Map<string, number>();
  const deciding: number[] = [];
  db.exec('begin immediate');
  try {
    for (const collection of collections) {
      if (collectionNumbers.has(collection.name))
        throw new Error(`collection \`${collection.name}\` is declared twice`);
      const number = numberOf(db, collection.name);
      collectionNumbers.set(collection.name, number);
      if (collection.decides) deciding.push(number);
      if (declarationOf(db, number) !== declare(collection)) relist(db, number, collection, lastCommit);
    }
    for (const { name } of rows) {
      if (rowNumbers.has(name)) throw new Error(`rows \`${name}\` are declared twice`);
      rowNumbers.set(name, numberOf(db, `rows ${name}`));
    }
    db.exec('commit');
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
  return {
    collection: ({ name }) => known(collectionNumbers, name, 'collection'),
    rows: ({ name }) => known(rowNumbers, name, 'rows'),
    deciding,
  };
}

function known(numbers: ReadonlyMap<string, number>, name: string, kind: string): number {
  const number = numbers.get(name);
  if (number === undefined) throw new Error(`${kind} \`${name}\` was not handed to openStore; add it to the list`);
  return number;
}

function numberOf(db: DatabaseSync, name: string): number {
  db.prepare("insert or ignore into collections (name, declaration) values (?, '')").run(name);
  return (db.prepare('select number from collections where name = ?').get(name) as { number: number }).number;
}

function declarationOf(db: DatabaseSync, number: number): string {
  const row = db.prepare('select declaration from collections where number = ?').get(number);
  return (row as { declaration: string }).declaration;
}

/** Functions are told apart by their text: a needless new listing costs some time, a missed one would lose documents. */
function declare(collection: Collection<never>): string {
  const indexes = Object.entries(collection.indexes).map(([name, keysOf]) => [name, String(keysOf)]);
  return JSON.stringify({ indexes, decides: collection.decides });
}

type Version = { account: string; id: string; from_commit: number; json: string; keys: string };

function relist(db: DatabaseSync, number: number, collection: Collection<never>, lastCommit: number): void {
  db.prepare('delete from entries where collection = ?').run(number);
  db.prepare('delete from history_entries where collection = ?').run(number);
  const enter = db.prepare('insert or ignore into entries values (?, ?, ?, ?, ?)');
  const keep = db.prepare('update documents set keys = ? where collection = ? and account = ? and id = ?');
  const now = db.prepare('select account, id, 0 as from_commit, json, keys from documents where collection = ?');
  for (const { account, id, json } of now.all(number) as Version[]) {
    const keys = encodeKeys(collection.indexes, JSON.parse(json));
    keep.run(keys, number, account, id);
    const flat = decodeKeys(keys);
    for (let i = 0; i < flat.length; i += 2) enter.run(number, flat[i]!, flat[i + 1]!, account, id);
  }
  if (collection.decides) relistHistory(db, number, collection, lastCommit);
  db.prepare('update collections set declaration = ? where number = ?').run(declare(collection), number);
}

function relistHistory(db: DatabaseSync, number: number, collection: Collection<never>, lastCommit: number): void {
  // A collection that did not decide until now has no past: it begins here.
  db.prepare(
    `insert into history select collection, account, id, ?, ?, revision, json, keys from documents d
      where collection = ? and not exists (select 1 from history h
        where h.collection = d.collection and h.account = d.account and h.id = d.id and h.to_commit = ?)`,
  ).run(lastCommit, OPEN_END, number, OPEN_END);
  const enter = db.prepare('insert or ignore into history_entries values (?, ?, ?, ?, ?, ?)');
  const past = db.prepare('select account, id, from_commit, json, keys from history where collection = ?');
  for (const { account, id, from_commit, json } of past.all(number) as Version[]) {
    const flat = decodeKeys(encodeKeys(collection.indexes, JSON.parse(json)));
    for (let i = 0; i < flat.length; i += 2) enter.run(number, flat[i]!, flat[i + 1]!, account, id, from_commit);
  }
}
