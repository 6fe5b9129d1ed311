import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationOf } from './duration.ts';

test('spans of time are read in every unit, and together', () => {
  assert.equal(durationOf('250ms'), 250);
  assert.equal(durationOf('30s'), 30_000);
  assert.equal(durationOf('1.5h'), 5_400_000);
  assert.equal(durationOf('1d2h3m4s'), 93_784_000);
});

test('anything else is no span', () => {
  for (const text of ['', '30', 's', '-30s', '30 s', '30s!', '1e3s', 'Infinitys']) {
    assert.equal(durationOf(text), undefined, text);
  }
});
