import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { compareText } from './order.ts';

it('orders texts as their UTF-8 bytes are ordered', () => {
  assert.ok(compareText('\u{ff5e}', '\u{10000}') < 0);
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, (a, b) => {
      assert.equal(Math.sign(compareText(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});
