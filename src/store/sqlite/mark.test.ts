import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createMarker } from './mark.ts';

it('marks the same name alike, and no two of many names', () => {
  const mark = createMarker(0x12345678);
  const seen = new Set<number>();
  const count = 200_000;
  for (let i = 0; i < count; i++) seen.add(mark(`d3\0a0a1a2a3a4a5a6a7a8a9aaabacadaeaf\0${i}`));
  assert.equal(seen.size, count);
  assert.equal(mark('d1\0a\0b'), createMarker(0x12345678)('d1\0a\0b'));
  for (const value of seen) assert.ok(Number.isSafeInteger(value) && value >= 0);
});

it('marks otherwise under another seed', () => {
  assert.notEqual(createMarker(1)('d1\0a\0b'), createMarker(2)('d1\0a\0b'));
});
