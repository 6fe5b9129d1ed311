import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLimiter } from './limits.ts';

test('a client gets its rate and no more, whatever others do', () => {
  let now = 0;
  const admit = createLimiter(10, () => now);
  const admitted = (client: string, tries: number) =>
    Array.from({ length: tries }, () => admit(client)).filter(Boolean).length;
  assert.equal(admitted('a', 25), 10, 'a full bucket first');
  assert.equal(admitted('b', 5), 5, 'others have their own');
  now += 500;
  assert.equal(admitted('a', 25), 5, 'half a second refills half');
  now += 60_000;
  assert.equal(admitted('a', 25), 10, 'and never more than full');
});
