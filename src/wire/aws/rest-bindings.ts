/**
 * Members that REST protocols carry outside the body: in the path, the query string, headers and the status.
 * https://smithy.io/2.0/spec/http-bindings.html
 */
import type { IncomingHttpHeaders } from 'node:http';
import { awsFault } from './fault.ts';
import type { MapShape, Member, ScalarShape, Shape, StructureShape } from './model.ts';
import type { Members } from './protocol.ts';
import { setEntry } from './values/bytes.ts';
import { formatScalar, parseScalar } from './values/text.ts';

export interface BoundRequest {
  readonly labels: ReadonlyMap<string, string>;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: IncomingHttpHeaders;
}

/** Sets every member of `input` that is not in the body on `read`. `badValue`: the code for a value of a wrong type. */
export function readBindings(
  input: StructureShape,
  request: BoundRequest,
  read: Record<string, unknown>,
  badValue: string,
): void {
  const scalar = (member: Member, shape: Shape, text: string, format: 'date-time' | 'http-date'): unknown => {
    const value = isScalar(shape) ? parseScalar(shape, text, format) : undefined;
    if (value === undefined)
      throw awsFault(badValue, `The value of \`${member.locationName || member.name}\` is invalid`);
    return value;
  };
  for (const member of input.members.values()) {
    const value = readBinding(member, request, input, scalar);
    if (value !== undefined) read[member.name] = value;
  }
}

type ReadScalar = (member: Member, shape: Shape, text: string, format: 'date-time' | 'http-date') => unknown;

function readBinding(member: Member, request: BoundRequest, input: StructureShape, scalar: ReadScalar): unknown {
  switch (member.location) {
    case 'label': {
      const text = request.labels.get(member.name);
      return text === undefined ? undefined : scalar(member, member.shape, text, 'date-time');
    }
    case 'query': {
      const values = request.query.filter(([name]) => name === member.locationName).map(([, value]) => value);
      const [first] = values;
      if (first === undefined) return undefined;
      const { shape } = member;
      if (shape.kind !== 'list') return scalar(member, shape, first, 'date-time');
      return values.map((value) => scalar(member, shape.member.shape, value, 'date-time'));
    }
    case 'query-params':
      return otherParameters(member.shape as MapShape, request, input);
    case 'header':
      return readHeader(member, request.headers, scalar);
    case 'prefix-headers':
      return prefixed(member.locationName, request.headers);
    default:
      return undefined;
  }
}

/** A map of the parameters that no other member has. */
function otherParameters(shape: MapShape, { query }: BoundRequest, input: StructureShape): Members {
  const taken = new Set([...input.members.values()].map(({ locationName }) => locationName));
  const others: Record<string, unknown> = {};
  for (const [name, value] of query) {
    if (taken.has(name)) continue;
    const before = Object.hasOwn(others, name) ? (others[name] as readonly string[]) : [];
    setEntry(others, name, shape.value.shape.kind === 'list' ? [...before, value] : value);
  }
  return others;
}

function readHeader(member: Member, headers: IncomingHttpHeaders, scalar: ReadScalar): unknown {
  const text = headerText(headers[member.locationName]);
  if (text === undefined) return undefined;
  const { shape } = member;
  if (shape.kind !== 'list') return scalar(member, shape, text, 'http-date');
  const item = shape.member.shape;
  const isDates = item.kind === 'timestamp' && (item.timestampFormat ?? 'http-date') === 'http-date';
  return (isDates ? splitDates(text) : splitHeader(text)).map((part) => scalar(member, item, part, 'http-date'));
}

const headerText = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;

function prefixed(prefix: string, headers: IncomingHttpHeaders): Members | undefined {
  const names = Object.keys(headers).filter((name) => name.startsWith(prefix));
  if (names.length === 0) return undefined;
  const read: Record<string, unknown> = {};
  for (const name of names) setEntry(read, name.slice(prefix.length), headerText(headers[name]));
  return read;
}

/** Items are divided by commas; an item with one inside is in quotes. */
function splitHeader(text: string): string[] {
  const items = text.match(/(?:"(?:[^"\\]|\\.)*"|[^,])+/g) ?? [];
  return items.map((item) => {
    const trimmed = item.trim();
    return /^".*"$/s.test(trimmed) ? trimmed.slice(1, -1).replace(/\\(.)/gs, '$1') : trimmed;
  });
}

/** Dates of HTTP hold a comma each. */
const splitDates = (text: string): string[] => text.match(/[^,]+,[^,]+/g)?.map((date) => date.trim()) ?? [];

const isScalar = (shape: Shape): shape is ScalarShape =>
  shape.kind !== 'structure' && shape.kind !== 'list' && shape.kind !== 'map';

/** Adds the headers that members of `output` are carried in; answers the status that one of them sets. */
export function writeBindings(
  shape: StructureShape,
  output: Members,
  headers: Record<string, string>,
): number | undefined {
  let status: number | undefined;
  for (const member of shape.members.values()) {
    const value = output[member.name];
    if (value === undefined || value === null) continue;
    if (member.location === 'status') status = value as number;
    else if (member.location === 'header') headers[member.locationName] = headerOf(member.shape, value);
    else if (member.location === 'prefix-headers') {
      for (const [name, text] of Object.entries(value))
        headers[member.locationName + name.toLowerCase()] = String(text);
    }
  }
  return status;
}

function headerOf(shape: Shape, value: unknown): string {
  if (isScalar(shape)) return formatScalar(shape, value, 'http-date');
  if (shape.kind !== 'list') throw new TypeError(`a ${shape.kind} cannot be a header`);
  const item = shape.member.shape;
  const isText = item.kind === 'string';
  return (value as readonly unknown[])
    .map((one) => headerOf(item, one))
    .map((text) => (isText && /[",]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text))
    .join(', ');
}
