/** Ids of AWS identities and access keys. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
import { hash } from 'node:crypto';

/** What an id is of: users, groups, roles, managed policies, instance profiles, access keys, session keys. */
export type IdPrefix = 'AIDA' | 'AGPA' | 'AROA' | 'ANPA' | 'AIPA' | 'AKIA' | 'ASIA';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A unique id: the prefix and 17 letters (16 for access keys), from an unguessable `seed` (`cx.newId()`). */
export function uniqueId(prefix: IdPrefix, seed: string): string {
  const bytes = hash('sha256', seed, 'buffer');
  const length = prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17;
  let id: string = prefix;
  for (let n = 0; n < length; n += 1) id += LETTERS[bytes[n]! % LETTERS.length];
  return id;
}
