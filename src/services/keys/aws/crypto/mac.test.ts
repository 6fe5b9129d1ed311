import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { generateMac, requireMac } from './mac.ts';

/** https://www.rfc-editor.org/rfc/rfc4231#section-4.3 */
const EXAMPLES = [
  ['HMAC_SHA_224', 'a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44'],
  ['HMAC_SHA_256', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  ['HMAC_SHA_384', 'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649'],
  [
    'HMAC_SHA_512',
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554' +
      '9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
  ],
] as const;
const key = createSecretKey(Buffer.from('Jefe'));
const message = Buffer.from('what do ya want for nothing?');

test('the examples of RFC 4231 come out and verify', () => {
  for (const [algorithm, expected] of EXAMPLES) {
    assert.equal(generateMac(key, algorithm, message).toString('hex'), expected);
    requireMac(key, algorithm, message, Buffer.from(expected, 'hex'));
  }
});

test('another message, key or algorithm, and a changed or cut code, are refused', () => {
  const refused = { reason: 'KMSInvalidMacException' };
  const mac = generateMac(key, 'HMAC_SHA_256', message);
  requireMac(key, 'HMAC_SHA_256', message, mac);
  assert.throws(() => requireMac(key, 'HMAC_SHA_256', Buffer.from('what'), mac), refused);
  assert.throws(() => requireMac(createSecretKey(randomBytes(32)), 'HMAC_SHA_256', message, mac), refused);
  assert.throws(() => requireMac(key, 'HMAC_SHA_224', message, mac), refused);
  assert.throws(() => requireMac(key, 'HMAC_SHA_256', message, mac.subarray(0, 31)), refused);
  for (let at = 0; at < mac.length; at++) {
    const changed = Buffer.from(mac);
    changed[at]! ^= 1;
    assert.throws(() => requireMac(key, 'HMAC_SHA_256', message, changed), refused, `byte ${at}`);
  }
});

test('messages have 1 to 4096 bytes', () => {
  generateMac(key, 'HMAC_SHA_256', Buffer.alloc(4096));
  for (const length of [0, 4097]) {
    assert.throws(() => generateMac(key, 'HMAC_SHA_256', Buffer.alloc(length)), { reason: 'ValidationException' });
  }
});
