import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statementSpans } from './statement-spans.ts';

test('a statement begins where what stands before it ends', () => {
  // AdministratorAccess in the layout in which the API's recorded replies place it at 3:17 to 8:6.
  const administrator = JSON.stringify(
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    undefined,
    2,
  );
  assert.deepEqual(statementSpans(administrator), [{ start: { line: 3, column: 17 }, end: { line: 8, column: 6 } }]);
  const [first, second, ...none] = statementSpans('{"Statement": [{"Sid": "a\\"}"}, {"Sid": "b"}]}');
  assert.deepEqual(first, { start: { line: 1, column: 16 }, end: { line: 1, column: 31 } });
  assert.deepEqual(second, { start: { line: 1, column: 31 }, end: { line: 1, column: 45 } });
  assert.deepEqual(none, []);
  assert.deepEqual(statementSpans('{"Statement": []}'), []);
});
