/**
 * Statements filed so that the cost of a question follows what can match it, not what exists. Each statement is filed
 * once, in the dimension where it has the fewest neighbours: a policy about one key ring under the key ring, one
 * for a role under the role.
 */
import { type Attributes, attributeOf } from './attributes.ts';
import { type Filing, filingsOf } from './keys.ts';
import { type Ask, type CompiledStatement, compileStatement, matchStatement } from './match.ts';
import type { Statement } from './model.ts';
import { longestPrefix, type PrefixTable, prefixTable } from './prefixes.ts';
import { type Coverage, NONE } from './principal.ts';

type Bucket = readonly CompiledStatement[];
type Shelf = ReadonlyMap<string, Bucket>;

export interface StatementIndex {
  readonly all: Bucket;
  /** Statements that can be filed nowhere, and all of them when there are few. */
  readonly unfiled: Bucket;
  readonly principals?: Shelf;
  readonly actions?: Shelf;
  readonly services?: Shelf;
  readonly names?: Shelf;
  readonly prefixes?: PrefixTable<Bucket>;
  readonly callerAttributes: readonly { readonly name: string; readonly shelf: Shelf }[];
  readonly resourceAttributes: readonly { readonly name: string; readonly shelf: Shelf }[];
}

/** Below this many, looking things up costs more than asking each statement. */
export const FEW = 6;

/** An index that asks every statement. */
export function listStatements(statements: readonly Statement[]): StatementIndex {
  const all = statements.map(compileStatement);
  return { all, unfiled: all, callerAttributes: [], resourceAttributes: [] };
}

/** An index that leads from the values of a question to the statements that may match it. */
export function fileStatements(statements: readonly Statement[]): StatementIndex {
  if (statements.length <= FEW) return listStatements(statements);
  const all = statements.map(compileStatement);
  const shelves = file(all);
  const shelf = (dimension: string) => shelves.filed.get(dimension);
  const attributes = (prefix: string) =>
    [...shelves.filed].flatMap(([dimension, of]) =>
      dimension.startsWith(prefix) ? [{ name: dimension.slice(prefix.length), shelf: of }] : [],
    );
  const prefixes = shelf('prefix');
  const optional = {
    principals: shelf('principal'),
    actions: shelf('action'),
    services: shelf('service'),
    names: shelf('name'),
  };
  return {
    all,
    unfiled: shelves.unfiled,
    ...(Object.fromEntries(Object.entries(optional).filter(([, one]) => one)) as Partial<StatementIndex>),
    ...(prefixes ? { prefixes: prefixTable(prefixes) } : {}),
    callerAttributes: attributes('caller '),
    resourceAttributes: attributes('resource '),
  };
}

/** Counts how many statements share each key, then files each statement where its fullest key is emptiest. */
function file(all: Bucket): { filed: Map<string, Map<string, CompiledStatement[]>>; unfiled: CompiledStatement[] } {
  const filings = all.map((compiled) => filingsOf(compiled.statement));
  const counts = new Map<string, Map<string, number>>();
  for (const { dimension, keys } of filings.flat()) {
    const counted = ensure(counts, dimension, () => new Map<string, number>());
    for (const key of keys) counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  const neighbours = (filing: Filing) => {
    let most = 0;
    for (const key of filing.keys) most = Math.max(most, counts.get(filing.dimension)!.get(key)!);
    return most;
  };
  const filed = new Map<string, Map<string, CompiledStatement[]>>();
  const unfiled: CompiledStatement[] = [];
  for (const [n, compiled] of all.entries()) {
    const best = leastOf(filings[n]!, neighbours);
    if (!best) unfiled.push(compiled);
    else {
      const shelf = ensure(filed, best.dimension, () => new Map<string, CompiledStatement[]>());
      for (const key of best.keys) ensure(shelf, key, () => []).push(compiled);
    }
  }
  return { filed, unfiled };
}

function leastOf(filings: readonly Filing[], cost: (filing: Filing) => number): Filing | undefined {
  let best: Filing | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const filing of filings) {
    const its = cost(filing);
    if (its < least) {
      best = filing;
      least = its;
    }
  }
  return best;
}

function ensure<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/**
 * The best coverage among matching statements; stops looking once it is `enough`. Every bucket that the question's
 * own values lead to is asked; a statement stands in at least one of them if it can match. `trail` is handed every
 * statement asked, for explanations: they look where the decision looked.
 */
export function bestCoverage(index: StatementIndex, ask: Ask, enough: number, trail?: CompiledStatement[]): Coverage {
  const search = { ask, enough, trail };
  let best = ofBucket(index.unfiled, search, NONE);
  if (index.unfiled === index.all) return best;
  if (index.principals) best = ofPrincipals(index.principals, search, best);
  if (index.actions) best = ofBucket(index.actions.get(ask.action), search, best);
  if (index.services) best = ofBucket(index.services.get(ask.service), search, best);
  if (index.names) best = ofBucket(index.names.get(ask.resource.name), search, best);
  if (index.prefixes) best = ofPrefixes(index.prefixes, search, best);
  best = ofAttributes(index.callerAttributes, ask.caller.attributes ?? NO_ATTRIBUTES, search, best);
  return ofAttributes(index.resourceAttributes, ask.resource.attributes, search, best);
}

interface Search {
  readonly ask: Ask;
  readonly enough: number;
  readonly trail: CompiledStatement[] | undefined;
}

const NO_ATTRIBUTES = {};

function ofBucket(bucket: Bucket | undefined, search: Search, sofar: Coverage): Coverage {
  if (bucket === undefined || sofar >= search.enough) return sofar;
  if (search.trail) for (const compiled of bucket) search.trail.push(compiled);
  let best = sofar;
  for (let n = 0; n < bucket.length && best < search.enough; n += 1) {
    const coverage = matchStatement(bucket[n]!, search.ask);
    if (coverage > best) best = coverage;
  }
  return best;
}

function ofPrincipals(shelf: Shelf, search: Search, sofar: Coverage): Coverage {
  const { id, role, uniqueId, account, groups } = search.ask.caller;
  let best = ofBucket(shelf.get(id), search, sofar);
  if (role !== undefined) best = ofBucket(shelf.get(role), search, best);
  if (uniqueId !== undefined) best = ofBucket(shelf.get(uniqueId), search, best);
  if (account !== '') best = ofBucket(shelf.get(account), search, best);
  if (groups) for (const group of groups) best = ofBucket(shelf.get(group), search, best);
  return best;
}

function ofPrefixes(table: PrefixTable<Bucket>, search: Search, sofar: Coverage): Coverage {
  let best = sofar;
  let at = longestPrefix(table, search.ask.resource.name);
  while (at >= 0) {
    const entry = table.entries[at]!;
    best = ofBucket(entry.value, search, best);
    at = entry.parent;
  }
  return best;
}

function ofAttributes(
  shelves: StatementIndex['callerAttributes'],
  attributes: Attributes,
  search: Search,
  sofar: Coverage,
): Coverage {
  let best = sofar;
  for (const { name, shelf } of shelves) {
    const value = attributeOf(attributes, name);
    if (value !== undefined) best = ofBucket(shelf.get(value), search, best);
  }
  return best;
}
