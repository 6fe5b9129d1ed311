import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { deriveSharedSecret } from './agreement.ts';
import { publicKeyOf } from './material.ts';

const CURVES = [
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
] as const;
const pair = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;

test('both sides derive the same secret, as long as a coordinate', () => {
  for (const [curve, bytes] of CURVES) {
    const [ours, theirs] = [pair(curve), pair(curve)];
    const secret = deriveSharedSecret(ours, publicKeyOf(theirs));
    assert.equal(secret.length, bytes);
    assert.deepEqual(secret, deriveSharedSecret(theirs, publicKeyOf(ours)));
    assert.notDeepEqual(secret, deriveSharedSecret(ours, publicKeyOf(pair(curve))));
  }
});

/** https://www.rfc-editor.org/rfc/rfc5903#section-8.1 */
test('the example of RFC 5903 comes out', () => {
  const ours = createPrivateKey({
    key: Buffer.from(
      '30310201010420c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433a00a06082a8648ce3d030107',
      'hex',
    ),
    format: 'der',
    type: 'sec1',
  });
  const theirs = createPublicKey({
    key: Buffer.from(
      '3059301306072a8648ce3d020106082a8648ce3d03010703420004' +
        'd12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63' +
        '56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab',
      'hex',
    ),
    format: 'der',
    type: 'spki',
  });
  assert.equal(
    deriveSharedSecret(ours, theirs.export({ type: 'spki', format: 'der' })).toString('hex'),
    'd6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de',
  );
});

test('a public key of another curve, of another kind, or none at all, is refused', () => {
  const refused = { reason: 'ValidationException' };
  const ours = pair('P-256');
  const good = publicKeyOf(pair('P-256'));
  deriveSharedSecret(ours, good);
  const offCurve = Buffer.from(good);
  offCurve[offCurve.length - 1]! ^= 1;
  const wrong = [
    publicKeyOf(pair('P-384')),
    publicKeyOf(pair('secp256k1')),
    publicKeyOf(generateKeyPairSync('ed25519').privateKey),
    publicKeyOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
    pair('P-256').export({ type: 'pkcs8', format: 'der' }),
    Buffer.from(good.toString('base64')),
    good.subarray(0, -1),
    offCurve,
    Buffer.alloc(0),
    Buffer.alloc(8193),
  ];
  wrong.forEach((peer, index) => {
    assert.throws(() => deriveSharedSecret(ours, peer), refused, `${index}`);
  });
});
