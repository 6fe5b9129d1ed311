/** Which operation a method and a path mean. */
import type { HttpTrait, OperationModel, ServiceModel } from './model.ts';
import type { HttpRequest } from './protocol.ts';
import { parsePairs } from './values/pairs.ts';

export interface RouteMatch {
  readonly operation: OperationModel;
  /** Labels of the path by name, decoded. */
  readonly labels: ReadonlyMap<string, string>;
}

type Segment = { readonly literal: string } | { readonly label: string; readonly isGreedy: boolean };

interface Route {
  readonly operation: OperationModel;
  readonly segments: readonly Segment[];
  readonly literals: number;
  /** What the query string must have; a value of undefined stands for any. */
  readonly constants: readonly (readonly [string, string | undefined])[];
  /** The operation's name as clients of JavaScript append it: a hint that others leave out. */
  readonly hint: string | undefined;
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
}

export type Router = (request: HttpRequest) => RouteMatch | undefined;

/**
 * The most specific route wins: by literal segments, then the one whose required parameters and headers are all there
 * (a copy is told from an upload by its header alone), then by constants of the query string.
 */
export function createRouter(model: ServiceModel): Router {
  const byMethod = new Map<string, Route[]>();
  for (const operation of model.operations.values()) {
    if (!operation.http) continue;
    const { method } = operation.http;
    const routes = byMethod.get(method) ?? [];
    routes.push(routeOf(operation, operation.http));
    byMethod.set(method, routes);
  }
  return (request) => {
    const path = segmentsOf(request.path);
    if (!path) return undefined;
    const query = new Map(parsePairs(request.query));
    let best: { match: RouteMatch; rank: readonly number[] } | undefined;
    for (const route of byMethod.get(request.method) ?? []) {
      const labels = matchPath(route.segments, path);
      if (!labels || !route.constants.every(([name, value]) => hasConstant(query, name, value))) continue;
      const rank = rankOf(route, query, request);
      if (!best || isHigher(rank, best.rank)) best = { match: { operation: route.operation, labels }, rank };
    }
    return best?.match;
  };
}

function routeOf(operation: OperationModel, { uri }: HttpTrait): Route {
  const [path = '', query = ''] = uri.split('?');
  const segments = path.split('/').filter(Boolean).map(segmentOf);
  const members = [...(operation.input?.members.values() ?? [])];
  const named = new Set(segments.map((segment) => ('label' in segment ? segment.label : '')));
  // S3's model leaves the bucket out of the path: it may be in the host. Here it is the first segment.
  const before = members.filter(({ location, name }) => location === 'label' && !named.has(name));
  const pairs = query.split('&').filter(Boolean).map(constantOf);
  const required = (location: string): string[] =>
    members.filter((member) => member.required && member.location === location).map((member) => member.locationName);
  return {
    operation,
    segments: [...before.map(({ name }) => ({ label: name, isGreedy: false })), ...segments],
    literals: segments.filter((segment) => 'literal' in segment).length,
    constants: pairs.filter(([name]) => name !== 'x-id'),
    hint: pairs.find(([name]) => name === 'x-id')?.[1],
    requiredQuery: required('query'),
    requiredHeaders: required('header'),
  };
}

function segmentOf(text: string): Segment {
  const label = /^\{([^}+]+)(\+?)\}$/.exec(text);
  return label ? { label: label[1]!, isGreedy: label[2] === '+' } : { literal: text };
}

function constantOf(pair: string): readonly [string, string | undefined] {
  const equals = pair.indexOf('=');
  return equals < 0 ? [pair, undefined] : [pair.slice(0, equals), pair.slice(equals + 1)];
}

/** The path as sent, split before it is decoded: an encoded slash divides nothing, `..` means nothing. */
function segmentsOf(path: string): string[] | undefined {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function matchPath(segments: readonly Segment[], path: readonly string[]): Map<string, string> | undefined {
  const last = segments.at(-1);
  const isGreedy = last !== undefined && 'label' in last && last.isGreedy;
  // Old clients end a path in a slash; the name of an object may end in one.
  const given = !isGreedy && path.at(-1) === '' ? path.slice(0, -1) : path;
  if (isGreedy ? given.length < segments.length : given.length !== segments.length) return undefined;
  const labels = new Map<string, string>();
  for (const [at, segment] of segments.entries()) {
    const text = given[at]!;
    if ('literal' in segment) {
      if (segment.literal !== text) return undefined;
      continue;
    }
    const value = segment.isGreedy ? given.slice(at).join('/') : text;
    if (value === '') return undefined;
    labels.set(segment.label, value);
  }
  return labels;
}

const hasConstant = (query: ReadonlyMap<string, string>, name: string, value: string | undefined): boolean =>
  value === undefined ? query.has(name) : query.get(name) === value;

function rankOf(route: Route, query: ReadonlyMap<string, string>, { headers }: HttpRequest): readonly number[] {
  const required = route.requiredQuery.length + route.requiredHeaders.length;
  const present =
    route.requiredQuery.filter((name) => query.has(name)).length +
    route.requiredHeaders.filter((name) => headers[name] !== undefined).length;
  const isHinted = route.hint !== undefined && query.get('x-id') === route.hint;
  return [route.literals, present - required, route.constants.length, present, isHinted ? 1 : 0];
}

function isHigher(rank: readonly number[], other: readonly number[]): boolean {
  const at = rank.findIndex((value, index) => value !== other[index]);
  return at >= 0 && rank[at]! > other[at]!;
}
