/** Scalars as text: in forms, headers, paths, query strings and XML. */
import type { ScalarShape, TimestampFormat } from '../model.ts';
import { base64Bytes, base64Text } from './bytes.ts';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const DATE_TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/i;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d(?:\.\d+)? GMT$/;

/** Undefined where the text is no value of that kind. `format`: of timestamps that have none of their own. */
export function parseScalar(shape: ScalarShape, text: string, format: TimestampFormat): unknown {
  switch (shape.kind) {
    case 'number':
      return NUMBER.test(text) ? Number(text) : undefined;
    case 'boolean':
      return parseBoolean(text);
    case 'blob':
      return base64Bytes(text);
    case 'timestamp':
      return parseTimestamp(text, shape.timestampFormat ?? format);
    default:
      return text;
  }
}

function parseBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** A date without a time, and a time without a zone, are in UTC. */
export function parseTimestamp(text: string, format: TimestampFormat): Date | undefined {
  if (format === 'epoch-seconds') return NUMBER.test(text) ? validDate(Math.round(Number(text) * 1000)) : undefined;
  if (format === 'http-date' && HTTP_DATE.test(text)) return validDate(Date.parse(text));
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const hasZone = match[1] !== undefined || text.length === 'yyyy-mm-dd'.length;
  return validDate(Date.parse(hasZone ? text : `${text}Z`));
}

function validDate(milliseconds: number): Date | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

export function formatScalar(shape: ScalarShape, value: unknown, format: TimestampFormat): string {
  if (value instanceof Date) return formatTimestamp(value, shape.timestampFormat ?? format);
  return value instanceof Uint8Array ? base64Text(value) : String(value);
}

export function formatTimestamp(date: Date, format: TimestampFormat): string {
  switch (format) {
    case 'date-time':
      return date.toISOString().replace('.000Z', 'Z');
    case 'whole-seconds':
      return date.toISOString().replace(/\.\d+Z$/, 'Z');
    case 'http-date':
      return date.toUTCString();
    case 'epoch-seconds':
      return String(date.getTime() / 1000);
  }
}
