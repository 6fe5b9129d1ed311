/** The keys and operators that rules of v2 policies may use. */

const comparisons = ['LessThan', 'LessThanOrEquals', 'GreaterThan', 'GreaterThanOrEquals'];
const timeOperators = ['time', 'date', 'dateTime'].flatMap((kind) => comparisons.map((c) => kind + c));

/** Operator -> whether it takes a list of values. */
export const ruleOperators: ReadonlyMap<string, boolean> = new Map([
  ['stringEquals', false],
  ['stringMatch', false],
  ['stringExists', false],
  ['stringEqualsAnyOf', true],
  ['stringMatchAnyOf', true],
  ['dayOfWeekEquals', false],
  ['dayOfWeekAnyOf', true],
  ...timeOperators.map((name): [string, boolean] => [name, false]),
]);

/** Operators that look at the clock. */
export const clockOperators: ReadonlySet<string> = new Set([...timeOperators, 'dayOfWeekEquals', 'dayOfWeekAnyOf']);

export const environmentKeys = ['current_time', 'current_date_time', 'current_date', 'day_of_week'] as const;

const KEY = /^\{\{(environment|resource)\.attributes\.([A-Za-z0-9_.:-]{1,200})\}\}$/;

/** `{{resource.attributes.path}}` -> the context key `resource.attributes.path`; undefined for what is no key. */
export function contextKeyOf(key: string): string | undefined {
  const found = KEY.exec(key);
  if (found === null) return undefined;
  const [, kind, name] = found as unknown as [string, string, string];
  if (kind === 'environment' && !environmentKeys.some((known) => known === name)) return undefined;
  return `${kind}.attributes.${name}`.toLowerCase();
}
