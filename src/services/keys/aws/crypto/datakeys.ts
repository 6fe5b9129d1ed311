/** Keys and random bytes that leave: data keys, data key pairs, GenerateRandom. */

import { createPrivateKey, randomBytes } from 'node:crypto';
import type { DataKeyPairSpec, DataKeySpec } from '@aws-sdk/client-kms';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { RANDOM_BYTES, requireCount, requireOneOf } from './constraints.ts';
import { generateMaterial, publicKeyOf } from './material.ts';
import { requireOffered } from './specs.ts';

const BYTES: Readonly<Record<DataKeySpec, number>> = { AES_128: 16, AES_256: 32 };
const SIZES: readonly DataKeySpec[] = ['AES_256', 'AES_128'];

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
  return spec === undefined ? generateRandom(count) : randomBytes(BYTES[requireOneOf('keySpec', spec, SIZES)]);
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

const PAIRS = [
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'ECC_NIST_EDWARDS25519',
] as const;

/**
 * A pair, made off the main thread. Throws `UnsupportedOperationException` for SM2 and ML-KEM, `ValidationException`
 * for a spec that there are no data key pairs of.
 */
export async function generateDataKeyPair(spec: DataKeyPairSpec): Promise<DataKeyPair> {
  requireOffered('KeyPairSpec', spec);
  const privateKey = await generateMaterial(requireOneOf('keyPairSpec', spec, PAIRS));
  return { privateKey, publicKey: publicKeyOf(createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' })) };
}
