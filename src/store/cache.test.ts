import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createCache } from './cache.ts';

it('forgets what was not asked for lately, and never holds more than its limit', () => {
  const cache = createCache<number>(100);
  cache.set('hot', 0, 10);
  for (let i = 1; i <= 50; i++) {
    cache.set(`${i}`, i, 10);
    assert.equal(cache.get('hot'), 0);
    assert.ok(cache.bytes <= 100, `${cache.bytes} bytes`);
  }
  assert.equal(cache.get('1'), undefined);
  assert.equal(cache.get('50'), 50);
});

it('drops, replaces and accounts for what it drops', () => {
  const cache = createCache<string>(100);
  cache.set('a', 'one', 20);
  cache.set('a', 'two', 30);
  assert.deepEqual([cache.get('a'), cache.bytes], ['two', 30]);
  cache.delete('a');
  assert.deepEqual([cache.get('a'), cache.bytes], [undefined, 0]);
});

it('does not keep what would push out everything else, nor what it replaced', () => {
  const cache = createCache<string>(100);
  cache.set('a', 'small', 10);
  cache.set('a', 'huge', 51);
  assert.deepEqual([cache.get('a'), cache.bytes], [undefined, 0]);
});
