/**
 * What of a token's claims counts, and which context keys come of it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
import { z } from 'zod';
import type { Asserted } from '../../../../../operation.ts';
import type { ContextValue } from '../../../../../policy/model.ts';
import { awsFault } from '../../../../../wire/aws/fault.ts';

const TAGS = 'https://aws.amazon.com/tags';
const SOURCE_IDENTITY = 'https://aws.amazon.com/source_identity';

/** Clocks of providers may be a little ahead of ours. */
const LEEWAY_SECONDS = 60;

/** Further claims that policies may test of the providers that have them. */
const OWN_CLAIMS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'token.actions.githubusercontent.com',
    [
      ...['actor', 'actor_id', 'enterprise_id', 'environment', 'job_workflow_ref'],
      ...['ref', 'repository', 'repository_id', 'repository_owner_id', 'workflow'],
    ],
  ],
  ['accounts.google.com', ['google/organization_number']],
]);

const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  azp: z.string().optional(),
  client_id: z.string().optional(),
  exp: z.number(),
  iat: z.number(),
  nbf: z.number().optional(),
});

export type Claims = z.infer<typeof claimsSchema>;

/** The claims that every token needs. Throws `InvalidIdentityToken` naming the first that is missing. */
export function readTokenClaims(claims: Readonly<Record<string, unknown>>): Claims {
  const read = claimsSchema.safeParse(claims);
  if (read.success) return read.data;
  throw invalidToken(`Missing a required claim: ${String(read.error.issues[0]?.path[0] ?? 'iss')}`);
}

/**
 * The client for which the token was made. Tokens of OAuth that name no audience are for the client that they name.
 */
export function audienceOf({ azp, aud, client_id }: Claims): readonly string[] {
  const audience = azp ?? aud ?? client_id ?? [];
  return typeof audience === 'string' ? [audience] : audience;
}

/** Throws `ExpiredTokenException`, or `InvalidIdentityToken` for a token of the future. `now`: seconds since 1970. */
export function checkTimes({ exp, iat, nbf = iat }: Claims, now: number): void {
  if (now >= exp) {
    // The vendor's words, a missing blank included.
    throw awsFault(
      'ExpiredTokenException',
      `Token expired: current date/time ${now} must be before the expiration date/time${exp}`,
    );
  }
  if (Math.max(iat, nbf) > now + LEEWAY_SECONDS) throw invalidToken('The token is not valid yet');
}

/** Context keys of the questions: `{issuer without scheme}:sub` and the like, in lower case. */
export function webContext(
  provider: string,
  claims: Claims,
  all: Readonly<Record<string, unknown>>,
): Readonly<Record<string, ContextValue>> {
  const audience = audienceOf(claims);
  const found: Record<string, unknown> = {
    aud: audience.length === 1 ? audience[0] : audience,
    sub: claims.sub,
    ...(claims.azp === undefined ? {} : { oaud: claims.aud }),
    amr: all['amr'],
    email: all['email'],
  };
  for (const name of OWN_CLAIMS.get(provider.toLowerCase()) ?? []) found[name] = all[name];
  const context: Record<string, ContextValue> = {};
  for (const [name, value] of Object.entries(found)) {
    const read = contextValue(value);
    if (read !== undefined) context[`${provider}:${name}`.toLowerCase()] = read;
  }
  return context;
}

function contextValue(value: unknown): ContextValue | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
}

const tagsSchema = z.object({
  principal_tags: z.record(z.string(), z.array(z.string()).length(1)).default({}),
  transitive_tag_keys: z.array(z.string()).default([]),
});

/** Session tags and source identity that a token carries. Throws `InvalidIdentityToken` when they cannot be read. */
export function carried(
  claims: Readonly<Record<string, unknown>>,
): Pick<Asserted, 'tags' | 'transitiveTagKeys' | 'sourceIdentity'> {
  const tags = tagsSchema.safeParse(claims[TAGS] ?? {});
  if (!tags.success) throw invalidToken(`The claim ${TAGS} cannot be read`);
  const sourceIdentity = claims[SOURCE_IDENTITY];
  if (sourceIdentity !== undefined && !isSourceIdentity(sourceIdentity)) throw invalidToken(BAD_SOURCE_IDENTITY);
  return {
    tags: Object.fromEntries(Object.entries(tags.data.principal_tags).map(([key, [value]]) => [key, value ?? ''])),
    transitiveTagKeys: tags.data.transitive_tag_keys,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  };
}

export const BAD_SOURCE_IDENTITY = 'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"';

export function isSourceIdentity(value: unknown): value is string {
  return typeof value === 'string' && /^[\w+=,.@-]{2,64}$/.test(value);
}

export function invalidToken(message: string): Error {
  return awsFault('InvalidIdentityToken', message);
}
