import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_FLAGS, nearest, readArguments, UsageError } from './command.ts';

const known = ['why', 'world', 'records', 'clock'];

test('the nearest word is found, and none where none is near', () => {
  assert.equal(nearest('wyh', known), 'why');
  assert.equal(nearest('wrold', known), 'world');
  assert.equal(nearest('record', known), 'records');
  assert.equal(nearest('explain', known), undefined);
  assert.equal(nearest('x', []), undefined);
});

test('flags that do not exist, or lack their value, say where help is', () => {
  for (const args of [['--nope'], ['--home'], ['--json=yes']]) {
    assert.throws(
      () => readArguments(args, CLIENT_FLAGS, 'easement why --help'),
      (error: unknown) =>
        error instanceof UsageError &&
        error.message.startsWith(error.message.charAt(0).toLowerCase()) &&
        error.message.endsWith(': see `easement why --help`'),
      args.join(' '),
    );
  }
  assert.deepEqual(readArguments(['id', '--json'], CLIENT_FLAGS, '').positionals, ['id']);
});
