import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import { generateMaterial, materialId, materialKey, publicKeyOf, readMaterial } from './material.ts';
import { type KeySpec, SPECS } from './specs.ts';

const ALL = Object.keys(SPECS) as KeySpec[];
const PAIRS = ALL.filter((spec) => /^(RSA|ECC|ML_DSA)_/.test(spec));
const WRONG = { reason: 'IncorrectKeyMaterialException' };
const made = new Map<KeySpec, Buffer>();

before(async () => {
  for (const spec of ALL) made.set(spec, await generateMaterial(spec));
});

test('material of every spec is what the spec says', () => {
  const details: Partial<Record<KeySpec, object>> = {
    RSA_2048: { modulusLength: 2048, publicExponent: 65537n },
    RSA_3072: { modulusLength: 3072, publicExponent: 65537n },
    RSA_4096: { modulusLength: 4096, publicExponent: 65537n },
    ECC_NIST_P256: { namedCurve: 'prime256v1' },
    ECC_NIST_P384: { namedCurve: 'secp384r1' },
    ECC_NIST_P521: { namedCurve: 'secp521r1' },
    ECC_SECG_P256K1: { namedCurve: 'secp256k1' },
  };
  const lengths = { SYMMETRIC_DEFAULT: 32, HMAC_224: 28, HMAC_256: 32, HMAC_384: 48, HMAC_512: 64 };
  for (const spec of ALL) {
    const key = materialKey(spec, made.get(spec)!);
    if (spec in lengths) assert.equal(key.symmetricKeySize, lengths[spec as keyof typeof lengths], spec);
    else assert.equal(key.type, 'private', spec);
    if (details[spec]) assert.deepEqual(key.asymmetricKeyDetails, details[spec], spec);
  }
  assert.equal(materialKey('ECC_NIST_EDWARDS25519', made.get('ECC_NIST_EDWARDS25519')!).asymmetricKeyType, 'ed25519');
  assert.equal(materialKey('ML_DSA_87', made.get('ML_DSA_87')!).asymmetricKeyType, 'ml-dsa-87');
});

test('the public key leaves as a SubjectPublicKeyInfo, without the private one', () => {
  for (const spec of PAIRS) {
    const key = createPublicKey({ key: publicKeyOf(materialKey(spec, made.get(spec)!)), format: 'der', type: 'spki' });
    assert.equal(key.type, 'public', spec);
    assert.ok(key.equals(createPublicKey(materialKey(spec, made.get(spec)!))), spec);
  }
});

test('material can be imported into a key of its own spec, a private key into no other', () => {
  for (const spec of ALL) assert.deepEqual(readMaterial(spec, made.get(spec)!), made.get(spec), spec);
  for (const spec of PAIRS) {
    for (const from of ALL.filter((one) => one !== spec)) {
      assert.throws(() => readMaterial(spec, made.get(from)!), WRONG, `${from} into ${spec}`);
    }
  }
});

test('raw material has the length of its spec', () => {
  readMaterial('SYMMETRIC_DEFAULT', randomBytes(32));
  for (const length of [0, 16, 31, 33]) {
    assert.throws(() => readMaterial('SYMMETRIC_DEFAULT', randomBytes(length)), WRONG, `${length}`);
  }
  readMaterial('HMAC_384', randomBytes(48));
  readMaterial('HMAC_384', randomBytes(128));
  for (const length of [0, 47, 129]) {
    assert.throws(() => readMaterial('HMAC_384', randomBytes(length)), WRONG, `${length}`);
  }
});

test('a private key must be PKCS#8 in DER', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const good = privateKey.export({ type: 'pkcs8', format: 'der' });
  assert.deepEqual(readMaterial('RSA_2048', good), good);
  const wrong = [
    privateKey.export({ type: 'pkcs1', format: 'der' }),
    publicKey.export({ type: 'spki', format: 'der' }),
    Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    good.subarray(0, -1),
    randomBytes(1200),
    Buffer.alloc(0),
  ];
  for (const bytes of wrong) assert.throws(() => readMaterial('RSA_2048', bytes), WRONG);
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey;
  assert.throws(() => readMaterial('RSA_2048', pss.export({ type: 'pkcs8', format: 'der' })), WRONG);
});

test('an elliptic curve key is kept in one form, came it with its public key, without, or with another', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const whole = privateKey.export({ type: 'pkcs8', format: 'der' });
  const secret = Buffer.from(String(privateKey.export({ format: 'jwk' }).d), 'base64url').toString('hex');
  const bare = Buffer.from(`3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420${secret}`, 'hex');
  assert.deepEqual(readMaterial('ECC_NIST_P256', bare), whole);
  const others = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' });
  const mixed = Buffer.concat([whole.subarray(0, -64), others.subarray(-64)]);
  assert.deepEqual(readMaterial('ECC_NIST_P256', mixed), whole);
});

test('an ML-DSA key without its seed is refused', () => {
  const whole = made.get('ML_DSA_44')!;
  const der = (tag: number, content: Buffer) =>
    Buffer.concat([Buffer.of(tag, 0x82, content.length >> 8, content.length & 255), content]);
  const algorithm = Buffer.from('020100300b0609608648016503040311', 'hex');
  const expandedOnly = der(0x30, Buffer.concat([algorithm, der(4, der(4, whole.subarray(-2560)))]));
  assert.equal(materialKey('ML_DSA_44', expandedOnly).asymmetricKeyType, 'ml-dsa-44');
  assert.throws(() => readMaterial('ML_DSA_44', expandedOnly), WRONG);
  assert.deepEqual(readMaterial('ML_DSA_44', whole), whole);
});

test('the id of material is of the key and of the material', () => {
  const [one, other] = [randomBytes(32), randomBytes(32)];
  assert.match(materialId('key', one), /^[0-9a-f]{64}$/);
  assert.equal(materialId('key', one), materialId('key', Buffer.from(one)));
  assert.notEqual(materialId('key', one), materialId('key', other));
  assert.notEqual(materialId('key', one), materialId('other', one));
});
