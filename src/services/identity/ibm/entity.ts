/** What every entity of IAM Identity has in common on the wire: tags, dates, pages, and whose account it is in. */
import { hash } from 'node:crypto';
import type { Context } from '../../../context.ts';
import { Fault } from '../../../faults.ts';
import type { WireRequest } from '../../../wire/ibm/route.ts';

/** The tag of an entity at a revision: different after each change, different from every other entity's. */
export function entityTag(id: string, revision: number): string {
  return `${revision}-${hash('md5', id)}`;
}

/** Throws `precondition` unless `tag` is that of the entity now, or `*`. */
export function checkTag(tag: string, document: { readonly id: string; readonly revision: number }): void {
  if (tag === '*' || tag === entityTag(document.id, document.revision)) return;
  throw new Fault('precondition', 'stale-tag', 'it has been changed since: read it again and send its new entity_tag', {
    target: { type: 'header', name: 'If-Match' },
  });
}

/** The `If-Match` header; tags may come quoted. Throws `invalid` when it is missing. */
export function ifMatch(request: WireRequest): string {
  const header = request.headers['if-match'];
  if (header) return header.replace(/^"(.*)"$/, '$1');
  throw new Fault('invalid', 'no-tag', 'the header `If-Match` is missing: send the entity_tag that was read, or `*`', {
    target: { type: 'header', name: 'If-Match' },
  });
}

/** A date as this API writes it: `2026-11-22T08:30+0000`. */
export function shownDate(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 16)}+0000`;
}

/**
 * The account that a call is about: the one that its token is for, which may also be named. Throws `denied` for
 * another one, whether or not it exists.
 */
export function ownAccount(cx: Context, named: string | undefined): string {
  const { account } = cx.identity.caller;
  if (named === undefined || named === account) return account;
  throw new Fault('denied', 'foreign-account', 'You are not authorized to use this API.');
}

/** The longest list that is put together to be sorted and cut into pages; above all limits that accounts have. */
export const LONGEST_LIST = 200_000;

export interface PageQuery {
  readonly size: number;
  readonly offset: number;
  readonly sort: string | undefined;
  readonly descending: boolean;
  /** The parameters that select what is listed: they travel in the page token. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The paging parameters of a list: `pagesize` (20, at most 100), `pagetoken`, `sort`, `order`. Throws `invalid`. */
export function pageQuery(request: WireRequest, sortable: readonly string[]): PageQuery {
  const token = request.query.get('pagetoken');
  const parameters = token === null ? Object.fromEntries(request.query) : readPageToken(token);
  const size = Number(request.query.get('pagesize') ?? parameters['pagesize'] ?? 20);
  if (!Number.isInteger(size) || size < 1 || size > 100) {
    throw badParameter('pagesize', 'must be a whole number from 1 to 100');
  }
  const { sort, order = 'asc' } = parameters;
  if (sort !== undefined && !sortable.includes(sort))
    throw badParameter('sort', `must be one of ${sortable.join(', ')}`);
  if (order !== 'asc' && order !== 'desc') throw badParameter('order', 'must be `asc` or `desc`');
  return { size, offset: Number(parameters['offset'] ?? 0), sort, descending: order === 'desc', parameters };
}

export function badParameter(name: string, message: string): Fault {
  return new Fault('invalid', 'invalid-parameter', `\`${name}\`: ${message}`, { target: { type: 'parameter', name } });
}

/** The page of a list, with links to its neighbours. `field` is the collection's name in the reply. */
export function pageReply(field: string, items: readonly object[], query: PageQuery, request: WireRequest): object {
  const { size, offset, sort, descending } = query;
  const sorted = sort === undefined ? items : items.toSorted((a, b) => compare(a, b, sort) * (descending ? -1 : 1));
  const link = (at: number): string => {
    const token = pageToken({ ...query.parameters, pagesize: String(size), offset: String(at) });
    return `${request.origin}${request.path}?pagetoken=${token}`;
  };
  return {
    offset,
    limit: size,
    first: link(0),
    ...(offset > 0 ? { previous: link(Math.max(0, offset - size)) } : {}),
    ...(offset + size < items.length ? { next: link(offset + size) } : {}),
    [field]: sorted.slice(offset, offset + size),
  };
}

function compare(a: object, b: object, field: string): number {
  const [left, right] = [a, b].map((item) => String((item as Record<string, unknown>)[field] ?? ''));
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}

function pageToken(parameters: Readonly<Record<string, string>>): string {
  return Buffer.from(JSON.stringify(Object.entries(parameters))).toString('base64url');
}

function readPageToken(token: string): Record<string, string> {
  try {
    const entries = JSON.parse(Buffer.from(token, 'base64url').toString()) as [string, string][];
    const parameters = Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
    if (/^[0-9]{1,6}$/.test(parameters['offset'] ?? '')) return parameters;
  } catch {
    // Falls through: not a token of ours.
  }
  throw badParameter('pagetoken', 'is not one that a list of this API has returned');
}
