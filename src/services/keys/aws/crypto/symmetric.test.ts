import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CiphertextOrigin, decrypt, type EncryptionContext, encrypt, readCiphertext } from './symmetric.ts';

const ORIGIN: CiphertextOrigin = {
  account: '111122223333',
  keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
  materialId: 'ab'.repeat(32),
};
const MULTI_REGION: CiphertextOrigin = { ...ORIGIN, keyId: 'mrk-1234abcd12ab34cd56ef1234567890ab' };

const material = createSecretKey(randomBytes(32));
const plaintexts = fc.uint8Array({ minLength: 1, maxLength: 4096 }).map((bytes) => Buffer.from(bytes));
const contexts = fc.dictionary(fc.string(), fc.string(), { maxKeys: 5, noNullPrototype: true });

test('what is encrypted decrypts again with the same context, in whatever order, and says what it was made under', () => {
  const digits = fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }).map((number) => String(number).padStart(12, '0'));
  const ids = fc.oneof(
    fc.uuid(),
    fc.uuid().map((id) => `mrk-${id.replaceAll('-', '')}`),
  );
  fc.assert(
    fc.property(plaintexts, contexts, digits, ids, (plaintext, context, account, keyId) => {
      const origin = { ...ORIGIN, account, keyId };
      const blob = encrypt(material, origin, plaintext, context);
      assert.deepEqual(readCiphertext(blob), origin);
      const turned = Object.fromEntries(Object.entries(context).reverse());
      assert.deepEqual(decrypt(material, blob, turned), plaintext);
    }),
  );
});

test('a ciphertext opens with its own context only', () => {
  fc.assert(
    fc.property(contexts, contexts, (given, other) => {
      const same = JSON.stringify(Object.entries(given).sort()) === JSON.stringify(Object.entries(other).sort());
      const opened = decrypt(material, encrypt(material, ORIGIN, Buffer.from('x'), given), other);
      assert.equal(opened !== undefined, same);
    }),
  );
  const alike: readonly [EncryptionContext, EncryptionContext][] = [
    [{ a: 'b' }, {}],
    [{ a: 'b' }, { A: 'b' }],
    [{ a: 'b' }, { a: 'b ' }],
    [{ a: 'b' }, { b: 'a' }],
    [{ ab: 'c' }, { a: 'bc' }],
    [{ a: 'b","c' }, { a: 'b', c: '' }],
    [{ a: '\ud800' }, { a: '\ufffd' }],
  ];
  for (const [given, other] of alike) {
    const blob = encrypt(material, ORIGIN, Buffer.from('x'), given);
    assert.equal(decrypt(material, blob, other), undefined, JSON.stringify([given, other]));
    assert.deepEqual(decrypt(material, blob, given), Buffer.from('x'));
  }
});

test('no context is the empty one', () => {
  assert.deepEqual(decrypt(material, encrypt(material, ORIGIN, Buffer.from('x')), {}), Buffer.from('x'));
  assert.deepEqual(decrypt(material, encrypt(material, ORIGIN, Buffer.from('x'), {})), Buffer.from('x'));
});

test('with any bit turned, cut, grown or under other material, a ciphertext does not open', () => {
  const blob = encrypt(material, ORIGIN, Buffer.from('attack at dawn'), { a: '1' });
  for (let bit = 0; bit < blob.length * 8; bit++) {
    const turned = Buffer.from(blob);
    turned[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(decrypt(material, turned, { a: '1' }), undefined, `bit ${bit}`);
  }
  for (let length = 0; length < blob.length; length++) {
    assert.equal(decrypt(material, blob.subarray(0, length), { a: '1' }), undefined, `${length} bytes`);
  }
  assert.equal(decrypt(material, Buffer.concat([blob, Buffer.of(0)]), { a: '1' }), undefined);
  assert.equal(decrypt(createSecretKey(randomBytes(32)), blob, { a: '1' }), undefined);
});

test('what was not made here is not read', () => {
  const blob = encrypt(material, ORIGIN, Buffer.from('x'));
  const otherForm = Buffer.from(blob);
  otherForm[5] = 3;
  const otherMagic = Buffer.from(blob);
  otherMagic[0] = 2;
  for (const foreign of [otherForm, otherMagic, randomBytes(256), blob.subarray(0, -1)]) {
    assert.equal(readCiphertext(foreign), undefined, foreign.toString('hex'));
  }
});

test('plaintexts have 1 to 4096 bytes, ciphertexts at most 6144', () => {
  encrypt(material, ORIGIN, Buffer.alloc(1));
  encrypt(material, ORIGIN, Buffer.alloc(4096));
  const tooLong = { reason: 'ValidationException', message: /'plaintext' .* less than or equal to 4096$/ };
  assert.throws(() => encrypt(material, ORIGIN, Buffer.alloc(4097)), tooLong);
  const tooShort = { reason: 'ValidationException', message: /'plaintext' .* greater than or equal to 1$/ };
  assert.throws(() => encrypt(material, ORIGIN, Buffer.alloc(0)), tooShort);
  assert.throws(() => readCiphertext(Buffer.alloc(6145)), { reason: 'ValidationException' });
});

test('no two ciphertexts of one plaintext are alike, and no nonce comes twice', () => {
  const nonces = new Set<string>();
  for (let i = 0; i < 1000; i++) {
    nonces.add(encrypt(material, ORIGIN, Buffer.from('x')).toString('hex', 60, 72));
  }
  assert.equal(nonces.size, 1000);
});

/** Made with the AESGCM of python's `cryptography`: ciphertexts that callers have kept must stay readable. */
test('a kept ciphertext of either form of key id opens', () => {
  const key = createSecretKey(Buffer.from(Array.from({ length: 32 }, (_, index) => index)));
  const rest = `19df6690e51234abcd12ab34cd56ef1234567890ab${'ab'.repeat(32)}6465666768696a6b6c6d6e6f296faa071a8276ff4a423b89ad0b`;
  const kept: readonly [CiphertextOrigin, string][] = [
    [ORIGIN, `01020200780100${rest}c72ef8f460bf367df566ad712a9f809f`],
    [MULTI_REGION, `01020200780200${rest}4ce747a4f70432868dfa2d60b178a85b`],
  ];
  for (const [origin, hex] of kept) {
    const blob = Buffer.from(hex, 'hex');
    assert.deepEqual(readCiphertext(blob), origin);
    assert.equal(decrypt(key, blob, { b: 'é', a: '1' })?.toString(), 'attack at dawn');
  }
});

test('a ciphertext begins as the vendor’s do', () => {
  assert.match(encrypt(material, ORIGIN, Buffer.from('x')).toString('base64'), /^AQICAH/);
});
