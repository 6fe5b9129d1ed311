/**
 * Import tokens. The private key that opens what is wrapped under a public key travels in the token, sealed: nothing is
 * kept for imports that never come.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
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

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** At most 6144 bytes, with a wrapping key of any length. */
export function writeImportToken(cx: Context, token: ImportToken): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, sealingKey(cx), nonce);
  const text = cipher.update(JSON.stringify(token));
  cipher.final();
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** Undefined when the token was not made here. */
export function readImportToken(cx: Context, bytes: Buffer): ImportToken | undefined {
  const text = bytes.subarray(NONCE_BYTES + TAG_BYTES);
  if (text.length === 0) return undefined;
  const decipher = createDecipheriv(CIPHER, sealingKey(cx), bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const token = decipher.update(text).toString();
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return JSON.parse(token) as ImportToken;
}

function sealingKey(cx: Context): Buffer {
  return cx.mac('kms import token', 'sealing key');
}
