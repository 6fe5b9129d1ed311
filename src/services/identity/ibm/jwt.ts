/** RS256 tokens (RFC 7515, 7519): nothing else is signed, nothing else is accepted. */
import { type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';

const signAsync = promisify(sign) as (algorithm: string, data: Buffer, key: KeyObject) => Promise<Buffer>;

const headerSchema = z.object({ alg: z.literal('RS256'), kid: z.string(), crit: z.never().optional() });

export interface UnverifiedToken {
  readonly kid: string;
  readonly payload: string;
  readonly signed: string;
  readonly signature: Buffer;
}

/** Signs claims. The header names the key. */
export async function signToken(claims: object, kid: string, key: KeyObject): Promise<string> {
  const signed = `${encode({ kid, alg: 'RS256' })}.${encode(claims)}`;
  const signature = await signAsync('RSA-SHA256', Buffer.from(signed), key);
  return `${signed}.${signature.toString('base64url')}`;
}

/** Takes a token apart; undefined when it is none, or not an RS256 one: `alg` is never the token's to choose. */
export function splitToken(token: string): UnverifiedToken | undefined {
  const match = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token);
  if (!match) return undefined;
  const header = headerSchema.safeParse(decode(match[1]!));
  if (!header.success) return undefined;
  return {
    kid: header.data.kid,
    payload: match[2]!,
    signed: `${match[1]}.${match[2]}`,
    signature: Buffer.from(match[3]!, 'base64url'),
  };
}

/** The claims, when the signature is that of the key. */
export function verifiedClaims(token: UnverifiedToken, key: KeyObject): unknown {
  if (!verify('RSA-SHA256', Buffer.from(token.signed), key, token.signature)) return undefined;
  return decode(token.payload);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
