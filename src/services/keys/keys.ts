/** The keys service. What other services may use of it is exported here. */
import type { Service } from '../../service.ts';
import { Key, KeyInstance, keyRings, keys, keyVersions, registrations } from './access.ts';
import { createAlias, deleteAlias } from './aliases.ts';
import { awsKeys } from './aws/kms.ts';
import { createKey } from './create.ts';
import { expireKey, retireKey, rotateOnSchedule } from './due.ts';
import { actByQuery } from './ibm/actions.ts';
import { keysFace } from './ibm.ts';
import { instancePolicies, readInstancePolicies, setInstancePolicies } from './instance-policies.ts';
import {
  deleteKey,
  disableKey,
  enableKey,
  purgeKey,
  restoreKey,
  rotateKey,
  setKeyForDeletion,
  syncKey,
  unsetKeyForDeletion,
} from './lifecycle.ts';
import { notifyDependents } from './notify.ts';
import { readKeyPolicies, setKeyPolicies } from './policies.ts';
import { countKeys, getKey, getMetadata, listKeys, listVersions } from './read.ts';
import { listInstanceRegistrations, listKeyRegistrations } from './registration-lists.ts';
import { deregisterResource, registerResource, updateRegistration } from './registrations.ts';
import { createRing, deleteRing, listRings, moveKey } from './rings.ts';
import { JOBS } from './timers.ts';
import { rewrapKey, unwrapKey, wrapKey } from './use.ts';

export type { CreateKeyInput } from './create.ts';
export { KEYS_CHANGED, type KeyChanged, type KeyEvent } from './notify.ts';
export type { RegisteredResource, RegisterInput, UpdateRegistrationInput } from './registrations.ts';
export type { KeyState } from './states.ts';
export type { Rewrapped, UnwrapInput, Unwrapped, WrapInput, Wrapped } from './use.ts';
export { createKey, deregisterResource, registerResource, rewrapKey, unwrapKey, updateRegistration, wrapKey };

const { type: _key, ...keyActions } = Key;
const { type: _instance, ...instanceActions } = KeyInstance;

export const keysService: Service = {
  name: 'keys',
  collections: [keys, keyVersions, registrations, keyRings, instancePolicies, ...awsKeys.collections],
  actions: [...Object.values(keyActions), ...Object.values(instanceActions), ...awsKeys.actions],
  sources: awsKeys.sources,
  operations: [
    createKey,
    getKey,
    getMetadata,
    listKeys,
    countKeys,
    listVersions,
    wrapKey,
    unwrapKey,
    rewrapKey,
    actByQuery,
    rotateKey,
    disableKey,
    enableKey,
    deleteKey,
    restoreKey,
    purgeKey,
    setKeyForDeletion,
    unsetKeyForDeletion,
    syncKey,
    createAlias,
    deleteAlias,
    listRings,
    createRing,
    deleteRing,
    moveKey,
    readKeyPolicies,
    setKeyPolicies,
    readInstancePolicies,
    setInstancePolicies,
    listKeyRegistrations,
    listInstanceRegistrations,
    registerResource,
    updateRegistration,
    deregisterResource,
    notifyDependents,
    expireKey,
    rotateOnSchedule,
    retireKey,
    ...awsKeys.operations,
  ],
  jobs: {
    [JOBS.notify]: { service: 'kms', operation: notifyDependents },
    [JOBS.expire]: { service: 'kms', operation: expireKey },
    [JOBS.rotate]: { service: 'kms', operation: rotateOnSchedule },
    [JOBS.retire]: { service: 'kms', operation: retireKey },
    ...awsKeys.jobs,
  },
  ibm: [keysFace],
  aws: awsKeys.aws,
};
