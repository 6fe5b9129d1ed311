/**
 * What the clouds' identities have in common: a principal holds credentials, a credential opens sessions, and only
 * digests of what opens anything are kept. Roles and trusted profiles are not the same thing, so the rest is apart.
 */
import { hash, randomBytes } from 'node:crypto';

/**
 * What is kept of a secret that was made by a machine: its entropy makes a slow hash needless.
 * Base64url of SHA-256; also what secrets are looked up by, so that a look-up tells nothing by its time.
 */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** A secret of `bytes` random bytes, as base64url. */
export function newSecret(bytes = 33): string {
  return randomBytes(bytes).toString('base64url');
}
