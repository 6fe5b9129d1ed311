import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../faults.ts';
import { performanceOf, profileNamed } from './profiles.ts';

/** Performance, or the reason of the refusal. */
function outcome(profile: string, capacity?: number, iops?: number, bandwidth?: number): string {
  try {
    const performance = performanceOf(profileNamed(profile)!, { capacity, iops, bandwidth });
    return `${performance.iops} IOPS`;
  } catch (error) {
    assert(error instanceof Fault);
    return error.reason;
  }
}

/** The vendor's table of profiles: smallest and largest capacity, and the IOPS at the edges. */
const tiered = [
  ['general-purpose', 10, 16_000, { 10: 3000, 1000: 3000, 1001: 3003, 10000: 30_000, 16000: 48_000 }],
  ['5iops-tier', 10, 9600, { 10: 3000, 600: 3000, 601: 3005, 9600: 48_000 }],
  ['10iops-tier', 10, 4800, { 10: 3000, 300: 3000, 301: 3010, 4800: 48_000 }],
] as const;

for (const [profile, min, max, iops] of tiered) {
  test(`${profile}: IOPS follow from the capacity, which has its limits`, () => {
    for (const [capacity, expected] of Object.entries(iops)) {
      assert.equal(outcome(profile, Number(capacity)), `${expected} IOPS`, `${capacity} GB`);
    }
    assert.equal(outcome(profile, min - 1), 'outside-profile');
    assert.equal(outcome(profile, max + 1), 'capacity-too-large');
    assert.equal(outcome(profile, min, 3000), 'iops-not-adjustable');
    assert.equal(outcome(profile, min, undefined, 1000), 'bandwidth-invalid');
  });
}

/** First and last capacity of each row of the vendor's table, with the IOPS that it allows. */
const custom = [
  [10, 39, 100, 1000],
  [40, 79, 100, 2000],
  [80, 99, 100, 4000],
  [100, 499, 100, 6000],
  [500, 999, 100, 10_000],
  [1000, 1999, 100, 20_000],
  [2000, 3999, 200, 40_000],
  [4000, 7999, 300, 40_000],
  [8000, 9999, 500, 48_000],
  [10_000, 16_000, 1000, 48_000],
] as const;

test('custom: each size has its own range of IOPS', () => {
  for (const [from, to, min, max] of custom) {
    for (const capacity of [from, to]) {
      assert.equal(outcome('custom', capacity, min), `${min} IOPS`);
      assert.equal(outcome('custom', capacity, max), `${max} IOPS`);
      assert.equal(outcome('custom', capacity, min - 1), 'outside-profile', `${capacity} GB, ${min - 1} IOPS`);
      assert.equal(outcome('custom', capacity, max + 1), 'outside-profile', `${capacity} GB, ${max + 1} IOPS`);
    }
  }
  assert.equal(outcome('custom', 9, 100), 'outside-profile');
  assert.equal(outcome('custom', 16_001, 1000), 'capacity-too-large');
  assert.equal(outcome('custom', 100), 'outside-profile', 'IOPS are not guessed');
});

test('sdp: capacity, IOPS and bandwidth are chosen apart', () => {
  const rows = [
    [1, 20, 3000],
    [21, 50, 5000],
    [51, 80, 20_000],
    [81, 100, 30_000],
    [101, 130, 45_000],
    [131, 150, 60_000],
    [151, 32_000, 64_000],
  ] as const;
  for (const [from, to, max] of rows) {
    for (const capacity of [from, to]) {
      assert.equal(outcome('sdp', capacity), '3000 IOPS');
      assert.equal(outcome('sdp', capacity, max), `${max} IOPS`);
      assert.equal(outcome('sdp', capacity, max + 1), 'outside-profile');
      assert.equal(outcome('sdp', capacity, 2999), 'outside-profile');
    }
  }
  assert.equal(outcome('sdp', 32_001), 'capacity-too-large');
  assert.equal(performanceOf(profileNamed('sdp')!, { capacity: 20 }).bandwidth, 1000);
  assert.equal(performanceOf(profileNamed('sdp')!, { capacity: 20, bandwidth: 8192 }).bandwidth, 8192);
  assert.equal(outcome('sdp', 20, 3000, 999), 'bandwidth-invalid');
  assert.equal(outcome('sdp', 20, 3000, 8193), 'bandwidth-invalid');
});

test('bandwidth is what the IOPS move, up to the most that the profile has', () => {
  // 16 KiB for each operation at 3 and 5 IOPS/GB, 256 KiB at 10 IOPS/GB and custom; Mbps are millions of bits.
  const bandwidth = (profile: string, capacity: number, iops?: number) =>
    performanceOf(profileNamed(profile)!, { capacity, iops }).bandwidth;
  assert.equal(bandwidth('general-purpose', 100), 393);
  assert.equal(bandwidth('general-purpose', 16_000), 5360);
  assert.equal(bandwidth('5iops-tier', 9600), 6144);
  assert.equal(bandwidth('10iops-tier', 10), 6291);
  assert.equal(bandwidth('custom', 10, 100), 209);
  assert.equal(bandwidth('custom', 10_000, 48_000), 8192);
});

test('a capacity or IOPS of nothing, or less, has errors of its own', () => {
  assert.equal(outcome('general-purpose'), 'capacity-missing');
  assert.equal(outcome('general-purpose', 0), 'capacity-not-positive');
  assert.equal(outcome('general-purpose', -1), 'capacity-not-positive');
  assert.equal(outcome('custom', 10, 0), 'iops-not-positive');
  assert.equal(outcome('custom', 10, -100), 'iops-not-positive');
});
