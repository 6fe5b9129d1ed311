/** Condition operators, one by one, as their page describes them. */
import { fill, like, matchesParts, type Part } from './pattern.ts';

type PlainContext = Readonly<Record<string, string | readonly string[]>>;

/** One operator with one key and its values. */
export function conditionHolds(
  written: string,
  key: string,
  values: readonly string[],
  context: PlainContext,
  variables: boolean,
): boolean {
  const ifExists = written.endsWith('IfExists');
  const bare = written.replace(/IfExists$/, '');
  const [quantifier, operator] = bare.includes(':') ? (bare.split(':') as [string, string]) : ['', bare];
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  const got = found === undefined ? [] : typeof found === 'string' ? [found] : found;
  const empty = got.length === 0 || (quantifier !== '' && got.every((one) => one === ''));
  if (operator === 'Null') return values.some((value) => value.toLowerCase() === (empty ? 'true' : 'false'));
  const negated = /^(.*)Not(.*)$/.test(operator);
  if (empty) {
    if (quantifier === 'ForAllValues' || ifExists) return true;
    return quantifier === 'ForAnyValue' ? false : negated;
  }
  const passes = (one: string) =>
    values.some((value) => valueHolds(operator.replace('Not', ''), value, one, context, variables)) !== negated;
  if (quantifier === 'ForAllValues') return got.every(passes);
  if (quantifier === 'ForAnyValue') return got.some(passes);
  return negated ? got.every(passes) : got.some(passes);
}

/** One value of the policy against one value of the request, by a positive operator. */
function valueHolds(operator: string, value: string, got: string, context: PlainContext, variables: boolean): boolean {
  const parts: readonly Part[] | undefined = variables ? fill(value, context) : undefined;
  if (variables && parts === undefined && /^(String|Arn|Bool)/.test(operator)) return false;
  const text = parts
    ? parts.map((part) => (part === 'run' ? '*' : part === 'one' ? '?' : part.literal)).join('')
    : value;
  switch (operator) {
    case 'StringEquals':
      return text === got;
    case 'StringEqualsIgnoreCase':
      return text.toLowerCase() === got.toLowerCase();
    case 'StringLike':
      return parts ? matchesParts(parts, got) : like(value, got);
    case 'Bool':
      return text.toLowerCase() === got.toLowerCase() && /^(true|false)$/i.test(text);
    case 'ArnEquals':
    case 'ArnLike':
      return arnLike(value, got);
    case 'IpAddress':
      return inCidr(value, got);
    default:
      return operator.startsWith('Numeric')
        ? ordered(operator.slice(7), Number(got), Number(value))
        : ordered(operator.slice(4), Date.parse(got), Date.parse(value));
  }
}

function ordered(relation: string, got: number, wanted: number): boolean {
  if (Number.isNaN(got) || Number.isNaN(wanted)) return false;
  switch (relation) {
    case 'Equals':
      return got === wanted;
    case 'LessThan':
      return got < wanted;
    case 'LessThanEquals':
      return got <= wanted;
    case 'GreaterThan':
      return got > wanted;
    default:
      return got >= wanted;
  }
}

/** Six components, one by one; the generators put no variables into ARNs of conditions. */
function arnLike(pattern: string, got: string): boolean {
  const split = (arn: string) => [...arn.split(':').slice(0, 5), arn.split(':').slice(5).join(':')];
  if (got.split(':').length < 6 || pattern.split(':').length < 6) return false;
  return split(pattern).every((component, n) => like(component, split(got)[n]!));
}

/** IPv4 only: as 32 binary digits, the first `prefix` of which must be the same. */
function inCidr(cidr: string, got: string): boolean {
  const bits = (address: string) =>
    address
      .split('.')
      .map((byte) => Number(byte).toString(2).padStart(8, '0'))
      .join('');
  const [network, prefix = '32'] = cidr.split('/') as [string, string?];
  return bits(got).slice(0, Number(prefix)) === bits(network).slice(0, Number(prefix));
}
