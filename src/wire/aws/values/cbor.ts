/** Values of shapes out of decoded CBOR, and back: each item has a type already, which must be the shape's. */
import { awsFault } from '../fault.ts';
import type { ScalarShape, Shape, StructureShape } from '../model.ts';
import { setEntry } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor-bytes.ts';

/** Throws `SerializationException`. */
export function readCbor(shape: StructureShape, bytes: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = decodeCbor(bytes);
  } catch {
    throw refused('The body is no CBOR document');
  }
  return fromCbor(shape, value) as Record<string, unknown>;
}

export function writeCbor(shape: StructureShape, value: Readonly<Record<string, unknown>>): Buffer {
  return encodeCbor(toCbor(shape, value));
}

const refused = (message: string) => awsFault('SerializationException', message);

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array);

function fromCbor(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'structure': {
      if (!isMap(value)) throw refused('Expected null');
      const read: Record<string, unknown> = {};
      for (const member of shape.members.values()) {
        const item = value[member.name];
        if (item !== undefined && item !== null) read[member.name] = fromCbor(member.shape, item);
      }
      if (shape.isUnion && Object.keys(read).length > 1) throw refused('Only one member of a union may be set');
      return read;
    }
    case 'list':
      if (!Array.isArray(value)) throw refused('Expected list or null');
      return value.map((item) => fromCbor(shape.member.shape, item));
    case 'map': {
      if (!isMap(value)) throw refused('Expected null');
      const read: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(value)) setEntry(read, key, fromCbor(shape.value.shape, item));
      return read;
    }
    default:
      return fromScalar(shape, value);
  }
}

function fromScalar({ kind }: ScalarShape, value: unknown): unknown {
  if (kind === 'timestamp' && typeof value === 'number') return new Date(Math.round(value * 1000));
  const fits =
    kind === 'document' ||
    (kind === 'timestamp' && value instanceof Date) ||
    (kind === 'blob' && value instanceof Uint8Array) ||
    typeof value === kind;
  if (!fits) throw refused(`The value can not be converted to a ${kind}`);
  return value;
}

/** Members that the shape does not have are left out. */
function toCbor(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'structure': {
      const written: Record<string, unknown> = {};
      for (const member of shape.members.values()) {
        const item = (value as Readonly<Record<string, unknown>>)[member.name];
        if (item !== undefined && item !== null) written[member.name] = toCbor(member.shape, item);
      }
      return written;
    }
    case 'list':
      return Array.from(value as Iterable<unknown>, (item) => toCbor(shape.member.shape, item));
    case 'map': {
      const written: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(value as object))
        setEntry(written, key, toCbor(shape.value.shape, item));
      return written;
    }
    default:
      return value;
  }
}
