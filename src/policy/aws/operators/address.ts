/**
 * IP address operators. The families never match each other; an address without a prefix length is one address.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
 */
import { comparison, type Operator } from '../../operator.ts';

/** The bytes of an IPv4 (4) or IPv6 (16) address, or undefined. */
export function parseAddress(text: string): readonly number[] | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): readonly number[] | undefined {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!found) return undefined;
  const bytes = found.slice(1).map(Number);
  return bytes.every((byte) => byte < 256) ? bytes : undefined;
}

function parseIpv6(text: string): readonly number[] | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, n) => groupBytes(half, n === halves.length - 1));
  if (!head) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  if (!tail || head.length + tail.length > 14) return undefined;
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

/** Groups of up to four hex digits; the last one of an address may be written as an IPv4 address. */
function groupBytes(text: string, endsAddress: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [n, group] of groups.entries()) {
    const embedded = endsAddress && n === groups.length - 1 ? parseIpv4(group) : undefined;
    if (embedded) bytes.push(...embedded);
    else if (/^[0-9a-fA-F]{1,4}$/.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255);
    else return undefined;
  }
  return bytes;
}

export interface Range {
  readonly bytes: readonly number[];
  readonly bits: number;
}

/** Reads `address` or `address/prefix length`. Bits behind the prefix are ignored. */
export function parseRange(text: string): Range | undefined {
  const [address, prefix, ...more] = text.split('/');
  const bytes = parseAddress(address!);
  if (!bytes || more.length > 0) return undefined;
  if (prefix === undefined) return { bytes, bits: bytes.length * 8 };
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bytes.length * 8) return undefined;
  return { bytes, bits: Number(prefix) };
}

export function inRange(address: readonly number[], range: Range): boolean {
  if (address.length !== range.bytes.length) return false;
  const whole = range.bits >> 3;
  for (let n = 0; n < whole; n += 1) if (address[n] !== range.bytes[n]) return false;
  const rest = range.bits & 7;
  return rest === 0 || address[whole]! >> (8 - rest) === range.bytes[whole]! >> (8 - rest);
}

export const addressOperators: readonly Operator[] = comparison('IpAddress', 'NotIpAddress', (value) => {
  const range = parseRange(value.text);
  if (!range) return undefined;
  return (got) => {
    const address = parseAddress(got);
    return address !== undefined && inRange(address, range);
  };
});
