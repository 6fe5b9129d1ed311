/** Pages of IAM's lists, and the marks between them. */
import type { Context } from '../../../../context.ts';
import type { AnyAllowed } from '../../../../operation.ts';
import { markedPosition, pageMark } from '../../../../paging.ts';
import type { Collection, Document } from '../../../../store/store.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';

/** What a list has in any order, with the position behind which a page can begin. */
export type Entries<T> = AsyncIterable<readonly [position: string, item: T]>;

/** A list from a position on (exclusive); from its beginning without one. */
export type EntriesAfter<T> = (after: string | undefined) => Entries<T>;

export interface Listing {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

/** One page, and what the reply says of the rest. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly rest: { readonly IsTruncated: boolean; readonly Marker?: string };
}

const DEFAULT_ITEMS = 100;

/**
 * A page of a list. `scope`: the operation and what it lists or filters by; a mark is good for the same ones alone.
 * Throws `ValidationError` for a mark that is not good.
 */
export async function pageOf<T>(
  cx: Context,
  scope: readonly (string | boolean | undefined)[],
  { Marker, MaxItems = DEFAULT_ITEMS }: Listing,
  entries: EntriesAfter<T>,
): Promise<Listed<T>> {
  const within = `iam ${JSON.stringify(scope)}`;
  const after = Marker === undefined ? undefined : markedPosition(cx, within, Marker);
  if (Marker !== undefined && after === undefined) throw awsFault('ValidationError', 'Invalid Marker.');
  const items: T[] = [];
  let last = '';
  for await (const [position, item] of entries(after)) {
    if (items.length === MaxItems) {
      return { items, rest: { IsTruncated: true, Marker: pageMark(cx, within, last) } };
    }
    items.push(item);
    last = position;
  }
  return { items, rest: { IsTruncated: false } };
}

/** The documents under an index key, by id. `keep` leaves out those that a filter does not want. */
export function documentsOf<P extends object>(
  cx: Context,
  allowed: AnyAllowed,
  of: Collection<P>,
  { index, key, keep }: { index: string; key: string; keep?: (value: Readonly<P>) => boolean },
): EntriesAfter<Document<P>> {
  return async function* (start) {
    let after = start;
    do {
      const page = await cx.parts(allowed, of, {
        index,
        key,
        limit: DEFAULT_ITEMS,
        ...(after === undefined ? {} : { after }),
      });
      for (const document of page.items) {
        if (keep?.(document.value) ?? true) yield [document.id, document];
      }
      after = page.next;
    } while (after !== undefined);
  };
}

/** What a document holds itself, by name. */
export function namedEntries<T>(items: Iterable<readonly [name: string, item: T]>): EntriesAfter<T> {
  const sorted = [...items].sort(([a], [b]) => (a < b ? -1 : 1));
  return async function* (after) {
    for (const entry of sorted) if (after === undefined || entry[0] > after) yield entry;
  };
}

/** A list in its own order, with positions that count. */
export function inOrder<T>(items: readonly T[]): EntriesAfter<T> {
  return async function* (after) {
    const begin = after === undefined ? 0 : Number(after) + 1;
    for (const [n, item] of items.slice(begin).entries()) yield [String(begin + n), item];
  };
}

/** Lists one after the other, each under a name without spaces. */
export function oneAfterAnother<T>(
  lists: readonly (readonly [name: string, list: EntriesAfter<T>])[],
): EntriesAfter<T> {
  return async function* (after) {
    const space = after?.indexOf(' ') ?? -1;
    const reached = after?.slice(0, space);
    const begin = reached === undefined ? 0 : lists.findIndex(([name]) => name === reached);
    for (const [name, list] of lists.slice(Math.max(begin, 0))) {
      const within = name === reached ? after?.slice(space + 1) : undefined;
      for await (const [position, item] of list(within)) yield [`${name} ${position}`, item];
    }
  };
}
