/**
 * Volume profiles and their limits: what capacity, IOPS and bandwidth a volume may have, and gets when it does not say.
 * https://cloud.ibm.com/docs/vpc?topic=vpc-block-storage-profiles
 */
import { volumeFault } from './faults.ts';

export type ProfileName = 'general-purpose' | '5iops-tier' | '10iops-tier' | 'custom' | 'sdp';

interface Range {
  readonly min: number;
  readonly max: number;
}

/** IOPS that volumes up to `upTo` GB may have. */
interface Step extends Range {
  readonly upTo: number;
}

export interface Profile {
  readonly name: ProfileName;
  readonly family: 'tiered' | 'custom' | 'defined_performance';
  readonly generation: 1 | 2;
  /** GB. */
  readonly capacity: Range;
  readonly bootCapacity: Range;
  readonly iops: Range;
  /** Mbps. */
  readonly bandwidth: Range;
  /** Tiered: IOPS follow from the capacity. */
  readonly iopsPerGb?: number;
  /** IOPS may be chosen, within what the capacity allows. */
  readonly steps?: readonly Step[];
  /** KiB that one I/O operation may move: IOPS times this is the bandwidth. */
  readonly kibPerIo?: number;
}

const GEN1_BOOT = { min: 10, max: 250 };

export const profiles: readonly Profile[] = [
  {
    name: 'general-purpose',
    family: 'tiered',
    generation: 1,
    capacity: { min: 10, max: 16_000 },
    bootCapacity: GEN1_BOOT,
    iops: { min: 3000, max: 48_000 },
    bandwidth: { min: 393, max: 5360 },
    iopsPerGb: 3,
    kibPerIo: 16,
  },
  {
    name: '5iops-tier',
    family: 'tiered',
    generation: 1,
    capacity: { min: 10, max: 9600 },
    bootCapacity: GEN1_BOOT,
    iops: { min: 3000, max: 48_000 },
    bandwidth: { min: 393, max: 6144 },
    iopsPerGb: 5,
    kibPerIo: 16,
  },
  {
    name: '10iops-tier',
    family: 'tiered',
    generation: 1,
    capacity: { min: 10, max: 4800 },
    bootCapacity: GEN1_BOOT,
    iops: { min: 3000, max: 48_000 },
    bandwidth: { min: 6291, max: 8192 },
    iopsPerGb: 10,
    kibPerIo: 256,
  },
  {
    name: 'custom',
    family: 'custom',
    generation: 1,
    capacity: { min: 10, max: 16_000 },
    bootCapacity: GEN1_BOOT,
    iops: { min: 100, max: 48_000 },
    bandwidth: { min: 209, max: 8192 },
    kibPerIo: 256,
    steps: [
      { upTo: 39, min: 100, max: 1000 },
      { upTo: 79, min: 100, max: 2000 },
      { upTo: 99, min: 100, max: 4000 },
      { upTo: 499, min: 100, max: 6000 },
      { upTo: 999, min: 100, max: 10_000 },
      { upTo: 1999, min: 100, max: 20_000 },
      { upTo: 3999, min: 200, max: 40_000 },
      { upTo: 7999, min: 300, max: 40_000 },
      { upTo: 9999, min: 500, max: 48_000 },
      { upTo: 16_000, min: 1000, max: 48_000 },
    ],
  },
  {
    name: 'sdp',
    family: 'defined_performance',
    generation: 2,
    capacity: { min: 1, max: 32_000 },
    bootCapacity: { min: 1, max: 32_000 },
    iops: { min: 3000, max: 64_000 },
    bandwidth: { min: 1000, max: 8192 },
    steps: [
      { upTo: 20, min: 3000, max: 3000 },
      { upTo: 50, min: 3000, max: 5000 },
      { upTo: 80, min: 3000, max: 20_000 },
      { upTo: 100, min: 3000, max: 30_000 },
      { upTo: 130, min: 3000, max: 45_000 },
      { upTo: 150, min: 3000, max: 60_000 },
      { upTo: 32_000, min: 3000, max: 64_000 },
    ],
  },
];

export function profileNamed(name: string): Profile | undefined {
  return profiles.find((profile) => profile.name === name);
}

/** First-generation volumes are changed while attached, the second generation in any state. */
export function adjustableStates({ generation }: Profile): readonly ('attached' | 'unattached')[] {
  return generation === 1 ? ['attached'] : ['attached', 'unattached'];
}

/** Tiered volumes get their IOPS by size: there is nothing to adjust. */
export function adjustableIopsStates(profile: Profile): readonly ('attached' | 'unattached')[] {
  return profile.steps ? adjustableStates(profile) : [];
}

export interface Performance {
  readonly capacity: number;
  readonly iops: number;
  readonly bandwidth: number;
}

/** Capacity, IOPS and bandwidth as a volume with this profile will have them. Throws `invalid`, naming what is wrong. */
export function performanceOf(
  profile: Profile,
  wanted: { capacity?: number | undefined; iops?: number | undefined; bandwidth?: number | undefined },
): Performance {
  const capacity = capacityOf(profile, wanted.capacity);
  const iops = iopsOf(profile, capacity, wanted.iops);
  return { capacity, iops, bandwidth: bandwidthOf(profile, iops, wanted.bandwidth) };
}

function capacityOf({ name, capacity: { min, max } }: Profile, capacity: number | undefined): number {
  if (capacity === undefined) throw volumeFault('capacity-missing', 'a volume needs a `capacity`', 'capacity');
  if (capacity <= 0) throw volumeFault('capacity-not-positive', '`capacity` must be greater than zero', 'capacity');
  const range = `with profile \`${name}\` a volume has ${min} to ${max} GB, not ${capacity}`;
  if (capacity > max) throw volumeFault('capacity-too-large', range, 'capacity');
  if (capacity < min) throw volumeFault('outside-profile', range, 'capacity');
  return capacity;
}

function iopsOf(profile: Profile, capacity: number, iops: number | undefined): number {
  const { name, steps, iopsPerGb } = profile;
  if (iops !== undefined && iops <= 0) {
    throw volumeFault('iops-not-positive', '`iops` must be greater than zero', 'iops');
  }
  if (!steps) {
    if (iops !== undefined) {
      const why = `with profile \`${name}\` IOPS follow from the capacity: leave \`iops\` out, or use profile \`custom\``;
      throw volumeFault('iops-not-adjustable', why, 'iops');
    }
    return Math.min(profile.iops.max, Math.max(profile.iops.min, capacity * iopsPerGb!));
  }
  const { min, max } = steps.find(({ upTo }) => capacity <= upTo)!;
  if (iops === undefined && profile.family === 'custom') {
    throw volumeFault(
      'outside-profile',
      `with profile \`${name}\` give \`iops\`: ${min} to ${max} at ${capacity} GB`,
      'iops',
    );
  }
  const chosen = iops ?? min;
  if (chosen < min || chosen > max) {
    const range = `with profile \`${name}\` a volume of ${capacity} GB has ${min} to ${max} IOPS, not ${chosen}`;
    throw volumeFault('outside-profile', range, 'iops');
  }
  return chosen;
}

function bandwidthOf(profile: Profile, iops: number, bandwidth: number | undefined): number {
  const { min, max } = profile.bandwidth;
  if (profile.kibPerIo !== undefined) {
    if (bandwidth !== undefined) {
      const why = `with profile \`${profile.name}\` the bandwidth follows from the IOPS: leave \`bandwidth\` out`;
      throw volumeFault('bandwidth-invalid', why, 'bandwidth');
    }
    const megabits = (iops * profile.kibPerIo * 1024 * 8) / 1_000_000;
    return Math.min(max, Math.max(min, Math.floor(megabits)));
  }
  const chosen = bandwidth ?? min;
  if (chosen < min || chosen > max) {
    const range = `with profile \`${profile.name}\` a volume has ${min} to ${max} Mbps, not ${chosen}`;
    throw volumeFault('bandwidth-invalid', range, 'bandwidth');
  }
  return chosen;
}
