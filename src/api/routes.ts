/** What Easement's own API answers. Each route performs one operation; `reply` makes the answer of what was allowed. */
import { z } from 'zod';
import type { Action } from '../access.ts';
import { advanceClock, readClock } from '../clock.ts';
import { Fault } from '../faults.ts';
import type { Operation } from '../operation.ts';
import { applyWorld } from '../services/worlds/apply.ts';
import { BadWorld, parseWorld, type World } from '../services/worlds/file.ts';
import { exportWorld, showWorld } from '../services/worlds/show.ts';
import type { Json, Store, StoredRecord } from '../store/store.ts';
import type { WhySources } from '../why/question.ts';
import { type AskedRecord, bodyOf, questionsFor, showCall, type Viewer } from '../why/record.ts';
import { why } from '../why.ts';
import { readJson } from '../wire/ibm/body.ts';
import { durationOf } from './duration.ts';
import { explainCall, openPage, readRecords, resetPlane, verifyRecords } from './operations.ts';
import { questionRoutes } from './questions-routes.ts';
import { route } from './route.ts';

/** Origins of the other listeners. */
export interface Endpoints {
  readonly ibm: string;
  readonly aws: string;
}

/** What the API needs of the plane that it answers for. */
export interface ApiPlane {
  readonly why: WhySources;
  readonly actions: readonly Action<never>[];
  readonly store: Store;
  /** Milliseconds by the plane's clock. */
  readonly now: () => number;
  /** Takes over an advance of the clock that has been committed. */
  readonly advanceTo: (ahead: number) => void;
  /** The token of a link that opens the page once. */
  readonly newLink: () => string;
  readonly endpoints: Endpoints;
  /** Throws everything away and starts again, after the reply; absent where nobody would start it. */
  readonly reset: (() => void) | undefined;
}

export interface ApiRequest {
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  /** The body as text, and parsed as JSON when read. Throws `invalid`. */
  readonly text: string;
  readonly body: unknown;
  /** `http://host:port` as the client called it. */
  readonly origin: string;
}

export interface ApiRoute<I = unknown, O = unknown> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly operation: Operation<I, O>;
  /** Throws `invalid`. */
  input(request: ApiRequest): I;
  reply(output: O, request: ApiRequest, plane: ApiPlane): unknown;
  /** Bytes of body at most. */
  readonly limit?: number;
}

const MISSING =
  'no call with this id concerns your account: it may be gone, or it was refused before it began (no valid credentials or signature, malformed input), which leaves no record';
const PAGE = 100;
const MOST = 1000;

export const apiRoutes: readonly ApiRoute[] = [
  ...questionRoutes,
  route({
    method: 'GET',
    path: '/api/decisions/:id',
    operation: explainCall,
    input: ({ params, query }) => ({ id: params['id']!, as: query.get('as') ?? undefined }),
    reply: async (viewer, { params }, plane) => {
      const explanation = await why(plane.why, params['id']!, viewer);
      if (explanation) return explanation;
      throw new Fault('not-found', 'no-such-call', MISSING);
    },
  }),
  route({
    method: 'GET',
    path: '/api/records',
    operation: readRecords,
    input: ({ query }) => ({ as: query.get('account') ?? undefined }),
    reply: (viewer, { query }, plane) => listRecords(plane.store, viewer, query),
  }),
  route({
    method: 'POST',
    path: '/api/records/verify',
    operation: verifyRecords,
    input: () => null,
    reply: (_nothing, _request, plane) => plane.store.verifyRecords(),
  }),
  route({
    method: 'GET',
    path: '/api/clock',
    operation: readClock,
    input: () => null,
    reply: ({ ahead }, _request, plane) => clockReply(plane, ahead),
  }),
  route({
    method: 'POST',
    path: '/api/clock',
    operation: advanceClock,
    input: (request) => ({ milliseconds: spanOf(readJson(request, z.strictObject({ advance: z.string() })).advance) }),
    reply: ({ ahead }, _request, plane) => {
      plane.advanceTo(ahead);
      return clockReply(plane, ahead);
    },
  }),
  route({
    method: 'POST',
    path: '/api/links',
    operation: openPage,
    input: () => null,
    reply: (_viewer, { origin }, plane) => ({ link: `${origin}/?token=${plane.newLink()}` }),
  }),
  route({
    method: 'GET',
    path: '/api/accounts',
    operation: showWorld,
    input: () => null,
    reply: ({ accounts }, _request, { endpoints }) => ({ accounts, endpoints }),
  }),
  route({ method: 'GET', path: '/api/worlds', operation: showWorld, input: () => null, reply: (world) => world }),
  route({
    method: 'GET',
    path: '/api/worlds/export',
    operation: exportWorld,
    input: () => null,
    reply: (world) => ({ world }),
  }),
  route({
    method: 'POST',
    path: '/api/worlds',
    operation: applyWorld,
    input: ({ text, query }) => readWorld(text, query.get('file') ?? 'world'),
    reply: (applied) => applied,
    limit: 4 * 1024 * 1024,
  }),
  route({
    method: 'POST',
    path: '/api/worlds/reset',
    operation: resetPlane,
    input: () => null,
    reply: (_nothing, _request, plane) => {
      if (!plane.reset) throw new Fault('unavailable', 'reset', 'this plane was not started by `easement up`');
      plane.reset();
      return { reset: true };
    },
  }),
];

function readWorld(text: string, file: string): World {
  try {
    return parseWorld(text, file);
  } catch (cause) {
    if (cause instanceof BadWorld) throw new Fault('invalid', 'world', cause.message, { cause });
    throw cause;
  }
}

function spanOf(text: string): number {
  const milliseconds = durationOf(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new Fault('invalid', 'duration', `\`${text}\` is no span of time: write it like \`30s\` or \`1h30m\``, {
    target: { type: 'field', name: 'advance' },
  });
}

function clockReply(plane: ApiPlane, ahead: number): Json {
  return { now: new Date(plane.now()).toISOString(), ahead };
}

/**
 * Records, newest first. `before` and `after` are commit numbers, exclusive; `next` is the `before` of the next page.
 * A page does not end amid a commit, unless one commit fills it.
 */
async function listRecords(store: Store, viewer: Viewer, query: URLSearchParams): Promise<unknown> {
  const limit = whole(query, 'limit', MOST) ?? PAGE;
  const before = whole(query, 'before', Number.MAX_SAFE_INTEGER);
  const after = whole(query, 'after', Number.MAX_SAFE_INTEGER);
  const found = await store.records({
    limit,
    ...(viewer.kind === 'operator' ? {} : { account: viewer.account }),
    ...(before === undefined ? {} : { beforeCommit: before }),
    ...(after === undefined ? {} : { afterCommit: after }),
  });
  const last = found.length === limit ? found.at(-1)?.commit : undefined;
  const complete =
    last === undefined || found[0]?.commit === last ? found : found.filter(({ commit }) => commit !== last);
  const next = last === undefined ? undefined : complete === found ? last : last + 1;
  return { records: complete.map((record) => shown(record, viewer)), ...(next === undefined ? {} : { next }) };
}

/** The hash of a record covers what the viewer may not know of it: whoever has the rest could try what fits. */
function shown(record: StoredRecord, viewer: Viewer): object {
  const { account, sequence, commit, hash } = record;
  const chain = { account, sequence, ...(viewer.kind === 'operator' ? { hash } : {}) };
  return { ...showCall(record, viewer), asked: questionsFor(viewer, bodyOf(record)).map(named), chain, commit };
}

const named = ({ action, words, resource }: AskedRecord): object => ({ action, words, resource: resource.name });

function whole(query: URLSearchParams, name: string, most: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new Fault('invalid', 'query', `\`${name}\` must be a whole number from 0 to ${most}`, {
    target: { type: 'parameter', name },
  });
}
