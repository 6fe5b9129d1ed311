/** Why? The same combination as `decide`, with each layer's verdict, its statements, and what is missing. */
import { askOf, compileStatements, count, rulesFor } from './layers.ts';
import { type Ask, type CompiledStatement, explainStatement, matchStatement } from './match.ts';
import type {
  Facts,
  Layer,
  LayerKind,
  LayerVerdict,
  Missing,
  Outcome,
  Question,
  Reason,
  Side,
  Verdict,
} from './model.ts';
import { joined, type Leaf, met, type Settled, type SideNeed, type Tally, unmet } from './need.ts';
import { type Coverage, coversOf, NONE } from './principal.ts';
import { bestCoverage, type StatementIndex } from './statement-index.ts';

/** Near misses shown per layer, and statements looked at to find them. */
const SHOWN = 5;
const LOOKED_AT = 64;

interface Judged {
  readonly layer: Layer;
  /** Why the layer does not apply at all. */
  readonly exempt?: string;
  readonly verdict: LayerVerdict;
  readonly coverage: Coverage;
}

/** Explains one question; the outcome is that of `decide`. */
export function explain(question: Question, layers: readonly Layer[], facts: Facts = {}): Verdict {
  const rules = rulesFor(question);
  const settled = rules.settled(question, facts);
  if (settled) return settledVerdict(settled, question);
  const ask = askOf(question, layers);
  const judged = layers.map((layer) =>
    judge(layer, ask, rules.exempt(layer, question, facts), rules.denyOnly(layer, question, facts)),
  );
  const tally = tallyOf(judged);
  const sides = rules.sides(question).map((side) => sideOf(side, judged, tally, question));
  const outcome = worst(sides.map((side) => side.outcome));
  const missing = outcome === 'allow' ? undefined : missingOf(rules.sides(question), judged, tally, question);
  return { outcome, sides, ...(missing ? { missing } : {}), notes: rules.notes(question, facts) };
}

function settledVerdict({ outcome, note }: Settled, question: Question): Verdict {
  const verdict = { outcome, sides: [], notes: [note] };
  return outcome === 'allow' ? verdict : { ...verdict, missing: blocked('identity', question.caller.account, []) };
}

function judge(layer: Layer, ask: Ask, exempt: string | undefined, denyOnly: string | undefined): Judged {
  const about = { kind: layer.kind, account: layer.account, ...(layer.name === undefined ? {} : { name: layer.name }) };
  if (exempt !== undefined) {
    return {
      layer,
      exempt,
      coverage: NONE,
      verdict: { ...about, outcome: 'not-applicable', note: exempt, because: [] },
    };
  }
  const { allows, denies } = compileStatements(layer.statements);
  const deny = reasonsOf(denies, ask);
  const allow = denyOnly === undefined ? reasonsOf(allows, ask) : NO_REASONS;
  const denied = deny.matched.length > 0;
  const outcome = denied ? 'explicit-deny' : allow.coverage > NONE ? 'allow' : 'implicit-deny';
  const covers = coversOf[allow.coverage];
  const near = outcome === 'implicit-deny' ? allow.near : [];
  const because = [...deny.matched, ...allow.matched, ...near].slice(
    0,
    Math.max(SHOWN, deny.matched.length + allow.matched.length),
  );
  return {
    layer,
    coverage: allow.coverage,
    verdict: {
      ...about,
      outcome: denyOnly !== undefined && !denied ? 'not-applicable' : outcome,
      ...(denyOnly === undefined ? {} : { note: denyOnly }),
      ...(covers && !denied ? { covers } : {}),
      because,
    },
  };
}

interface Reasons {
  readonly matched: readonly Reason[];
  /** Fewest failures first. */
  readonly near: readonly Reason[];
  readonly coverage: Coverage;
}

const NO_REASONS: Reasons = { matched: [], near: [], coverage: NONE };

function reasonsOf(index: StatementIndex, ask: Ask): Reasons {
  const trail: CompiledStatement[] = [];
  const coverage = bestCoverage(index, ask, Number.POSITIVE_INFINITY, trail);
  const asked = inOrder(index, [...new Set(trail)]);
  const matched = asked
    .filter((compiled) => matchStatement(compiled, ask) !== NONE)
    .map((one) => explainStatement(one, ask));
  const near = [...new Set([...asked.slice(0, LOOKED_AT), ...index.all.slice(0, LOOKED_AT)])]
    .map((compiled) => explainStatement(compiled, ask))
    .filter((one) => one.failures > 0);
  return {
    matched: matched.sort((a, b) => b.coverage - a.coverage).map((one) => one.reason),
    near: near
      .sort((a, b) => a.failures - b.failures)
      .slice(0, SHOWN)
      .map((one) => one.reason),
    coverage,
  };
}

/** Where each statement of an index stands among all. */
const positions = new WeakMap<StatementIndex, ReadonlyMap<CompiledStatement, number>>();

/** As the policies have them: how statements are filed changes with use, and is nobody's to see. */
function inOrder(index: StatementIndex, asked: CompiledStatement[]): readonly CompiledStatement[] {
  if (index.unfiled === index.all) return asked;
  const known = positions.get(index) ?? new Map(index.all.map((compiled, at) => [compiled, at]));
  positions.set(index, known);
  return asked.sort((a, b) => known.get(a)! - known.get(b)!);
}

function tallyOf(judged: readonly Judged[]): Tally {
  const tally = new Map<LayerKind, Coverage>();
  for (const { layer, exempt, coverage } of judged) {
    if (exempt === undefined) count(tally, layer, coverage);
  }
  return tally;
}

function sideOf(side: SideNeed, judged: readonly Judged[], tally: Tally, question: Question): Side {
  const layers = judged.filter(({ layer }) => side.layers.has(layer.kind)).map(({ verdict }) => verdict);
  const denied = layers.some((layer) => layer.outcome === 'explicit-deny');
  const outcome = denied ? 'explicit-deny' : met(side.need, tally) ? 'allow' : 'implicit-deny';
  return { account: accountOf(side.role, question), role: side.role, outcome, layers };
}

function accountOf(role: Side['role'], question: Question): string {
  return role === 'principal' ? question.caller.account : question.resource.ref.account;
}

/** An allow on every side allows; a deny on any side denies. */
function worst(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('explicit-deny')) return 'explicit-deny';
  return outcomes.includes('implicit-deny') ? 'implicit-deny' : 'allow';
}

function missingOf(
  sides: readonly SideNeed[],
  judged: readonly Judged[],
  tally: Tally,
  question: Question,
): Missing | undefined {
  const denied = judged
    .filter(({ verdict }) => verdict.outcome === 'explicit-deny')
    .map(({ layer, verdict }) =>
      blocked(
        layer.kind,
        layer.account,
        verdict.because.filter((reason) => reason.effect === 'deny'),
      ),
    );
  const absent = sides.map((side) => unmet(side.need, tally, (leaf) => missingLeaf(leaf, side, judged, question)));
  const all = [...denied, ...absent.filter((one) => one !== undefined)];
  return all.length === 0 ? undefined : joined('all-of', all);
}

const blocked = (layer: LayerKind, account: string, by: readonly Reason[]): Missing => ({
  kind: 'blocked',
  account,
  layer,
  by,
});

function missingLeaf(leaf: Leaf, side: SideNeed, judged: readonly Judged[], question: Question): Missing | undefined {
  if (leaf.repair === 'unsaid' || !rulesFor(question).offers(leaf.layer, question)) return undefined;
  const lacking = judged.filter(
    ({ layer, exempt, coverage }) => layer.kind === leaf.layer && exempt === undefined && coverage < leaf.at,
  );
  const account = lacking[0]?.layer.account ?? accountOf(sideOfLayer(leaf.layer, side), question);
  if (leaf.repair === 'blocked') {
    const levels = lacking.map(({ layer, verdict }) => blocked(layer.kind, layer.account, verdict.because));
    return levels.length === 0 ? blocked(leaf.layer, account, []) : joined('all-of', levels);
  }
  const covers = leaf.at > 1 ? coversOf[leaf.at] : undefined;
  return { kind: 'allow', account, layer: leaf.layer, ...(covers ? { covers } : {}) };
}

/** A grant on the principal's side (a key's grant) is still the resource owner's to give. */
function sideOfLayer(layer: LayerKind, side: SideNeed): Side['role'] {
  return layer === 'grant' || layer === 'resource' ? 'resource' : side.role;
}
