/** What a change makes of a volume. https://cloud.ibm.com/docs/vpc?topic=vpc-expanding-block-storage-volumes */
import type { VolumeDocument } from './access.ts';
import { volumeFault } from './faults.ts';
import { checkName, checkTags } from './names.ts';
import { adjustableIopsStates, adjustableStates, type Profile, performanceOf, profileNamed } from './profiles.ts';

export interface VolumeChanges {
  readonly name?: string | undefined;
  /** GB: only more. */
  readonly capacity?: number | undefined;
  readonly iops?: number | undefined;
  /** Mbps. */
  readonly bandwidth?: number | undefined;
  /** Name of a profile of the same family. */
  readonly profile?: string | undefined;
  readonly userTags?: readonly string[] | undefined;
}

/** The volume after the change, `updating` when its performance changes. Throws `invalid`. */
export function changed(volume: VolumeDocument, changes: VolumeChanges): VolumeDocument {
  const old = profileNamed(volume.profile)!;
  const profile = changes.profile === undefined ? old : otherProfile(old, changes.profile);
  if (changes.capacity !== undefined && changes.capacity > 0 && changes.capacity < volume.capacity) {
    const message = `the capacity of a volume can only grow: it is ${volume.capacity} GB, ${changes.capacity} were asked for`;
    throw volumeFault('change-invalid', message, 'capacity');
  }
  const performance = performanceOf(profile, {
    capacity: changes.capacity ?? volume.capacity,
    // What the profile derives is derived anew; what was chosen stays until it is chosen anew.
    iops: changes.iops ?? (profile.steps ? volume.iops : undefined),
    bandwidth: changes.bandwidth ?? (profile.kibPerIo === undefined ? volume.bandwidth : undefined),
  });
  const resized = performance.capacity !== volume.capacity || profile !== old;
  const retuned = changes.iops !== undefined && performance.iops !== volume.iops;
  if (resized && !adjustableStates(profile).includes('unattached')) throw attachFirst(profile);
  if (retuned && !adjustableIopsStates(profile).includes('unattached')) throw attachFirst(profile);
  const isUpdating = resized || retuned || performance.bandwidth !== volume.bandwidth;
  return {
    ...volume,
    ...performance,
    profile: profile.name,
    name: changes.name === undefined ? volume.name : checkName(changes.name),
    userTags: changes.userTags === undefined ? volume.userTags : checkTags(changes.userTags),
    stage: isUpdating ? 'updating' : volume.stage,
  };
}

function otherProfile(old: Profile, name: string): Profile {
  const profile = profileNamed(name);
  if (!profile) throw volumeFault('profile-unknown', `there is no profile \`${name}\``, 'profile.name');
  if (profile.family === old.family) return profile;
  const message = `a volume stays in its family of profiles: \`${old.name}\` is ${old.family}, \`${name}\` is ${profile.family}`;
  throw volumeFault('change-invalid', message, 'profile.name');
}

function attachFirst(profile: Profile): Error {
  const message = `a volume with profile \`${profile.name}\` can be adjusted only while it is attached to a running instance`;
  return volumeFault('change-invalid', message);
}
