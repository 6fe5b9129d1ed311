/** Every condition operator of both languages, by name. The names of the languages do not meet. */
import { addressOperators } from './aws/operators/address.ts';
import { arnOperators } from './aws/operators/arn.ts';
import { dateOperators } from './aws/operators/date.ts';
import { numericOperators } from './aws/operators/numeric.ts';
import { binaryOperators, boolOperators, nullOperator } from './aws/operators/other.ts';
import { stringOperators } from './aws/operators/string.ts';
import { ibmOperators } from './ibm/operators.ts';
import type { Operator } from './operator.ts';

const families: readonly (readonly Operator[])[] = [
  stringOperators,
  numericOperators,
  dateOperators,
  boolOperators,
  binaryOperators,
  addressOperators,
  arnOperators,
  [nullOperator],
  ibmOperators,
];

export const operators: ReadonlyMap<string, Operator> = new Map(
  families.flat().map((operator) => [operator.name, operator]),
);
