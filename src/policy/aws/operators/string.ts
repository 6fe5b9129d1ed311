/**
 * String operators. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
 */
import { matcherOf } from '../../glob.ts';
import { comparison, type Operator } from '../../operator.ts';
import type { Value } from '../../value.ts';

/** Exact comparison by set membership, so that long lists cost what short ones do. */
function equality(name: string, negation: string, fold: (text: string) => string): readonly Operator[] {
  const setOf = (values: readonly Value[]) => new Set(values.map((value) => fold(value.text)));
  return [
    {
      name,
      negated: false,
      variables: true,
      prepare: (values) => {
        const wanted = setOf(values);
        return { matches: (got) => wanted.has(fold(got)), missing: false };
      },
    },
    {
      name: negation,
      negated: true,
      variables: true,
      prepare: (values) => {
        const unwanted = setOf(values);
        return { matches: (got) => !unwanted.has(fold(got)), missing: true };
      },
    },
  ];
}

export const stringOperators: readonly Operator[] = [
  ...equality('StringEquals', 'StringNotEquals', (text) => text),
  ...equality('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', (text) => text.toLowerCase()),
  ...comparison('StringLike', 'StringNotLike', (value) => matcherOf(value.pieces), true),
];
