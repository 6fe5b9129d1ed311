/**
 * What each kind of KMS key is made of and can be used for. Keys of every spec may be imported and may be multi-Region.
 * https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 *
 * Left out: SM2 (China Regions only) and ML-KEM.
 */
import type {
  KeySpec as AnyKeySpec,
  EncryptionAlgorithmSpec,
  KeyAgreementAlgorithmSpec,
  KeyUsageType,
  MacAlgorithmSpec,
  SigningAlgorithmSpec,
} from '@aws-sdk/client-kms';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { requireOneOf } from './constraints.ts';

export type KeySpec = Exclude<AnyKeySpec, 'SM2' | `ML_KEM_${string}`>;
export type KeyUsage = Exclude<KeyUsageType, 'ENCAPSULATE_DECAPSULATE'>;
export type RsaEncryption = Extract<EncryptionAlgorithmSpec, `RSAES_OAEP_${string}`>;
export type SigningAlgorithm = Exclude<SigningAlgorithmSpec, 'SM2DSA'>;
export type Curve = 'prime256v1' | 'secp384r1' | 'secp521r1' | 'secp256k1';

/** What a key is, in the words of node:crypto. */
export type MaterialKind =
  | { readonly type: 'aes' | 'hmac'; readonly bytes: number }
  | { readonly type: 'rsa'; readonly bits: number }
  | { readonly type: 'ec'; readonly curve: Curve }
  | { readonly type: 'ed25519' | 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87' };

/** The algorithms of each use that a key of the spec can be made for: a key has one use for life. */
export interface Uses {
  readonly ENCRYPT_DECRYPT?: readonly ('SYMMETRIC_DEFAULT' | RsaEncryption)[];
  readonly SIGN_VERIFY?: readonly SigningAlgorithm[];
  readonly GENERATE_VERIFY_MAC?: readonly MacAlgorithmSpec[];
  readonly KEY_AGREEMENT?: readonly KeyAgreementAlgorithmSpec[];
}

export type AlgorithmOf<U extends KeyUsage> = NonNullable<Uses[U]>[number];

export interface SpecFacts {
  readonly material: MaterialKind;
  readonly uses: Uses;
}

const RSA_USES: Uses = {
  ENCRYPT_DECRYPT: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
  SIGN_VERIFY: [
    'RSASSA_PKCS1_V1_5_SHA_256',
    'RSASSA_PKCS1_V1_5_SHA_384',
    'RSASSA_PKCS1_V1_5_SHA_512',
    'RSASSA_PSS_SHA_256',
    'RSASSA_PSS_SHA_384',
    'RSASSA_PSS_SHA_512',
  ],
};
const ML_DSA_USES: Uses = { SIGN_VERIFY: ['ML_DSA_SHAKE_256'] };

export const SPECS: Readonly<Record<KeySpec, SpecFacts>> = {
  SYMMETRIC_DEFAULT: { material: { type: 'aes', bytes: 32 }, uses: { ENCRYPT_DECRYPT: ['SYMMETRIC_DEFAULT'] } },
  HMAC_224: { material: { type: 'hmac', bytes: 28 }, uses: { GENERATE_VERIFY_MAC: ['HMAC_SHA_224'] } },
  HMAC_256: { material: { type: 'hmac', bytes: 32 }, uses: { GENERATE_VERIFY_MAC: ['HMAC_SHA_256'] } },
  HMAC_384: { material: { type: 'hmac', bytes: 48 }, uses: { GENERATE_VERIFY_MAC: ['HMAC_SHA_384'] } },
  HMAC_512: { material: { type: 'hmac', bytes: 64 }, uses: { GENERATE_VERIFY_MAC: ['HMAC_SHA_512'] } },
  RSA_2048: { material: { type: 'rsa', bits: 2048 }, uses: RSA_USES },
  RSA_3072: { material: { type: 'rsa', bits: 3072 }, uses: RSA_USES },
  RSA_4096: { material: { type: 'rsa', bits: 4096 }, uses: RSA_USES },
  ECC_NIST_P256: {
    material: { type: 'ec', curve: 'prime256v1' },
    uses: { SIGN_VERIFY: ['ECDSA_SHA_256'], KEY_AGREEMENT: ['ECDH'] },
  },
  ECC_NIST_P384: {
    material: { type: 'ec', curve: 'secp384r1' },
    uses: { SIGN_VERIFY: ['ECDSA_SHA_384'], KEY_AGREEMENT: ['ECDH'] },
  },
  ECC_NIST_P521: {
    material: { type: 'ec', curve: 'secp521r1' },
    uses: { SIGN_VERIFY: ['ECDSA_SHA_512'], KEY_AGREEMENT: ['ECDH'] },
  },
  ECC_SECG_P256K1: { material: { type: 'ec', curve: 'secp256k1' }, uses: { SIGN_VERIFY: ['ECDSA_SHA_256'] } },
  ECC_NIST_EDWARDS25519: {
    material: { type: 'ed25519' },
    uses: { SIGN_VERIFY: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'] },
  },
  ML_DSA_44: { material: { type: 'ml-dsa-44' }, uses: ML_DSA_USES },
  ML_DSA_65: { material: { type: 'ml-dsa-65' }, uses: ML_DSA_USES },
  ML_DSA_87: { material: { type: 'ml-dsa-87' }, uses: ML_DSA_USES },
};

/** Rotation, automatic and on demand, is for symmetric encryption keys. */
export function canRotate(spec: KeySpec): boolean {
  return spec === 'SYMMETRIC_DEFAULT';
}

/**
 * A spec as the caller wrote it. Throws `UnsupportedOperationException` for SM2 and ML-KEM, `ValidationException` for
 * what is no spec.
 */
export function readSpec(spec: AnyKeySpec): KeySpec {
  requireOffered('KeySpec', spec);
  return requireOneOf('keySpec', spec, Object.keys(SPECS) as KeySpec[]);
}

/** Throws `UnsupportedOperationException` for the specs that the vendor has and this Region does not. */
export function requireOffered(member: string, spec: string): void {
  if (/^(SM2|ML_KEM_\d+)$/.test(spec)) {
    throw awsFault('UnsupportedOperationException', `${member} ${spec} is not supported in this Region.`);
  }
}

/** The use that a new key gets. Throws `ValidationException` when a use must be named, or is not one of the spec's. */
export function usageFor(spec: KeySpec, asked: KeyUsageType | undefined): KeyUsage {
  if (asked === undefined) {
    if (spec === 'SYMMETRIC_DEFAULT') return 'ENCRYPT_DECRYPT';
    throw awsFault(
      'ValidationException',
      'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    );
  }
  if (!Object.hasOwn(SPECS[spec].uses, asked)) {
    throw awsFault('ValidationException', `KeyUsage ${asked} is not compatible with KeySpec ${spec}`);
  }
  return asked as KeyUsage;
}

/** The algorithms that a key may be used with, as DescribeKey lists them. */
export function algorithmsOf<U extends KeyUsage>(spec: KeySpec, usage: U): readonly AlgorithmOf<U>[] {
  const uses: { readonly [one in KeyUsage]?: readonly AlgorithmOf<one>[] } = SPECS[spec].uses;
  return uses[usage] ?? [];
}

/** Throws `InvalidKeyUsageException` when the key is made for another use than the operation's. */
export function requireUsage(keyArn: string, usage: KeyUsage, wanted: KeyUsage, operation: string): void {
  if (usage !== wanted) {
    throw awsFault('InvalidKeyUsageException', `${keyArn} key usage is ${usage} which is not valid for ${operation}.`);
  }
}

/**
 * The algorithm, known to be one that keys of the spec made for the use know.
 * Throws `InvalidKeyUsageException` when it is not.
 */
export function requireAlgorithm<U extends KeyUsage>(spec: KeySpec, usage: U, algorithm: string): AlgorithmOf<U> {
  const known = algorithmsOf(spec, usage).find((one) => one === algorithm);
  if (known !== undefined) return known;
  throw awsFault('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${spec}.`);
}
