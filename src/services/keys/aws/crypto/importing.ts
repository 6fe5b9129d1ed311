/**
 * Bringing key material: GetParametersForImport gives an RSA public key, the material comes back wrapped under it.
 * https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-get-public-key-and-token.html
 */

import { createDecipheriv, type KeyObject } from 'node:crypto';
import type { AlgorithmSpec, WrappingKeySpec } from '@aws-sdk/client-kms';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { CIPHERTEXT_BYTES, requireLength, requireOneOf } from './constraints.ts';
import { rsaDecrypt } from './rsa.ts';
import { type KeySpec, type RsaEncryption, SPECS } from './specs.ts';

/** Directly under RSA, or under an AES key that is under RSA. */
const WRAPPINGS: Readonly<Record<WrappingAlgorithm, { readonly oaep: RsaEncryption; readonly aes: boolean }>> = {
  RSAES_OAEP_SHA_1: { oaep: 'RSAES_OAEP_SHA_1', aes: false },
  RSAES_OAEP_SHA_256: { oaep: 'RSAES_OAEP_SHA_256', aes: false },
  RSA_AES_KEY_WRAP_SHA_1: { oaep: 'RSAES_OAEP_SHA_1', aes: true },
  RSA_AES_KEY_WRAP_SHA_256: { oaep: 'RSAES_OAEP_SHA_256', aes: true },
};

export type WrappingAlgorithm = Exclude<AlgorithmSpec, 'RSAES_PKCS1_V1_5' | 'SM2PKE'>;
export type WrappingSpec = Exclude<WrappingKeySpec, 'SM2'>;

/** What was asked for, when material of a key of `spec` can come that way. */
export interface Wrapping {
  readonly algorithm: WrappingAlgorithm;
  /** The spec of the wrapping key: `generateMaterial` makes one. */
  readonly keySpec: WrappingSpec;
}

const WRAPPING_SPECS: readonly WrappingSpec[] = ['RSA_2048', 'RSA_3072', 'RSA_4096'];

/**
 * Throws `UnsupportedOperationException` for an algorithm that is not (or no longer) offered, or not for such material,
 * `ValidationException` for what is no algorithm and no spec.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html
 */
export function readWrapping(spec: KeySpec, algorithm: AlgorithmSpec, keySpec: WrappingKeySpec): Wrapping {
  if (keySpec === 'SM2' || algorithm === 'SM2PKE' || algorithm === 'RSAES_PKCS1_V1_5') {
    throw unsupported(`Wrapping algorithm ${algorithm} with wrapping key spec ${keySpec} is not supported.`);
  }
  const wrapping = {
    algorithm: requireOneOf('wrappingAlgorithm', algorithm, Object.keys(WRAPPINGS) as WrappingAlgorithm[]),
    keySpec: requireOneOf('wrappingKeySpec', keySpec, WRAPPING_SPECS),
  };
  const { type } = SPECS[spec].material;
  const tooLong = type === 'rsa' || (spec === 'ECC_NIST_P521' && keySpec === 'RSA_2048');
  const raw = type === 'aes' || type === 'hmac';
  if (WRAPPINGS[algorithm].aes ? raw : tooLong) {
    throw unsupported(`Wrapping algorithm ${algorithm} with ${keySpec} cannot be used for key spec ${spec}.`);
  }
  return wrapping;
}

/**
 * The material that was wrapped. Throws `InvalidCiphertextException` (without a message, as the vendor's) when it was not,
 * or not under this key.
 */
export function unwrapMaterial(wrappingKey: KeyObject, algorithm: WrappingAlgorithm, wrapped: Buffer): Buffer {
  requireLength('encryptedKeyMaterial', wrapped, CIPHERTEXT_BYTES);
  const { oaep, aes } = WRAPPINGS[algorithm];
  const material = aes ? unwrapTwice(wrappingKey, oaep, wrapped) : rsaDecrypt(wrappingKey, oaep, wrapped);
  if (material === undefined || material.length === 0) {
    throw awsFault('InvalidCiphertextException', '');
  }
  return material;
}

/** An AES key under RSA, then the material under that AES key by RFC 5649: as PKCS #11 does (CKM_RSA_AES_KEY_WRAP). */
function unwrapTwice(wrappingKey: KeyObject, oaep: RsaEncryption, wrapped: Buffer): Buffer | undefined {
  const keyBytes = (wrappingKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const aesKey = rsaDecrypt(wrappingKey, oaep, wrapped.subarray(0, keyBytes));
  return aesKey && unwrapPadded(aesKey, wrapped.subarray(keyBytes));
}

/** https://www.rfc-editor.org/rfc/rfc5649#section-3 */
const PADDED_WRAP_IV = Buffer.from('a65959a6', 'hex');

function unwrapPadded(key: Buffer, wrapped: Buffer): Buffer | undefined {
  if (![16, 24, 32].includes(key.length)) return undefined;
  try {
    const decipher = createDecipheriv(`id-aes${key.length * 8}-wrap-pad`, key, PADDED_WRAP_IV);
    const material = decipher.update(wrapped);
    decipher.final();
    return material;
  } catch {
    return undefined;
  }
}

function unsupported(message: string): Error {
  return awsFault('UnsupportedOperationException', message);
}
