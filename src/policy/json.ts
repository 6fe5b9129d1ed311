/**
 * JSON with positions, for documents whose author wants to know where the fault is. Stricter than JSON.parse: keys may
 * not be repeated, surrogates come in pairs, and nesting is bounded. `__proto__` is a key like any other.
 */

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

export interface JsonFault extends Position {
  readonly message: string;
}

export interface ParsedJson {
  readonly value: JsonValue;
  /** Where the value at a path (`Statement[0].Action`) begins; of a path that is not there, its nearest ancestor. */
  locate(path: string): Position;
  /** Where in the text the value at a path begins. */
  offsetOf(path: string): number | undefined;
}

/** Deeper than any policy is, and shallow enough for every stack. */
const DEEPEST = 64;

class Fault extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Reads a text, or says what is wrong with it and where. */
export function parseJson(text: string): ParsedJson | JsonFault {
  const offsets = new Map<string, number>();
  try {
    const reader = { text, at: 0, offsets };
    const value = readValue(reader, '', 0);
    skipSpace(reader);
    if (reader.at < text.length) throw new Fault('there is text behind the end of the document', reader.at);
    return {
      value,
      locate: (path) => positionOf(text, nearest(offsets, path)),
      offsetOf: (path) => offsets.get(path),
    };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { message: error.message, ...positionOf(text, error.offset) };
  }
}

function positionOf(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next >= 0 && next < offset; next = text.indexOf('\n', next + 1)) {
    line += 1;
    start = next + 1;
  }
  return { line, column: offset - start + 1 };
}

/** A list of one may be written without brackets, so `Statement[0]` may stand at `Statement`. */
function nearest(offsets: ReadonlyMap<string, number>, path: string): number {
  let at = path;
  while (at !== '') {
    const offset = offsets.get(at) ?? offsets.get(at.replaceAll('[0]', ''));
    if (offset !== undefined) return offset;
    at = at.replace(/(?:^|\.)[^.[]*$|\[\d+\]$/, '');
  }
  return offsets.get('') ?? 0;
}

interface Reader {
  readonly text: string;
  at: number;
  readonly offsets: Map<string, number>;
}

function skipSpace(reader: Reader): void {
  const { text } = reader;
  for (;;) {
    const code = text.charCodeAt(reader.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    reader.at += 1;
  }
}

function readValue(reader: Reader, path: string, depth: number): JsonValue {
  skipSpace(reader);
  if (depth > DEEPEST) throw new Fault(`it is nested deeper than ${DEEPEST} levels`, reader.at);
  reader.offsets.set(path, reader.at);
  const character = reader.text[reader.at];
  if (character === '{') return readObject(reader, path, depth);
  if (character === '[') return readList(reader, path, depth);
  if (character === '"') return readString(reader);
  for (const [word, value] of WORDS) {
    if (reader.text.startsWith(word, reader.at)) {
      reader.at += word.length;
      return value;
    }
  }
  return readNumber(reader);
}

const WORDS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

function readObject(reader: Reader, path: string, depth: number): JsonValue {
  const fields: Record<string, JsonValue> = Object.create(null);
  reader.at += 1;
  skipSpace(reader);
  if (taken(reader, '}')) return fields;
  for (;;) {
    skipSpace(reader);
    const start = reader.at;
    if (reader.text[start] !== '"') throw new Fault('a key in double quotes is expected', start);
    const key = readString(reader);
    if (Object.hasOwn(fields, key)) throw new Fault(`the key \`${key}\` is there twice`, start);
    skipSpace(reader);
    if (!taken(reader, ':')) throw new Fault('`:` is expected', reader.at);
    fields[key] = readValue(reader, path === '' ? key : `${path}.${key}`, depth + 1);
    skipSpace(reader);
    if (taken(reader, '}')) return fields;
    if (!taken(reader, ',')) throw new Fault('`,` or `}` is expected', reader.at);
  }
}

function readList(reader: Reader, path: string, depth: number): JsonValue {
  const items: JsonValue[] = [];
  reader.at += 1;
  skipSpace(reader);
  if (taken(reader, ']')) return items;
  for (;;) {
    items.push(readValue(reader, `${path}[${items.length}]`, depth + 1));
    skipSpace(reader);
    if (taken(reader, ']')) return items;
    if (!taken(reader, ',')) throw new Fault('`,` or `]` is expected', reader.at);
  }
}

function taken(reader: Reader, character: string): boolean {
  if (reader.text[reader.at] !== character) return false;
  reader.at += 1;
  return true;
}

function readString(reader: Reader): string {
  const start = reader.at;
  let end = start + 1;
  for (; ; end += 1) {
    const code = reader.text.charCodeAt(end);
    if (Number.isNaN(code)) throw new Fault('the text in double quotes does not end', start);
    if (code < 0x20) throw new Fault('a text may not hold control characters', end);
    if (code === 0x22) break;
    if (code === 0x5c) end += 1;
  }
  reader.at = end + 1;
  const value = unescaped(reader.text.slice(start, end + 1));
  if (value === undefined) throw new Fault('a backslash is not followed by a known escape', start);
  if (!value.isWellFormed()) throw new Fault('a text may not hold half of a surrogate pair', start);
  return value;
}

/** The escapes of a text are JSON's own. */
function unescaped(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

function readNumber(reader: Reader): number {
  NUMBER.lastIndex = reader.at;
  const found = NUMBER.exec(reader.text);
  if (!found)
    throw new Fault(reader.at < reader.text.length ? 'a value is expected' : 'the document ends early', reader.at);
  const value = Number(found[0]);
  if (!Number.isFinite(value)) throw new Fault(`the number \`${found[0].slice(0, 40)}\` is out of range`, reader.at);
  reader.at += found[0].length;
  return value;
}
