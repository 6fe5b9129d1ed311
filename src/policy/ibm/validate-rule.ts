import { type IbmPolicy, isGroup, RULE_CONDITIONS, type Rule, type RuleCondition } from './document.ts';
import { parseDate, parseDateTime, parseDay, parseTime } from './moments.ts';
import { clockOperators, contextKeyOf, ruleOperators } from './rule.ts';
import type { Report } from './validate.ts';

const MOST_VALUES = 10;
const LONGEST_VALUE = 1000;
const TIME_PATTERN = 'time-based-conditions:';
const patterns = [
  'time-based-conditions:once',
  'time-based-conditions:weekly',
  'time-based-conditions:weekly:all-day',
  'time-based-conditions:weekly:custom-hours',
  'attribute-based-condition:resource:literal-and-wildcard',
];

/** Rules and patterns of v2. https://cloud.ibm.com/docs/account?topic=account-iam-condition-properties */
export function validateRule({ type, rule, pattern }: IbmPolicy, report: Report): void {
  if (rule === undefined) {
    if (pattern !== undefined) report('pattern', 'a `pattern` says what kind of `rule` there is, and there is none');
    return;
  }
  if (pattern === undefined) report('pattern', `a rule needs a \`pattern\`: ${patterns.join(', ')}`);
  else if (!patterns.includes(pattern)) {
    report('pattern', `unknown pattern \`${pattern.slice(0, 100)}\`; use ${patterns.join(', ')}`);
  }
  const conditions = leaves(rule, 'rule');
  if (conditions.length > RULE_CONDITIONS) {
    report('rule', `a rule has ${RULE_CONDITIONS} conditions at most, not ${conditions.length}`);
    return;
  }
  for (const [path, condition] of conditions) {
    const clock = clockOperators.has(condition.operator);
    if (clock && type === 'authorization') {
      report(path, 'time-based conditions are for access policies; an authorization cannot have them');
    } else if (pattern !== undefined && patterns.includes(pattern) && clock !== pattern.startsWith(TIME_PATTERN)) {
      report(`${path}.operator`, `\`${condition.operator}\` does not belong to the pattern \`${pattern}\``);
    }
    checkCondition(condition, path, report);
  }
}

function leaves(rule: Rule, path: string): [string, RuleCondition][] {
  if (!isGroup(rule)) return [[path, rule]];
  return rule.conditions.flatMap((part, i) => leaves(part, `${path}.conditions[${i}]`));
}

/** How a value of an operator is written, by how the operator's name begins; longest beginning first. */
const forms = [
  { of: 'dateTime', key: 'current_date_time', good: parseDateTime, example: '2026-11-22T09:00:00+01:00' },
  { of: 'dayOfWeek', key: 'day_of_week', good: parseDay, example: '1+00:00 (Monday)' },
  { of: 'date', key: 'current_date', good: parseDate, example: '2026-11-22+01:00' },
  { of: 'time', key: 'current_time', good: parseTime, example: '09:00:00+01:00' },
] as const;

function checkCondition({ key, operator, value }: RuleCondition, path: string, report: Report): void {
  const takesList = ruleOperators.get(operator);
  const contextKey = contextKeyOf(key);
  if (takesList === undefined) {
    report(`${path}.operator`, `unknown operator \`${operator.slice(0, 100)}\``);
    return;
  }
  if (contextKey === undefined) {
    report(`${path}.key`, `unknown key \`${key.slice(0, 100)}\`; keys are such as {{resource.attributes.path}}`);
    return;
  }
  const values = Array.isArray(value) ? value : [value];
  // A value by itself is a list of one.
  if (!takesList && Array.isArray(value)) {
    report(`${path}.value`, `\`${operator}\` takes one value`);
  } else if (values.length > MOST_VALUES) {
    report(`${path}.value`, `\`${operator}\` takes ${MOST_VALUES} values at most, not ${values.length}`);
  }
  const form = forms.find(({ of }) => operator.startsWith(of));
  if (form !== undefined && contextKey !== `environment.attributes.${form.key}`) {
    report(`${path}.key`, `\`${operator}\` compares {{environment.attributes.${form.key}}}`);
  }
  for (const one of values) {
    const text = String(one);
    if (form !== undefined && form.good(text) === undefined) {
      report(
        `${path}.value`,
        `\`${text.slice(0, 80)}\` cannot be compared by \`${operator}\`; write it like ${form.example}`,
      );
    } else if (operator === 'stringExists' && text !== 'true' && text !== 'false') {
      report(`${path}.value`, '`stringExists` takes true or false');
    } else if (text.length > LONGEST_VALUE) {
      report(`${path}.value`, `a value has ${LONGEST_VALUE} characters at most, not ${text.length}`);
    }
  }
}
