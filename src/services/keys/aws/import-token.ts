/**
 * Import tokens. The private key that opens what is wrapped under a public key travels in the token, sealed: nothing is
 * kept for imports that never come.
 */
import type { Context } from '../../../context.ts';
import type { WrappingAlgorithm } from './crypto/importing.ts';

export interface ImportToken {
  /** ARN of the key that the material is for. */
  readonly key: string;
  readonly algorithm: WrappingAlgorithm;
  /** Milliseconds since 1970. */
  readonly validTo: number;
  /** PKCS#8 (DER) in base64. */
  readonly wrappingKey: string;
}

const PURPOSE = 'kms import token';

/** At most 6144 bytes, with a wrapping key of any length. */
export function writeImportToken(cx: Context, token: ImportToken): Buffer {
  return Buffer.from(cx.seals.seal(PURPOSE, JSON.stringify(token)), 'base64');
}

/** Undefined when the token was not made here. */
export function readImportToken(cx: Context, bytes: Buffer): ImportToken | undefined {
  const text = cx.seals.unseal(PURPOSE, bytes.toString('base64'));
  return text === undefined ? undefined : (JSON.parse(text) as ImportToken);
}
