/** The writes of a unit before its commit, and how its own lists show them. */
import { compareText } from '../order.ts';
import type { Collection, Document } from '../store.ts';
import { hasKey } from './keys.ts';
import type { Present } from './reads.ts';

/** A document as the unit will leave it. */
export interface BufferedDocument {
  readonly of: Collection<never>;
  readonly collection: number;
  readonly account: string;
  readonly id: string;
  /** The revision it will have; 0 while the unit has not read what it replaces. */
  readonly revision: number;
  /** Null: deleted. */
  readonly json: string | null;
  readonly keys: string;
  readonly keysBefore: string;
}

export function documentOf({ account, id, revision, json }: BufferedDocument): Document<object> | undefined {
  return json === null ? undefined : { account, id, revision, value: JSON.parse(json) as object };
}

/** Which documents a list shows. */
export interface Listing {
  readonly index?: string | undefined;
  readonly key?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

function shows(listing: Listing, { id, json, keys }: BufferedDocument): boolean {
  if (json === null || (listing.after !== undefined && compareText(id, listing.after) <= 0)) return false;
  return listing.index === undefined || hasKey(keys, listing.index, listing.key ?? '');
}

/**
 * A list as a unit sees it that wrote `own` to the same collection (and account). `load` reads the first documents of the kept list; it is asked for as many more as the
 * unit's own writes could take away.
 */
export function listWithBuffer(
  own: readonly BufferedDocument[],
  listing: Listing,
  load: (limit: number) => readonly Present[],
): readonly Document<object>[] {
  const kept = load(listing.limit + own.length).map(({ document }) => document);
  if (own.length === 0) return kept;
  const written = new Set(own.map(({ account, id }) => `${account}\0${id}`));
  const shown = own.filter((write) => shows(listing, write)).map((write) => documentOf(write)!);
  return [...kept.filter(({ account, id }) => !written.has(`${account}\0${id}`)), ...shown]
    .sort((a, b) => compareText(a.account, b.account) || compareText(a.id, b.id))
    .slice(0, listing.limit);
}
