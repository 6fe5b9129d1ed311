/** Names and values of a query string, or of a form, in order. */
import { awsFault } from '../fault.ts';

/** No request of AWS has as many. */
const MAX_PAIRS = 10_000;

/** Throws `MalformedQueryString`. A name without `=` has an empty value. */
export function parsePairs(text: string): [name: string, value: string][] {
  if (text === '') return [];
  const pairs = text.split('&', MAX_PAIRS + 1);
  if (pairs.length > MAX_PAIRS) throw malformedQuery('The query string has too many parameters');
  const parsed: [string, string][] = [];
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    if (equals < 0) parsed.push([decode(pair), '']);
    else parsed.push([decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]);
  }
  return parsed;
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw malformedQuery('The query string contains a syntax error');
  }
}

export const malformedQuery = (message: string) => awsFault('MalformedQueryString', message);
