/**
 * A set of texts that answers which of them a longer text begins with. Sorted; each entry knows the longest other
 * entry that it begins with itself, so one binary search finds the longest candidate and the rest follow from it.
 */
export interface PrefixTable<T> {
  readonly entries: readonly { readonly prefix: string; readonly value: T; readonly parent: number }[];
}

export function prefixTable<T>(values: ReadonlyMap<string, T>): PrefixTable<T> {
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const entries: { prefix: string; value: T; parent: number }[] = [];
  for (const [prefix, value] of sorted) {
    let parent = entries.length - 1;
    while (parent >= 0 && !prefix.startsWith(entries[parent]!.prefix)) parent = entries[parent]!.parent;
    entries.push({ prefix, value, parent });
  }
  return { entries };
}

/** Position of the longest entry that `text` begins with, or -1; go on with the entry's `parent`. */
export function longestPrefix<T>(table: PrefixTable<T>, text: string): number {
  const { entries } = table;
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.prefix <= text) low = middle + 1;
    else high = middle;
  }
  let at = low - 1;
  while (at >= 0 && !text.startsWith(entries[at]!.prefix)) at = entries[at]!.parent;
  return at;
}
