/** Making, reading, listing, moving and deleting keys. */
import { z } from 'zod';
import { type Route, route, type WireRequest } from '../../../wire/ibm/route.ts';
import { type CreateKeyInput, createKey } from '../create.ts';
import { deleteKey, purgeKey } from '../lifecycle.ts';
import {
  countKeys,
  getKey,
  getMetadata,
  type KeyFilter,
  type KeySearch,
  listKeys,
  listVersions,
  type SortField,
} from '../read.ts';
import { moveKey } from '../rings.ts';
import type { KeyState } from '../states.ts';
import { aliasName, ringName } from './names.ts';
import {
  badQuery,
  bodyOf,
  collectionOf,
  flag,
  instanceOf,
  keyOf,
  pageOf,
  preferOf,
  resourceOf,
  ringOf,
} from './request.ts';
import { collectionReply, keyView, STATE_NUMBERS, versionView } from './views.ts';

const keyFields = {
  type: z.literal('application/vnd.ibm.kms.key+json').optional(),
  name: z.string().min(2).max(90),
  extractable: z.boolean(),
  payload: z.string().optional(),
  aliases: z.array(aliasName).optional(),
  description: z.string().min(2).max(240).optional(),
  tags: z.array(z.string().min(2).max(30)).max(30).optional(),
  expirationDate: z.iso.datetime({ offset: true }).optional(),
};
const createBody = collectionOf('key', z.strictObject(keyFields));
const createWithPoliciesBody = collectionOf(
  'key',
  z.strictObject({
    ...keyFields,
    rotation: z.strictObject({ enabled: z.boolean().optional(), interval_month: z.int().min(1).max(12) }).optional(),
    dualAuthDelete: z.strictObject({ enabled: z.boolean() }).optional(),
  }),
);
const patchBody = z.strictObject({ keyRingID: ringName });

type KeyBody = z.infer<typeof createBody>['resources'][number];

function readKeyBody(request: WireRequest, body: KeyBody): CreateKeyInput {
  const { name, extractable, payload, aliases = [], tags = [], description, expirationDate } = body;
  return {
    instance: instanceOf(request),
    ...ringOf(request),
    kind: extractable ? 'standard' : 'root',
    name,
    aliases,
    tags,
    ...(description === undefined ? {} : { description }),
    ...(expirationDate === undefined ? {} : { expiresAt: Date.parse(expirationDate) }),
    ...(payload === undefined ? {} : { payload }),
  };
}

function readCreate(request: WireRequest): CreateKeyInput {
  return readKeyBody(request, resourceOf(bodyOf(request, createBody)));
}

function readCreateWithPolicies(request: WireRequest): CreateKeyInput {
  const { rotation, dualAuthDelete, ...key } = resourceOf(bodyOf(request, createWithPoliciesBody));
  return {
    ...readKeyBody(request, key),
    policies: {
      ...(dualAuthDelete ? { dualAuthDelete } : {}),
      ...(rotation ? { rotation: { enabled: rotation.enabled ?? true, months: rotation.interval_month } } : {}),
    },
  };
}

function createRoute(path: string, input: (request: WireRequest) => CreateKeyInput): Route<never, never> {
  return route({
    method: 'POST',
    path,
    operation: createKey,
    input,
    output: ({ material, ...view }, request) => {
      const shown = preferOf(request) === 'minimal' || material === undefined ? view : { ...view, material };
      return collectionReply('key', [keyView(shown, request.now)], { status: 201 });
    },
  });
}

const STATES = new Map(Object.entries(STATE_NUMBERS).map(([state, number]) => [String(number), state as KeyState]));

function readFilter(request: WireRequest): KeyFilter {
  const { query } = request;
  if (query.has('filter')) throw badQuery('filter', 'is not understood here: use `state`, `extractable` or `search`');
  const extractable = flag(request, 'extractable');
  const states = query.getAll('state').flatMap((text) => text.split(','));
  const search = query.get('search');
  return {
    instance: instanceOf(request),
    ...ringOf(request),
    ...(states.length === 0 ? {} : { states: readStates(states) }),
    ...(extractable === undefined ? {} : { kind: extractable ? 'standard' : 'root' }),
    ...(search === null ? {} : { search: readSearch(search) }),
  };
}

/** State 0 exists on paper only: no key is ever in it. */
function readStates(numbers: readonly string[]): KeyState[] {
  return numbers.flatMap((number) => {
    const state = STATES.get(number);
    if (state === undefined && number !== '0') throw badQuery('state', 'must be a list of 0, 1, 2, 3 and 5');
    return state ?? [];
  });
}

/** `exact:not:alias:text`. https://cloud.ibm.com/docs/key-protect?topic=key-protect-view-keys */
function readSearch(text: string): KeySearch {
  const parts = text.split(':');
  const wanted = parts.pop() ?? '';
  const unknown = parts.find((part) => !['not', 'exact', 'name', 'alias'].includes(part));
  if (unknown !== undefined) throw badQuery('search', `there is no qualifier \`${unknown}\``);
  const scopes = parts.filter((part) => part === 'name' || part === 'alias');
  return {
    text: wanted,
    in: scopes.length === 0 ? ['name', 'alias'] : scopes,
    exact: parts.includes('exact'),
    not: parts.includes('not'),
  };
}

const SORT_FIELDS: Readonly<Record<string, SortField>> = {
  id: 'id',
  state: 'state',
  extractable: 'kind',
  imported: 'imported',
  creationDate: 'createdAt',
  lastUpdateDate: 'updatedAt',
  lastRotateDate: 'rotatedAt',
  expirationDate: 'expiresAt',
};

function readSort(request: WireRequest) {
  const text = request.query.get('sort');
  if (text === null || text === '') return {};
  const descending = text.startsWith('-');
  const by = SORT_FIELDS[descending ? text.slice(1) : text];
  if (by === undefined) throw badQuery('sort', `keys cannot be sorted by \`${text}\``);
  return { sort: { by, descending } };
}

const readKey = (request: WireRequest) => ({ key: keyOf(request) });

export const keyRoutes: readonly Route<never, never>[] = [
  createRoute('/api/v2/keys', readCreate),
  createRoute('/api/v2/keys_with_policy_overrides', readCreateWithPolicies),
  route({
    method: 'HEAD',
    path: '/api/v2/keys',
    operation: countKeys,
    input: readFilter,
    output: (total) => ({ status: 200, headers: { 'key-total': String(total) } }),
  }),
  route({
    method: 'GET',
    path: '/api/v2/keys',
    operation: listKeys,
    input: (request) => ({ ...readFilter(request), ...pageOf(request), ...readSort(request) }),
    output: (views, { now }) =>
      collectionReply(
        'key',
        views.map((view) => keyView(view, now)),
      ),
  }),
  route({
    method: 'GET',
    path: '/api/v2/keys/:id',
    operation: getKey,
    input: readKey,
    output: (view, { now }) => collectionReply('key', [keyView(view, now)]),
  }),
  route({
    method: 'GET',
    path: '/api/v2/keys/:id/metadata',
    operation: getMetadata,
    input: readKey,
    output: (view, { now }) => collectionReply('key', [keyView(view, now)]),
  }),
  route({
    method: 'PATCH',
    path: '/api/v2/keys/:id',
    operation: moveKey,
    input: (request) => ({ key: keyOf(request), ring: bodyOf(request, patchBody).keyRingID }),
    output: (view, { now }) => collectionReply('key', [keyView(view, now)]),
  }),
  route({
    method: 'DELETE',
    path: '/api/v2/keys/:id',
    operation: deleteKey,
    input: (request) => ({ key: keyOf(request), force: flag(request, 'force') ?? false }),
    output: (view, request) =>
      preferOf(request) === 'representation' ? collectionReply('key', [keyView(view, request.now)]) : { status: 204 },
  }),
  route({
    method: 'DELETE',
    path: '/api/v2/keys/:id/purge',
    operation: purgeKey,
    input: readKey,
    output: (view, request) =>
      preferOf(request) === 'representation' ? collectionReply('key', [keyView(view, request.now)]) : { status: 204 },
  }),
  route({
    method: 'GET',
    path: '/api/v2/keys/:id/versions',
    operation: listVersions,
    input: (request) => ({
      key: keyOf(request),
      ...pageOf(request),
      allStates: flag(request, 'allKeyStates') ?? false,
    }),
    output: ({ items, total }, request) =>
      collectionReply('key.version', items.map(versionView), {
        metadata: flag(request, 'totalCount') ? { totalCount: total } : {},
      }),
  }),
];
