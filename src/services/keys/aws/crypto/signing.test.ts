/** What is signed here as a digest, OpenSSL must verify as a message; and the other way round. */
import assert from 'node:assert/strict';
import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  sign as cryptoSign,
  type KeyObject,
} from 'node:crypto';
import { before, test } from 'node:test';
import type { MessageType } from '@aws-sdk/client-kms';
import { ed25519ph } from './ed25519ph.ts';
import { generateMaterial, materialKey } from './material.ts';
import { requireSignature, sign } from './signing.ts';
import { type KeySpec, type SigningAlgorithm, SPECS } from './specs.ts';

const MESSAGE = Buffer.from('sample');
const INVALID = { reason: 'KMSInvalidSignatureException' };

/** Of RSA the smaller two: the large one is only slower. */
const KEY_SPECS = (Object.keys(SPECS) as KeySpec[]).filter(
  (spec) => SPECS[spec].uses.SIGN_VERIFY !== undefined && spec !== 'RSA_4096',
);
const keys = new Map<KeySpec, KeyObject>();
const others = new Map<KeySpec, KeyObject>();

before(async () => {
  for (const spec of KEY_SPECS) {
    keys.set(spec, materialKey(spec, await generateMaterial(spec)));
    others.set(spec, materialKey(spec, await generateMaterial(spec)));
  }
});

interface Way {
  readonly spec: KeySpec;
  readonly algorithm: SigningAlgorithm;
  readonly type: MessageType;
  readonly key: () => KeyObject;
}

const WAYS: readonly Way[] = KEY_SPECS.flatMap((spec) =>
  (SPECS[spec].uses.SIGN_VERIFY ?? []).flatMap((algorithm) =>
    typesOf(algorithm).map((type) => ({ spec, algorithm, type, key: () => keys.get(spec)! })),
  ),
);

function typesOf(algorithm: SigningAlgorithm): MessageType[] {
  if (algorithm === 'ML_DSA_SHAKE_256') return ['RAW', 'EXTERNAL_MU'];
  if (algorithm === 'ED25519_SHA_512') return ['RAW'];
  return algorithm === 'ED25519_PH_SHA_512' ? ['DIGEST'] : ['RAW', 'DIGEST'];
}

/** The message as a caller has to hand it over. */
function messageFor(key: KeyObject, algorithm: SigningAlgorithm, type: MessageType, message = MESSAGE): Buffer {
  if (type === 'RAW') return message;
  if (type === 'EXTERNAL_MU') return representativeOf(key, message);
  return createHash(`sha${algorithm.slice(-3)}`)
    .update(message)
    .digest();
}

/** µ of FIPS 204, 6.2, with an empty context. */
function representativeOf(key: KeyObject, message: Buffer): Buffer {
  const publicKey = Buffer.from(String(createPublicKey(key).export({ format: 'jwk' })['pub']), 'base64url');
  const shake = (...parts: Buffer[]) =>
    createHash('shake256', { outputLength: 64 }).update(Buffer.concat(parts)).digest();
  return shake(shake(publicKey), Buffer.of(0, 0), message);
}

test('a message and its digest are the same message: each signature verifies as either', () => {
  for (const { spec, algorithm, type, key } of WAYS) {
    const signature = sign(key(), algorithm, messageFor(key(), algorithm, type), type);
    for (const verified of typesOf(algorithm)) {
      const message = messageFor(key(), algorithm, verified);
      assert.doesNotThrow(
        () => requireSignature(key(), algorithm, message, signature, verified),
        `${spec} ${algorithm}: ${type} as ${verified}`,
      );
    }
  }
});

test('another message, another key, and a signature with any byte changed, cut or grown, are refused', () => {
  for (const { spec, algorithm, type, key } of WAYS) {
    const message = messageFor(key(), algorithm, type);
    const signature = sign(key(), algorithm, message, type);
    const refused = (label: string, withKey: KeyObject, said: Buffer, shown: Buffer) =>
      assert.throws(() => requireSignature(withKey, algorithm, said, shown, type), INVALID, `${spec} ${type} ${label}`);
    refused('message', key(), messageFor(key(), algorithm, type, Buffer.from('Sample')), signature);
    refused('key', others.get(spec)!, message, signature);
    refused('cut', key(), message, signature.subarray(0, -1));
    refused('grown', key(), message, Buffer.concat([signature, Buffer.of(0)]));
    refused('zeros', key(), message, Buffer.alloc(signature.length));
    refused('ones', key(), message, Buffer.alloc(signature.length, 0xff));
    const step = Math.ceil(signature.length / 40);
    for (let at = 0; at < signature.length; at += step) {
      const changed = Buffer.from(signature);
      changed[at]! ^= 1;
      refused(`byte ${at}`, key(), message, changed);
    }
  }
});

test('every digest can be signed, the one of zeros too', () => {
  for (const { algorithm, type, key } of WAYS.filter((way) => way.type === 'DIGEST')) {
    for (const fill of [0, 0xff]) {
      const digest = messageFor(key(), algorithm, type).fill(fill);
      requireSignature(key(), algorithm, digest, sign(key(), algorithm, digest, type), type);
    }
  }
});

test('many signatures of digests verify: lengths of r and s, and rounds of rejection, vary', () => {
  for (const { algorithm, type, key } of WAYS.filter((way) => /^(ECDSA|ED25519_PH|ML_DSA)/.test(way.algorithm))) {
    for (let i = 0; i < (algorithm === 'ML_DSA_SHAKE_256' ? 5 : 40); i++) {
      const text = Buffer.from(`message ${i}`);
      const signature = sign(key(), algorithm, messageFor(key(), algorithm, type, text), type);
      const verified = algorithm === 'ED25519_PH_SHA_512' ? 'DIGEST' : 'RAW';
      requireSignature(key(), algorithm, messageFor(key(), algorithm, verified, text), signature, verified);
    }
  }
});

/** https://www.rfc-editor.org/rfc/rfc6979#appendix-A.2.5 */
test('the ECDSA example of RFC 6979 verifies, by message and by digest', () => {
  const secret = 'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721';
  const key = createPrivateKey({
    key: Buffer.from(`30310201010420${secret}a00a06082a8648ce3d030107`, 'hex'),
    format: 'der',
    type: 'sec1',
  });
  const r = 'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716';
  const s = 'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8';
  const signature = Buffer.from(`3046022100${r}022100${s}`, 'hex');
  requireSignature(key, 'ECDSA_SHA_256', MESSAGE, signature);
  requireSignature(key, 'ECDSA_SHA_256', messageFor(key, 'ECDSA_SHA_256', 'DIGEST'), signature, 'DIGEST');
  // The same numbers, written with a zero too many or not in the shortest length: not DER.
  const loose = [`304702220000${r}022100${s}`, `308146022100${r}022100${s}`];
  for (const hex of loose) {
    const shown = Buffer.from(hex, 'hex');
    const digest = messageFor(key, 'ECDSA_SHA_256', 'DIGEST');
    assert.throws(() => requireSignature(key, 'ECDSA_SHA_256', digest, shown, 'DIGEST'), INVALID, hex);
  }
});

/** https://www.rfc-editor.org/rfc/rfc8032#section-7.3 */
test('the Ed25519ph example of RFC 8032 comes out', () => {
  const seed = '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42';
  const key = createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex'),
    format: 'der',
    type: 'pkcs8',
  });
  const expected =
    '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41' +
    '31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406';
  assert.equal(ed25519ph.sign(key, Buffer.from('abc')).toString('hex'), expected);
});

test('an RSA signature without its leading zero is refused, as RFC 8017 wants', () => {
  const key = keys.get('RSA_2048')!;
  const digest = messageFor(key, 'RSASSA_PSS_SHA_256', 'DIGEST');
  let signature: Buffer;
  do signature = sign(key, 'RSASSA_PSS_SHA_256', digest, 'DIGEST');
  while (signature[0] !== 0);
  requireSignature(key, 'RSASSA_PSS_SHA_256', digest, signature, 'DIGEST');
  for (const [message, type] of [
    [digest, 'DIGEST'],
    [MESSAGE, 'RAW'],
  ] as const) {
    const verifying = () => requireSignature(key, 'RSASSA_PSS_SHA_256', message, signature.subarray(1), type);
    assert.throws(verifying, INVALID, type);
  }
});

test('a PSS signature whose salt is not as long as the digest is refused', () => {
  const key = keys.get('RSA_2048')!;
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  for (const saltLength of [0, 20, 32, constants.RSA_PSS_SALTLEN_MAX_SIGN]) {
    const signature = cryptoSign('sha256', MESSAGE, { key, padding, saltLength });
    for (const type of ['RAW', 'DIGEST'] as const) {
      const message = messageFor(key, 'RSASSA_PSS_SHA_256', type);
      const verifying = () => requireSignature(key, 'RSASSA_PSS_SHA_256', message, signature, type);
      if (saltLength === 32) verifying();
      else assert.throws(verifying, INVALID, `${saltLength} ${type}`);
    }
  }
});

test('a digest chosen so that the nonce of an ECDSA signature would be zero is refused', () => {
  const key = keys.get('ECC_NIST_P256')!;
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const secret = BigInt(`0x${Buffer.from(String(key.export({ format: 'jwk' }).d), 'base64url').toString('hex')}`);
  const digest = Buffer.from((order - secret).toString(16).padStart(64, '0'), 'hex');
  const ones = Buffer.from('3006020101020101', 'hex');
  assert.throws(() => requireSignature(key, 'ECDSA_SHA_256', digest, ones, 'DIGEST'), INVALID);
});

test('an ML-DSA signature with its hints in another order is refused, as by OpenSSL', () => {
  const key = keys.get('ML_DSA_44')!;
  const signature = sign(key, 'ML_DSA_SHAKE_256', MESSAGE);
  const [omega, rows] = [80, 4];
  const hintsAt = signature.length - omega - rows;
  const ends = [0, ...signature.subarray(-rows)];
  const row = ends.findIndex((end, i) => (ends[i + 1] ?? 0) - end >= 2);
  assert.notEqual(row, -1, 'a row of several hints');
  const at = hintsAt + ends[row]!;
  const swapped = Buffer.from(signature);
  [swapped[at], swapped[at + 1]] = [signature[at + 1]!, signature[at]!];
  for (const type of ['RAW', 'EXTERNAL_MU'] as const) {
    const message = messageFor(key, 'ML_DSA_SHAKE_256', type);
    requireSignature(key, 'ML_DSA_SHAKE_256', message, signature, type);
    assert.throws(() => requireSignature(key, 'ML_DSA_SHAKE_256', message, swapped, type), INVALID, type);
  }
});

test('an Ed25519ph signature whose S is not below the order is refused', () => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const key = keys.get('ECC_NIST_EDWARDS25519')!;
  const digest = Buffer.alloc(64, 7);
  const signature = sign(key, 'ED25519_PH_SHA_512', digest, 'DIGEST');
  const S = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
  Buffer.from(S.toString(16).padStart(64, '0'), 'hex').reverse().copy(signature, 32);
  assert.throws(() => requireSignature(key, 'ED25519_PH_SHA_512', digest, signature, 'DIGEST'), INVALID);
});

test('digests and representatives have the length of their algorithm, messages up to 4096 bytes', () => {
  const refusals: readonly [SigningAlgorithm, KeySpec, number, MessageType, RegExp][] = [
    ['RSASSA_PSS_SHA_256', 'RSA_2048', 31, 'DIGEST', /^Digest is invalid length for algorithm RSASSA_PSS_SHA_256\.$/],
    ['RSASSA_PKCS1_V1_5_SHA_512', 'RSA_2048', 48, 'DIGEST', /^Digest is invalid length/],
    ['ECDSA_SHA_384', 'ECC_NIST_P384', 32, 'DIGEST', /^Digest is invalid length/],
    ['ED25519_PH_SHA_512', 'ECC_NIST_EDWARDS25519', 63, 'DIGEST', /^Digest is invalid length/],
    ['ML_DSA_SHAKE_256', 'ML_DSA_44', 32, 'EXTERNAL_MU', /^External Mu is invalid length/],
    ['ECDSA_SHA_256', 'ECC_NIST_P256', 4097, 'RAW', /'message' .* less than or equal to 4096$/],
    ['ECDSA_SHA_256', 'ECC_NIST_P256', 0, 'RAW', /'message' .* greater than or equal to 1$/],
  ];
  for (const [algorithm, spec, length, type, message] of refusals) {
    const refused = { reason: 'ValidationException', message };
    assert.throws(() => sign(keys.get(spec)!, algorithm, Buffer.alloc(length), type), refused);
    const verifying = () => requireSignature(keys.get(spec)!, algorithm, Buffer.alloc(length), Buffer.alloc(64), type);
    assert.throws(verifying, refused);
  }
  sign(keys.get('ECC_NIST_P256')!, 'ECDSA_SHA_256', Buffer.alloc(4096));
});

test('an algorithm signs its types of message only', () => {
  const refusals: readonly [SigningAlgorithm, KeySpec, MessageType, string][] = [
    ['ED25519_SHA_512', 'ECC_NIST_EDWARDS25519', 'DIGEST', 'algorithm ED25519_SHA_512'],
    ['ED25519_PH_SHA_512', 'ECC_NIST_EDWARDS25519', 'RAW', 'algorithm ED25519_PH_SHA_512'],
    ['ML_DSA_SHAKE_256', 'ML_DSA_65', 'DIGEST', 'key spec ML_DSA_65'],
    ['ECDSA_SHA_256', 'ECC_NIST_P256', 'EXTERNAL_MU', 'algorithm ECDSA_SHA_256'],
  ];
  for (const [algorithm, spec, type, what] of refusals) {
    assert.throws(() => sign(keys.get(spec)!, algorithm, Buffer.alloc(64), type), {
      reason: 'ValidationException',
      message: `Message type ${type} is incompatible with ${what}.`,
    });
  }
  const unknown = {
    reason: 'ValidationException',
    message: /'constructor' at 'messageType' .* enum value set: \[RAW, DIGEST, EXTERNAL_MU\]$/,
  };
  const junk = 'constructor' as MessageType;
  assert.throws(() => sign(keys.get('ECC_NIST_P256')!, 'ECDSA_SHA_256', MESSAGE, junk), unknown);
});
