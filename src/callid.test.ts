import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newCallId } from './callid.ts';

test('an id is a UUID of version 7, of now, and no two are alike', () => {
  const before = Date.now();
  const ids = Array.from({ length: 1000 }, newCallId);
  const after = Date.now();
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
    assert.ok(time >= before && time <= after);
  }
});
