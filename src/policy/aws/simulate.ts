/**
 * The policy simulator: what IAM's SimulateCustomPolicy and SimulatePrincipalPolicy answer, decided by the engine.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
 */
import { explain } from '../explain.ts';
import type { Caller, ContextValue, Layer, Origin, Outcome, Question, Statement, Verdict } from '../model.ts';
import { awsRef, parsePrincipal } from '../names.ts';
import { compilePolicy } from './compile.ts';
import { contextKeysIn } from './context-keys.ts';
import { checkSimulation, type Simulation, type SimulationFault, type SourcePolicy } from './simulation-input.ts';
import { statementSpans } from './statement-spans.ts';

export type EvalDecision = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** The API's reference lists other types (`user`, `resource`, ...); these are what its replies hold. */
const SOURCE_TYPES = {
  identity: 'IAM Policy',
  boundary: 'Permissions Boundary Policy',
  resource: 'Resource Policy',
} as const;

type SourceKind = keyof typeof SOURCE_TYPES;

interface Place {
  readonly Line: number;
  readonly Column: number;
}

export interface MatchedStatement {
  readonly SourcePolicyId: string;
  /** `IAM Policy`, `Permissions Boundary Policy` or `Resource Policy`: no value of the SDK's enumeration. */
  readonly SourcePolicyType: string;
  readonly StartPosition: Place;
  readonly EndPosition: Place;
}

interface Findings {
  readonly MatchedStatements: MatchedStatement[];
  readonly MissingContextValues: string[];
  readonly PermissionsBoundaryDecisionDetail?: { readonly AllowedByPermissionsBoundary: boolean };
  /** By kind of policy, when the caller and the resource are of different accounts. */
  readonly EvalDecisionDetails?: Record<string, EvalDecision>;
}

export interface ResourceSpecificResult extends Findings {
  readonly EvalResourceName: string;
  readonly EvalResourceDecision: EvalDecision;
}

/** What the API returns for one action; the arrays are as the SDK's types have them. */
export interface EvaluationResult extends Findings {
  readonly EvalActionName: string;
  /** Absent when several resources were asked about. */
  readonly EvalResourceName?: string;
  readonly EvalDecision: EvalDecision;
  /** Absent when all resources (`*`) were asked about. */
  readonly ResourceSpecificResults?: ResourceSpecificResult[];
}

/** Simulates each action on each resource. Never throws: what the API refuses comes back as a fault. */
export function simulate(simulation: Simulation): { readonly results: EvaluationResult[] } | SimulationFault {
  const fault = checkSimulation(simulation);
  if (fault) return fault;
  const world = worldOf(simulation);
  return { results: simulation.actions.map((action) => resultOf(action, simulation.resources, world)) };
}

/** What is the same for every action and resource. */
interface World {
  readonly caller: Caller;
  /** Of resources whose ARN names no account. */
  readonly owner: string;
  readonly statements: Readonly<Record<SourceKind, readonly Statement[]>>;
  readonly places: ReadonlyMap<Origin, MatchedStatement>;
  readonly bounded: boolean;
  readonly context: Question['context'];
  readonly missing: readonly string[];
  /** Without a policy of the resource nothing is asked of its account. */
  readonly resourcePolicy: boolean;
}

function worldOf(simulation: Simulation): World {
  const { policies, boundaries, resourcePolicy, callerArn, resourceOwner } = simulation;
  const own = resourcePolicy === undefined ? [] : [{ id: 'ResourcePolicy', document: resourcePolicy }];
  const places = new Map<Origin, MatchedStatement>();
  const compile = (kind: SourceKind, sources: readonly SourcePolicy[]) =>
    sources.flatMap((source) => compiledSource(kind, source, simulation.account, places));
  const account = parsePrincipal(callerArn ?? '')?.account ?? simulation.account;
  return {
    caller: { kind: 'user', id: callerArn ?? '', account },
    owner: parsePrincipal(resourceOwner ?? '')?.account ?? account,
    statements: {
      identity: compile('identity', policies),
      boundary: compile('boundary', boundaries),
      resource: compile('resource', own),
    },
    places,
    bounded: boundaries.length > 0,
    context: contextOf(simulation),
    missing: missingKeys(simulation, [...policies, ...boundaries, ...own]),
    resourcePolicy: resourcePolicy !== undefined,
  };
}

function compiledSource(
  kind: SourceKind,
  { id, document }: SourcePolicy,
  account: string,
  places: Map<Origin, MatchedStatement>,
): readonly Statement[] {
  const { statements } = compilePolicy(JSON.parse(document), { kind, account, policy: id });
  const spans = statementSpans(document);
  for (const [n, { origin }] of statements.entries()) {
    const { start, end } = spans[n]!;
    places.set(origin, {
      SourcePolicyId: id,
      SourcePolicyType: SOURCE_TYPES[kind],
      StartPosition: { Line: start.line, Column: start.column },
      EndPosition: { Line: end.line, Column: end.column },
    });
  }
  return statements;
}

function contextOf({ context }: Simulation): Question['context'] {
  // Without a prototype, so that no key is there which the caller did not give.
  const given: Record<string, ContextValue> = Object.create(null);
  for (const { ContextKeyName: key = '', ContextKeyValues: values = [], ContextKeyType: type = '' } of context) {
    given[key.toLowerCase()] = type.endsWith('List') ? values : values[0]!;
  }
  return given;
}

function missingKeys({ context }: Simulation, sources: readonly SourcePolicy[]): readonly string[] {
  const given = new Set(context.map((entry) => entry.ContextKeyName?.toLowerCase()));
  return contextKeysIn(sources.map((source) => source.document))
    .filter((key) => !given.has(key.toLowerCase()))
    .toSorted();
}

function resultOf(action: string, resources: readonly string[], world: World): EvaluationResult {
  const [resource = '*', ...others] = resources;
  const each = (resources.length === 0 ? ['*'] : resources).map((name) => specificResult(action, name, world));
  const [{ EvalResourceName, EvalResourceDecision, ...only }] = each as [ResourceSpecificResult];
  if (others.length === 0 && resource === '*') {
    return { EvalActionName: action, EvalResourceName, EvalDecision: EvalResourceDecision, ...only };
  }
  const about = { EvalActionName: action, EvalDecision: worst(each.map((one) => one.EvalResourceDecision)) };
  const results = { MissingContextValues: [], ResourceSpecificResults: each };
  return others.length === 0
    ? { ...about, EvalResourceName, EvalDecisionDetails: {}, ...only, ...results }
    : { ...about, MatchedStatements: [], ...results };
}

function worst(decisions: readonly EvalDecision[]): EvalDecision {
  if (decisions.includes('explicitDeny')) return 'explicitDeny';
  return decisions.includes('implicitDeny') ? 'implicitDeny' : 'allowed';
}

function specificResult(action: string, resource: string, world: World): ResourceSpecificResult {
  const question = questionOf(action, resource, world);
  const account = question.resource.ref.account;
  const verdict = explain(question, layersOf(world, account));
  return {
    EvalResourceName: resource,
    EvalResourceDecision: DECISIONS[verdict.outcome],
    MatchedStatements: matchedOf(verdict, world.places),
    MissingContextValues: [...world.missing],
    ...(world.bounded
      ? {
          PermissionsBoundaryDecisionDetail: {
            AllowedByPermissionsBoundary: decisionOf(verdict, 'boundary') === 'allowed',
          },
        }
      : {}),
    ...(account === world.caller.account ? {} : { EvalDecisionDetails: detailsOf(verdict, world) }),
  };
}

const DECISIONS: Readonly<Record<Outcome, EvalDecision>> = {
  allow: 'allowed',
  'explicit-deny': 'explicitDeny',
  'implicit-deny': 'implicitDeny',
};

function questionOf(action: string, name: string, { caller, owner, context, resourcePolicy }: World): Question {
  const ref = awsRef(name, owner);
  const account = resourcePolicy && name !== '*' ? ref.account : caller.account;
  return { caller, action, resource: { ref: { ...ref, account }, name, attributes: {} }, context };
}

function layersOf({ statements, caller, bounded, resourcePolicy }: World, owner: string): readonly Layer[] {
  const { account } = caller;
  return [
    { kind: 'identity', account, may: 'both', statements: statements.identity },
    ...(bounded ? ([{ kind: 'boundary', account, may: 'limit', statements: statements.boundary }] as const) : []),
    {
      kind: 'resource',
      account: owner,
      may: 'both',
      statements: resourcePolicy ? statements.resource : [delegates(owner)],
    },
  ];
}

/** Keys and roles need a policy of their own; one that is not simulated leaves the answer to identity policies. */
function delegates(account: string): Statement {
  return {
    effect: 'allow',
    principals: { kind: 'account', account },
    actions: { kind: 'wildcard', patterns: ['*'] },
    resources: { kind: 'any' },
    conditions: [],
    origin: { account, policy: 'no resource policy', statement: '0', text: '' },
  };
}

/** The denies, or else the allows that grant; a boundary only denies. Nothing determines an implicit deny. */
function matchedOf({ outcome, sides }: Verdict, places: World['places']): MatchedStatement[] {
  if (outcome === 'implicit-deny') return [];
  const effect = outcome === 'allow' ? 'allow' : 'deny';
  return sides
    .flatMap((side) => side.layers)
    .filter((layer) => effect === 'deny' || layer.kind !== 'boundary')
    .flatMap((layer) => layer.because.filter((reason) => reason.matched && reason.effect === effect))
    .map((reason) => places.get(reason.origin))
    .filter((place) => place !== undefined);
}

function decisionOf({ sides }: Verdict, kind: SourceKind): EvalDecision | undefined {
  const outcome = sides.flatMap((side) => side.layers).find((layer) => layer.kind === kind)?.outcome;
  return outcome === undefined || outcome === 'not-applicable' ? undefined : DECISIONS[outcome];
}

function detailsOf(verdict: Verdict, { bounded }: World): Record<string, EvalDecision> {
  const kinds: readonly SourceKind[] = bounded ? ['identity', 'boundary', 'resource'] : ['identity', 'resource'];
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const decision = decisionOf(verdict, kind);
      return decision === undefined ? [] : [[SOURCE_TYPES[kind], decision]];
    }),
  );
}
