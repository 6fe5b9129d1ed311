import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../faults.ts';
import type { VolumeDocument } from './access.ts';
import { changed, type VolumeChanges } from './change.ts';
import { checkName, checkTags, madeUpName } from './names.ts';
import { healthOf, reasonsOf, statusOf } from './status.ts';

const general: VolumeDocument = {
  id: 'r006-1a6b7274-678d-4dfb-8981-c71dd9d4daa5',
  name: 'data',
  zone: 'us-south-1',
  profile: 'general-purpose',
  capacity: 100,
  iops: 3000,
  bandwidth: 393,
  resourceGroupId: 'group',
  resourceGroupName: 'Default',
  userTags: ['env:test'],
  stage: 'available',
  createdAt: 0,
};
const sdp: VolumeDocument = { ...general, profile: 'sdp', capacity: 20, bandwidth: 1000 };
const custom: VolumeDocument = { ...general, profile: 'custom', iops: 1000 };

function reason(volume: VolumeDocument, changes: VolumeChanges): string {
  try {
    changed(volume, changes);
    return 'changed';
  } catch (error) {
    assert(error instanceof Fault);
    return error.reason;
  }
}

test('a name and tags change at once', () => {
  const { name, userTags, stage } = changed(general, { name: 'data-2', userTags: ['a', 'b', 'a'] });
  assert.deepEqual({ name, userTags, stage }, { name: 'data-2', userTags: ['a', 'b'], stage: 'available' });
});

test('a volume of the second generation grows and gets faster without being attached', () => {
  const grown = changed(sdp, { capacity: 200, iops: 64_000, bandwidth: 4000 });
  assert.deepEqual(
    { capacity: grown.capacity, iops: grown.iops, bandwidth: grown.bandwidth, stage: grown.stage },
    { capacity: 200, iops: 64_000, bandwidth: 4000, stage: 'updating' },
  );
  assert.equal(reason(sdp, { capacity: 19 }), 'change-invalid', 'it does not shrink');
  assert.equal(reason(sdp, { iops: 5000 }), 'outside-profile', 'too fast for 20 GB');
  assert.equal(reason(sdp, { capacity: 32_001 }), 'capacity-too-large');
});

test('a volume of the first generation is adjusted only while it is attached', () => {
  assert.equal(reason(general, { capacity: 200 }), 'change-invalid');
  assert.equal(reason(general, { profile: '5iops-tier' }), 'change-invalid');
  assert.equal(reason(custom, { iops: 2000 }), 'change-invalid');
  assert.equal(reason(general, { capacity: 100 }), 'changed', 'what it has already is no adjustment');
  assert.equal(reason(general, { iops: 3000 }), 'iops-not-adjustable');
});

test('a volume stays in its family of profiles', () => {
  assert.equal(reason(general, { profile: 'custom' }), 'change-invalid');
  assert.equal(reason(general, { profile: 'sdp' }), 'change-invalid');
  assert.equal(reason(general, { profile: 'fast' }), 'profile-unknown');
});

test('names', () => {
  for (const name of ['a', 'a1', 'my-volume-1', 'a'.repeat(63)]) assert.equal(checkName(name), name);
  for (const name of ['', '1a', '-a', 'a-', 'A', 'a_b', 'a b', 'ä', 'a'.repeat(64)]) {
    assert.throws(() => checkName(name), { reason: 'name-invalid' }, name);
  }
  const name = madeUpName('2c9d97ca-82ba-49f6-85f5-1459d7802863');
  assert.match(name, /^[a-z]+-[a-z]+-[a-z]+-[a-z]+$/);
  assert.equal(checkName(name), madeUpName('2c9d97ca-82ba-49f6-85f5-1459d7802863'), 'the same when made again');
  assert.notEqual(name, madeUpName('2c9e97ca-82ba-49f6-85f5-1459d7802863'));
});

test('tags', () => {
  assert.deepEqual(checkTags(['env:prod', 'a b.c_d-e']), ['env:prod', 'a b.c_d-e']);
  for (const tag of ['', 'a,b', 'a'.repeat(129), 'ü'])
    assert.throws(() => checkTags([tag]), { reason: 'tag-invalid' }, tag);
});

test('a key makes a volume unusable, in a way that can be read', () => {
  const under = (state: 'active' | 'disabled' | 'deleted', stage: VolumeDocument['stage'] = 'available') => ({
    ...general,
    stage,
    key: { crn: 'crn', wrapped: '', version: '1', state, sequence: 1 },
  });
  const told = (volume: VolumeDocument) => [
    statusOf(volume),
    reasonsOf(volume).map(({ code }) => code),
    healthOf(volume),
  ];
  assert.deepEqual(told(general), ['available', [], 'ok']);
  assert.deepEqual(told(under('active')), ['available', [], 'ok']);
  assert.deepEqual(told(under('disabled')), ['unusable', ['encryption_key_disabled'], 'inapplicable']);
  assert.deepEqual(told(under('deleted')), ['unusable', ['encryption_key_deleted'], 'inapplicable']);
  assert.deepEqual(told(under('deleted', 'pending')), ['pending', [], 'inapplicable']);
  assert.deepEqual(told(under('disabled', 'pending_deletion')), ['pending_deletion', [], 'inapplicable']);
  assert.deepEqual(told({ ...general, stage: 'updating' }), ['updating', [], 'ok']);
});
