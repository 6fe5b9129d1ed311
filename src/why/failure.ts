/** What kept a statement from applying, in words. */
import { spelledKey } from '../policy/aws/key-spellings.ts';
import type { Failure, Origin } from '../policy/model.ts';

/** `its condition aws:SourceIp must be in `10.0.0.0/8`, it is `127.0.0.1``. */
export function failureWords(failure: Failure, { text }: Pick<Origin, 'text'>): string {
  const { element, key, operator = '', got } = failure;
  const expected = failure.expected.map((word) => asWritten(word, text));
  if (operator === 'any of') return `of its conditions none holds: ${list(expected)}`;
  if (operator === 'all of') return `of its conditions not all hold: ${list(expected, 'and')}`;
  const what = `its ${element}${key === undefined ? '' : ` ${spelledKey(key)}`}`;
  if (operator === 'no other keys') {
    const bare = (keys: readonly string[] = []) => list(keys.map((one) => one.slice(key?.length)));
    return `${what.replace(/:$/, '')} may have no keys but ${bare(failure.expected)}, it also has ${bare(got)}`;
  }
  const is = got === undefined ? 'it is missing' : `it is ${list(got, 'and')}`;
  return `${what} must ${demand(operator, expected)}, ${is}`;
}

/** Operators that do not say that something must be one of the values. */
const DEMANDS: readonly (readonly [RegExp, string])[] = [
  [/NotIpAddress$/, 'not be in'],
  [/IpAddress$/, 'be in'],
  [/Not(Like|Match)$/, 'not be like'],
  [/(Like|Match)$/, 'be like'],
  [/Not(Equals|EqualsIgnoreCase)$/, 'not be'],
  [/^Date\w*LessThanEquals$/, 'be at or before'],
  [/^Date\w*LessThan$/, 'be before'],
  [/^Date\w*GreaterThanEquals$/, 'be at or after'],
  [/^Date\w*GreaterThan$/, 'be after'],
  [/LessThan(Or)?Equals$/i, 'be at most'],
  [/LessThan$/i, 'be less than'],
  [/GreaterThan(Or)?Equals$/i, 'be at least'],
  [/GreaterThan$/i, 'be greater than'],
];

const QUANTITIES: Readonly<Record<string, string>> = {
  'ForAllValues:': ' for each of its values',
  'ForAnyValue:': ' for one of its values',
  'ForNoValue:': ' for none of its values',
};

function demand(operator: string, expected: readonly string[]): string {
  const [, quantifier = '', name = ''] = /^(For\w+:)?(.*?)(?:IfExists)?$/.exec(operator) ?? [];
  const [value] = expected;
  if (name === 'Null') return value === 'true' ? 'be absent' : 'be present';
  if (name === 'stringExists') return value === 'false' ? 'be absent' : 'be present';
  const verb = DEMANDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'be';
  return `${verb} ${list(expected)}${QUANTITIES[quantifier] ?? ''}`;
}

/** Compiled statements have names in lower case; the text has them as they were written, a grant's without the service. */
function asWritten(word: string, text: string): string {
  const written = [...text.matchAll(/"([^"\\]*)"/g)].map(([, one = '']) => one);
  const found = (sought: string) => written.find((one) => one.toLowerCase() === sought.toLowerCase());
  const bare = found(word.replace('kms:', ''));
  return found(word) ?? (bare && word.startsWith('kms:') ? `kms:${bare}` : word);
}

/** Of a long list no more than this: all of it stands in the policy. */
const LISTED = 6;

function list(words: readonly string[], joint: 'or' | 'and' = 'or'): string {
  const shown = words.slice(0, LISTED).map((word) => `\`${word}\``);
  const rest = words.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} ${joint} one of ${rest} more`;
  return shown.length === 0 ? 'nothing' : shown.join(` ${joint} `);
}
