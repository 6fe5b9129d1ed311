/**
 * Values of shapes as JSON. A reader and a writer are made once a shape. Readers are as strict as the vendor's JSON
 * services, and refuse in the words that these were seen to use (`NUMBER_VALUE can not be converted to a String`).
 */
import { awsFault } from '../fault.ts';
import type { ListShape, MapShape, Member, ScalarShape, Shape, StructureShape, TimestampFormat } from '../model.ts';
import { base64Bytes, base64Text, setEntry } from './bytes.ts';
import { MAX_DEPTH } from './depth.ts';
import { memoized } from './memoized.ts';
import { formatTimestamp, parseTimestamp } from './text.ts';

export interface JsonCodec {
  /** A structure from text; members that the shape does not have are ignored. Throws `SerializationException`. */
  read(shape: StructureShape, text: string): Record<string, unknown>;
  /** What `JSON.stringify` takes; members that the shape does not have are left out. */
  write(shape: StructureShape, value: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

type Read = (value: unknown, depth: number) => unknown;
type Write = (value: unknown) => unknown;

const refuse = (message: string): never => {
  throw awsFault('SerializationException', message);
};

/** `nameOf`: what a member is called; REST protocols respect names that JSON-RPC ones ignore. */
export function createJsonCodec(nameOf: (member: Member) => string): JsonCodec {
  const reader: (shape: Shape) => Read = memoized((shape) => createReader(shape, reader, nameOf));
  const writer: (shape: Shape) => Write = memoized((shape) => createWriter(shape, writer, nameOf));
  return {
    read(shape, text) {
      return reader(shape)(parse(text), 0) as Record<string, unknown>;
    },
    write(shape, value) {
      return writer(shape)(value) as Record<string, unknown>;
    },
  };
}

/** Measured at AWS: what is no JSON, and what is no object, is refused without a message. */
function parse(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('');
  }
  return isObject(value) || Array.isArray(value) ? value : refuse('');
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function createReader(shape: Shape, reader: (shape: Shape) => Read, nameOf: (member: Member) => string): Read {
  switch (shape.kind) {
    case 'structure':
      return structureReader(shape, reader, nameOf);
    case 'list':
      return listReader(shape, reader);
    case 'map':
      return mapReader(shape, reader);
    default:
      return scalarReader(shape);
  }
}

function structureReader(
  shape: StructureShape,
  reader: (shape: Shape) => Read,
  nameOf: (member: Member) => string,
): Read {
  const members = [...shape.members.values()].map((member) => ({
    key: nameOf(member),
    name: member.name,
    shape: member.shape,
    read: undefined as Read | undefined,
  }));
  return (value, depth) => {
    if (!isObject(value)) return refuse(Array.isArray(value) ? UNEXPECTED_LIST : 'Expected null');
    if (depth > MAX_DEPTH) return refuse(TOO_DEEP);
    const read: Record<string, unknown> = {};
    let count = 0;
    for (const member of members) {
      const item = value[member.key];
      if (item === undefined || item === null) continue;
      member.read ??= reader(member.shape);
      read[member.name] = member.read(item, depth + 1);
      count += 1;
    }
    if (shape.isUnion && count > 1) return refuse('Unexpected field: only one member of a union may be set');
    return read;
  };
}

function listReader(shape: ListShape, reader: (shape: Shape) => Read): Read {
  return (value, depth) => {
    if (!Array.isArray(value)) return refuse(isObject(value) ? UNEXPECTED_MAP : 'Expected list or null');
    if (depth > MAX_DEPTH) return refuse(TOO_DEEP);
    const read = reader(shape.member.shape);
    return value.map((item) => (item === null ? refuse('Unexpected null in a list') : read(item, depth + 1)));
  };
}

function mapReader(shape: MapShape, reader: (shape: Shape) => Read): Read {
  return (value, depth) => {
    if (!isObject(value)) return refuse(Array.isArray(value) ? UNEXPECTED_LIST : 'Expected null');
    if (depth > MAX_DEPTH) return refuse(TOO_DEEP);
    const readValue = reader(shape.value.shape);
    const read: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const item = value[key];
      setEntry(read, key, item === null ? refuse('Unexpected null in a map') : readValue(item, depth + 1));
    }
    return read;
  };
}

const UNEXPECTED_LIST = 'Start of list found where not expected';
const UNEXPECTED_MAP = 'Start of structure or map found where not expected.';
const TOO_DEEP = 'Maximum nesting depth exceeded';

/** Why a scalar of one kind cannot be another. */
function mismatch(value: unknown, target: string): never {
  if (Array.isArray(value)) return refuse(UNEXPECTED_LIST);
  if (typeof value === 'object') return refuse(UNEXPECTED_MAP);
  const token = typeof value === 'boolean' ? String(value).toUpperCase() : (typeof value).toUpperCase();
  return refuse(`${token}_VALUE can not be converted to ${target}`);
}

function scalarReader(shape: ScalarShape): Read {
  switch (shape.kind) {
    case 'string':
      return (value) => (typeof value === 'string' ? value : mismatch(value, 'a String'));
    case 'number':
      return (value) => (typeof value === 'number' ? value : mismatch(value, 'an Integer'));
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : mismatch(value, 'a Boolean'));
    case 'blob':
      return readBlob;
    case 'timestamp':
      return (value) => readTimestamp(value, shape.timestampFormat ?? 'epoch-seconds');
    case 'document':
      return (value, depth) => boundedDocument(value, depth);
  }
}

function readBlob(value: unknown): Buffer {
  if (typeof value !== 'string') return mismatch(value, 'a Blob');
  const bytes = base64Bytes(value);
  if (bytes) return bytes;
  return value.length % 4 === 0
    ? refuse('Invalid Base64 character detected')
    : refuse(`Base64 encoded length is expected a multiple of 4 bytes but found: ${value.length}`);
}

function readTimestamp(value: unknown, format: TimestampFormat): Date {
  const expected = format === 'epoch-seconds' ? 'number' : 'string';
  const date = typeof value === expected ? parseTimestamp(String(value), format) : undefined;
  return date ?? mismatch(value, 'a Timestamp');
}

function boundedDocument(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return refuse(TOO_DEEP);
  for (const item of Object.values(value)) boundedDocument(item, depth + 1);
  return value;
}

function createWriter(shape: Shape, writer: (shape: Shape) => Write, nameOf: (member: Member) => string): Write {
  switch (shape.kind) {
    case 'structure':
      return structureWriter(shape, writer, nameOf);
    case 'list':
      return (value) => {
        const write = writer(shape.member.shape);
        return (value as readonly unknown[]).map((item) => write(item));
      };
    case 'map':
      return (value) => {
        const write = writer(shape.value.shape);
        const written: Record<string, unknown> = {};
        for (const [key, item] of Object.entries(value as object)) setEntry(written, key, write(item));
        return written;
      };
    case 'blob':
      return (value) => base64Text(value as Uint8Array);
    case 'timestamp': {
      const format = shape.timestampFormat ?? 'epoch-seconds';
      return format === 'epoch-seconds'
        ? (value) => (value as Date).getTime() / 1000
        : (value) => formatTimestamp(value as Date, format);
    }
    default:
      return (value) => value;
  }
}

function structureWriter(
  shape: StructureShape,
  writer: (shape: Shape) => Write,
  nameOf: (member: Member) => string,
): Write {
  const members = [...shape.members.values()].map((member) => ({
    key: nameOf(member),
    name: member.name,
    shape: member.shape,
    write: undefined as Write | undefined,
  }));
  return (value) => {
    const written: Record<string, unknown> = {};
    for (const member of members) {
      const item = (value as Readonly<Record<string, unknown>>)[member.name];
      if (item === undefined || item === null) continue;
      member.write ??= writer(member.shape);
      written[member.key] = member.write(item);
    }
    return written;
  };
}
