/** Lists of policies: filters, order and pages. Only what the caller may read is there, and nothing tells of the rest. */
import type { Context } from '../../context.ts';
import { Fault } from '../../faults.ts';
import { operation } from '../../operation.ts';
import { type IbmPolicy, literal } from '../../policy/ibm/document.ts';
import type { Document, ListQuery } from '../../store/store.ts';
import { Policy } from './access.ts';
import { identityKey, type PolicyDocument } from './documents.ts';
import { customRolesAmong, type Shown } from './rules.ts';
import { kindOf } from './target.ts';

/** Fields that a list can be sorted by. The href and the id order alike. */
export const SORT_FIELDS = [
  'id',
  'type',
  'href',
  'created_at',
  'created_by_id',
  'last_modified_at',
  'last_modified_by_id',
  'state',
] as const;
export type SortField = (typeof SORT_FIELDS)[number];

export interface PolicyFilter {
  readonly account: string;
  readonly state: 'active' | 'deleted';
  readonly type?: IbmPolicy['type'];
  readonly iamId?: string;
  readonly accessGroupId?: string;
  readonly serviceType?: string;
  readonly serviceName?: string;
  readonly serviceGroupId?: string;
  readonly tagName?: string;
  readonly tagValue?: string;
}

export interface PolicyQuery extends PolicyFilter {
  readonly sort: SortField;
  readonly descending: boolean;
  /** Policies on a page; absent: all of them. */
  readonly limit?: number;
  /** The token of the page, as the page before gave it. */
  readonly start?: string;
}

export interface PolicyPage {
  readonly policies: readonly Shown[];
  /** The token of the next page. */
  readonly next?: string;
}

const ALL = 1000;

/** The policies of an account that the caller may read. Throws `invalid` for a page token that no page has given. */
export const listPolicies = operation('policies.list', async (cx, query: PolicyQuery): Promise<PolicyPage> => {
  const byId = (query.sort === 'id' || query.sort === 'href') && !query.descending;
  const { documents, next } = byId ? await pageById(cx, query) : await pageSorted(cx, query);
  const roles = documents.flatMap(({ policy }) => policy.roles);
  const custom = await customRolesAmong(cx, query.account, roles);
  return {
    policies: documents.map((document) => ({ document, custom })),
    ...(next === undefined ? {} : { next }),
  };
});

interface Found {
  readonly documents: readonly PolicyDocument[];
  readonly next?: string;
}

/** The store's own order: a page costs what it shows. */
async function pageById(cx: Context, query: PolicyQuery): Promise<Found> {
  const after = query.start === undefined ? undefined : readToken(query.start);
  if (query.limit === undefined) return { documents: await everything(cx, query, after) };
  const page = await cx.allowEach(Policy.read, query.account, { ...listing(query, after), limit: query.limit });
  const documents = page.items.map(({ value }) => value);
  return page.next === undefined ? { documents } : { documents, next: token(page.next) };
}

/** Any other order: everything is read and sorted. The token is the place of the last one, so that pages stay true. */
async function pageSorted(cx: Context, query: PolicyQuery): Promise<Found> {
  const sign = query.descending ? -1 : 1;
  const placeOf = (document: PolicyDocument) => `${sortValue(document, query.sort)}\n${document.id}`;
  const placed = (await everything(cx, query, undefined)).map((document) => ({ document, place: placeOf(document) }));
  placed.sort((a, b) => sign * compare(a.place, b.place));
  const after = query.start === undefined ? undefined : readToken(query.start);
  const rest = after === undefined ? placed : placed.filter(({ place }) => sign * compare(place, after) > 0);
  const shown = query.limit === undefined ? rest : rest.slice(0, query.limit);
  const documents = shown.map(({ document }) => document);
  return shown.length < rest.length ? { documents, next: token(shown.at(-1)!.place) } : { documents };
}

async function everything(cx: Context, query: PolicyQuery, from: string | undefined): Promise<PolicyDocument[]> {
  const documents: PolicyDocument[] = [];
  let after = from;
  do {
    const page = await cx.allowEach(Policy.read, query.account, { ...listing(query, after), limit: ALL });
    for (const { value } of page.items) documents.push(value);
    after = page.next;
  } while (after !== undefined);
  return documents;
}

type Listing = Omit<ListQuery, 'limit'> & { readonly keep: (document: Document<PolicyDocument>) => boolean };

/** The narrowest index for a filter, and the filter for what the index does not say. */
function listing(filter: PolicyFilter, after: string | undefined): Listing {
  const subject =
    filter.iamId !== undefined
      ? identityKey('iam_id', filter.iamId)
      : filter.accessGroupId !== undefined
        ? identityKey('access_group_id', filter.accessGroupId)
        : undefined;
  const keep = ({ value }: Document<PolicyDocument>) => passes(filter, value.policy);
  const place = after === undefined ? { keep } : { keep, after };
  if (subject !== undefined) return { index: 'subject', key: `${filter.state} ${subject}`, ...place };
  const key = filter.type === undefined ? filter.state : `${filter.state} ${filter.type}`;
  return { index: 'state', key, ...place };
}

function passes(filter: PolicyFilter, policy: IbmPolicy): boolean {
  const wants = (wanted: string | undefined, has: string | undefined) => wanted === undefined || wanted === has;
  return (
    wants(filter.type, policy.type) &&
    wants(filter.iamId, literal(policy.subject, 'iam_id')) &&
    wants(filter.accessGroupId, literal(policy.subject, 'access_group_id')) &&
    wants(filter.serviceName, literal(policy.resource, 'serviceName')) &&
    wants(filter.serviceGroupId, literal(policy.resource, 'service_group_id')) &&
    (filter.serviceType === undefined || filter.serviceType === kindOf(policy).serviceType) &&
    hasTag(filter, policy)
  );
}

function hasTag({ tagName, tagValue }: PolicyFilter, { tags }: IbmPolicy): boolean {
  if (tagName === undefined && tagValue === undefined) return true;
  return tags.some(
    ({ name, value }) =>
      (tagName === undefined || name === tagName) && (tagValue === undefined || String(value) === tagValue),
  );
}

function sortValue({ id, state, policy, ...document }: PolicyDocument, field: SortField): string {
  switch (field) {
    case 'id':
    case 'href':
      return id;
    case 'type':
      return policy.type;
    case 'state':
      return state;
    case 'created_at':
      return new Date(document.createdAt).toISOString();
    case 'created_by_id':
      return document.createdBy;
    case 'last_modified_at':
      return new Date(document.modifiedAt).toISOString();
    case 'last_modified_by_id':
      return document.modifiedBy;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function token(place: string): string {
  return Buffer.from(place).toString('base64url');
}

function readToken(start: string): string {
  const place = Buffer.from(start, 'base64url').toString();
  if (place === '' || token(place) !== start) {
    throw new Fault('invalid', 'bad-parameter', '`start` is the token of a page before, as its `next` gave it', {
      target: { type: 'parameter', name: 'start' },
    });
  }
  return place;
}
