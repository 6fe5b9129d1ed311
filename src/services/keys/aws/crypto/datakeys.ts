/** Keys and random bytes that leave: data keys, data key pairs, GenerateRandom. */

import { createPrivateKey, randomBytes } from 'node:crypto';
import type { DataKeyPairSpec, DataKeySpec } from '@aws-sdk/client-kms';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { RANDOM_BYTES, requireCount } from './limits.ts';
import { generateMaterial, publicKeyOf } from './material.ts';
import { type KeySpec, SPECS } from './specs.ts';

const BYTES: Readonly<Record<DataKeySpec, number>> = { AES_128: 16, AES_256: 32 };

/** How GenerateDataKey is told the length: one of the two, never both. */
export interface DataKeySize {
  readonly KeySpec?: DataKeySpec | undefined;
  readonly NumberOfBytes?: number | undefined;
}

/** Throws `ValidationException` when the size is not said once, or is not 1 to 1024 bytes. */
export function generateDataKey({ KeySpec: spec, NumberOfBytes: count }: DataKeySize): Buffer {
  if ((spec === undefined) === (count === undefined)) {
    throw awsFault('ValidationException', 'Please specify either number of bytes or key spec.');
  }
  return spec === undefined ? generateRandom(count) : randomBytes(BYTES[spec]);
}

/** Throws `ValidationException` unless 1 to 1024 bytes are asked for. */
export function generateRandom(count: number | undefined): Buffer {
  if (count === undefined) {
    throw awsFault('ValidationException', 'Please specify either number of bytes or key spec.');
  }
  requireCount('numberOfBytes', count, RANDOM_BYTES);
  return randomBytes(count);
}

export interface DataKeyPair {
  /** DER of PKCS#8. */
  readonly privateKey: Buffer;
  /** DER of a SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
}

/** A pair, made off the main thread. Throws `UnsupportedOperationException` for a spec that no data key pair has here. */
export async function generateDataKeyPair(spec: DataKeyPairSpec): Promise<DataKeyPair> {
  if (!isPairSpec(spec)) {
    throw awsFault('UnsupportedOperationException', `KeyPairSpec ${spec} is not supported in this Region.`);
  }
  const privateKey = await generateMaterial(spec);
  return { privateKey, publicKey: publicKeyOf(createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' })) };
}

/** The vendor makes RSA and elliptic curve pairs, no ML-DSA ones. */
function isPairSpec(spec: string): spec is KeySpec & DataKeyPairSpec {
  return Object.hasOwn(SPECS, spec) && /^(RSA|ECC)_/.test(spec);
}
