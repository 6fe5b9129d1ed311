/**
 * Bool, BinaryEquals and Null.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import { comparison, type Operator } from '../../operator.ts';

export const boolOperators: readonly Operator[] = comparison(
  'Bool',
  undefined,
  (value) => {
    const wanted = value.text.toLowerCase();
    return wanted === 'true' || wanted === 'false' ? (got) => got.toLowerCase() === wanted : undefined;
  },
  true,
);

/** The bytes that base64 text stands for, one character each; undefined when it is not base64. */
function decode(text: string): string | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0 ? atob(text) : undefined;
}

export const binaryOperators: readonly Operator[] = comparison('BinaryEquals', undefined, (value) => {
  const wanted = decode(value.text);
  return wanted === undefined ? undefined : (got) => decode(got) === wanted;
});

/** `true`: the key must be absent; `false`: it must be there. */
export const nullOperator: Operator = {
  name: 'Null',
  negated: false,
  variables: false,
  prepare: (values) => {
    const wanted = values.map((value) => value.text.toLowerCase());
    const present = wanted.includes('false');
    return { matches: () => present, missing: wanted.includes('true') };
  },
};
