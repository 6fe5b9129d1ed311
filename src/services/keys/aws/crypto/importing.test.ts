import assert from 'node:assert/strict';
import { constants, createCipheriv, createPublicKey, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import type { AlgorithmSpec, WrappingKeySpec } from '@aws-sdk/client-kms';
import { readWrapping, unwrapMaterial, type WrappingAlgorithm } from './importing.ts';
import { generateMaterial, materialKey, readMaterial } from './material.ts';
import type { KeySpec } from './specs.ts';

let wrappingKey: KeyObject;
let otherKey: KeyObject;

before(async () => {
  wrappingKey = materialKey('RSA_2048', await generateMaterial('RSA_2048'));
  otherKey = materialKey('RSA_2048', await generateMaterial('RSA_2048'));
});

/** As a caller does it, with the public key alone. */
function wrap(algorithm: WrappingAlgorithm, material: Buffer, aesKey = randomBytes(32)): Buffer {
  const oaepHash = algorithm.endsWith('256') ? 'sha256' : 'sha1';
  const encrypted = (bytes: Buffer) =>
    publicEncrypt({ key: createPublicKey(wrappingKey), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, bytes);
  if (algorithm.startsWith('RSAES')) return encrypted(material);
  const cipher = createCipheriv(`id-aes${aesKey.length * 8}-wrap-pad`, aesKey, Buffer.from('a65959a6', 'hex'));
  return Buffer.concat([encrypted(aesKey), cipher.update(material), cipher.final()]);
}

test('material that was wrapped in each way comes out as it went in', async () => {
  const ways: readonly [KeySpec, WrappingAlgorithm][] = [
    ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256'],
    ['HMAC_512', 'RSAES_OAEP_SHA_1'],
    ['ECC_NIST_P256', 'RSAES_OAEP_SHA_256'],
    ['ECC_NIST_P521', 'RSA_AES_KEY_WRAP_SHA_1'],
    ['RSA_2048', 'RSA_AES_KEY_WRAP_SHA_256'],
    ['ML_DSA_44', 'RSA_AES_KEY_WRAP_SHA_256'],
  ];
  for (const [spec, asked] of ways) {
    const { algorithm } = readWrapping(spec, asked, 'RSA_2048');
    const material = await generateMaterial(spec);
    const wrapped = wrap(algorithm, material);
    assert.deepEqual(readMaterial(spec, unwrapMaterial(wrappingKey, algorithm, wrapped)), material, spec);
  }
});

test('material under another key or algorithm, changed or cut, is refused', () => {
  const refused = { reason: 'InvalidCiphertextException' };
  for (const algorithm of ['RSAES_OAEP_SHA_256', 'RSA_AES_KEY_WRAP_SHA_256'] as const) {
    const wrapped = wrap(algorithm, Buffer.alloc(32, 7));
    assert.deepEqual(unwrapMaterial(wrappingKey, algorithm, wrapped), Buffer.alloc(32, 7));
    assert.throws(() => unwrapMaterial(otherKey, algorithm, wrapped), refused);
    const otherAlgorithm = algorithm.replace('256', '1') as WrappingAlgorithm;
    assert.throws(() => unwrapMaterial(wrappingKey, otherAlgorithm, wrapped), refused);
    assert.throws(() => unwrapMaterial(wrappingKey, algorithm, wrapped.subarray(0, -8)), refused);
    assert.throws(() => unwrapMaterial(wrappingKey, algorithm, Buffer.alloc(16)), refused);
    for (let at = 0; at < wrapped.length; at += 7) {
      const changed = Buffer.from(wrapped);
      changed[at]! ^= 1;
      assert.throws(() => unwrapMaterial(wrappingKey, algorithm, changed), refused, `byte ${at}`);
    }
  }
  const twice = wrap('RSA_AES_KEY_WRAP_SHA_256', Buffer.alloc(32, 7));
  assert.throws(() => unwrapMaterial(wrappingKey, 'RSA_AES_KEY_WRAP_SHA_256', twice.subarray(0, 256)), refused);
});

/** https://www.rfc-editor.org/rfc/rfc5649#section-6 */
test('the examples of RFC 5649 unwrap', () => {
  const key = Buffer.from('5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8', 'hex');
  const rsaPart = wrap('RSA_AES_KEY_WRAP_SHA_256', Buffer.alloc(8), key).subarray(0, 256);
  const examples: readonly [string, string][] = [
    ['c37b7e6492584340bed12207808941155068f738', '138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a'],
    ['466f7250617369', 'afbeb0f07dfbf5419200f2ccb50bb24f'],
  ];
  for (const [plain, wrapped] of examples) {
    const whole = Buffer.concat([rsaPart, Buffer.from(wrapped, 'hex')]);
    assert.equal(unwrapMaterial(wrappingKey, 'RSA_AES_KEY_WRAP_SHA_256', whole).toString('hex'), plain);
  }
});

test('an inner key that is no AES key is refused', () => {
  const oddKey = publicEncrypt(
    { key: createPublicKey(wrappingKey), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    Buffer.alloc(20),
  );
  const wrapped = Buffer.concat([oddKey, Buffer.alloc(40)]);
  assert.throws(() => unwrapMaterial(wrappingKey, 'RSA_AES_KEY_WRAP_SHA_256', wrapped), {
    reason: 'InvalidCiphertextException',
  });
});

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html, WrappingAlgorithm */
test('each kind of material has its ways to be wrapped', () => {
  const ways: readonly [KeySpec, AlgorithmSpec, WrappingKeySpec, boolean][] = [
    ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256', 'RSA_4096', true],
    ['SYMMETRIC_DEFAULT', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_4096', false],
    ['SYMMETRIC_DEFAULT', 'RSAES_PKCS1_V1_5', 'RSA_4096', false],
    ['SYMMETRIC_DEFAULT', 'SM2PKE', 'SM2', false],
    ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256', 'SM2', false],
    ['HMAC_512', 'RSAES_OAEP_SHA_1', 'RSA_2048', true],
    ['HMAC_512', 'RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048', false],
    ['RSA_2048', 'RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048', true],
    ['RSA_2048', 'RSAES_OAEP_SHA_256', 'RSA_4096', false],
    ['ECC_NIST_P384', 'RSAES_OAEP_SHA_256', 'RSA_2048', true],
    ['ECC_NIST_P521', 'RSAES_OAEP_SHA_256', 'RSA_2048', false],
    ['ECC_NIST_P521', 'RSAES_OAEP_SHA_256', 'RSA_3072', true],
    ['ECC_NIST_P521', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_2048', true],
  ];
  for (const [spec, algorithm, keySpec, offered] of ways) {
    if (offered) assert.deepEqual(readWrapping(spec, algorithm, keySpec), { algorithm, keySpec });
    else {
      const refused = { reason: 'UnsupportedOperationException' };
      assert.throws(() => readWrapping(spec, algorithm, keySpec), refused, `${spec} ${algorithm} ${keySpec}`);
    }
  }
  for (const [algorithm, keySpec] of [
    ['toString', 'RSA_2048'],
    ['RSAES_OAEP_SHA_256', 'RSA_1024'],
  ]) {
    const reading = () => readWrapping('SYMMETRIC_DEFAULT', algorithm as AlgorithmSpec, keySpec as WrappingKeySpec);
    assert.throws(reading, { reason: 'ValidationException' });
  }
});
