/** Volumes: made, found, changed and deleted. https://cloud.ibm.com/apidocs/vpc#list-volumes */
import type { Action } from '../../access.ts';
import type { Context } from '../../context.ts';
import { Fault, isHidden } from '../../faults.ts';
import { type Allowed, operation } from '../../operation.ts';
import type { ResourceRef } from '../../policy/names.ts';
import type { Document } from '../../store/store.ts';
import { defaultGroupId, Group } from '../resources/access.ts';
import { allowFound } from '../resources/found.ts';
import { allowGroup } from '../resources/groups.ts';
import { type Region, regionOfZone, regions } from '../resources/regions.ts';
import { nameKey, Volume, type VolumeDocument, volumeRef } from './access.ts';
import { changed, type VolumeChanges } from './change.ts';
import { bindKey, unbindKey } from './encryption.ts';
import { parameterFault, volumeFault } from './faults.ts';
import { scheduleSettling } from './lifecycle.ts';
import { checkName, checkTags, madeUpName } from './names.ts';
import { type Profile, performanceOf, profileNamed } from './profiles.ts';
import { statusOf } from './status.ts';

/** A volume as the caller may see it. */
export interface VolumeView {
  readonly ref: ResourceRef;
  readonly volume: Readonly<VolumeDocument>;
  readonly revision: number;
}

export interface NewVolume {
  readonly name?: string | undefined;
  readonly zone: string;
  readonly profile: { readonly name?: string | undefined } | undefined;
  /** GB. */
  readonly capacity?: number | undefined;
  readonly iops?: number | undefined;
  /** Mbps. */
  readonly bandwidth?: number | undefined;
  readonly resourceGroupId?: string | undefined;
  /** CRN of a root key, of whichever account. */
  readonly keyCrn?: string | undefined;
  readonly userTags?: readonly string[] | undefined;
  /** How the snapshot to restore was named. */
  readonly snapshot?: string | undefined;
}

export interface VolumeFilter {
  readonly name?: string | undefined;
  readonly zone?: string | undefined;
  readonly encryption?: 'provider_managed' | 'user_managed' | undefined;
  readonly tag?: string | undefined;
  readonly generation?: number | undefined;
  /** True when only volumes that are attached, or that hold an operating system, are wanted: there are none. */
  readonly none?: boolean | undefined;
}

/** Far above what an account may have. */
const MOST = 100_000;

/** Makes a volume, pending until its job has run. */
export const createVolume = operation(
  'volumes.create',
  async (cx, input: NewVolume): Promise<VolumeView> => {
    const draft = draftOf(cx, input);
    const { account } = cx.identity.caller;
    const region = regionOfZone(draft.zone)!;
    const ref = volumeRef(account, draft.zone, draft.id);
    const allowed = await cx.allowNew(Volume.create, ref, draft);
    const resourceGroupName = await groupName(cx, account, draft.resourceGroupId);
    if (await cx.isTaken(Volume.type, account, 'name', nameKey(region, draft.name))) throw nameTaken(draft.name);
    const key = input.keyCrn === undefined ? {} : { key: await bindKey(cx, allowed, input.keyCrn) };
    const volume = { ...draft, resourceGroupName, ...key };
    cx.create(allowed, volume);
    scheduleSettling(cx, ref);
    return { ref, volume, revision: 1 };
  },
  {
    recorded: ({ name, zone, profile, capacity, keyCrn }) => ({
      name,
      zone,
      profile: profile?.name,
      capacity,
      encryptionKey: keyCrn,
    }),
  },
);

/** A page of the volumes of a region that the caller may see, of how many, and where the next page starts. */
export const listVolumes = operation(
  'volumes.list',
  async (
    cx,
    input: { region: string; filter: VolumeFilter; limit: number; start?: string | undefined },
  ): Promise<{ volumes: VolumeView[]; total: number; next?: string }> => {
    const visible = await cx.allowEach(Volume.list, cx.identity.caller.account, {
      limit: MOST,
      keep: (document) => fits(document, input.region, input.filter),
    });
    const all = visible.items.map(view);
    const from = input.start === undefined ? 0 : all.findIndex(({ volume }) => volume.id === input.start);
    if (from < 0) throw parameterFault('start-unknown', `there is no volume \`${input.start}\` to start from`, 'start');
    const next = all[from + input.limit];
    return {
      volumes: all.slice(from, from + input.limit),
      total: all.length,
      ...(next ? { next: next.volume.id } : {}),
    };
  },
);

export const getVolume = operation(
  'volumes.get',
  async (cx, input: { id: string }): Promise<VolumeView> => view(await allowVolume(cx, Volume.read, input.id)),
);

/** `ifMatch`: the ETag that the caller has seen; needed to replace tags, which others may have changed. */
export const updateVolume = operation(
  'volumes.update',
  async (cx, input: { id: string; ifMatch?: string | undefined; changes: VolumeChanges }): Promise<VolumeView> => {
    const allowed = await allowVolume(cx, Volume.update, input.id);
    const { ref, value, document } = allowed;
    requireMatch(document!, input.ifMatch, input.changes.userTags !== undefined);
    const status = statusOf(value);
    if (status !== 'available') {
      throw volumeFault('volume-busy', `a volume can be changed while it is available: \`${value.id}\` is ${status}`);
    }
    const volume = changed(value, input.changes);
    if (volume.name !== value.name) {
      const key = nameKey(regionOfZone(value.zone)!, volume.name);
      if (await cx.isTaken(Volume.type, ref.account, 'name', key)) throw nameTaken(volume.name);
    }
    cx.update(allowed, volume);
    if (volume.stage === 'updating') scheduleSettling(cx, ref);
    return { ref, volume, revision: document!.revision + 1 };
  },
  { recorded: ({ id, changes }) => ({ id, changes: { ...changes } }) },
);

/** The volume is being deleted when this returns, and gone once its job has run. */
export const deleteVolume = operation(
  'volumes.delete',
  async (cx, input: { id: string; ifMatch?: string | undefined }): Promise<void> => {
    const allowed = await allowVolume(cx, Volume.delete, input.id);
    const { value } = allowed;
    requireMatch(allowed.document!, input.ifMatch, false);
    if (value.stage !== 'available') {
      throw volumeFault('volume-not-deletable', `a volume that is ${value.stage} cannot be deleted: wait for it`);
    }
    if (value.key) await unbindKey(cx, allowed, value.key);
    cx.update<VolumeDocument>(allowed, { ...value, stage: 'pending_deletion' });
    scheduleSettling(cx, allowed.ref);
  },
  { recorded: ({ id }) => ({ id }) },
);

async function allowVolume<N extends string>(
  cx: Context,
  action: Action<VolumeDocument, N>,
  id: string,
): Promise<Allowed<VolumeDocument, N>> {
  const refs = (await cx.locate(Volume.type, 'id', id)).map(({ ref }) => ref);
  return allowFound(cx, action, refs, volumeRef(cx.identity.caller.account, '', id));
}

function draftOf(cx: Context, input: NewVolume): VolumeDocument {
  const region = regionOfZone(input.zone);
  if (!region) throw volumeFault('zone-unknown', `there is no zone \`${input.zone}\``, 'zone.name');
  const profile = profileOf(input.profile);
  if (input.snapshot !== undefined) {
    throw volumeFault('snapshot-unknown', `there is no snapshot \`${input.snapshot}\``, 'source_snapshot');
  }
  const uuid = cx.newId();
  return {
    id: `${regions[region].idPrefix}-${uuid}`,
    name: input.name === undefined ? madeUpName(cx.newId()) : checkName(input.name),
    zone: input.zone,
    profile: profile.name,
    ...performanceOf(profile, input),
    resourceGroupId: input.resourceGroupId ?? defaultGroupId(cx.identity.caller.account),
    resourceGroupName: '',
    userTags: checkTags(input.userTags ?? []),
    stage: 'pending',
    createdAt: cx.now,
  };
}

function profileOf(wanted: NewVolume['profile']): Profile {
  if (wanted === undefined) throw volumeFault('profile-missing', 'a volume needs a `profile`', 'profile');
  if (wanted.name === undefined)
    throw volumeFault('profile-name-missing', 'give the `name` of a profile', 'profile.name');
  const profile = profileNamed(wanted.name);
  if (!profile) throw volumeFault('profile-unknown', `there is no profile \`${wanted.name}\``, 'profile.name');
  return profile;
}

/** Who makes something in a resource group must be allowed to see the group. */
async function groupName(cx: Context, account: string, id: string): Promise<string> {
  try {
    return (await allowGroup(cx, Group.read, account, id)).value.name;
  } catch (error) {
    if (!isHidden(error)) throw error;
    throw error.kind === 'denied'
      ? volumeFault('group-denied', 'you are not authorized to use this resource group', 'resource_group.id')
      : volumeFault('group-unknown', `there is no resource group \`${id}\``, 'resource_group.id');
  }
}

function view({ ref, document, value }: Allowed<VolumeDocument>): VolumeView {
  return { ref, volume: value, revision: document!.revision };
}

function fits({ value }: Document<VolumeDocument>, region: string, filter: VolumeFilter): boolean {
  return (
    filter.none !== true &&
    inRegion(value, region) &&
    (filter.name === undefined || value.name === filter.name) &&
    (filter.zone === undefined || value.zone === filter.zone) &&
    (filter.encryption === undefined || (filter.encryption === 'user_managed') === (value.key !== undefined)) &&
    (filter.tag === undefined || value.userTags.includes(filter.tag)) &&
    (filter.generation === undefined || profileNamed(value.profile)?.generation === filter.generation)
  );
}

function inRegion({ zone }: VolumeDocument, region: string): boolean {
  return regionOfZone(zone) === (region as Region);
}

function requireMatch(document: Document<VolumeDocument>, ifMatch: string | undefined, isNeeded: boolean): void {
  if (ifMatch === undefined) {
    if (!isNeeded) return;
    const message = 'to replace `user_tags`, send the ETag of the volume as it was read in `If-Match`';
    throw new Fault('precondition', 'if-match-needed', message, { target: { type: 'header', name: 'If-Match' } });
  }
  if (ifMatch === '*' || ifMatch.replace(/^W\//, '').replaceAll('"', '') === String(document.revision)) return;
  const message = 'the volume has been changed since: read it again';
  throw new Fault('precondition', 'volume-changed', message, { target: { type: 'header', name: 'If-Match' } });
}

function nameTaken(name: string): Fault {
  return volumeFault('name-taken', `there is a volume \`${name}\` in this region already`, 'name');
}
