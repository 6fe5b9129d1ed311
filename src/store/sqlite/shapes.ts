/** Small shapes that units and readers share: JSON text within its limit, and pages. */

/** Longest JSON text of one document or row, in characters. */
const LONGEST_JSON = 16 * 1024 * 1024;

export function encodeJson(value: object, name: string): string {
  const json = JSON.stringify(value);
  if (json.length > LONGEST_JSON)
    throw new RangeError(`\`${name}\` is too large to keep: ${json.length} characters of JSON`);
  return json;
}

/** `items` holds one more than the page where there is a next one. */
export function pageOf<T, Cursor>(items: readonly T[], limit: number, cursorOf: (item: T) => Cursor) {
  if (items.length <= limit) return { items };
  const page = items.slice(0, limit);
  return { items: page, ...(page.length > 0 ? { next: cursorOf(page.at(-1)!) } : {}) };
}
