/** The documents of a unit: what it reads and what it will write. */
import type { Collection, Document, ListQuery, Page, Unit } from '../store.ts';
import { type BufferedDocument, documentOf, listWithBuffer } from './buffer.ts';
import { accountRange, documentKey, encodeKeys, everywhereRange, indexRange, plainName } from './keys.ts';
import type { ReadMemory } from './memory.ts';
import type { DocumentWrite } from './protocol.ts';
import type { Found, Present } from './reads.ts';
import { encodeJson, pageOf } from './shapes.ts';
import type { UnitParts } from './unit.ts';

interface State {
  readonly parts: UnitParts;
  readonly memory: ReadMemory;
  /** What was read, by document key: a unit sees one state of a document, its first. */
  readonly found: Map<string, Found>;
  readonly buffered: Map<string, BufferedDocument>;
}

export function createUnitDocuments(parts: UnitParts, memory: ReadMemory) {
  const state: State = { parts, memory, found: new Map(), buffered: new Map() };
  const methods: Pick<Unit, 'get' | 'list' | 'find' | 'put' | 'delete'> = {
    get: async (from, account, id) => get(state, from, account, id),
    list: async (from, account, query) => list(state, from, account, query),
    find: async (from, index, key, limit = 100) => find(state, from, index, key, limit),
    put: (into, account, id, value) => write(state, into as Collection<never>, account, id, value),
    delete: (from, account, id) => write(state, from as Collection<never>, account, id, undefined),
  };
  return {
    methods,
    written: () => [...state.buffered.values()].map(({ of, account, id }) => ({ collection: of, account, id })),
    encoded: () => encode(state.buffered.values()),
  };
}

function look({ parts, memory, found }: State, collection: number, account: string, id: string, key: string): Found {
  const known = found.get(key);
  if (known) return known;
  memory.remember(key);
  const now = parts.reads.document(collection, account, id);
  found.set(key, now);
  return now;
}

/** Finds out what a buffered write replaces, so that the revision it will have is known. */
function settle(state: State, key: string, buffered: BufferedDocument): BufferedDocument {
  if (buffered.revision > 0) return buffered;
  const before = look(state, buffered.collection, buffered.account, buffered.id, key);
  const settled = { ...buffered, revision: (before.document?.revision ?? 0) + 1, keysBefore: before.keys };
  state.buffered.set(key, settled);
  return settled;
}

const NONE: readonly BufferedDocument[] = [];

function ownWrites(state: State, collection: number, account?: string): readonly BufferedDocument[] {
  if (state.buffered.size === 0) return NONE;
  const own: BufferedDocument[] = [];
  for (const [key, buffered] of state.buffered) {
    if (buffered.collection !== collection || (account !== undefined && buffered.account !== account)) continue;
    own.push(settle(state, key, buffered));
  }
  return own;
}

/** Remembers listed documents as read: the range they stand in is part of the read set, and covers them. */
function keep({ found }: State, collection: number, items: readonly Present[]): readonly Present[] {
  for (const item of items) {
    const key = documentKey(collection, item.document.account, item.document.id);
    if (!found.has(key)) found.set(key, item);
  }
  return items;
}

function get<D extends object>(state: State, from: Collection<D>, account: string, id: string) {
  const collection = state.parts.catalogue.collection(from);
  const key = documentKey(collection, account, id);
  const own = state.buffered.get(key);
  const document = own ? documentOf(settle(state, key, own)) : look(state, collection, account, id, key).document;
  return document as Document<D> | undefined;
}

function list<D extends object>(
  state: State,
  from: Collection<D>,
  account: string,
  query: ListQuery,
): Page<Document<D>> {
  const collection = state.parts.catalogue.collection(from);
  const { index, key } = query;
  if (index !== undefined && key === undefined) {
    throw new TypeError(`a list by the index \`${index}\` needs the key to list`);
  }
  const range = index === undefined ? accountRange(collection, account) : indexRange(collection, index, account, key!);
  state.memory.remember(range);
  const listing = { ...query, limit: query.limit + 1 };
  const items = listWithBuffer(ownWrites(state, collection, account), listing, (limit) =>
    keep(state, collection, state.parts.reads.list(range, collection, account, { ...query, limit })),
  ) as readonly Document<D>[];
  return pageOf(items, query.limit, ({ id }) => id);
}

function find<D extends object>(state: State, from: Collection<D>, index: string, key: string, limit: number) {
  const collection = state.parts.catalogue.collection(from);
  const range = everywhereRange(collection, index, key);
  state.memory.remember(range);
  return listWithBuffer(ownWrites(state, collection), { index, key, limit }, (more) =>
    keep(state, collection, state.parts.reads.find(range, collection, index, key, more)),
  ) as readonly Document<D>[];
}

function write(state: State, of: Collection<never>, account: string, id: string, value: object | undefined): void {
  const { catalogue, sealing } = state.parts;
  const collection = catalogue.collection(of);
  checkAddress(of, account, id);
  const key = documentKey(collection, account, id);
  const seals = of.sealed.length > 0 && value !== undefined;
  // A secret is bound to its document's revision, so what it replaces must be known.
  const before = seals ? look(state, collection, account, id, key) : state.found.get(key);
  const revision = before ? (before.document?.revision ?? 0) + 1 : 0;
  const own = seals ? state.buffered.get(key) : undefined;
  const earlier = own && documentOf(own)?.value;
  const kept = seals ? sealing.seal(of, { account, id, revision }, value, before?.document, earlier) : value;
  const json = kept ? encodeJson(kept, `${of.name}/${id}`) : null;
  const keys = kept ? encodeKeys(of.indexes, kept) : '';
  state.buffered.set(key, { of, collection, account, id, revision, json, keys, keysBefore: before?.keys ?? '' });
}

function checkAddress(of: Collection<never>, account: string, id: string): void {
  plainName(account);
  plainName(id);
  if (of.partOf && id.indexOf('/') < 1) {
    throw new TypeError(
      `the id \`${id}\` in \`${of.name}\` must start with that of its \`${of.partOf.name}\` and \`/\``,
    );
  }
}

function encode(buffered: Iterable<BufferedDocument>): DocumentWrite[] {
  const writes: DocumentWrite[] = [];
  for (const { collection, account, id, revision, json, keys, keysBefore } of buffered) {
    // To delete what is known to be absent is no write.
    if (json === null && revision === 1) continue;
    writes.push([collection, account, id, revision, json, keys, keysBefore]);
  }
  return writes;
}
