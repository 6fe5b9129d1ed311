/** Keys of OIDC providers: of the plane's own issuers from the store, of others by discovery. */
import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { type Outbound, Unreachable } from '../../../../../outbound.ts';
import { createCache } from '../../../../../store/cache.ts';
import { PLANE, type Unit } from '../../../../../store/store.ts';
import { awsFault } from '../../../../../wire/aws/fault.ts';
import { signingKeys } from '../../../ibm/access.ts';
import { ISSUER as IBM_ISSUER } from '../../../ibm/claims.ts';
import { keySetOf, outboundFederations } from '../outbound-federation.ts';
import { type Jwk, readKeySet } from './id-token.ts';

const CACHED_MILLISECONDS = 10 * 60_000;
/** A token with a key id that is not known makes the keys be read again, no more often than this. */
const REREAD_MILLISECONDS = 30_000;
const CACHE_BYTES = 8 * 1024 * 1024;
const ISSUER_BYTES = 8 * 1024;

export const isIbmIssuer = (issuer: string): boolean => issuer === IBM_ISSUER;

export interface KeyQuestion {
  readonly issuer: string;
  readonly thumbprints: readonly string[];
  /** Whether these keys can verify the token at hand. */
  readonly suffices: (keys: readonly Jwk[]) => boolean;
  readonly now: number;
}

/** Throws `IDPCommunicationError`, or `InvalidIdentityToken` when the provider answers with something else than keys. */
export type ProviderKeys = (unit: Unit, question: KeyQuestion) => Promise<readonly Jwk[]>;

export function createProviderKeys(outbound: Outbound): ProviderKeys {
  const cache = createCache<{ readonly keys: readonly Jwk[]; readonly readAt: number }>(CACHE_BYTES);
  return async (unit, { issuer, thumbprints, suffices, now }) => {
    const own = await ownKeys(unit, issuer);
    if (own) return own;
    const cacheKey = [issuer, ...thumbprints].join(' ');
    const known = cache.get(cacheKey);
    if (known && isFresh(known.readAt, now, suffices(known.keys))) return known.keys;
    const keys = await discover(outbound, issuer, thumbprints);
    cache.set(cacheKey, { keys, readAt: now }, ISSUER_BYTES);
    return keys;
  };
}

function isFresh(readAt: number, now: number, suffices: boolean): boolean {
  return now - readAt < (suffices ? CACHED_MILLISECONDS : REREAD_MILLISECONDS);
}

async function ownKeys(unit: Unit, issuer: string): Promise<readonly Jwk[] | undefined> {
  if (isIbmIssuer(issuer)) {
    const { items } = await unit.list(signingKeys, PLANE, { limit: 10 });
    return items.map(({ id, value }) => {
      const key = createPublicKey({ key: Buffer.from(value.publicKey, 'base64'), format: 'der', type: 'spki' });
      return { ...key.export({ format: 'jwk' }), kty: 'RSA', alg: 'RS256', kid: id };
    });
  }
  const [federation] = await unit.find(outboundFederations, 'issuer', issuer);
  return federation && keySetOf(federation.value);
}

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
async function discover(outbound: Outbound, issuer: string, thumbprints: readonly string[]): Promise<readonly Jwk[]> {
  try {
    const base = issuer.replace(/\/$/, '');
    const found = discoverySchema.safeParse(
      await outbound.getJson(`${base}/.well-known/openid-configuration`, thumbprints),
    );
    if (!found.success || found.data.issuer !== issuer) throw noKey();
    const keys = readKeySet(await outbound.getJson(found.data.jwks_uri, thumbprints));
    if (keys === undefined) throw noKey();
    return keys;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    throw awsFault('IDPCommunicationError', `the identity provider could not be asked: ${error.message}`);
  }
}

export function noKey(): Error {
  return awsFault(
    'InvalidIdentityToken',
    "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
  );
}
