/**
 * Names of what a commit can read and touch: documents, ranges, epochs, rows. The writer's memory of recent commits and
 * the readers' cache both speak them. The free part stands last, so no two things share a name; accounts and containers
 * hold no NUL (`plainName`).
 */

export const documentKey = (collection: number, account: string, id: string): string =>
  `d${collection}\0${account}\0${id}`;

/** All documents of an account. */
export const accountRange = (collection: number, account: string): string => `a${collection}\0${account}`;

/** Documents of an account under an index key. */
export const indexRange = (collection: number, index: string, account: string, key: string): string =>
  `i${collection}\0${index}\0${account}\0${key}`;

/** Documents of every account under an index key. */
export const everywhereRange = (collection: number, index: string, key: string): string =>
  `f${collection}\0${index}\0${key}`;

export const epochKey = (account: string): string => `e${account}`;

export const containerKey = (kind: number, account: string, container: string): string =>
  `c${kind}\0${account}\0${container}`;

/** Row keys are bytes, written here as a text of one character per byte: it has the same order. */
export const rowKey = (container: string, key: string): string => `r${container}\0${key}`;

/** Refuses names that could run into the next part. */
export function plainName(name: string): string {
  if (name === '' || name.includes('\0') || !name.isWellFormed()) {
    throw new TypeError(
      `\`${name}\` is not a name that the store can keep: it is empty or holds NUL or half a character`,
    );
  }
  return name;
}

/** Index keys of a document as kept beside it: index name and key by turns, as a JSON array; '' when there are none. */
export function encodeKeys(
  indexes: Readonly<Record<string, (document: never) => readonly string[]>>,
  value: object,
): string {
  const flat: string[] = [];
  for (const index in indexes) {
    for (const key of indexes[index]!(value as never)) flat.push(index, key);
  }
  return flat.length === 0 ? '' : JSON.stringify(flat);
}

export function decodeKeys(keys: string): readonly string[] {
  return keys === '' ? [] : (JSON.parse(keys) as string[]);
}

/** Whether a document with these encoded keys is listed under an index key. */
export function hasKey(keys: string, index: string, key: string): boolean {
  const flat = decodeKeys(keys);
  for (let i = 0; i < flat.length; i += 2) if (flat[i] === index && flat[i + 1] === key) return true;
  return false;
}

/**
 * Visits all that a write of a document touches: itself, and each range that it enters, leaves or changes in.
 * `before` and `after` are its encoded keys.
 */
export function eachTouched(
  collection: number,
  account: string,
  id: string,
  before: string,
  after: string,
  visit: (key: string) => void,
): void {
  visit(documentKey(collection, account, id));
  visit(accountRange(collection, account));
  for (const keys of before === after ? [after] : [before, after]) {
    const flat = decodeKeys(keys);
    for (let i = 0; i < flat.length; i += 2) {
      visit(indexRange(collection, flat[i]!, account, flat[i + 1]!));
      visit(everywhereRange(collection, flat[i]!, flat[i + 1]!));
    }
  }
}
