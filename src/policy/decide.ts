/** May it? The fast path: the outcome alone. `explain` gives the reasons, from the same compiled statements and rules. */
import { askOf, compileStatements, count, rulesFor } from './layers.ts';
import type { Facts, Layer, LayerKind, Outcome, Question } from './model.ts';
import { met } from './need.ts';
import { ACCOUNT, CALLER, type Coverage, NONE } from './principal.ts';
import { bestCoverage } from './statement-index.ts';

const NO_FACTS: Facts = {};

/** Decides one question. Never throws; what a policy says in a way that cannot be read allows nothing. */
export function decide(question: Question, layers: readonly Layer[], facts: Facts = NO_FACTS): Outcome {
  const rules = rulesFor(question);
  const settled = rules.settled(question, facts);
  if (settled) return settled.outcome;
  const ask = askOf(question, layers);
  const tally = new Map<LayerKind, Coverage>();
  for (const layer of layers) {
    if (rules.exempt(layer, question, facts) !== undefined) continue;
    const { allows, denies } = compileStatements(layer.statements);
    if (bestCoverage(denies, ask, ACCOUNT) !== NONE) return 'explicit-deny';
    const counts = rules.denyOnly(layer, question, facts) === undefined;
    count(tally, layer, counts ? bestCoverage(allows, ask, CALLER) : NONE);
  }
  for (const { need } of rules.sides(question)) if (!met(need, tally)) return 'implicit-deny';
  return 'allow';
}
