/** How KMS gives lists page by page. */
import type { Context } from '../../../context.ts';
import { markedPosition, pageMark } from '../../../paging.ts';
import { awsFault } from '../../../wire/aws/fault.ts';

/** What a caller asks of a list. */
export interface Paging {
  readonly Limit?: number | undefined;
  readonly Marker?: string | undefined;
}

/** `size`: items on a page when the caller does not say; `most`: that he gets at most. */
export interface PageSizes {
  readonly size: number;
  readonly most: number;
}

/** Where a page begins. Throws `InvalidMarkerException` for a mark that was not given for this list. */
export function readPaging(
  cx: Context,
  list: string,
  { Limit: limit, Marker: mark }: Paging,
  { size, most }: PageSizes,
): { readonly limit: number; readonly after?: string } {
  const page = { limit: Math.min(limit ?? size, most) };
  if (mark === undefined) return page;
  const after = markedPosition(cx, list, mark);
  if (after === undefined) throw awsFault('InvalidMarkerException', 'Invalid marker');
  return { ...page, after };
}

/** How a page ends. `next`: the position of its last item, when others follow. */
export function showEnd(
  cx: Context,
  list: string,
  next: string | undefined,
): { readonly Truncated: boolean; readonly NextMarker?: string } {
  return next === undefined ? { Truncated: false } : { Truncated: true, NextMarker: pageMark(cx, list, next) };
}

/** A page of what is at hand as a whole, in order of `position`. */
export function pageOf<T>(
  items: readonly T[],
  position: (item: T) => string,
  { limit, after }: { readonly limit: number; readonly after?: string },
): { readonly items: readonly T[]; readonly next?: string } {
  const sorted = items.toSorted((a, b) => (position(a) < position(b) ? -1 : 1));
  const rest = after === undefined ? sorted : sorted.filter((item) => position(item) > after);
  const page = rest.slice(0, limit);
  return rest.length > limit ? { items: page, next: position(page.at(-1)!) } : { items: page };
}
