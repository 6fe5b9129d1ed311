/** Ids of AWS identities and access keys. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
import { hash } from 'node:crypto';

/** What an id is of: users, groups, roles, managed policies, instance profiles, access keys, session keys. */
export type IdPrefix = 'AIDA' | 'AGPA' | 'AROA' | 'ANPA' | 'AIPA' | 'AKIA' | 'ASIA';

const SESSION_KEY = 'ASIA';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A unique id: the prefix and 17 letters (16 for access keys), from an unguessable `seed` (`cx.newId()`). */
export function uniqueId(prefix: IdPrefix, seed: string): string {
  const bytes = hash('sha256', seed, 'buffer');
  const length = prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17;
  let id: string = prefix;
  for (let n = 0; n < length; n += 1) id += LETTERS[bytes[n]! % LETTERS.length];
  return id;
}

/** Behind the prefix of a session key: one bit, 40 bits of account number, 39 random bits, five to a letter. */
const RANDOM = 2 ** 39;
const HALF = 8;

/** Access key id of a session. The account can be read from it, as from the vendor's: nothing is kept of a session. */
export function sessionKeyId(account: string, seed: string): string {
  const number = Number(account);
  const random = hash('sha256', seed, 'buffer').readUIntBE(0, 5) % RANDOM;
  const high = RANDOM + Math.floor(number / 2);
  return SESSION_KEY + lettersOf(high) + lettersOf((number % 2) * RANDOM + random);
}

/** 40 bits as letters. */
function lettersOf(bits: number): string {
  let letters = '';
  for (let n = 0, left = bits; n < HALF; n += 1, left = Math.floor(left / 32)) letters = LETTERS[left % 32] + letters;
  return letters;
}

/** The account of a session's access key id; undefined when it is none. */
export function accountOfSessionKey(id: string): string | undefined {
  if (!/^ASIA[A-Z2-7]{16}$/.test(id)) return undefined;
  const [high = 0, low = 0] = [id.slice(4, 4 + HALF), id.slice(4 + HALF)].map(bitsOf);
  const account = (high % RANDOM) * 2 + Math.floor(low / RANDOM);
  return account < 10 ** 12 ? String(account).padStart(12, '0') : undefined;
}

function bitsOf(letters: string): number {
  let bits = 0;
  for (const letter of letters) bits = bits * 32 + LETTERS.indexOf(letter);
  return bits;
}
