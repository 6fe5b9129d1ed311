/**
 * The operators of v2 rules. https://cloud.ibm.com/docs/account?topic=account-iam-condition-properties
 * A value of a clock operator carries its own offset from UTC; the request carries the moment.
 */
import { patternPieces } from '../attributes.ts';
import { matcherOf } from '../glob.ts';
import { comparison, type Operator } from '../operator.ts';
import { dateSeen, daySeen, type Local, parseDate, parseDateTime, parseDay, parseTime, timeSeen } from './moments.ts';

const orders: Readonly<Record<string, (got: number, limit: number) => boolean>> = {
  LessThan: (got, limit) => got < limit,
  LessThanOrEquals: (got, limit) => got <= limit,
  GreaterThan: (got, limit) => got > limit,
  GreaterThanOrEquals: (got, limit) => got >= limit,
};

/** The value as the policy wrote it, and what the request shows when it is looked at from the value's offset. */
type Clock = { readonly read: (value: string) => Local | undefined; readonly seen: typeof timeSeen };

const clocks: Readonly<Record<string, Clock>> = {
  time: { read: parseTime, seen: timeSeen },
  date: { read: parseDate, seen: dateSeen },
  dateTime: {
    read: (value) => {
      const at = parseDateTime(value);
      return at === undefined ? undefined : { at, offset: 0 };
    },
    seen: parseDateTime,
  },
};

function clockOperator(name: string, { read, seen }: Clock, holds: (got: number, limit: number) => boolean) {
  return comparison(name, undefined, ({ text }) => {
    const limit = read(text);
    if (limit === undefined) return undefined;
    return (got) => {
      const at = seen(got, limit.offset);
      return at !== undefined && holds(at, limit.at);
    };
  });
}

const stringEquals = (name: string) =>
  comparison(
    name,
    undefined,
    ({ text }) =>
      (got) =>
        got === text,
  );
const stringMatch = (name: string) => comparison(name, undefined, ({ text }) => matcherOf(patternPieces(text)));
const dayOfWeek = (name: string) =>
  clockOperator(name, { read: parseDay, seen: daySeen }, (got, wanted) => got === wanted);

/** `false` asks for the absence of the key. */
const stringExists: Operator = {
  name: 'stringExists',
  negated: false,
  variables: false,
  prepare: (values) => {
    const wanted = values.some(({ text }) => text === 'true');
    const unwanted = values.some(({ text }) => text === 'false');
    return { matches: () => wanted, missing: unwanted };
  },
};

export const ibmOperators: readonly Operator[] = [
  ...stringEquals('stringEquals'),
  ...stringEquals('stringEqualsAnyOf'),
  ...stringMatch('stringMatch'),
  ...stringMatch('stringMatchAnyOf'),
  stringExists,
  ...dayOfWeek('dayOfWeekEquals'),
  ...dayOfWeek('dayOfWeekAnyOf'),
  ...Object.entries(clocks).flatMap(([kind, clock]) =>
    Object.entries(orders).flatMap(([order, holds]) => clockOperator(kind + order, clock, holds)),
  ),
];
