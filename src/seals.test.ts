import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSeals } from './seals.ts';

const seals = createSeals(Buffer.alloc(32, 1));

test('what was sealed is read again, for its purpose alone and under its root key alone', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      const sealed = seals.seal('a', text);
      assert.equal(seals.unseal('a', sealed), text);
      assert.equal(seals.unseal('b', sealed), undefined);
      assert.equal(createSeals(Buffer.alloc(32, 2)).unseal('a', sealed), undefined);
    }),
  );
});

test('no changed byte of what was sealed is taken', () => {
  const bytes = Buffer.from(seals.seal('a', 'a session'), 'base64');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    assert.equal(seals.unseal('a', changed.toString('base64')), undefined);
  }
  for (const text of ['', 'none', bytes.subarray(0, 20).toString('base64'), `${bytes.toString('base64')}!`]) {
    assert.equal(seals.unseal('a', text), undefined);
  }
});

test('marks differ by purpose and by root key', () => {
  const mark = seals.mac('a', 'text').toString('hex');
  assert.equal(seals.mac('a', 'text').toString('hex'), mark);
  assert.notEqual(seals.mac('b', 'text').toString('hex'), mark);
  assert.notEqual(createSeals(Buffer.alloc(32, 2)).mac('a', 'text').toString('hex'), mark);
});
