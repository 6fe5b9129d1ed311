/** What a condition operator is. Each family is a file of such objects; `operators.ts` lists the families. */
import type { Value } from './value.ts';

/** An operator with its values: a test of one value of the request. */
export interface Test {
  /** For a negated operator: the request's value is none of the policy's. */
  matches(got: string): boolean;
  /** The answer when the request lacks the key and the operator has no `IfExists`. */
  readonly missing: boolean;
}

export interface Operator {
  /** As the policy writes it, without quantifier and `IfExists`. */
  readonly name: string;
  /** Of several values of the request, all must pass (negated) instead of one. */
  readonly negated: boolean;
  /** Policy variables in values are resolved before `prepare`. */
  readonly variables: boolean;
  /** Called once per statement; once per request when a value holds a variable. Values that cannot be read match nothing. */
  prepare(values: readonly Value[]): Test;
}

/**
 * The two operators of a comparison: the positive one, and its negation where the language has one. `compare` turns
 * a value of the policy into a test of a value of the request, or undefined when it cannot be read.
 */
export function comparison(
  name: string,
  negation: string | undefined,
  compare: (value: Value) => ((got: string) => boolean) | undefined,
  variables = false,
): readonly Operator[] {
  const positive = (values: readonly Value[]) => anyOf(values.map(compare).filter((test) => test !== undefined));
  const operators: Operator[] = [
    { name, negated: false, variables, prepare: (values) => ({ matches: positive(values), missing: false }) },
  ];
  if (negation !== undefined) {
    const prepare = (values: readonly Value[]): Test => {
      const matches = positive(values);
      return { matches: (got) => !matches(got), missing: true };
    };
    operators.push({ name: negation, negated: true, variables, prepare });
  }
  return operators;
}

function anyOf(tests: readonly ((got: string) => boolean)[]): (got: string) => boolean {
  const [only] = tests;
  if (tests.length === 1 && only) return only;
  return (got) => tests.some((test) => test(got));
}
