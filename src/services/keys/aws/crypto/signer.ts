/** A way to sign, for one signing algorithm and one type of message. */
import type { KeyObject } from 'node:crypto';

export interface Signer {
  /** How long messages are, where they have one length. */
  readonly messageBytes?: number;
  sign(key: KeyObject, message: Buffer): Buffer;
  /** `key`: the private key, which a KMS key always has; the ways to verify need no more than it. */
  verify(key: KeyObject, message: Buffer, signature: Buffer): boolean;
}

export type Hash = 'sha256' | 'sha384' | 'sha512';

export const HASH_BYTES: Readonly<Record<Hash, number>> = { sha256: 32, sha384: 48, sha512: 64 };
