import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compactJson, painter, printable, printableIn, table, takesColour } from './output.ts';

test('columns are as wide as what stands in them', () => {
  assert.equal(
    table(
      ['Id', 'Name'],
      [
        ['1234', 'a'],
        ['5', 'bc'],
      ],
    ),
    'Id     Name\n1234   a\n5      bc\n',
  );
});

test('colour is for terminals, and not for whoever has said no', () => {
  assert.equal(takesColour(true, {}), true);
  assert.equal(takesColour(false, {}), false);
  assert.equal(takesColour(true, { NO_COLOR: '1' }), false);
  assert.equal(takesColour(true, { NO_COLOR: '' }), true, 'https://no-color.org: when not an empty string');
  assert.equal(takesColour(true, { TERM: 'dumb' }), false);
  assert.equal(painter(false)('red', 'no'), 'no');
  assert.equal(painter(true)('red', 'no'), '\u001b[31mno\u001b[39m');
});

test('what came over the wire cannot steer a terminal', () => {
  assert.equal(printable('a\u001b[2Jb\u0007\u009b\r\n\tc'), 'a\ufffd[2Jb\ufffd\ufffd\ufffd\n\tc');
  assert.deepEqual(printableIn({ a: ['\u001b'], b: 1 }), { a: ['\ufffd'], b: 1 });
});

test('compact JSON says the same as JSON, in lines that fit where they can', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text);
      assert.deepEqual(JSON.parse(compactJson(value)), JSON.parse(JSON.stringify(value)));
    }),
  );
  const wide = Array.from({ length: 30 }, (_, index) => ({ index }));
  assert.ok(
    compactJson(wide)
      .split('\n')
      .every((line) => line.length <= 121),
  );
});
