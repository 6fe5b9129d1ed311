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
const ACCOUNT_BITS = 40n;
const RANDOM_BITS = 39n;

/** Access key id of a session. The account can be read from it, as from the vendor's: nothing is kept of a session. */
export function sessionKeyId(account: string, seed: string): string {
  const random = hash('sha256', seed, 'buffer').readBigUInt64BE() & ((1n << RANDOM_BITS) - 1n);
  let bits = (1n << (ACCOUNT_BITS + RANDOM_BITS)) | (BigInt(account) << RANDOM_BITS) | random;
  let letters = '';
  for (let n = 0; n < 16; n += 1) {
    letters = LETTERS[Number(bits & 31n)] + letters;
    bits >>= 5n;
  }
  return `${SESSION_KEY}${letters}`;
}

/** The account of a session's access key id; undefined when it is none. */
export function accountOfSessionKey(id: string): string | undefined {
  if (!/^ASIA[A-Z2-7]{16}$/.test(id)) return undefined;
  let bits = 0n;
  for (const letter of id.slice(SESSION_KEY.length)) bits = (bits << 5n) | BigInt(LETTERS.indexOf(letter));
  const account = (bits >> RANDOM_BITS) & ((1n << ACCOUNT_BITS) - 1n);
  return account < 10n ** 12n ? String(account).padStart(12, '0') : undefined;
}
