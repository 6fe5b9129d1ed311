import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operators } from '../operators.ts';
import { plainValue } from '../value.ts';
import { ibmOperators } from './operators.ts';
import { ruleOperators } from './rule.ts';

/** What an operator answers for values of the policy and a value of the request; undefined: the key is absent. */
function holds(name: string, values: readonly string[], got: string | undefined): boolean {
  const operator = operators.get(name);
  assert.ok(operator, name);
  const prepared = operator.prepare(values.map(plainValue));
  return got === undefined ? prepared.missing : prepared.matches(got);
}

type Row = readonly [
  operator: string,
  values: readonly string[],
  yes: readonly string[],
  no: readonly (string | undefined)[],
];

const noon = '2026-11-25T12:00:00Z';
const rows: readonly Row[] = [
  ['stringEquals', ['a*'], ['a*'], ['ab', 'A*', '', undefined]],
  ['stringEqualsAnyOf', ['a', 'b'], ['a', 'b'], ['c', 'ab', undefined]],
  ['stringMatch', ['a*b?'], ['abc', 'axxbc'], ['ab', 'xabc', undefined]],
  ['stringMatch', ['{{*}}{{?}}*'], ['*?', '*?x'], ['ab', '*x']],
  ['stringMatchAnyOf', ['a*', '?'], ['abc', 'z'], ['zz', '']],
  ['stringExists', ['true'], ['', 'x'], [undefined]],
  ['timeLessThan', ['12:00:00Z'], ['2026-11-25T11:59:59Z'], [noon, 'x', undefined]],
  ['timeLessThanOrEquals', ['12:00:00Z'], [noon], ['2026-11-25T12:00:01Z', undefined]],
  ['timeGreaterThan', ['12:00:00Z'], ['2026-11-25T12:00:01Z'], [noon, undefined]],
  ['timeGreaterThanOrEquals', ['12:00:00Z'], [noon], ['2026-11-25T11:59:59Z', undefined]],
  ['timeGreaterThanOrEquals', ['23:00:00-05:00'], ['2026-11-25T04:00:00Z'], ['2026-11-25T05:00:00Z']],
  ['timeLessThan', ['12:00:00+05:30'], ['2026-11-25T06:29:59Z'], ['2026-11-25T06:30:00Z']],
  ['dateLessThan', ['2026-11-25Z'], ['2026-11-24T23:59:59Z'], ['2026-11-25T00:00:00Z', undefined]],
  ['dateLessThanOrEquals', ['2026-11-25Z'], ['2026-11-25T23:59:59Z'], ['2026-11-26T00:00:00Z']],
  ['dateGreaterThan', ['2026-11-25Z'], ['2026-11-26T00:00:00Z'], ['2026-11-25T23:59:59Z']],
  ['dateGreaterThanOrEquals', ['2026-11-25+12:00'], ['2026-11-24T12:00:00Z'], ['2026-11-24T11:59:59Z']],
  ['dateTimeLessThan', ['2026-11-25T13:00:00+01:00'], ['2026-11-25T11:59:59Z'], [noon, undefined]],
  ['dateTimeLessThanOrEquals', ['2026-11-25T13:00:00+01:00'], [noon], ['2026-11-25T12:00:01Z']],
  ['dateTimeGreaterThan', ['2026-11-25T13:00:00+01:00'], ['2026-11-25T12:00:01Z'], [noon]],
  ['dateTimeGreaterThanOrEquals', ['2026-11-25T13:00:00+01:00'], [noon], ['2026-11-25T11:59:59Z']],
  ['dayOfWeekEquals', ['3+00:00'], [noon, '3+00:00'], ['2026-11-26T00:00:00Z', '4', undefined]],
  ['dayOfWeekEquals', ['3'], [noon], ['2026-11-24T12:00:00Z']],
  [
    'dayOfWeekAnyOf',
    ['1+00:00', '7-12:00'],
    ['2026-11-23T00:00:00Z', '2026-11-23T11:00:00Z'],
    ['2026-11-24T00:00:00Z'],
  ],
];

for (const [operator, values, yes, no] of rows) {
  test(`${operator} ${values.join(', ')}`, () => {
    for (const got of yes) assert.equal(holds(operator, values, got), true, got);
    for (const got of no) assert.equal(holds(operator, values, got), false, String(got));
  });
}

test('stringExists of false asks for absence', () => {
  assert.equal(holds('stringExists', ['false'], undefined), true);
  assert.equal(holds('stringExists', ['false'], ''), false);
});

test('a value that cannot be read matches nothing', () => {
  for (const name of ['timeLessThan', 'dateGreaterThan', 'dateTimeLessThan', 'dayOfWeekEquals']) {
    assert.equal(holds(name, ['noon'], noon), false, name);
  }
});

test('every operator that rules may use is there, and has a row here', () => {
  assert.deepEqual(ibmOperators.map((o) => o.name).sort(), [...ruleOperators.keys()].sort());
  assert.deepEqual([...new Set(rows.map(([name]) => name))].sort(), [...ruleOperators.keys()].sort());
});
