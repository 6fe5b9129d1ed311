import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../faults.ts';
import { parseJson } from './json.ts';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

test('what is nested 64 levels deep is read, what is deeper is refused', () => {
  assert.deepEqual(JSON.stringify(parseJson(nested(64))), nested(64));
  for (const text of [nested(65), nested(1_000_000), `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, '['.repeat(100_000)]) {
    assert.throws(
      () => parseJson(text),
      (error) => error instanceof Fault && error.kind === 'invalid' && /nested/.test(error.message),
    );
  }
});

test('brackets within strings do not count, nor quotes that are escaped', () => {
  for (const value of ['['.repeat(100), `"${'{'.repeat(100)}`, `\\"${'['.repeat(100)}`, '\\']) {
    assert.deepEqual(parseJson(JSON.stringify({ value })), { value });
  }
  assert.throws(() => parseJson(`["\\\\",${nested(64)}]`), /nested/);
  assert.equal((parseJson(`[${'[],'.repeat(100)}[]]`) as unknown[]).length, 101);
});

test('what is no JSON is refused', () => {
  for (const text of ['', '{', ']]]]', '"', '"\\', '{"a":1}x', "{'a':1}"]) {
    assert.throws(
      () => parseJson(text),
      (error) => error instanceof Fault && error.reason === 'malformed-json',
    );
  }
});
