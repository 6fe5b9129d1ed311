/** What is expected here is the vendor's reference: developerguide/symm-asymm-choose-key-spec.html, API_CreateKey. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  algorithmsOf,
  canRotate,
  type KeySpec,
  type KeyUsage,
  readSpec,
  requireAlgorithm,
  requireUsage,
  SPECS,
  usageFor,
} from './specs.ts';

const USES: Readonly<Record<string, readonly KeyUsage[]>> = {
  SYMMETRIC_DEFAULT: ['ENCRYPT_DECRYPT'],
  HMAC: ['GENERATE_VERIFY_MAC'],
  RSA: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  ECC_NIST_P: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  ECC_SECG: ['SIGN_VERIFY'],
  ECC_NIST_ED: ['SIGN_VERIFY'],
  ML_DSA: ['SIGN_VERIFY'],
};
const EVERY_USE: readonly KeyUsage[] = ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT'];

test('a key of each spec gets the uses of its spec, and no other', () => {
  for (const spec of Object.keys(SPECS) as KeySpec[]) {
    const [, uses] = Object.entries(USES).find(([prefix]) => spec.startsWith(prefix))!;
    for (const use of EVERY_USE) {
      if (uses.includes(use)) assert.equal(usageFor(spec, use), use);
      else {
        assert.throws(() => usageFor(spec, use), {
          reason: 'ValidationException',
          message: `KeyUsage ${use} is not compatible with KeySpec ${spec}`,
        });
        assert.deepEqual(algorithmsOf(spec, use), []);
      }
    }
  }
});

test('only a symmetric encryption key may leave its use out, and only such a key rotates', () => {
  for (const spec of Object.keys(SPECS) as KeySpec[]) {
    assert.equal(canRotate(spec), spec === 'SYMMETRIC_DEFAULT', spec);
    if (spec === 'SYMMETRIC_DEFAULT') assert.equal(usageFor(spec, undefined), 'ENCRYPT_DECRYPT');
    else assert.throws(() => usageFor(spec, undefined), { reason: 'ValidationException' }, spec);
  }
});

test('an algorithm is allowed with the specs and the use that know it', () => {
  const allowed: readonly [KeySpec, KeyUsage, string][] = [
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'SYMMETRIC_DEFAULT'],
    ['RSA_3072', 'ENCRYPT_DECRYPT', 'RSAES_OAEP_SHA_1'],
    ['RSA_4096', 'SIGN_VERIFY', 'RSASSA_PSS_SHA_512'],
    ['ECC_NIST_P384', 'SIGN_VERIFY', 'ECDSA_SHA_384'],
    ['ECC_NIST_P521', 'SIGN_VERIFY', 'ECDSA_SHA_512'],
    ['ECC_SECG_P256K1', 'SIGN_VERIFY', 'ECDSA_SHA_256'],
    ['ECC_NIST_P256', 'KEY_AGREEMENT', 'ECDH'],
    ['HMAC_224', 'GENERATE_VERIFY_MAC', 'HMAC_SHA_224'],
  ];
  for (const [spec, use, algorithm] of allowed) assert.equal(requireAlgorithm(spec, use, algorithm), algorithm);
  const refused: readonly [KeySpec, KeyUsage, string][] = [
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'RSAES_OAEP_SHA_1'],
    ['RSA_4096', 'ENCRYPT_DECRYPT', 'RSASSA_PSS_SHA_512'],
    ['ECC_NIST_P384', 'SIGN_VERIFY', 'ECDSA_SHA_256'],
    ['ECC_SECG_P256K1', 'KEY_AGREEMENT', 'ECDH'],
    ['HMAC_256', 'GENERATE_VERIFY_MAC', 'HMAC_SHA_224'],
  ];
  for (const [spec, use, algorithm] of refused) {
    assert.throws(() => requireAlgorithm(spec, use, algorithm), {
      reason: 'InvalidKeyUsageException',
      message: `Algorithm ${algorithm} is incompatible with key spec ${spec}.`,
    });
  }
});

test('a key is used for what it was made for', () => {
  requireUsage('arn:k', 'SIGN_VERIFY', 'SIGN_VERIFY', 'Sign');
  assert.throws(() => requireUsage('arn:k', 'SIGN_VERIFY', 'ENCRYPT_DECRYPT', 'Encrypt'), {
    reason: 'InvalidKeyUsageException',
    message: 'arn:k key usage is SIGN_VERIFY which is not valid for Encrypt.',
  });
});

test('specs that are not offered here are refused', () => {
  assert.equal(readSpec('ML_DSA_44'), 'ML_DSA_44');
  for (const spec of ['SM2', 'ML_KEM_768'] as const) {
    assert.throws(() => readSpec(spec), { reason: 'UnsupportedOperationException' });
  }
  const unknown = { reason: 'ValidationException', message: /'toString' at 'keySpec' .* enum value set: \[.*RSA_2048/ };
  assert.throws(() => readSpec('toString' as KeySpec), unknown);
});
