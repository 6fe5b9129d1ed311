/**
 * Date operators: W3C forms of ISO 8601, or seconds since 1970, compared as instants.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 */
import { comparison, type Operator } from '../../operator.ts';

const ISO = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d))?)?)?$/;

/** Milliseconds since 1970, or undefined. Four digits are a year, any other number of digits are seconds. */
export function parseInstant(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text) && !/^\d{4}$/.test(text)) {
    const milliseconds = Number(text) * 1000;
    return Math.abs(milliseconds) <= 8.64e15 ? milliseconds : undefined;
  }
  const found = ISO.exec(text);
  if (!found) return undefined;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    found;
  const clock = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  // Date.UTC carries 30 February over into March; only a date that reads back as written exists.
  const written = `${year!}-${month}-${day}T${hour}:${minute}:${second}`;
  if (Number.isNaN(clock) || !new Date(clock).toISOString().startsWith(written)) return undefined;
  const offset = zone === 'Z' ? 0 : Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return clock + Number(`0.${fraction}0`) * 1000 - (zone.startsWith('-') ? -offset : offset) * 60_000;
}

function date(name: string, holds: (got: number, limit: number) => boolean, negation?: string): readonly Operator[] {
  return comparison(name, negation, (value) => {
    const limit = parseInstant(value.text);
    if (limit === undefined) return undefined;
    return (got) => {
      const instant = parseInstant(got);
      return instant !== undefined && holds(instant, limit);
    };
  });
}

export const dateOperators: readonly Operator[] = [
  ...date('DateEquals', (got, limit) => got === limit, 'DateNotEquals'),
  ...date('DateLessThan', (got, limit) => got < limit),
  ...date('DateLessThanEquals', (got, limit) => got <= limit),
  ...date('DateGreaterThan', (got, limit) => got > limit),
  ...date('DateGreaterThanEquals', (got, limit) => got >= limit),
];
