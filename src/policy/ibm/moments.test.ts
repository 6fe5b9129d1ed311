import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateSeen, daySeen, parseDate, parseDateTime, parseDay, parseTime, timeSeen } from './moments.ts';

const HOUR = 3_600_000;

test('date-times are instants, whatever their offset', () => {
  assert.equal(parseDateTime('1970-01-01T00:00:00Z'), 0);
  assert.equal(parseDateTime('1970-01-01T01:00:00+01:00'), 0);
  assert.equal(parseDateTime('1969-12-31T19:00:00-05:00'), 0);
  assert.equal(parseDateTime('2026-11-22T07:30:00.123Z'), Date.UTC(2026, 10, 22, 7, 30));
});

test('what no calendar or clock shows is refused', () => {
  const moments = ['2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '2026-11-22T24:00:00Z', '2026-11-22T00:00:00'];
  for (const text of [...moments, '2026-11-22T00:00:00+15:00', '22.11.2026', ''])
    assert.equal(parseDateTime(text), undefined, text);
  for (const text of ['24:00:00Z', '09:60:00Z', '09:00:00', '9:00:00Z']) assert.equal(parseTime(text), undefined, text);
  for (const text of ['0+00:00', '8+00:00', '1+0', 'Mon', '11']) assert.equal(parseDay(text), undefined, text);
  for (const text of ['2026-02-29Z', '2026-11-22']) assert.equal(parseDate(text), undefined, text);
});

test('a moment is seen from the offset of the condition', () => {
  const noon = '2026-11-22T12:00:00Z';
  assert.equal(timeSeen(noon, 0), 12 * HOUR);
  assert.equal(timeSeen(noon, -300), 7 * HOUR);
  assert.equal(timeSeen('2026-11-22T23:30:00Z', 60), 0.5 * HOUR);
  assert.equal(timeSeen('09:00:00-05:00', 0), 14 * HOUR);
  assert.equal(timeSeen('noon', 0), undefined);
});

test('the day changes with the offset', () => {
  // 22 November 2026 is a Sunday.
  assert.equal(daySeen('2026-11-22T23:30:00Z', 0), 7);
  assert.equal(daySeen('2026-11-22T23:30:00Z', 60), 1);
  assert.equal(daySeen('2026-11-22T00:30:00Z', -60), 6);
  assert.equal(daySeen('1969-12-31T12:00:00Z', 0), 3);
  assert.equal(daySeen('2+01:00', 60), 2);
  assert.equal(daySeen('2+01:00', 0), undefined);
  assert.equal(dateSeen('2026-11-22T23:30:00Z', 60), Date.UTC(2026, 10, 23));
});
