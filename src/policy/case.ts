/** Decision cases: a question, the policies around it and the expected answer, as one JSON object without code. */
import { awsCase } from './aws/case.ts';
import type { Problem } from './aws/compile.ts';
import { type Fields, fields, isFields, list } from './fields.ts';
import { ibmCase } from './ibm/case.ts';
import type { Facts, Layer, LayerKind, Missing, Outcome, Question, Verdict } from './model.ts';
import { parseCrn } from './names.ts';

export interface DecisionCase {
  readonly name: string;
  readonly question: Question;
  readonly layers: readonly Layer[];
  readonly facts: Facts;
  readonly expected: Expected;
  /** The vendor's pages are silent or contradict each other: reported, never counted as a failure. */
  readonly unsure: boolean;
  /** Policies that could not be read; they allow nothing. */
  readonly problems: readonly (Problem & { readonly policy: string })[];
}

export interface Expected {
  /** Any of these counts. Empty: nothing is expected. */
  readonly outcomes: readonly Outcome[];
  /** Kinds of policies that deny or lack an allow; undefined when not stated. */
  readonly blockedBy?: readonly LayerKind[];
}

/** Reads one case. Throws an error that says what is wrong with the case itself; bad policies are only reported. */
export function loadCase(json: unknown): DecisionCase {
  if (!isFields(json)) throw new Error('a case must be a JSON object');
  const name = typeof json['name'] === 'string' ? json['name'] : undefined;
  if (!name) throw new Error('a case needs a `name`');
  const request = fields(json['request'], `${name}: request`);
  const expected = fields(json['expected'] ?? {}, `${name}: expected`);
  const policies = fields(json['policies'] ?? {}, name);
  const ibm = policies['ibm'] !== undefined || parseCrn(String(request['resource'])) !== undefined;
  const world = (ibm ? ibmCase : awsCase)(name, request, policies, fields(json['facts'] ?? {}, name));
  return {
    name,
    ...world,
    expected: expectedOf(expected, name),
    unsure: json['unsure'] !== undefined && json['unsure'] !== false,
  };
}

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  allow: 'allow',
  implicitDeny: 'implicit-deny',
  explicitDeny: 'explicit-deny',
};

const KINDS: Readonly<Record<string, LayerKind>> = {
  scp: 'guardrail',
  scps: 'guardrail',
  rcp: 'resource-guardrail',
  rcps: 'resource-guardrail',
  vpce: 'endpoint',
  grants: 'grant',
  accessPoint: 'access-point',
  ramShares: 'share',
};

function expectedOf(expected: Fields, name: string): Expected {
  const decisions = [expected['decision'], ...list(expected['accept'])].filter((one) => one !== undefined);
  const outcomes = decisions.map((decision) => {
    const outcome = OUTCOMES[String(decision)];
    if (!outcome)
      throw new Error(`${name}: \`${String(decision)}\` is no decision: use allow, implicitDeny or explicitDeny`);
    return outcome;
  });
  const blockedBy = expected['blockedBy'];
  if (blockedBy === undefined) return { outcomes };
  return { outcomes, blockedBy: list(blockedBy).map((kind) => KINDS[String(kind)] ?? (String(kind) as LayerKind)) };
}

/** What a verdict got wrong, in words; undefined when it is as expected. */
export function difference(verdict: Verdict, expected: Expected): string | undefined {
  if (expected.outcomes.length > 0 && !expected.outcomes.includes(verdict.outcome)) {
    return `expected ${expected.outcomes.join(' or ')}, got ${verdict.outcome}`;
  }
  if (!expected.blockedBy || verdict.outcome === 'allow') return undefined;
  const got = blockedBy(verdict);
  const same = got.size === new Set(expected.blockedBy).size && expected.blockedBy.every((kind) => got.has(kind));
  return same ? undefined : `expected to be blocked by ${expected.blockedBy.join(', ')}, got ${[...got].join(', ')}`;
}

/** The kinds of layers that hold a matching deny, or else lack an allow on the usual way. */
export function blockedBy(verdict: Verdict): Set<LayerKind> {
  if (verdict.outcome === 'explicit-deny') {
    const denying = verdict.sides.flatMap((side) => side.layers).filter((layer) => layer.outcome === 'explicit-deny');
    return new Set(denying.map((layer) => layer.kind));
  }
  return new Set(verdict.missing ? usualWay(verdict.missing) : []);
}

function usualWay(missing: Missing): readonly LayerKind[] {
  if (missing.kind === 'all-of') return missing.of.flatMap(usualWay);
  if (missing.kind === 'any-of') return missing.of.slice(0, 1).flatMap(usualWay);
  return [missing.layer];
}
