/** Conditions of a statement, compiled to tests of a request's context. */
import type { Condition, ContextValue } from './model.ts';
import type { Operator, Test } from './operator.ts';
import { operators } from './operators.ts';
import {
  type Context,
  contextValue,
  isTemplate,
  plainValue,
  resolve,
  type Template,
  templateOf,
  type Value,
} from './value.ts';

export interface CompiledCondition {
  readonly condition: Condition;
  readonly holds: (context: Context) => boolean;
}

type TestCondition = Extract<Condition, { kind: 'test' }>;

/** Compiles a condition. One with an operator that nobody knows never holds. */
export function compileCondition(condition: Condition, variables: boolean): CompiledCondition {
  return { condition, holds: holder(condition, variables) };
}

function holder(condition: Condition, variables: boolean): (context: Context) => boolean {
  switch (condition.kind) {
    case 'any-of': {
      const tests = condition.of.map((one) => holder(one, variables));
      return (context) => tests.some((holds) => holds(context));
    }
    case 'all-of': {
      const tests = condition.of.map((one) => holder(one, variables));
      return (context) => tests.every((holds) => holds(context));
    }
    case 'no-other-keys': {
      const allowed = new Set(condition.keys);
      return (context) => Object.keys(context).every((key) => !key.startsWith(condition.prefix) || allowed.has(key));
    }
    case 'test':
      return testHolder(condition, variables);
  }
}

function testHolder(condition: TestCondition, variables: boolean): (context: Context) => boolean {
  const operator = operators.get(condition.operator);
  if (!operator) return () => false;
  const values = condition.values.map((text) =>
    variables && operator.variables ? templateOf(text) : plainValue(text),
  );
  const templates = values.some(isTemplate);
  const prepared = templates ? undefined : operator.prepare(values as readonly Value[]);
  return (context) => {
    const test = prepared ?? operator.prepare(resolveAll(values, context));
    return passes(condition, operator, test, contextValue(context, condition.key));
  };
}

/** A value whose variable the request cannot fill is as good as not written. */
function resolveAll(values: readonly (Value | Template)[], context: Context): readonly Value[] {
  return values
    .map((value) => (isTemplate(value) ? resolve(value, context) : value))
    .filter((value) => value !== undefined);
}

function passes(condition: TestCondition, operator: Operator, test: Test, got: ContextValue | undefined): boolean {
  if (got === undefined || isNull(got, condition)) {
    if (condition.quantifier === 'all' || condition.quantifier === 'none') return true;
    if (condition.ifExists) return true;
    return condition.quantifier === 'any' ? false : test.missing;
  }
  if (typeof got === 'string') return test.matches(got) !== (condition.quantifier === 'none');
  switch (condition.quantifier) {
    case 'all':
      return got.every(test.matches);
    case 'any':
      return got.some(test.matches);
    case 'none':
      return !got.some(test.matches);
    default:
      // Several values without a set operator is a misuse no page defines: a negated operator must hold for each.
      return operator.negated ? got.every(test.matches) : got.some(test.matches);
  }
}

/** An empty list is no data; for set operators an empty text is none either. */
function isNull(got: ContextValue, condition: TestCondition): boolean {
  if (typeof got === 'string') return got === '' && condition.quantifier !== undefined;
  return got.length === 0 || (condition.quantifier !== undefined && got.every((value) => value === ''));
}
