/** https://cloud.ibm.com/docs/key-protect?topic=key-protect-key-states, Table 2; purge and register: ibm-cloud.md 5.4, 5.6. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addMonths, allows, type KeyAction, type KeyState } from './states.ts';

const STATES: readonly KeyState[] = ['active', 'suspended', 'deactivated', 'destroyed'];

/** Columns: active, suspended, deactivated, destroyed. */
const TABLE: Readonly<Record<KeyAction, string>> = {
  wrap: 'x...',
  unwrap: 'x.x.',
  rewrap: 'x.x.',
  rotate: 'x.x.',
  disable: 'x...',
  enable: '.x..',
  delete: 'xxx.',
  restore: '...x',
  expire: 'x...',
  purge: '...x',
  register: 'x...',
};

for (const [action, row] of Object.entries(TABLE)) {
  test(`${action} is allowed in the states of the vendor's table alone`, () => {
    const actual = STATES.map((state) => (allows(state, action as KeyAction) ? 'x' : '.')).join('');
    assert.equal(actual, row);
  });
}

test('months are counted by the calendar, and end where a month has no such day', () => {
  const time = (text: string): number => Date.parse(`${text}T10:00:00Z`);
  assert.equal(addMonths(time('2026-01-15'), 1), time('2026-02-15'));
  assert.equal(addMonths(time('2026-01-31'), 1), time('2026-02-28'));
  assert.equal(addMonths(time('2028-01-31'), 1), time('2028-02-29'));
  assert.equal(addMonths(time('2026-11-30'), 3), time('2027-02-28'));
  assert.equal(addMonths(time('2026-03-31'), 12), time('2027-03-31'));
});
