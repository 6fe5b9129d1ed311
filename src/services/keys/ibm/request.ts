/** Reading Key Protect's requests: headers, query, and bodies in its envelope (facts: ibm-cloud.md 5.1). */
import { z } from 'zod';
import { Fault } from '../../../faults.ts';
import type { WireRequest } from '../../../wire/ibm/route.ts';
import type { KeyInInstance } from '../address.ts';
import { badField, keyFault } from '../faults.ts';

/** The GUID of the instance that is meant. */
export function instanceOf(request: WireRequest): string {
  const guid = header(request, 'bluemix-instance');
  if (guid !== undefined && guid !== '') return guid;
  throw new Fault(
    'invalid',
    'bad-body',
    'the header `Bluemix-Instance` is missing: name the service instance by its id',
    {
      target: { type: 'header', name: 'Bluemix-Instance' },
    },
  );
}

export function ringOf(request: WireRequest): { readonly ring?: string } {
  const ring = header(request, 'x-kms-key-ring');
  return ring === undefined || ring === '' ? {} : { ring };
}

/** The key that a path names, by id or alias. */
export function keyOf(request: WireRequest): KeyInInstance {
  return { instance: instanceOf(request), idOrAlias: request.params['id'] ?? '', ...ringOf(request) };
}

/** What the caller would have in the reply. Undefined: what the route does by default. */
export function preferOf(request: WireRequest): 'representation' | 'minimal' | undefined {
  const prefer = /^return=(representation|minimal)$/.exec(header(request, 'prefer') ?? '')?.[1];
  return prefer as 'representation' | 'minimal' | undefined;
}

function header(request: WireRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

export function flag(request: WireRequest, name: string): boolean | undefined {
  const text = request.query.get(name);
  if (text === null || text === '') return undefined;
  if (text !== 'true' && text !== 'false') throw badQuery(name, 'must be `true` or `false`');
  return text === 'true';
}

export function wholeNumber(request: WireRequest, name: string, fallback: number, max: number): number {
  const text = request.query.get(name);
  if (text === null || text === '') return fallback;
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value > max) throw badQuery(name, `must be a whole number of at most ${max}`);
  return value;
}

/** `limit` and `offset` of a list. */
export function pageOf(request: WireRequest): { readonly offset: number; readonly limit: number } {
  return {
    offset: wholeNumber(request, 'offset', 0, 2 ** 31),
    limit: Math.max(1, wholeNumber(request, 'limit', 200, 5000)),
  };
}

export function badQuery(name: string, message: string): Fault {
  return keyFault('invalid-query', `\`${name}\`: ${message}`, { target: { type: 'parameter', name } });
}

/** Faults of structure, which the vendor tells from values that do not fit. */
const STRUCTURAL: ReadonlySet<string> = new Set(['invalid_type', 'unrecognized_keys', 'invalid_union', 'invalid_key']);

/** The body as the schema describes it. Throws `no-body`, `bad-body` (its structure), `invalid-field` (a value in it). */
export function bodyOf<T>(request: WireRequest, schema: z.ZodType<T>): T {
  const { body } = request;
  if (body === undefined) throw keyFault('no-body', 'the request needs a JSON body');
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0]! : undefined;
  const name = [...issue.path.map(String), ...(unknownKey === undefined ? [] : [unknownKey])].join('.');
  const message = unknownKey === undefined ? issue.message : 'there is no such field';
  const isMissing = valueAt(body, issue.path) === undefined;
  if (!isMissing && !STRUCTURAL.has(issue.code)) throw badField(name, message);
  throw new Fault('invalid', 'bad-body', name === '' ? message : `\`${name}\`: ${message}`, {
    ...(name === '' ? {} : { target: { type: 'field', name } }),
  });
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step], body);
}

/** Whether there is a body at all: some calls have one or none. */
export function optionalBody<T>(request: WireRequest, schema: z.ZodType<T>): T | undefined {
  return request.body === undefined ? undefined : bodyOf(request, schema);
}

/** The envelope that bodies come in, around resources of one type. */
export function collectionOf<T extends z.ZodType>(type: string, item: T) {
  return z.strictObject({
    metadata: z.strictObject({
      collectionType: z.literal(mediaType(type)),
      collectionTotal: z.int().min(0),
    }),
    resources: z.array(item),
  });
}

/** The resources of an envelope. Throws when there are not as many as it says. */
export function resourcesOf<T>(body: { metadata: { collectionTotal: number }; resources: readonly T[] }): readonly T[] {
  if (body.metadata.collectionTotal === body.resources.length) return body.resources;
  throw keyFault('collection-total', 'the collection total does not match the number of resources', {
    target: { type: 'field', name: 'metadata.collectionTotal' },
  });
}

/** The single resource of an envelope. */
export function resourceOf<T>(body: { metadata: { collectionTotal: number }; resources: readonly T[] }): T {
  const [resource] = body.resources;
  if (resource === undefined || body.resources.length > 1) {
    throw new Fault('invalid', 'bad-body', 'exactly one resource is needed', {
      target: { type: 'field', name: 'resources' },
    });
  }
  resourcesOf(body);
  return resource;
}

/** `key` -> `application/vnd.ibm.kms.key+json`. */
export function mediaType(type: string): string {
  return `application/vnd.ibm.kms.${type}+json`;
}
