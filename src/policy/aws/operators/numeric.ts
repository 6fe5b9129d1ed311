/**
 * Numeric operators: integers and decimals by value, of any length.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric
 */
import { comparison, type Operator } from '../../operator.ts';

interface Decimal {
  readonly negative: boolean;
  /** Without leading zeros. */
  readonly whole: string;
  /** Without trailing zeros. */
  readonly fraction: string;
}

/** Reads an integer or decimal; exponents are not part of the policy language. */
export function parseDecimal(text: string): Decimal | undefined {
  const found = /^([+-]?)([0-9]+)(?:\.([0-9]+))?$/.exec(text);
  if (!found) return undefined;
  const whole = found[2]!.replace(/^0+/, '');
  const fraction = trimZeros(found[3] ?? '');
  return { negative: found[1] === '-' && (whole !== '' || fraction !== ''), whole, fraction };
}

/** A loop, because `/0+$/` takes quadratic time on a long run of zeros. */
function trimZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const sign = a.negative ? -1 : 1;
  if (a.whole.length !== b.whole.length) return sign * (a.whole.length - b.whole.length);
  if (a.whole !== b.whole) return a.whole < b.whole ? -sign : sign;
  if (a.fraction === b.fraction) return 0;
  return a.fraction < b.fraction ? -sign : sign;
}

function numeric(name: string, holds: (order: number) => boolean, negation?: string): readonly Operator[] {
  return comparison(name, negation, (value) => {
    const limit = parseDecimal(value.text);
    if (!limit) return undefined;
    return (got) => {
      const number = parseDecimal(got);
      return number !== undefined && holds(compareDecimals(number, limit));
    };
  });
}

export const numericOperators: readonly Operator[] = [
  ...numeric('NumericEquals', (order) => order === 0, 'NumericNotEquals'),
  ...numeric('NumericLessThan', (order) => order < 0),
  ...numeric('NumericLessThanEquals', (order) => order <= 0),
  ...numeric('NumericGreaterThan', (order) => order > 0),
  ...numeric('NumericGreaterThanEquals', (order) => order >= 0),
];
