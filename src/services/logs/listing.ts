/** Pages of log groups and streams. */
import type { Context } from '../../context.ts';
import { markedPosition, pageMark } from '../../paging.ts';
import { awsFault } from '../../wire/aws/fault.ts';

const DEFAULT_ITEMS = 50;

/**
 * A page of what `entries` has from a position on (exclusive), and the token of the next one. Positions are the entries'
 * ids. Throws `InvalidParameterException` for a token that is not of this list.
 */
export async function pageOf<T extends { readonly id: string }>(
  cx: Context,
  scope: string,
  {
    nextToken,
    limit = DEFAULT_ITEMS,
  }: { readonly nextToken?: string | undefined; readonly limit?: number | undefined },
  entries: (after: string | undefined) => AsyncIterable<T>,
): Promise<{ readonly items: readonly T[]; readonly next?: string }> {
  const after = nextToken === undefined ? undefined : markedPosition(cx, scope, nextToken);
  if (nextToken !== undefined && after === undefined) throw invalidToken();
  const items: T[] = [];
  for await (const entry of entries(after)) {
    if (items.length >= limit) return { items, next: pageMark(cx, scope, items.at(-1)!.id) };
    items.push(entry);
  }
  return { items };
}

export function invalidToken() {
  return awsFault('InvalidParameterException', 'The specified nextToken is invalid.');
}
