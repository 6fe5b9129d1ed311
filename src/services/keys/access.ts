/** Keys and the instances that hold them: what is kept, and what can be asked of them. */
import { resource } from '../../access.ts';
import { ibmRef, type ResourceRef } from '../../policy/names.ts';
import { collection } from '../../store/store.ts';
import { Instance, type InstanceDocument, instances } from '../resources/access.ts';
import type { KeyState } from './states.ts';

/** The service's name in CRNs. */
export const SERVICE = 'kms';

/** A version of a key, without its material. */
export interface Version {
  readonly id: string;
  readonly createdAt: number;
}

/** Who set a policy, and when. */
export interface PolicyStamp {
  readonly id: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

export interface KeyPolicies {
  readonly dualAuthDelete?: PolicyStamp & { readonly enabled: boolean };
  readonly rotation?: PolicyStamp & { readonly enabled: boolean; readonly months: number };
}

export interface KeyDocument {
  readonly id: string;
  /** GUID of the instance. */
  readonly instance: string;
  readonly region: string;
  /** The instance's, so that a decision needs the key alone. */
  readonly resourceGroupId: string;
  readonly ring: string;
  /** A root key wraps and never leaves; the material of a standard key can be read. */
  readonly kind: 'root' | 'standard';
  readonly imported: boolean;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly tags: readonly string[];
  readonly description?: string;
  readonly state: KeyState;
  /** The newest version. */
  readonly version: Version;
  /** Size of the newest version's material. */
  readonly bits: number;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly rotatedAt?: number;
  readonly expiresAt?: number;
  readonly disabledAt?: number;
  readonly deleted?: { readonly at: number; readonly by: string };
  /** The first of the two people that dual authorization wants for a deletion. */
  readonly setForDeletion?: { readonly at: number; readonly by: string };
  readonly policies: KeyPolicies;
  /** Grows with every change that dependents are told of: an older event than the last one seen is stale. */
  readonly sequence: number;
  /** When dependents were last told. */
  readonly toldAt?: number;
}

/** One version's material. Part of its key: id `{instance}/{key}/{version}`. */
export interface VersionDocument extends Version {
  readonly key: string;
  /** Base64; kept sealed. */
  readonly material: string;
}

/** A cloud resource that a key protects. Part of the key: id `{instance}/{key}/{CRN of the resource}`. */
export interface RegistrationDocument {
  readonly instance: string;
  readonly key: string;
  readonly keyName: string;
  readonly resourceCrn: string;
  /** The account of the resource: events about the key go there. */
  readonly resourceAccount: string;
  readonly description: string;
  /** The resource must not lose its key, not even by force (a retention policy). */
  readonly preventKeyDeletion: boolean;
  /** The version that the resource's data key is wrapped under. */
  readonly version: Version;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

/** Part of its instance: id `{instance}/{ring}`. The ring `default` is everywhere and has no document. */
export interface RingDocument {
  readonly instance: string;
  readonly id: string;
  readonly createdAt: number;
  readonly createdBy: string;
}

export const DEFAULT_RING = 'default';

export const keys = collection<KeyDocument>('keys', {
  indexes: {
    instance: (key) => [key.instance],
    live: (key) => (key.state === 'destroyed' ? [] : [key.instance]),
    alias: (key) => key.aliases.map((alias) => `${key.instance}/${alias}`),
    ring: (key) => [`${key.instance}/${key.ring}`],
  },
});

export const keyVersions = collection<VersionDocument>('key_versions', {
  partOf: keys,
  sealed: ['material'],
  indexes: { key: (version) => [version.key] },
});

export const registrations = collection<RegistrationDocument>('registrations', {
  partOf: keys,
  indexes: {
    instance: (registration) => [registration.instance],
    key: (registration) => [`${registration.instance}/${registration.key}`],
    resource: (registration) => [registration.resourceCrn],
    preventing: (registration) =>
      registration.preventKeyDeletion ? [`${registration.instance}/${registration.key}`] : [],
  },
});

export const keyRings = collection<RingDocument>('key_rings', {
  partOf: instances,
  indexes: { instance: (ring) => [ring.instance], address: (ring) => [`${ring.instance}/${ring.id}`] },
});

/** A key. https://cloud.ibm.com/docs/account?topic=account-iam-service-roles-actions#kms-roles */
export const Key = resource<KeyDocument>()(
  'key',
  {
    collection: keys,
    documentId: (ref) => `${ref.instance}/${ref.id}`,
    refOf: ({ account, value }) => keyRef(account, value.region, value.instance, value.id),
    attributes: (_ref, value) => (value ? { keyRing: value.ring, resourceGroupId: value.resourceGroupId } : {}),
  },
  {
    create: { nature: 'write', ibm: 'kms.secrets.create' },
    createWithPolicies: { nature: 'write', ibm: 'kms.secrets-with-policy-overrides.create' },
    list: { nature: 'list', ibm: 'kms.secrets.list' },
    read: { nature: 'secret', ibm: 'kms.secrets.read' },
    readMetadata: { nature: 'read', ibm: 'kms.secrets.readmetadata' },
    listVersions: { nature: 'read', ibm: 'kms.secrets.listkeyversions' },
    patch: { nature: 'write', ibm: 'kms.secrets.patch' },
    /** A destroyed key goes to the default ring when its ring is deleted. */
    leaveRing: { nature: 'write', ibm: 'kms.keyrings.delete' },
    wrap: { nature: 'use', ibm: 'kms.secrets.wrap' },
    unwrap: { nature: 'use', ibm: 'kms.secrets.unwrap' },
    rewrap: { nature: 'use', ibm: 'kms.secrets.rewrap' },
    rotate: { nature: 'write', ibm: 'kms.secrets.rotate' },
    disable: { nature: 'write', ibm: 'kms.secrets.disable' },
    enable: { nature: 'write', ibm: 'kms.secrets.enable' },
    delete: { nature: 'write', ibm: 'kms.secrets.delete' },
    restore: { nature: 'write', ibm: 'kms.secrets.restore' },
    purge: { nature: 'write', ibm: 'kms.secrets.purge' },
    sync: { nature: 'write', ibm: 'kms.secrets.sync' },
    setForDeletion: { nature: 'write', ibm: 'kms.secrets.setkeyfordeletion' },
    unsetForDeletion: { nature: 'write', ibm: 'kms.secrets.unsetkeyfordeletion' },
    createAlias: { nature: 'write', ibm: 'kms.secrets.createalias' },
    deleteAlias: { nature: 'write', ibm: 'kms.secrets.deletealias' },
    readPolicies: { nature: 'read', ibm: 'kms.policies.read' },
    writePolicies: { nature: 'write', ibm: 'kms.policies.write' },
    listRegistrations: { nature: 'list', ibm: 'kms.registrations.listforkey' },
    register: { nature: 'write', ibm: 'kms.registrations.create' },
    updateRegistration: { nature: 'write', ibm: 'kms.registrations.write' },
    deregister: { nature: 'write', ibm: 'kms.registrations.delete' },
    /** What time does to a key: nobody can be granted these, the plane's own jobs ask for them. */
    expire: { nature: 'write', standing: ['service'] },
    rotateOnSchedule: { nature: 'write', standing: ['service'] },
    retire: { nature: 'write', standing: ['service'] },
    notify: { nature: 'read', standing: ['service'] },
  },
);

/** An instance of the service, seen from the service: the same document that the resource controller keeps. */
export const KeyInstance = resource<InstanceDocument>()(
  'key-instance',
  {
    collection: instances,
    documentId: Instance.type.documentId,
    refOf: Instance.type.refOf,
    attributes: Instance.type.attributes,
  },
  {
    listRings: { nature: 'list', ibm: 'kms.keyrings.list' },
    createRing: { nature: 'write', ibm: 'kms.keyrings.create' },
    deleteRing: { nature: 'write', ibm: 'kms.keyrings.delete' },
    listRegistrations: { nature: 'list', ibm: 'kms.registrations.list' },
    readPolicies: { nature: 'read', ibm: 'kms.instancepolicies.read' },
    writePolicies: { nature: 'write', ibm: 'kms.instancepolicies.write' },
  },
);

/** What keeps an instance from being deleted. */
export const liveKeys = { type: Key.type, index: 'live' };

export function keyRef(account: string, region: string, instance: string, id: string): ResourceRef {
  return ibmRef({ account, service: SERVICE, location: region, instance, type: 'key', id });
}
