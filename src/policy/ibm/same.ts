/** When two policies grant the same: creating the second is a conflict (409 `policy_conflict_error`). */
import { type IbmPolicy, isGroup, type PolicyAttribute, type Rule } from './document.ts';

/**
 * A text that is equal for policies with the same subject, resource, roles and rule, in whatever order and version
 * they were written; descriptions do not count. For an index; hash it where its length matters.
 */
export function fingerprint(policy: IbmPolicy): string {
  return JSON.stringify([
    policy.type,
    attributes(policy.subject),
    attributes(policy.resource),
    attributes(policy.tags),
    [...new Set(policy.roles)].sort(),
    policy.rule === undefined ? null : canonical(policy.rule),
  ]);
}

/** Whether two policies are the same grant. */
export function sameGrant(a: IbmPolicy, b: IbmPolicy): boolean {
  return fingerprint(a) === fingerprint(b);
}

const attributes = (list: readonly PolicyAttribute[]): string[] =>
  list.map(({ name, operator, value }) => JSON.stringify([name, operator, String(value)])).sort();

function canonical(rule: Rule): string {
  if (isGroup(rule)) return JSON.stringify([rule.operator, ...rule.conditions.map(canonical).sort()]);
  const values = Array.isArray(rule.value) ? rule.value.map(String).sort() : [String(rule.value)];
  return JSON.stringify([rule.key, rule.operator, ...values]);
}
