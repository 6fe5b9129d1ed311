import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accountOfSessionKey, sessionKeyId, uniqueId } from './ids.ts';

test('the account of a session key is read from its id', () => {
  const account = fc.integer({ min: 0, max: 10 ** 12 - 1 }).map((number) => String(number).padStart(12, '0'));
  fc.assert(
    fc.property(account, fc.string(), (number, seed) => {
      const id = sessionKeyId(number, seed);
      assert.match(id, /^ASIA[A-Z2-7]{16}$/);
      assert.equal(accountOfSessionKey(id), number);
    }),
  );
  assert.equal(accountOfSessionKey('AKIAIOSFODNN7EXAMPLE'), undefined);
  assert.equal(accountOfSessionKey('ASIA7777777777777777'), undefined);
});

test('ids have the length of their kind, and differ by their seed', () => {
  assert.match(uniqueId('AIDA', 'a'), /^AIDA[A-Z2-7]{17}$/);
  assert.match(uniqueId('AKIA', 'a'), /^AKIA[A-Z2-7]{16}$/);
  assert.notEqual(uniqueId('AIDA', 'a'), uniqueId('AIDA', 'b'));
  assert.notEqual(sessionKeyId('111122223333', 'a'), sessionKeyId('111122223333', 'b'));
});
