import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { eventKey, timesOf } from './event-key.ts';
import { openMessage, placeOf, sealMessage } from './sealing.ts';

const key = createSecretKey(randomBytes(32));
const batch = '0e5db9c0-87eb-4dd1-8f4c-8d8624bbf3a9';
const at = (timestamp: number, number = 0) => eventKey({ timestamp, ingestedAt: 2_000, batch, number });
const place = placeOf('us-east-1/app!/content', at(1_000));

test('a message comes back under its key, at its place', () => {
  const sealed = sealMessage(key, 'héllo ✓', place);
  assert.equal(openMessage(key, sealed, place), 'héllo ✓');
  assert.notEqual(sealMessage(key, 'héllo ✓', place), sealed, 'the same message does not look the same twice');
});

test('another key, another place or a changed byte opens nothing', () => {
  const sealed = sealMessage(key, 'hello', place);
  const changed = Buffer.from(sealed, 'base64');
  changed[changed.length - 1]! ^= 1;
  assert.throws(() => openMessage(createSecretKey(randomBytes(32)), sealed, place));
  assert.throws(() => openMessage(key, sealed, placeOf('us-east-1/app!/content', at(1_001))));
  assert.throws(() => openMessage(key, sealed, placeOf('us-east-1/app!/other', at(1_000))));
  assert.throws(() => openMessage(key, changed.toString('base64'), place));
});

test('keys stand in the order of time, then of the batch, and tell their times', () => {
  const keys = [at(9), at(10), at(10, 1), at(10, 256), at(1_700_000_000_000)];
  assert.deepEqual(keys.toReversed().sort(Buffer.compare), keys);
  assert.deepEqual(timesOf(at(1_700_000_000_000)), { timestamp: 1_700_000_000_000, ingestionTime: 2_000 });
});
