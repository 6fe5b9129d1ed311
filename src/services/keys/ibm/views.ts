/** How Key Protect shows what the service keeps (facts: ibm-cloud.md 5.3, 5.5, 5.6, 5.8). */
import { formatCrn, type ResourceRef } from '../../../policy/names.ts';
import type { WireReply } from '../../../wire/ibm/route.ts';
import type { KeyDocument, KeyPolicies, PolicyStamp, RingDocument, Version } from '../access.ts';
import type { KeyView } from '../address.ts';
import type { InstancePolicies } from '../instance-policies.ts';
import type { RegistrationView } from '../registration-lists.ts';
import { type KeyState, WAITS } from '../states.ts';
import type { Rewrapped, Unwrapped, Wrapped } from '../use.ts';
import { mediaType } from './request.ts';

export const STATE_NUMBERS: Readonly<Record<KeyState, number>> = {
  active: 1,
  suspended: 2,
  deactivated: 3,
  destroyed: 5,
};

/** A collection of resources, or an empty one without `resources`. */
export function collectionReply(
  type: string,
  resources: readonly unknown[],
  {
    status = 200,
    metadata = {},
    total = resources.length,
  }: { status?: number; metadata?: object; total?: number } = {},
): WireReply {
  return {
    status,
    headers: { 'content-type': mediaType(type) },
    body: {
      metadata: { collectionType: mediaType(type), collectionTotal: total, ...metadata },
      ...(resources.length === 0 ? {} : { resources }),
    },
  };
}

export function actionReply(body: object): WireReply {
  return { status: 200, headers: { 'content-type': mediaType('key_action') }, body };
}

/** RFC 3339 in whole seconds. */
export function date(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

export function versionView(version: Version): object {
  return { id: version.id, creationDate: date(version.createdAt) };
}

/** A key; `now` decides what can still be undone. */
export function keyView({ ref, key, material }: KeyView, now: number): object {
  return {
    type: mediaType('key'),
    id: key.id,
    name: key.name,
    ...(key.aliases.length === 0 ? {} : { aliases: key.aliases }),
    ...(key.description === undefined ? {} : { description: key.description }),
    ...(key.tags.length === 0 ? {} : { tags: key.tags }),
    state: STATE_NUMBERS[key.state],
    extractable: key.kind === 'standard',
    crn: formatCrn(ref),
    imported: key.imported,
    keyRingID: key.ring,
    ...(key.expiresAt === undefined ? {} : { expirationDate: date(key.expiresAt) }),
    creationDate: date(key.createdAt),
    createdBy: key.createdBy,
    lastUpdateDate: date(key.updatedAt),
    ...(key.rotatedAt === undefined ? {} : { lastRotateDate: date(key.rotatedAt) }),
    algorithmType: 'Deprecated',
    algorithmMetadata: { bitLength: String(key.bits), mode: 'Deprecated' },
    algorithmBitSize: key.bits,
    algorithmMode: 'Deprecated',
    keyVersion: versionView(key.version),
    dualAuthDelete: dualAuthView(key, now),
    ...rotationView(key),
    deleted: key.state === 'destroyed',
    ...deletionView(key, now),
    ...(material === undefined ? {} : { payload: material.toString('base64') }),
  };
}

function dualAuthView(key: KeyDocument, now: number): object {
  const enabled = key.policies.dualAuthDelete?.enabled ?? false;
  if (!enabled) return { enabled };
  const expires = (key.setForDeletion?.at ?? 0) + WAITS.authorization;
  if (key.setForDeletion === undefined || expires < now) return { enabled, keySetForDeletion: false };
  return { enabled, keySetForDeletion: true, authExpiration: date(expires) };
}

function rotationView({ policies: { rotation } }: KeyDocument): object {
  return rotation === undefined ? {} : { rotation: { enabled: rotation.enabled, interval_month: rotation.months } };
}

function deletionView(key: KeyDocument, now: number): object {
  if (key.deleted === undefined) return {};
  const { at, by } = key.deleted;
  const restorableUntil = at + WAITS.restorable;
  const purgeFrom = at + WAITS.purge;
  return {
    deletionDate: date(at),
    deletedBy: by,
    restoreExpirationDate: date(restorableUntil),
    restoreAllowed: now <= restorableUntil && (key.expiresAt === undefined || key.expiresAt > now),
    purgeAllowed: now >= purgeFrom,
    purgeAllowedFrom: date(purgeFrom),
    purgeScheduledOn: date(at + WAITS.retire),
  };
}

export function wrappedView({ plaintext, ciphertext, version }: Wrapped): object {
  return {
    ...(plaintext === undefined ? {} : { plaintext: plaintext.toString('base64') }),
    ciphertext,
    keyVersion: { id: version.id },
  };
}

export function unwrappedView({ plaintext, version, rewrapped }: Unwrapped): object {
  const view = { plaintext: plaintext.toString('base64'), keyVersion: { id: version.id } };
  if (rewrapped === undefined) return view;
  return { ...view, ciphertext: rewrapped.ciphertext, rewrappedKeyVersion: { id: rewrapped.version.id } };
}

export function rewrappedView({ ciphertext, version, rewrappedVersion }: Rewrapped): object {
  return { ciphertext, keyVersion: { id: version.id }, rewrappedKeyVersion: { id: rewrappedVersion.id } };
}

export function ringView(ring: RingDocument): object {
  return { id: ring.id, creationDate: date(ring.createdAt), createdBy: ring.createdBy };
}

export function aliasView(key: KeyDocument, alias: string): object {
  return { keyId: key.id, alias, createdBy: key.createdBy, creationDate: date(key.updatedAt) };
}

export function registrationView({ registration, ring }: RegistrationView): object {
  return {
    keyId: registration.key,
    keyName: registration.keyName,
    resourceCrn: registration.resourceCrn,
    createdBy: registration.createdBy,
    creationDate: date(registration.createdAt),
    updatedBy: registration.updatedBy,
    lastUpdated: date(registration.updatedAt),
    description: registration.description,
    preventKeyDeletion: registration.preventKeyDeletion,
    keyVersion: versionView(registration.version),
    keyRingID: ring,
  };
}

/** The policies of a key that have been set, of one type or of all. */
export function keyPolicyViews(ref: ResourceRef, policies: KeyPolicies, type: string | undefined): object[] {
  const { dualAuthDelete, rotation } = policies;
  const views: object[] = [];
  if (dualAuthDelete && type !== 'rotation') {
    views.push({ ...stampView(ref, dualAuthDelete), dualAuthDelete: { enabled: dualAuthDelete.enabled } });
  }
  if (rotation && type !== 'dualAuthDelete') {
    const { enabled, months } = rotation;
    views.push({ ...stampView(ref, rotation), rotation: { enabled, interval_month: months } });
  }
  return views;
}

function stampView(ref: ResourceRef, stamp: PolicyStamp): object {
  return {
    type: mediaType('policy'),
    id: stamp.id,
    crn: formatCrn({ ...ref, type: 'policy', id: stamp.id }),
    creationDate: date(stamp.createdAt),
    createdBy: stamp.createdBy,
    lastUpdateDate: date(stamp.updatedAt),
    updatedBy: stamp.updatedBy,
  };
}

/** The policies of an instance that have been set, of one type or of all. */
export function instancePolicyViews(policies: InstancePolicies, type: string | undefined): object[] {
  return Object.entries(policies)
    .filter(([name]) => type === undefined || name === type)
    .map(([name, policy]) => ({
      policy_type: name,
      policy_data: {
        enabled: policy.enabled,
        ...(Object.keys(policy.attributes).length === 0 ? {} : { attributes: policy.attributes }),
      },
      creationDate: date(policy.createdAt),
      createdBy: policy.createdBy,
      updatedBy: policy.updatedBy,
      lastUpdated: date(policy.updatedAt),
    }));
}
