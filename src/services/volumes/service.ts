/** Block storage volumes, encrypted under the provider's key or under root keys of any account that lends them. */
import type { Service } from '../../service.ts';
import { KEYS_CHANGED } from '../keys/keys.ts';
import { Volume, VolumeProfile, volumes } from './access.ts';
import { vpcFace } from './ibm.ts';
import { FOLLOW_KEY, followKey, settleVolume, volumeJobs } from './lifecycle.ts';
import { getProfile, getRegion, getZone, listProfiles, listRegions, listZones } from './reference.ts';
import { createVolume, deleteVolume, getVolume, listVolumes, updateVolume } from './volumes.ts';

const { type: volumeType, ...volumeActions } = Volume;

export const volumesService: Service = {
  name: 'volumes',
  collections: [volumes, VolumeProfile.type.collection],
  actions: [...Object.values(volumeActions), VolumeProfile.view],
  operations: [
    createVolume,
    listVolumes,
    getVolume,
    updateVolume,
    deleteVolume,
    settleVolume,
    followKey,
    listProfiles,
    getProfile,
    listRegions,
    getRegion,
    listZones,
    getZone,
  ],
  jobs: volumeJobs,
  subscriptions: { [KEYS_CHANGED]: [FOLLOW_KEY] },
  ibm: [vpcFace],
};

/** Volumes lie in resource groups. */
export const volumesInGroups = { type: volumeType, index: 'group' };
