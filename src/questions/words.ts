/** What grants and conditions say, as answers show them. */
import type { Residual } from '../policy/assume.ts';
import { askOf, candidates } from '../policy/layers.ts';
import { compileStatement, matchStatement } from '../policy/match.ts';
import type { Condition, Layer, LayerKind, Question, Statement } from '../policy/model.ts';
import { NONE } from '../policy/principal.ts';

/** A statement that an answer rests on. */
export interface ShownGrant {
  readonly layer: LayerKind;
  /** Id of the policy, or what else it is. */
  readonly policy: string;
  /** Id of the access group through which it reaches the caller. */
  readonly group?: string;
  /** Conditions that decide and are left open; all must hold. */
  readonly when?: readonly string[];
}

/** The statements that allow a question, each by itself. */
export function grantsOf(question: Question, layers: readonly Layer[]): readonly ShownGrant[] {
  const ask = askOf(question, layers);
  return layers.flatMap((layer) =>
    candidates(layer, ask)
      .filter((one) => one.effect === 'allow' && matchStatement(compileStatement(one), ask) !== NONE)
      .map((one) => shownGrant(layer, one)),
  );
}

/** The statements whose open conditions decide a question. */
export function grantsOn(
  residuals: readonly Residual[],
  question: Question,
  layers: readonly Layer[],
): readonly ShownGrant[] {
  const open = new Map(residuals.map(({ origin, conditions }) => [origin, conditions]));
  const ask = askOf(question, layers);
  return layers.flatMap((layer) =>
    candidates(layer, ask)
      .filter(({ origin }) => open.has(origin))
      .map((one) => ({ ...shownGrant(layer, one), when: open.get(one.origin)!.map(conditionText) })),
  );
}

function shownGrant({ kind }: Layer, { principals, origin }: Statement): ShownGrant {
  return { layer: kind, policy: origin.policy, ...(principals.kind === 'group' ? { group: principals.id } : {}) };
}

/** `environment.attributes.current_time timeGreaterThan 09:00:00Z`. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case 'test':
      return `${condition.key} ${condition.operator} ${condition.values.join(' or ')}`;
    case 'no-other-keys':
      return `no other ${condition.prefix}* than ${condition.keys.join(', ')}`;
    case 'any-of':
      return `(${condition.of.map(conditionText).join(' or ')})`;
    case 'all-of':
      return `(${condition.of.map(conditionText).join(' and ')})`;
  }
}
