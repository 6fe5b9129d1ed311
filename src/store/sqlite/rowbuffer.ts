/** Row writes of a unit before its commit, and listing rows through them. Keys are texts of one character per byte. */
import type { RowQuery } from '../store.ts';

export type BufferedRows = Map<string, string | null>;

/** Half-open range of keys; `end` undefined: no end. */
export interface KeyRange {
  readonly first: string;
  readonly end: string | undefined;
}

export const toText = (key: Uint8Array): string =>
  Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
export const toBytes = (key: string): Buffer => Buffer.from(key, 'latin1');

/** The smallest key greater than `key`. */
export const behind = (key: string): string => `${key}\0`;

export function rangeOf({ from, before, after, reverse }: RowQuery): KeyRange {
  let first = from ? toText(from) : '';
  let end = before ? toText(before) : undefined;
  if (after) {
    const key = toText(after);
    if (!reverse && behind(key) > first) first = behind(key);
    if (reverse && (end === undefined || key < end)) end = key;
  }
  return { first, end };
}

export interface TextRow {
  readonly key: string;
  readonly json: string;
}

/** Lays a unit's own rows over those that are kept. `load` is asked for as many more as its deletions could take away. */
export function rowsWithBuffer(
  own: BufferedRows | undefined,
  range: KeyRange,
  limit: number,
  reverse: boolean,
  load: (limit: number) => readonly TextRow[],
): readonly TextRow[] {
  if (!own) return load(limit);
  const kept = load(limit + own.size).filter(({ key }) => !own.has(key));
  const shown: TextRow[] = [];
  for (const [key, json] of own) {
    if (json !== null && key >= range.first && (range.end === undefined || key < range.end)) shown.push({ key, json });
  }
  const direction = reverse ? -1 : 1;
  return [...kept, ...shown].sort((a, b) => (a.key < b.key ? -direction : direction)).slice(0, limit);
}

/** The part of a range that a listing has looked at: all of it, or until the last row when more were there. */
export function seenOf(range: KeyRange, rows: readonly TextRow[], more: boolean, reverse: boolean): KeyRange {
  const last = rows.at(-1);
  if (!more || !last) return range;
  return reverse ? { first: last.key, end: range.end } : { first: range.first, end: behind(last.key) };
}
