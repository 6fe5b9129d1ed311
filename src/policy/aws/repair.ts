/**
 * What would change the answer: the smallest grants that allow exactly a denied question, or what stands in the way
 * that no grant removes; and for an allowed question, what would stop it.
 */
import { decide } from '../decide.ts';
import type { Caller, Facts, Layer, LayerKind, Missing, Origin, Question, Statement, Verdict } from '../model.ts';
import { compilePolicy, type PolicyKind } from './compile.ts';
import { spelledKey } from './key-spellings.ts';

/** One statement, and where it has to go. */
export interface AwsGrant {
  /** The account whose administrator has to add it. */
  readonly account: string;
  readonly layer: LayerKind;
  /** In words: `a policy of the role arn:...`. */
  readonly place: string;
  /** The statement as the policy language writes it. */
  readonly statement: Readonly<Record<string, unknown>>;
}

export interface Repair {
  /** Denies and limits in the way; only who set them can remove them. */
  readonly blockers: readonly Extract<Missing, { kind: 'blocked' }>[];
  /** Together they allow the question; none can be left out. Empty when no grant helps. */
  readonly grants: readonly AwsGrant[];
  /** The grants go around a boundary or session policy in `blockers`, because they name the caller itself. */
  readonly around: boolean;
}

/** What would allow a denied question. `verdict` is its explanation. */
export function repair(question: Question, verdict: Verdict): Repair {
  const { missing } = verdict;
  if (!missing) return { blockers: [], grants: [], around: false };
  const blockers = blockersIn(missing);
  const leaves = leastAllows(missing, question);
  const grants = leaves?.map((leaf) => grantFor(leaf, question)) ?? [];
  const complete = grants.filter((grant) => grant !== undefined);
  const helps = complete.length === grants.length;
  return { blockers, grants: helps ? complete : [], around: blockers.length > 0 && helps && complete.length > 0 };
}

/** What blocks the usual way. */
function blockersIn(missing: Missing): readonly Extract<Missing, { kind: 'blocked' }>[] {
  switch (missing.kind) {
    case 'blocked':
      return [missing];
    case 'allow':
      return [];
    case 'all-of':
      return missing.of.flatMap(blockersIn);
    case 'any-of':
      return missing.of.slice(0, 1).flatMap(blockersIn);
  }
}

type Allow = Extract<Missing, { kind: 'allow' }>;

/** Whether a statement can be written for it. Grants, lists and shares are made by calls of their own. */
function isWritable({ layer }: Allow, question: Question): boolean {
  return layer === 'identity' || layer === 'access-point' || (layer === 'resource' && hasPolicy(question));
}

/** Of IAM's resources roles alone have a policy, on who may assume them; `*` of the own account is no resource. */
function hasPolicy({ caller, action, resource }: Question): boolean {
  return !/^iam:/i.test(action) && (resource.name !== '*' || caller.account !== resource.ref.account);
}

/** The fewest allows that suffice; of equally few, those of the earlier branch. Undefined when none do. */
function leastAllows(missing: Missing, question: Question): readonly Allow[] | undefined {
  switch (missing.kind) {
    case 'blocked':
      return undefined;
    case 'allow':
      return isWritable(missing, question) ? [missing] : undefined;
    case 'all-of': {
      const parts = missing.of.map((one) => leastAllows(one, question));
      return parts.every((part) => part !== undefined) ? strongest(parts.flat()) : undefined;
    }
    case 'any-of': {
      const ways = missing.of.map((one) => leastAllows(one, question)).filter((way) => way !== undefined);
      return ways.reduce<readonly Allow[] | undefined>(
        (best, way) => (best === undefined || way.length < best.length ? way : best),
        undefined,
      );
    }
  }
}

/** Of several allows of one layer, the one that names the caller most closely serves for all. */
function strongest(allows: readonly Allow[]): readonly Allow[] {
  const rank = (allow: Allow) => ['account', 'role', 'caller'].indexOf(allow.covers ?? 'account');
  const byLayer = new Map<string, Allow>();
  for (const allow of allows) {
    const key = `${allow.layer} ${allow.account}`;
    const known = byLayer.get(key);
    if (!known || rank(allow) > rank(known)) byLayer.set(key, allow);
  }
  return [...byLayer.values()];
}

function grantFor(leaf: Allow, question: Question): AwsGrant | undefined {
  const { caller, action, resource } = question;
  if (leaf.layer === 'identity') {
    const statement = { Effect: 'Allow', Action: action, Resource: resource.name };
    return { account: leaf.account, layer: 'identity', place: `a policy of ${behind(caller)}`, statement };
  }
  const principal = principalFor(caller, leaf.covers === 'caller');
  if (!principal) return undefined;
  const trust = /^sts:/i.test(action);
  const place = `the ${trust ? 'trust policy' : leaf.layer === 'access-point' ? 'access point policy' : 'policy'} of ${resource.name}`;
  const conditions = conditionsFor(question);
  const statement = {
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    // A trust policy names no resource, and in a key policy `*` is this key.
    ...(trust ? {} : { Resource: /^kms:/i.test(action) ? '*' : resource.name }),
    ...(conditions ? { Condition: conditions } : {}),
  };
  return { account: leaf.account, layer: leaf.layer, place, statement };
}

const behind = (caller: Caller) => caller.role ?? caller.id;

/** The narrowest principal that will last: a role rather than one session of it, unless the session itself must be named. */
function principalFor(caller: Caller, itself: boolean): unknown {
  switch (caller.kind) {
    case 'root':
    case 'user':
      return { AWS: caller.id };
    case 'role-session':
    case 'federated-session':
      return { AWS: itself ? caller.id : behind(caller) };
    case 'service':
      return { Service: caller.id };
    case 'federated':
      return { Federated: caller.id };
    case 'anonymous':
      return '*';
    default:
      return undefined;
  }
}

/** Keys of the request that keep a grant from serving somebody else's resource, customer or identity. */
const NARROWING: Readonly<Partial<Record<Caller['kind'], RegExp>>> = {
  service: /^aws:source(arn|account|orgid)$/,
  federated: /:(aud|sub)$/,
  user: /^sts:externalid$/,
  'role-session': /^sts:externalid$/,
};

function conditionsFor({ caller, context }: Question): Readonly<Record<string, unknown>> | undefined {
  const pattern = NARROWING[caller.kind];
  const pairs = Object.entries(context).filter(([key, value]) => pattern?.test(key) && typeof value === 'string');
  const spelled = pairs.map(([key, value]) => [spelledKey(key), value]);
  return pairs.length > 0 ? { StringEquals: Object.fromEntries(spelled) } : undefined;
}

/** The layers as they would be with the grant. */
export function withGrant(layers: readonly Layer[], grant: AwsGrant): readonly Layer[] {
  const { account, layer: kind, statement } = grant;
  const policyKind: PolicyKind = kind === 'identity' ? 'identity' : 'resource';
  const document = { Version: '2008-10-17', Statement: [statement] };
  const { statements } = compilePolicy(document, { kind: policyKind, account, policy: 'the grant' });
  const at = layers.findIndex((layer) => layer.kind === kind);
  const before = layers[at];
  if (!before) return [...layers, { kind, account, statements, may: 'both' }];
  return layers.with(at, { ...before, statements: [...before.statements, ...statements] });
}

/** Statements whose removal, all together, stops an allowed question. */
export interface Stop {
  readonly account: string;
  readonly layer: LayerKind;
  readonly statements: readonly Origin[];
}

/**
 * What would stop an allowed question, one entry per layer that could: taking away these statements, of which none may
 * stay. Empty when no single layer stops it; then a deny in any of them does.
 */
export function whatStops(
  question: Question,
  layers: readonly Layer[],
  verdict: Verdict,
  facts: Facts = {},
): readonly Stop[] {
  const matched = verdict.sides.flatMap((side) => side.layers).flatMap((layer) => layer.because);
  const origins = new Set(
    matched.filter((reason) => reason.matched && reason.effect === 'allow').map((one) => one.origin),
  );
  const stops = (at: number, gone: readonly Statement[]) => {
    const { statements, ...rest } = layers[at]!;
    const left = statements.filter((statement) => !gone.includes(statement));
    return decide(question, layers.with(at, { ...rest, statements: left }), facts) !== 'allow';
  };
  return layers.flatMap((layer, at): readonly Stop[] => {
    const all = layer.statements.filter((statement) => origins.has(statement.origin));
    if (all.length === 0 || !stops(at, all)) return [];
    const needed = all.reduce((gone, one) => (stops(at, without(gone, one)) ? without(gone, one) : gone), all);
    return [{ account: layer.account, layer: layer.kind, statements: needed.map((statement) => statement.origin) }];
  });
}

const without = (statements: readonly Statement[], one: Statement) =>
  statements.filter((statement) => statement !== one);
