/**
 * CBOR as far as AWS uses it: https://www.rfc-editor.org/rfc/rfc8949 and
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
import { setEntry } from './bytes.ts';
import { MAX_DEPTH } from './depth.ts';

const UINT = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const LIST = 4;
const MAP = 5;
const TAG = 6;
const INDEFINITE = 31;
const EPOCH_TAG = 1;
const BREAK = Symbol('break');
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Maps as objects, byte strings as bytes, tagged times as `Date`. Throws a `RangeError` for what is no such document. */
export function decodeCbor(bytes: Buffer): unknown {
  const reader = { bytes, at: 0 };
  const value = decodeItem(reader, 0);
  if (value === BREAK || reader.at !== bytes.length) throw new RangeError('no single CBOR item');
  return value;
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function decodeItem(reader: Reader, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new RangeError('nested too deeply');
  const head = reader.bytes.readUInt8(reader.at);
  reader.at += 1;
  const major = head >> 5;
  const minor = head & 31;
  if (major === 7) return decodeSimple(reader, minor);
  const length = minor === INDEFINITE ? undefined : decodeLength(reader, minor);
  switch (major) {
    case UINT:
      return defined(length);
    case NEGATIVE:
      return -1 - defined(length);
    case BYTES:
      return length === undefined ? Buffer.concat(decodeChunks(reader, BYTES)) : take(reader, length);
    case TEXT:
      return utf8.decode(length === undefined ? Buffer.concat(decodeChunks(reader, TEXT)) : take(reader, length));
    case LIST:
      return decodeList(reader, length, depth);
    case MAP:
      return decodeMap(reader, length, depth);
    default:
      return decodeTagged(reader, defined(length), depth);
  }
}

function defined(length: number | undefined): number {
  if (length === undefined) throw new RangeError('a number without an end');
  return length;
}

function decodeLength(reader: Reader, minor: number): number {
  if (minor < 24) return minor;
  const width = { 24: 1, 25: 2, 26: 4, 27: 8 }[minor];
  if (width === undefined) throw new RangeError('a reserved length');
  const { at } = reader;
  reader.at += width;
  return width === 8 ? Number(reader.bytes.readBigUInt64BE(at)) : reader.bytes.readUIntBE(at, width);
}

function take(reader: Reader, length: number): Buffer {
  const end = reader.at + length;
  if (end > reader.bytes.length) throw new RangeError('ends too early');
  const taken = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return taken;
}

function decodeChunks(reader: Reader, major: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (;;) {
    const head = reader.bytes.readUInt8(reader.at);
    reader.at += 1;
    if (head === 0xff) return chunks;
    if (head >> 5 !== major) throw new RangeError('a chunk of another kind');
    chunks.push(take(reader, decodeLength(reader, head & 31)));
  }
}

/** What a length promises is not allocated before it is there. */
function decodeList(reader: Reader, length: number | undefined, depth: number): unknown[] {
  const list: unknown[] = [];
  while (length === undefined || list.length < length) {
    const item = decodeItem(reader, depth + 1);
    if (item === BREAK) {
      if (length === undefined) return list;
      throw new RangeError('ends too early');
    }
    list.push(item);
  }
  return list;
}

function decodeMap(reader: Reader, length: number | undefined, depth: number): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (let count = 0; length === undefined || count < length; count += 1) {
    const key = decodeItem(reader, depth + 1);
    if (key === BREAK && length === undefined) return map;
    const value = typeof key === 'string' ? decodeItem(reader, depth + 1) : BREAK;
    if (value === BREAK) throw new RangeError('an entry without a key or a value');
    setEntry(map, key as string, value);
  }
  return map;
}

function decodeTagged(reader: Reader, tag: number, depth: number): unknown {
  const value = decodeItem(reader, depth + 1);
  if (tag !== EPOCH_TAG) throw new RangeError('an unknown tag');
  const date = new Date(typeof value === 'number' ? Math.round(value * 1000) : Number.NaN);
  if (Number.isNaN(date.getTime())) throw new RangeError('no time');
  return date;
}

function decodeSimple(reader: Reader, minor: number): unknown {
  const { at, bytes } = reader;
  switch (minor) {
    case 20:
    case 21:
      return minor === 21;
    case 22:
    case 23:
      return null;
    case 25:
      reader.at += 2;
      return halfFloat(bytes.readUInt16BE(at));
    case 26:
      reader.at += 4;
      return bytes.readFloatBE(at);
    case 27:
      reader.at += 8;
      return bytes.readDoubleBE(at);
    case INDEFINITE:
      return BREAK;
    default:
      throw new RangeError('an unknown simple value');
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Undefined properties are left out. */
export function encodeCbor(value: unknown): Buffer {
  const parts: Uint8Array[] = [];
  encodeItem(value, parts);
  return Buffer.concat(parts);
}

function encodeItem(value: unknown, parts: Uint8Array[]): void {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    parts.push(head(TEXT, bytes.length), bytes);
  } else if (typeof value === 'number') {
    parts.push(encodeNumber(value));
  } else if (typeof value === 'boolean') {
    parts.push(Uint8Array.of(value ? 0xf5 : 0xf4));
  } else if (value instanceof Uint8Array) {
    parts.push(head(BYTES, value.length), value);
  } else if (value instanceof Date) {
    parts.push(head(TAG, EPOCH_TAG), encodeNumber(value.getTime() / 1000));
  } else if (Array.isArray(value)) {
    parts.push(head(LIST, value.length));
    for (const item of value) encodeItem(item, parts);
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    parts.push(head(MAP, entries.length));
    for (const [key, item] of entries) {
      encodeItem(key, parts);
      encodeItem(item, parts);
    }
  } else {
    parts.push(Uint8Array.of(0xf6));
  }
}

function encodeNumber(value: number): Uint8Array {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    return value < 0 ? head(NEGATIVE, -1 - value) : head(UINT, value);
  }
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xfb;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function head(major: number, length: number): Uint8Array {
  const type = major << 5;
  if (length < 24) return Uint8Array.of(type | length);
  const [minor, width] = length < 2 ** 8 ? [24, 1] : length < 2 ** 16 ? [25, 2] : length < 2 ** 32 ? [26, 4] : [27, 8];
  const bytes = Buffer.alloc(1 + width);
  bytes[0] = type | minor;
  if (width === 8) bytes.writeBigUInt64BE(BigInt(length), 1);
  else bytes.writeUIntBE(length, 1, width);
  return bytes;
}
