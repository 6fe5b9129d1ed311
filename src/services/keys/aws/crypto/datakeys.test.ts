import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import type { DataKeyPairSpec, DataKeySpec } from '@aws-sdk/client-kms';
import { generateDataKey, generateDataKeyPair, generateRandom } from './datakeys.ts';
import { readMaterial } from './material.ts';

const INVALID = { reason: 'ValidationException' };

test('a data key has the length that was said, by spec or by number', () => {
  assert.equal(generateDataKey({ KeySpec: 'AES_128' }).length, 16);
  assert.equal(generateDataKey({ KeySpec: 'AES_256' }).length, 32);
  for (const length of [1, 64, 1024]) assert.equal(generateDataKey({ NumberOfBytes: length }).length, length);
  assert.notDeepEqual(generateDataKey({ KeySpec: 'AES_256' }), generateDataKey({ KeySpec: 'AES_256' }));
});

test('the length must be said once, and be 1 to 1024 bytes', () => {
  const unclear = { ...INVALID, message: 'Please specify either number of bytes or key spec.' };
  assert.throws(() => generateDataKey({}), unclear);
  assert.throws(() => generateDataKey({ KeySpec: 'AES_256', NumberOfBytes: 32 }), unclear);
  assert.throws(() => generateDataKey({ KeySpec: 'AES_257' as DataKeySpec }), {
    ...INVALID,
    message:
      "1 validation error detected: Value 'AES_257' at 'keySpec' failed to satisfy constraint: " +
      'Member must satisfy enum value set: [AES_256, AES_128]',
  });
  assert.throws(() => generateRandom(undefined), INVALID);
  for (const length of [0, -1, 1025]) {
    const outside = { ...INVALID, message: new RegExp(`Value '${length}' at 'numberOfBytes'`) };
    assert.throws(() => generateDataKey({ NumberOfBytes: length }), outside);
    assert.throws(() => generateRandom(length), outside);
  }
  assert.equal(generateRandom(1024).length, 1024);
});

test('a data key pair is of its spec, and its halves belong together', async () => {
  for (const spec of ['RSA_2048', 'ECC_NIST_P256', 'ECC_SECG_P256K1', 'ECC_NIST_EDWARDS25519'] as const) {
    const { privateKey, publicKey } = await generateDataKeyPair(spec);
    assert.deepEqual(readMaterial(spec, privateKey), privateKey, spec);
    const half = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
    assert.ok(half.equals(createPublicKey(createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' }))), spec);
  }
  for (const spec of ['SM2', 'ML_KEM_512'] as const) {
    await assert.rejects(generateDataKeyPair(spec), { reason: 'UnsupportedOperationException' }, spec);
  }
  for (const spec of ['ML_DSA_44', 'SYMMETRIC_DEFAULT', 'toString']) {
    await assert.rejects(generateDataKeyPair(spec as DataKeyPairSpec), INVALID, spec);
  }
});
