import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshBytes } from './random.ts';

test('bytes are handed out once, of any length, across refills', () => {
  const seen = new Set<string>();
  for (let n = 0; n < 5000; n += 1) {
    const length = 8 + (n % 33);
    const bytes = freshBytes(length);
    assert.equal(bytes.length, length);
    // A run of zeros would be what is left of bytes that were handed out before.
    assert.notDeepEqual(bytes, Buffer.alloc(length));
    seen.add(bytes.toString('hex', 0, 8));
  }
  assert.equal(seen.size, 5000);
  assert.equal(freshBytes(4096).length, 4096);
});
