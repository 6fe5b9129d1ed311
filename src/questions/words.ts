/** What grants and conditions say, as answers show them. */
import type { Residual } from '../policy/assume.ts';
import type { Condition, Layer, LayerKind, Origin, Statement, Verdict } from '../policy/model.ts';

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

/** The statements behind a plain yes. */
export function grantsOf({ sides }: Verdict, layers: readonly Layer[]): readonly ShownGrant[] {
  const reasons = sides.flatMap((side) => side.layers).flatMap(({ because }) => because);
  const origins = new Set(reasons.filter(({ matched }) => matched).map(({ origin }) => origin));
  return statementsFrom(layers, origins).map(({ layer, statement }) => shownGrant(layer, statement));
}

/** The statements whose open conditions decide. */
export function grantsOn(residuals: readonly Residual[], layers: readonly Layer[]): readonly ShownGrant[] {
  const open = new Map(residuals.map(({ origin, conditions }) => [origin, conditions]));
  return statementsFrom(layers, open).map(({ layer, statement }) => ({
    ...shownGrant(layer, statement),
    when: (open.get(statement.origin) ?? []).map(conditionText),
  }));
}

function statementsFrom(layers: readonly Layer[], origins: { has(origin: Origin): boolean }) {
  return layers.flatMap((layer) =>
    layer.statements.filter(({ origin }) => origins.has(origin)).map((statement) => ({ layer, statement })),
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
