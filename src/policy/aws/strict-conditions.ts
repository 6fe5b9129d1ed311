/** Condition values that AWS refuses when a policy is written: what an operator cannot read. */
import { isFields, list } from '../fields.ts';
import { arnComponents } from '../names.ts';
import type { Problem } from './compile.ts';
import { parseRange } from './operators/address.ts';
import { parseInstant } from './operators/date.ts';
import { parseDecimal } from './operators/numeric.ts';

interface ValueRule {
  readonly operators: RegExp;
  readonly reads: (value: string) => boolean;
  readonly wanted: string;
}

const hasVariable = (value: string) => /\$\{[^}]+\}/.test(value);

const rules: readonly ValueRule[] = [
  { operators: /^Numeric/, reads: (value) => parseDecimal(value) !== undefined, wanted: 'a number' },
  { operators: /^Date/, reads: (value) => parseInstant(value) !== undefined, wanted: 'a date (ISO 8601) or seconds' },
  {
    operators: /^(Not)?IpAddress/,
    reads: (value) => parseRange(value) !== undefined,
    wanted: 'an address or a CIDR range',
  },
  {
    operators: /^Bool/,
    reads: (value) => hasVariable(value) || /^(true|false)$/i.test(value),
    wanted: '`true` or `false`',
  },
  { operators: /^Null/, reads: (value) => /^(true|false)$/i.test(value), wanted: '`true` or `false`' },
  {
    operators: /^Arn/,
    reads: (value) => value === '*' || hasVariable(value) || arnComponents(value).length === 6,
    wanted: 'an ARN with six parts',
  },
  {
    operators: /^Binary/,
    reads: (value) => /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2,3}={1,2})?$/.test(value),
    wanted: 'base64 text',
  },
];

export function conditionProblems(block: unknown, path: string): readonly Problem[] {
  if (!isFields(block)) return [];
  return Object.entries(block).flatMap(([written, keys]) => {
    const at = `${path}.${written}`;
    const operator = written.replace(/^(ForAllValues|ForAnyValue):/, '');
    const problems: Problem[] = [];
    if (operator === 'NullIfExists') problems.push({ path: at, message: '`Null` takes no `IfExists`' });
    if (!isFields(keys)) return problems;
    if (Object.keys(keys).length === 0) problems.push({ path: at, message: 'at least one condition key is needed' });
    const rule = rules.find((one) => one.operators.test(operator));
    for (const [key, values] of Object.entries(keys)) {
      if (!/^[A-Za-z0-9._-]+[:/].+$/.test(key)) {
        problems.push({ path: `${at}.${key}`, message: `\`${key}\` is no condition key: write \`service:key\`` });
      }
      for (const value of list(values)
        .filter((one) => typeof one !== 'object')
        .map(String)) {
        if (rule && !rule.reads(value))
          problems.push({ path: `${at}.${key}`, message: `\`${value.slice(0, 100)}\` is not ${rule.wanted}` });
      }
    }
    return problems;
  });
}
