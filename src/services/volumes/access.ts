/** Block storage volumes: what is kept, and what can be asked of them. https://cloud.ibm.com/docs/account?topic=account-iam-service-roles-actions#is.volume-roles */
import { resource } from '../../access.ts';
import { ibmRef, type ResourceRef } from '../../policy/names.ts';
import { collection } from '../../store/store.ts';
import { type Region, regionOfZone } from '../resources/regions.ts';
import type { ProfileName } from './profiles.ts';

/** The service's name in CRNs. */
export const SERVICE = 'is';

/** A volume's data key, wrapped under somebody's root key. */
export interface VolumeKey {
  readonly crn: string;
  /** What the key service made of the data key; only the root key opens it. */
  readonly wrapped: string;
  /** Id of the root key's version that it is wrapped under. */
  readonly version: string;
  /** The root key as the volume last heard of it. */
  readonly state: 'active' | 'disabled' | 'deleted';
  /** Of the last event about the key: an older one is stale. */
  readonly sequence: number;
}

export interface VolumeDocument {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly profile: ProfileName;
  /** GB. */
  readonly capacity: number;
  readonly iops: number;
  /** Mbps. */
  readonly bandwidth: number;
  readonly resourceGroupId: string;
  readonly resourceGroupName: string;
  readonly userTags: readonly string[];
  /** Where the volume is in its own life; its key may make it unusable besides. */
  readonly stage: 'pending' | 'available' | 'updating' | 'pending_deletion';
  /** Absent: the provider's own key. */
  readonly key?: VolumeKey;
  readonly createdAt: number;
}

export const volumes = collection<VolumeDocument>('volumes', {
  indexes: {
    id: (volume) => [volume.id],
    /** Names are unique in an account's region. */
    name: (volume) => [nameKey(regionOfZone(volume.zone)!, volume.name)],
    group: (volume) => [volume.resourceGroupId],
  },
});

export const Volume = resource<VolumeDocument>()(
  'volume',
  {
    collection: volumes,
    refOf: ({ account, value }) => volumeRef(account, value.zone, value.id),
    attributes: (ref, value) => ({
      ...(ref.id === '' ? {} : { volumeId: ref.id }),
      ...(value ? { resourceGroupId: value.resourceGroupId } : {}),
    }),
    actsAs: ['server-protect'],
  },
  {
    create: { nature: 'write', ibm: 'is.volume.volume.create' },
    read: { nature: 'read', ibm: 'is.volume.volume.read' },
    list: { nature: 'list', ibm: 'is.volume.volume.list' },
    update: { nature: 'write', ibm: 'is.volume.volume.update' },
    delete: { nature: 'write', ibm: 'is.volume.volume.delete' },
    /** What happens to a volume by itself: the service's own jobs. */
    upkeep: { nature: 'write', standing: ['service'] },
  },
);

/** The profiles on offer: the same for every account, but only who may view volumes may see them. */
export const VolumeProfile = resource<{ readonly name: string }>()(
  'volume-profile',
  {
    collection: collection<{ readonly name: string }>('volume-profiles'),
    refOf: ({ account }) => profilesRef(account),
  },
  { view: { nature: 'read', ibm: 'is.volume.profile.view' } },
);

export function volumeRef(account: string, zone: string, id: string): ResourceRef {
  return ibmRef({ account, service: SERVICE, location: zone, type: 'volume', id });
}

export function profilesRef(account: string): ResourceRef {
  return ibmRef({ account, service: SERVICE, type: 'volume' });
}

export function nameKey(region: Region, name: string): string {
  return `${region}/${name}`;
}
