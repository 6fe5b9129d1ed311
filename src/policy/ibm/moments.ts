/**
 * Times, dates and days of time-based conditions: each is written with its offset from UTC, and the moment of the
 * request is looked at from there. https://cloud.ibm.com/docs/account?topic=account-iam-time-based
 */

const OFFSET = '(Z|[+-][0-9]{2}:[0-9]{2})';
const INSTANT = new RegExp(
  `^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\\.[0-9]{1,9})?)?${OFFSET}$`,
);
const TIME = new RegExp(`^([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?${OFFSET}$`);
const DATE = new RegExp(`^([0-9]{4})-([0-9]{2})-([0-9]{2})${OFFSET}$`);
const DAY = new RegExp(`^([1-7])(?:${OFFSET})?$`);

const MINUTE = 60_000;
const DAY_LENGTH = 24 * 60 * MINUTE;

/** Something seen from an offset: `at` is milliseconds (of the day, or since 1970) or a number of a day. */
export interface Local {
  readonly at: number;
  /** Minutes east of UTC. */
  readonly offset: number;
}

/** Minutes east of UTC; undefined when no clock on earth shows it. */
function offsetOf(text: string | undefined): number | undefined {
  if (text === undefined || text === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(4, 6));
  if (hours > 14 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** Milliseconds since 1970 of `2026-11-22T07:30:00+01:00`. */
export function parseDateTime(text: string): number | undefined {
  const found = INSTANT.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0));
  const offset = offsetOf(found[7]);
  const date = dateOf(year!, month!, day!);
  if (offset === undefined || date === undefined || hour! > 23 || minute! > 59 || second! > 59) return undefined;
  return date + ((hour! * 60 + minute!) * 60 + second!) * 1000 - offset * MINUTE;
}

/** `09:00:00-05:00`; `at` counts from midnight. */
export function parseTime(text: string): Local | undefined {
  const found = TIME.exec(text);
  if (!found) return undefined;
  const [hour, minute, second] = found.slice(1, 4).map((part) => Number(part ?? 0));
  const offset = offsetOf(found[4]);
  if (offset === undefined || hour! > 23 || minute! > 59 || second! > 59) return undefined;
  return { at: ((hour! * 60 + minute!) * 60 + second!) * 1000, offset };
}

/** `2026-11-22+01:00`; `at` is its midnight as if it were in UTC. */
export function parseDate(text: string): Local | undefined {
  const found = DATE.exec(text);
  if (!found) return undefined;
  const [year, month, day] = found.slice(1, 4).map(Number);
  const at = dateOf(year!, month!, day!);
  const offset = offsetOf(found[4]);
  return at === undefined || offset === undefined ? undefined : { at, offset };
}

/** `1+00:00` or `1`; Monday is 1, Sunday 7. */
export function parseDay(text: string): Local | undefined {
  const found = DAY.exec(text);
  const offset = offsetOf(found?.[2]);
  return found === null || offset === undefined ? undefined : { at: Number(found[1]), offset };
}

/** Midnight in UTC; undefined for 30 February. */
function dateOf(year: number, month: number, day: number): number | undefined {
  const at = Date.UTC(year, month - 1, day);
  const date = new Date(at);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? at : undefined;
}

const floorMod = (value: number, by: number): number => ((value % by) + by) % by;

/** The time of day of a moment (a date-time, or a time with its own offset), seen from an offset. */
export function timeSeen(got: string, offset: number): number | undefined {
  const instant = parseDateTime(got);
  if (instant !== undefined) return floorMod(instant + offset * MINUTE, DAY_LENGTH);
  const time = parseTime(got);
  return time === undefined ? undefined : floorMod(time.at + (offset - time.offset) * MINUTE, DAY_LENGTH);
}

/** The date of a moment seen from an offset, as midnight in UTC. A bare date is known from its own offset only. */
export function dateSeen(got: string, offset: number): number | undefined {
  const instant = parseDateTime(got);
  if (instant !== undefined) {
    const local = instant + offset * MINUTE;
    return local - floorMod(local, DAY_LENGTH);
  }
  const date = parseDate(got);
  return date?.offset === offset ? date.at : undefined;
}

/** The day of the week of a moment seen from an offset. A bare day is known from its own offset only. */
export function daySeen(got: string, offset: number): number | undefined {
  const date = parseDateTime(got) === undefined ? undefined : dateSeen(got, offset);
  // 1 January 1970 was a Thursday, the fourth day.
  if (date !== undefined) return floorMod(date / DAY_LENGTH + 3, 7) + 1;
  const day = parseDay(got);
  return day?.offset === offset ? day.at : undefined;
}
