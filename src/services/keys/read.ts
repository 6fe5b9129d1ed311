/** Reading keys: one, with its material or without; many; their number; their versions. */
import type { Context } from '../../context.ts';
import { type Allowed, operation } from '../../operation.ts';
import type { Document } from '../../store/store.ts';
import { Key, type KeyDocument, keyVersions, type Version } from './access.ts';
import { askKey, findInstance, type KeyAddress, type KeyView } from './address.ts';
import { keyFault } from './faults.ts';
import { newestVersion, openMaterial } from './material.ts';
import type { KeyState } from './states.ts';

/** A key, and the material of a standard one. Throws `gone` when the key is destroyed. */
export const getKey = operation('keys.get', async (cx, input: { readonly key: KeyAddress }): Promise<KeyView> => {
  const key = await askKey(cx, Key.read, input.key);
  if (key.value.state === 'destroyed') throw keyFault('key-destroyed', 'the key has been deleted');
  if (key.value.kind === 'root') return { ref: key.ref, key: key.value };
  return { ref: key.ref, key: key.value, material: openMaterial(cx, key, await newestVersion(cx, key)) };
});

/** A key without its material, destroyed ones too. */
export const getMetadata = operation(
  'keys.getMetadata',
  async (cx, input: { readonly key: KeyAddress }): Promise<KeyView> => {
    const key = await askKey(cx, Key.readMetadata, input.key);
    return { ref: key.ref, key: key.value };
  },
);

export type SortField = 'id' | 'state' | 'kind' | 'imported' | 'createdAt' | 'updatedAt' | 'rotatedAt' | 'expiresAt';

export interface KeyFilter {
  /** GUID. */
  readonly instance: string;
  readonly ring?: string;
  /** Left out: all but the destroyed. */
  readonly states?: readonly KeyState[];
  readonly kind?: KeyDocument['kind'];
  /** A text that the key's name or one of its aliases holds. */
  readonly search?: KeySearch;
}

export interface KeySearch {
  readonly text: string;
  readonly in: readonly ('name' | 'alias')[];
  readonly exact: boolean;
  readonly not: boolean;
}

export interface ListKeysInput extends KeyFilter {
  readonly offset: number;
  readonly limit: number;
  readonly sort?: { readonly by: SortField; readonly descending: boolean };
}

/** The keys of an instance that the caller may see. Of an instance that is not there, or not the caller's: none. */
export const listKeys = operation('keys.list', async (cx, input: ListKeysInput): Promise<readonly KeyView[]> => {
  const { offset, limit, sort } = input;
  const visible = await visibleKeys(cx, input, sort ? Number.POSITIVE_INFINITY : offset + limit);
  const sorted = sort ? visible.toSorted(byField(sort)) : visible;
  return sorted.slice(offset, offset + limit).map((key) => ({ ref: key.ref, key: key.value }));
});

/** How many keys of an instance the caller may see. */
export const countKeys = operation('keys.count', async (cx, input: KeyFilter): Promise<number> => {
  return (await visibleKeys(cx, input, Number.POSITIVE_INFINITY)).length;
});

const PAGE = 500;

async function visibleKeys(
  cx: Context,
  filter: KeyFilter,
  upTo: number,
): Promise<readonly Allowed<KeyDocument, 'key.list'>[]> {
  const instance = await findInstance(cx, filter.instance);
  // Nothing is listed under the id of no instance: the question is asked all the same.
  const account = instance?.ref.account ?? cx.identity.caller.account;
  const found: Allowed<KeyDocument, 'key.list'>[] = [];
  let after: string | undefined;
  do {
    const page = await cx.allowEach(Key.list, account, {
      index: 'instance',
      key: filter.instance,
      limit: Math.min(PAGE, upTo - found.length),
      keep: keeps(filter),
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.items);
    after = page.next;
  } while (after !== undefined && found.length < upTo);
  return found;
}

function keeps(filter: KeyFilter): (document: Document<KeyDocument>) => boolean {
  const { ring, kind, states = ['active', 'suspended', 'deactivated'], search } = filter;
  return ({ value: key }) =>
    states.includes(key.state) &&
    (ring === undefined || key.ring === ring) &&
    (kind === undefined || key.kind === kind) &&
    (search === undefined || finds(search, key));
}

function finds(search: KeySearch, key: KeyDocument): boolean {
  const texts = [
    ...(search.in.includes('name') ? [key.name] : []),
    ...(search.in.includes('alias') ? key.aliases : []),
  ];
  const wanted = search.text.toLowerCase();
  const found = texts.some((text) =>
    search.exact ? text.toLowerCase() === wanted : text.toLowerCase().includes(wanted),
  );
  return found !== search.not;
}

const STATE_ORDER: readonly KeyState[] = ['active', 'suspended', 'deactivated', 'destroyed'];

function byField({ by, descending }: { readonly by: SortField; readonly descending: boolean }) {
  const fieldOf = ({ value: key }: Allowed<KeyDocument>): number | string => {
    if (by === 'state') return STATE_ORDER.indexOf(key.state);
    const value = key[by];
    return typeof value === 'boolean' ? Number(value) : (value ?? 0);
  };
  return (a: Allowed<KeyDocument>, b: Allowed<KeyDocument>): number => {
    const [x, y] = [fieldOf(a), fieldOf(b)];
    const order = x < y ? -1 : x > y ? 1 : 0;
    return descending ? -order : order;
  };
}

export interface VersionsInput {
  readonly key: KeyAddress;
  readonly offset: number;
  readonly limit: number;
  /** Of destroyed keys too. */
  readonly allStates: boolean;
}

/** The versions of a key, newest first. Throws `gone` for a destroyed key unless `allStates`. */
export const listVersions = operation(
  'keys.listVersions',
  async (cx, input: VersionsInput): Promise<{ readonly items: readonly Version[]; readonly total: number }> => {
    const key = await askKey(cx, Key.listVersions, input.key);
    if (key.value.state === 'destroyed' && !input.allStates)
      throw keyFault('key-destroyed', 'the key has been deleted');
    const versions: Version[] = [];
    let after: string | undefined;
    do {
      const page = await cx.parts(key, keyVersions, {
        index: 'key',
        key: Key.type.documentId(key.ref),
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      });
      for (const { value } of page.items) versions.push({ id: value.id, createdAt: value.createdAt });
      after = page.next;
    } while (after !== undefined);
    versions.sort((a, b) => b.createdAt - a.createdAt);
    return { items: versions.slice(input.offset, input.offset + input.limit), total: versions.length };
  },
);
