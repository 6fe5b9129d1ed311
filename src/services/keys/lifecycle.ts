/** The life of a key: rotated, disabled, enabled, deleted by one person or two, restored, purged. */
import { timingSafeEqual } from 'node:crypto';
import type { Context } from '../../context.ts';
import { type Allowed, operation } from '../../operation.ts';
import type { Collection } from '../../store/store.ts';
import { Key, type KeyDocument, keyVersions, registrations } from './access.ts';
import { askKey, type KeyAddress, type KeyView } from './address.ts';
import { badField, keyFault } from './faults.ts';
import { requireRoot, requireState, requireWait } from './guards.ts';
import { addVersion, generateMaterial, type MayAdd, newestVersion, openMaterial, readMaterial } from './material.ts';
import { change } from './notify.ts';
import { WAITS } from './states.ts';
import { scheduleExpiry, scheduleRetirement, scheduleRotation } from './timers.ts';

export interface KeyInput {
  readonly key: KeyAddress;
}

export interface PayloadInput extends KeyInput {
  /** Base64 of new material, for imported keys. */
  readonly payload?: string;
}

/** Adds a version to a root key. At most once an hour; an imported key needs its new material with it. */
export const rotateKey = operation('keys.rotate', async (cx, input: PayloadInput): Promise<KeyView> => {
  const key = await askKey(cx, Key.rotate, input.key);
  const { imported } = key.value;
  requireRoot(key.value);
  requireState(key.value, 'rotate');
  requireWait(cx.now, key.value.rotatedAt, WAITS.rotate, 'rotated-recently');
  if (imported && input.payload === undefined) {
    throw keyFault('payload-needed', 'the key was imported: send the new material in `payload`');
  }
  if (!imported && input.payload !== undefined) {
    throw keyFault('imported-key-needed', 'the key was generated here: leave out `payload`');
  }
  return rotate(cx, key, input.payload === undefined ? generateMaterial() : readMaterial('root', input.payload));
});

/** Adds a version that wraps from now on. */
export function rotate(cx: Context, key: MayAdd, material: Buffer): KeyView {
  const version = { id: cx.newId(), createdAt: cx.now };
  addVersion(cx, key, version, material);
  const rotated = { ...key.value, version, bits: material.length * 8, rotatedAt: cx.now };
  scheduleRotation(cx, key.ref, rotated);
  return { ref: key.ref, key: change(cx, key, 'rotated', rotated) };
}

/** Suspends an active key: what it protects cannot be read until it is enabled. */
export const disableKey = operation('keys.disable', async (cx, input: KeyInput): Promise<void> => {
  const key = await askKey(cx, Key.disable, input.key);
  requireState(key.value, 'disable');
  change(cx, key, 'disabled', { ...key.value, state: 'suspended', disabledAt: cx.now });
});

/** Makes a suspended key active again, 30 seconds after it was suspended at the earliest. */
export const enableKey = operation('keys.enable', async (cx, input: KeyInput): Promise<void> => {
  const key = await askKey(cx, Key.enable, input.key);
  requireState(key.value, 'enable');
  requireWait(cx.now, key.value.disabledAt, WAITS.enable, 'too-early');
  const { disabledAt: _disabledAt, ...rest } = key.value;
  const enabled: KeyDocument = { ...rest, state: 'active' };
  change(cx, key, 'enabled', enabled);
  scheduleExpiry(cx, key.ref, enabled);
});

export interface DeleteInput extends KeyInput {
  /** Deletes even when resources are registered. */
  readonly force: boolean;
}

/**
 * Destroys a key. Refused while it protects resources, unless by force; always while one of them must keep it; and
 * until a second person agrees where the key wants two. The registrations stay with the key, out of sight while it is
 * destroyed: dependents hear of the deletion, and of a restoration.
 */
export const deleteKey = operation(
  'keys.delete',
  async (cx, input: DeleteInput): Promise<KeyView> => {
    const key = await askKey(cx, Key.delete, input.key);
    if (key.value.state === 'destroyed') throw keyFault('key-destroyed', 'the key has been deleted already');
    requireState(key.value, 'delete');
    requireSecondAuthorization(cx, key.value);
    if (await hasRegistrations(cx, key, 'preventing')) {
      throw keyFault(
        'key-retained',
        'the key protects a resource that must be kept: its retention policy forbids this',
      );
    }
    if (!input.force && (await hasRegistrations(cx, key, 'key'))) {
      throw keyFault('key-protects', 'the key protects cloud resources: delete them first, or use `force`');
    }
    const { disabledAt: _disabledAt, setForDeletion: _setForDeletion, ...rest } = key.value;
    const deleted = change(cx, key, 'deleted', {
      ...rest,
      state: 'destroyed',
      deleted: { at: cx.now, by: cx.identity.caller.id },
    });
    scheduleRetirement(cx, key.ref);
    return { ref: key.ref, key: deleted };
  },
  { recorded: ({ force }) => ({ force }) },
);

/** Takes a deletion back, 30 seconds to 30 days after it. Of an imported key the same material may be sent along. */
export const restoreKey = operation('keys.restore', async (cx, input: PayloadInput): Promise<KeyView> => {
  const key = await askKey(cx, Key.restore, input.key);
  requireState(key.value, 'restore');
  const { deleted, ...rest } = key.value;
  const since = deleted?.at ?? cx.now;
  requireWait(cx.now, since, WAITS.restore, 'too-early');
  if (cx.now - since > WAITS.restorable) {
    throw keyFault('restore-expired', 'the key was deleted more than 30 days ago: it cannot be restored');
  }
  if (rest.expiresAt !== undefined && rest.expiresAt <= cx.now) {
    throw keyFault('key-expired', 'the key has expired: it cannot be restored');
  }
  if (input.payload !== undefined) {
    if (!rest.imported) throw keyFault('imported-key-needed', 'the key was generated here: leave out `payload`');
    const material = readMaterial(rest.kind, input.payload);
    const kept = openMaterial(cx, key, await newestVersion(cx, key));
    if (material.length !== kept.length || !timingSafeEqual(material, kept)) {
      throw badField('payload', 'is not the material that the key had');
    }
  }
  const restored = change(cx, key, 'restored', { ...rest, state: 'active' });
  scheduleExpiry(cx, key.ref, restored);
  scheduleRotation(cx, key.ref, restored);
  return { ref: key.ref, key: restored };
});

/** Erases a deleted key with its material, four hours after its deletion at the earliest. */
export const purgeKey = operation('keys.purge', async (cx, input: KeyInput): Promise<KeyView> => {
  const key = await askKey(cx, Key.purge, input.key);
  requireState(key.value, 'purge');
  requireWait(cx.now, key.value.deleted?.at, WAITS.purge, 'too-early');
  await erase(cx, key);
  return { ref: key.ref, key: key.value };
});

/** Removes a key and everything that is part of it. */
export async function erase(cx: Context, key: Allowed<KeyDocument, 'key.purge' | 'key.retire'>): Promise<void> {
  await eraseParts(cx, key, keyVersions);
  await eraseParts(cx, key, registrations);
  cx.remove(key);
}

async function eraseParts<P extends object>(
  cx: Context,
  key: Allowed<KeyDocument, 'key.purge' | 'key.retire'>,
  collection: Collection<P>,
): Promise<void> {
  const owner = Key.type.documentId(key.ref);
  let after: string | undefined;
  do {
    const page = await cx.parts(key, collection, {
      index: 'key',
      key: owner,
      limit: 500,
      ...(after === undefined ? {} : { after }),
    });
    for (const part of page.items) cx.removePart(key, collection, part.id.slice(owner.length + 1));
    after = page.next;
  } while (after !== undefined);
}

/** The first of the two authorizations that a deletion needs where dual authorization is on. Stands for seven days. */
export const setKeyForDeletion = operation('keys.setForDeletion', async (cx, input: KeyInput): Promise<void> => {
  const key = await askKey(cx, Key.setForDeletion, input.key);
  requireDualAuthorization(key.value);
  requireState(key.value, 'delete');
  const setForDeletion = { at: cx.now, by: cx.identity.caller.id };
  cx.update(key, { ...key.value, setForDeletion, updatedAt: cx.now });
});

/** Takes the first authorization back. */
export const unsetKeyForDeletion = operation('keys.unsetForDeletion', async (cx, input: KeyInput): Promise<void> => {
  const key = await askKey(cx, Key.unsetForDeletion, input.key);
  requireDualAuthorization(key.value);
  requireState(key.value, 'delete');
  const { setForDeletion: _setForDeletion, ...rest } = key.value;
  cx.update(key, { ...rest, updatedAt: cx.now });
});

/** Tells dependents once more how the key is, an hour after they were last told at the earliest. */
export const syncKey = operation('keys.sync', async (cx, input: KeyInput): Promise<void> => {
  const key = await askKey(cx, Key.sync, input.key);
  requireWait(cx.now, key.value.toldAt, WAITS.sync, 'too-early');
  change(cx, key, 'synced', key.value);
});

function requireDualAuthorization({ policies }: KeyDocument): void {
  if (!policies.dualAuthDelete?.enabled) {
    throw keyFault('dual-authorization-off', 'dual authorization is off for this key: set its policy first');
  }
}

function requireSecondAuthorization(cx: Context, { policies, setForDeletion }: KeyDocument): void {
  if (!policies.dualAuthDelete?.enabled) return;
  const stands = setForDeletion !== undefined && cx.now - setForDeletion.at <= WAITS.authorization;
  if (stands && setForDeletion.by !== cx.identity.caller.id) return;
  throw keyFault(
    'second-authorization-needed',
    stands
      ? 'another person must delete the key'
      : 'set the key for deletion first; another person must then delete it',
  );
}

async function hasRegistrations(cx: Context, key: Allowed<KeyDocument>, index: 'key' | 'preventing'): Promise<boolean> {
  const { items } = await cx.parts(key, registrations, { index, key: Key.type.documentId(key.ref), limit: 1 });
  return items.length > 0;
}
