import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { it } from 'node:test';
import { fieldContext, fingerprintOf, keyFor, newDataKey, seal, unseal } from './seal.ts';

const rootKey = Buffer.alloc(32, 5);

it('opens what it sealed, also nothing at all, with the same key and context alone', () => {
  const key = newDataKey();
  for (const plain of [Buffer.from('secret'), Buffer.alloc(0)]) {
    const sealed = seal(key, plain, 'here');
    assert.deepEqual(unseal(key, sealed, 'here'), plain);
    assert.throws(() => unseal(key, sealed, 'there'));
    assert.throws(() => unseal(newDataKey(), sealed, 'here'));
    assert.notEqual(seal(key, plain, 'here'), sealed);
  }
});

it('notices every changed byte, and a missing end', () => {
  const key = newDataKey();
  const bytes = Buffer.from(seal(key, Buffer.from('secret'), 'here'), 'base64');
  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed[i]! ^= 1;
    assert.throws(() => unseal(key, changed.toString('base64'), 'here'), `byte ${i}`);
    assert.throws(() => unseal(key, bytes.toString('base64', 0, i), 'here'), `${i} bytes`);
  }
});

it('derives a key for each purpose, and a fingerprint that is none of them', () => {
  assert.deepEqual(keyFor('x', rootKey), Buffer.from(hkdfSync('sha256', rootKey, '', 'easement/store/x', 32)));
  assert.notDeepEqual(keyFor('x', rootKey), keyFor('y', rootKey));
  assert.match(fingerprintOf(rootKey), /^[0-9a-f]{32}$/);
  assert.notEqual(fingerprintOf(rootKey), fingerprintOf(Buffer.alloc(32, 6)));
});

it('binds a field to all that says where it is', () => {
  const contexts = [
    fieldContext('c', 'a', 'i', 1, 'f'),
    fieldContext('c', 'a', 'i', 1, 'g'),
    fieldContext('c', 'a', 'i', 2, 'f'),
    fieldContext('c', 'a', 'j', 1, 'f'),
    fieldContext('c', 'b', 'i', 1, 'f'),
    fieldContext('d', 'a', 'i', 1, 'f'),
    fieldContext('c","a', 'a', 'i', 1, 'f'),
  ];
  assert.equal(new Set(contexts).size, contexts.length);
});
