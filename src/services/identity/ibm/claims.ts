/**
 * What an IBM Cloud access token says (facts: ibm-cloud.md 2.1). Terraform reads `id`, `account.bss`, `iss` and `email`
 * without verifying, the SDKs read `iat` and `exp`.
 */
import { z } from 'zod';

export const ISSUER = 'https://iam.cloud.ibm.com/identity';

/** Whom a token is for, as far as tokens tell. */
export type TokenSubject =
  | { readonly kind: 'user'; readonly iamId: string; readonly email: string; readonly name: string }
  | {
      readonly kind: 'service-id';
      readonly iamId: string;
      readonly name: string;
      readonly uniqueInstanceCrns: readonly string[];
    };

export interface TokenFacts {
  readonly subject: TokenSubject;
  readonly account: string;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  /** Seconds. */
  readonly lifetime: number;
  readonly id: string;
  readonly grantType: string;
  readonly clientId: string;
}

export function tokenClaims(facts: TokenFacts): Record<string, unknown> {
  return {
    ...identityClaims(facts.subject, facts.id),
    account: { boundary: 'global', valid: true, bss: facts.account },
    iat: facts.issuedAt,
    exp: facts.issuedAt + facts.lifetime,
    iss: ISSUER,
    grant_type: facts.grantType,
    scope: 'ibm openid',
    client_id: facts.clientId,
    acr: 1,
    amr: ['pwd'],
  };
}

function identityClaims(subject: TokenSubject, jti: string): Record<string, unknown> {
  const { iamId, name } = subject;
  if (subject.kind === 'service-id') {
    const identifier = iamId.replace(/^iam-/, '');
    return {
      iam_id: iamId,
      id: iamId,
      realmid: 'iam',
      jti,
      identifier,
      name,
      sub: identifier,
      sub_type: 'ServiceId',
      unique_instance_crns: subject.uniqueInstanceCrns,
      authn: { sub: identifier, iam_id: iamId, sub_type: 'ServiceId', name },
    };
  }
  const { email } = subject;
  const [given, ...family] = name.split(' ');
  const names = { name, given_name: given!, family_name: family.join(' '), email };
  return {
    iam_id: iamId,
    id: iamId,
    realmid: 'IBMid',
    jti,
    identifier: iamId.replace(/^IBMid-/, ''),
    ...names,
    sub: email,
    authn: { sub: email, iam_id: iamId, ...names },
  };
}

/** What of a token's claims decides anything here. */
const readSchema = z.object({
  iss: z.literal(ISSUER),
  iam_id: z.string(),
  sub_type: z.literal('ServiceId').optional(),
  name: z.string(),
  email: z.string().optional(),
  jti: z.string(),
  iat: z.number(),
  nbf: z.number().optional(),
  exp: z.number(),
  account: z.object({ bss: z.string() }),
});

export interface VerifiedToken {
  readonly kind: 'user' | 'service-id';
  readonly iamId: string;
  /** E-mail address, or the service ID's name. */
  readonly name: string;
  readonly account: string;
  readonly id: string;
  /** Milliseconds since 1970: from when and until when it holds. */
  readonly from: number;
  readonly until: number;
}

/** Reads the claims of a token whose signature is good. Undefined when it is not one of ours. */
export function readClaims(claims: unknown): VerifiedToken | undefined {
  const read = readSchema.safeParse(claims);
  if (!read.success) return undefined;
  const { iam_id, sub_type, name, email, jti, iat, nbf, exp, account } = read.data;
  return {
    kind: sub_type === 'ServiceId' ? 'service-id' : 'user',
    iamId: iam_id,
    name: email ?? name,
    account: account.bss,
    id: jti,
    from: Math.max(iat, nbf ?? 0) * 1000,
    until: exp * 1000,
  };
}
