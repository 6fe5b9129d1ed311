import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { test } from 'node:test';
import { rsaDecrypt, rsaEncrypt, rsaPlaintextBytes } from './rsa.ts';
import type { RsaEncryption } from './specs.ts';

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const longer = generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey;

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
const LONGEST = [
  [key, 'RSA_2048', 'RSAES_OAEP_SHA_1', 214],
  [key, 'RSA_2048', 'RSAES_OAEP_SHA_256', 190],
  [longer, 'RSA_3072', 'RSAES_OAEP_SHA_1', 342],
  [longer, 'RSA_3072', 'RSAES_OAEP_SHA_256', 318],
] as const;

test('plaintexts up to the vendor’s limits round trip, longer and empty ones are refused', () => {
  for (const [withKey, spec, algorithm, longest] of LONGEST) {
    assert.equal(rsaPlaintextBytes(withKey, algorithm), longest);
    for (const length of [1, longest]) {
      const plaintext = Buffer.alloc(length, 7);
      const ciphertext = rsaEncrypt(withKey, algorithm, plaintext);
      assert.equal(ciphertext.length, Number(spec.slice(4)) / 8);
      assert.deepEqual(rsaDecrypt(withKey, algorithm, ciphertext), plaintext);
    }
    assert.throws(() => rsaEncrypt(withKey, algorithm, Buffer.alloc(longest + 1)), {
      reason: 'ValidationException',
      message: `Algorithm ${algorithm} and key spec ${spec} cannot encrypt data larger than ${longest} bytes.`,
    });
    assert.throws(() => rsaEncrypt(withKey, algorithm, Buffer.alloc(0)), { reason: 'ValidationException' });
  }
});

test('what was encrypted outside with the public key decrypts', () => {
  const hashes: readonly [RsaEncryption, string][] = [
    ['RSAES_OAEP_SHA_1', 'sha1'],
    ['RSAES_OAEP_SHA_256', 'sha256'],
  ];
  for (const [algorithm, oaepHash] of hashes) {
    const ciphertext = publicEncrypt({ key: createPublicKey(key), oaepHash }, Buffer.from('outside'));
    assert.equal(rsaDecrypt(key, algorithm, ciphertext)?.toString(), 'outside');
  }
});

test('another key or algorithm, and a changed or cut ciphertext, do not decrypt', () => {
  const ciphertext = rsaEncrypt(key, 'RSAES_OAEP_SHA_256', Buffer.from('x'));
  assert.equal(rsaDecrypt(key, 'RSAES_OAEP_SHA_256', ciphertext)?.toString(), 'x');
  assert.equal(rsaDecrypt(other, 'RSAES_OAEP_SHA_256', ciphertext), undefined);
  assert.equal(rsaDecrypt(longer, 'RSAES_OAEP_SHA_256', ciphertext), undefined);
  assert.equal(rsaDecrypt(key, 'RSAES_OAEP_SHA_1', ciphertext), undefined);
  assert.equal(rsaDecrypt(key, 'RSAES_OAEP_SHA_256', ciphertext.subarray(1)), undefined);
  for (let at = 0; at < ciphertext.length; at++) {
    const changed = Buffer.from(ciphertext);
    changed[at]! ^= 1;
    assert.equal(rsaDecrypt(key, 'RSAES_OAEP_SHA_256', changed), undefined, `byte ${at}`);
  }
});

test('a ciphertext without its leading zero does not decrypt', () => {
  let ciphertext: Buffer;
  do ciphertext = rsaEncrypt(key, 'RSAES_OAEP_SHA_256', Buffer.from('x'));
  while (ciphertext[0] !== 0);
  assert.equal(rsaDecrypt(key, 'RSAES_OAEP_SHA_256', ciphertext)?.toString(), 'x');
  assert.equal(rsaDecrypt(key, 'RSAES_OAEP_SHA_256', ciphertext.subarray(1)), undefined);
});
