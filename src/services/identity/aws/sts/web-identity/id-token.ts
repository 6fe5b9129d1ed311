/** Tokens of OIDC providers (RFC 7519): taken apart, and verified with a key of a JWK set (RFC 7517). */
import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';

/** What the vendor accepts: hash, key type, and curve. */
const ALGORITHMS: Readonly<
  Record<string, { readonly hash: string; readonly kty: 'RSA' | 'EC'; readonly crv?: string }>
> = {
  RS256: { hash: 'sha256', kty: 'RSA' },
  RS384: { hash: 'sha384', kty: 'RSA' },
  RS512: { hash: 'sha512', kty: 'RSA' },
  ES256: { hash: 'sha256', kty: 'EC', crv: 'P-256' },
  ES384: { hash: 'sha384', kty: 'EC', crv: 'P-384' },
  ES512: { hash: 'sha512', kty: 'EC', crv: 'P-521' },
};

const RSA_BITS = 2048;

const headerSchema = z.object({
  alg: z.string().refine((alg) => Object.hasOwn(ALGORITHMS, alg)),
  kid: z.string().optional(),
  crit: z.never().optional(),
});

const jwkSchema = z.looseObject({
  kty: z.string(),
  kid: z.string().optional(),
  use: z.string().optional(),
  alg: z.string().optional(),
  crv: z.string().optional(),
});

const jwksSchema = z.object({ keys: z.array(z.unknown()).max(1000) });

export type Jwk = z.infer<typeof jwkSchema>;

export interface IdToken {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: string;
  readonly signature: Buffer;
}

/** Takes a token apart without believing it; undefined when it is no JWT, or of an algorithm that is not accepted. */
export function readIdToken(token: string): IdToken | undefined {
  const match = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token);
  if (!match) return undefined;
  const header = headerSchema.safeParse(decode(match[1]!));
  const claims = z.record(z.string(), z.unknown()).safeParse(decode(match[2]!));
  if (!header.success || !claims.success) return undefined;
  return {
    alg: header.data.alg,
    kid: header.data.kid,
    claims: claims.data,
    signed: `${match[1]}.${match[2]}`,
    signature: Buffer.from(match[3]!, 'base64url'),
  };
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** The keys of a JWK set that have the form of one; undefined when it is no set. */
export function readKeySet(document: unknown): readonly Jwk[] | undefined {
  const set = jwksSchema.safeParse(document);
  if (!set.success) return undefined;
  return set.data.keys.flatMap((key) => {
    const read = jwkSchema.safeParse(key);
    return read.success ? [read.data] : [];
  });
}

/** The keys that may have signed the token: of its algorithm, and of the id that it names. */
export function candidates({ alg, kid }: IdToken, keys: readonly Jwk[]): readonly Jwk[] {
  const { kty, crv } = ALGORITHMS[alg]!;
  return keys.filter(
    (key) =>
      key.kty === kty &&
      (crv === undefined || key.crv === crv) &&
      (key.use === undefined || key.use === 'sig') &&
      (key.alg === undefined || key.alg === alg) &&
      (kid === undefined || key.kid === kid),
  );
}

/** Whether one of the keys made the signature. */
export function isSignedBy(token: IdToken, keys: readonly Jwk[]): boolean {
  return keys.some((jwk) => {
    const key = publicKeyOf(jwk);
    if (key === undefined) return false;
    const { hash, kty } = ALGORITHMS[token.alg]!;
    const how = kty === 'EC' ? ({ key, dsaEncoding: 'ieee-p1363' } as const) : key;
    return verify(hash, Buffer.from(token.signed), how, token.signature);
  });
}

function publicKeyOf(jwk: Jwk): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength;
    return bits !== undefined && bits < RSA_BITS ? undefined : key;
  } catch {
    return undefined;
  }
}
