import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createMarker } from './mark.ts';
import { createTouched } from './touched.ts';

const mark = createMarker(1);

it('knows what moved after it was seen', () => {
  const touched = createTouched();
  touched.touch(mark('x'), 5);
  assert.deepEqual(
    [touched.moved(mark('x'), 4), touched.moved(mark('x'), 5), touched.moved(mark('y'), 0)],
    [true, false, false],
  );
  touched.touchRow('c', 'k', 6);
  assert.equal(touched.rangeMoved('c', 'k', null, 5), true);
  assert.equal(touched.rangeMoved('c', 'k', null, 6), false);
  assert.equal(touched.rangeMoved('c', 'a', 'k', 5), false);
  assert.equal(touched.rangeMoved('d', 'a', null, 5), false);
});

it('takes what it has forgotten for moved, and forgets only the oldest', () => {
  const touched = createTouched(10);
  for (let commit = 1; commit <= 100; commit++) touched.touch(mark(`${commit}`), commit);
  assert.equal(touched.moved(mark('never touched'), 50), true);
  assert.equal(touched.rangeMoved('never touched', '', null, 50), true);
  assert.equal(touched.moved(mark('never touched'), 95), false);
  assert.equal(touched.moved(mark('100'), 99), true);
  assert.equal(touched.moved(mark('100'), 100), false);
});

it('never misses a move, however little it remembers', () => {
  const touches = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 50 });
  fc.assert(
    fc.property(touches, fc.integer({ min: 1, max: 8 }), (keys, capacity) => {
      const touched = createTouched(capacity);
      for (const [i, key] of keys.entries()) {
        touched.touch(mark(key), i + 1);
        touched.touchRow('c', key, i + 1);
      }
      for (let seen = 0; seen <= keys.length; seen++) {
        for (const key of new Set(keys.slice(seen))) {
          assert.ok(touched.moved(mark(key), seen));
          assert.ok(touched.rangeMoved('c', key, `${key}\0`, seen));
        }
      }
      assert.equal(touched.moved(mark('a'), keys.length), false);
    }),
  );
});
