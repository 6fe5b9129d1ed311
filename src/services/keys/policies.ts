/** Policies of one key: two people for its deletion, and rotation by the calendar. */
import { operation } from '../../operation.ts';
import type { ResourceRef } from '../../policy/names.ts';
import { Key, type KeyPolicies, type PolicyStamp } from './access.ts';
import { askKey, type KeyAddress } from './address.ts';
import { keyFault } from './faults.ts';
import { requireRoot } from './guards.ts';
import { scheduleRotation } from './timers.ts';

export interface KeyPoliciesView {
  readonly ref: ResourceRef;
  readonly policies: KeyPolicies;
}

export const readKeyPolicies = operation(
  'keys.readPolicies',
  async (cx, input: { readonly key: KeyAddress }): Promise<KeyPoliciesView> => {
    const key = await askKey(cx, Key.readPolicies, input.key);
    return { ref: key.ref, policies: key.value.policies };
  },
);

export interface SetKeyPoliciesInput {
  readonly key: KeyAddress;
  readonly dualAuthDelete?: { readonly enabled: boolean };
  /** Months between rotations, 1 to 12; `enabled` alone switches a policy off and on. */
  readonly rotation?: { readonly enabled: boolean; readonly months?: number };
}

/** Sets policies of a key; one that is left out stays. Throws `conflict` when dual authorization would be switched off. */
export const setKeyPolicies = operation(
  'keys.setPolicies',
  async (cx, input: SetKeyPoliciesInput): Promise<KeyPoliciesView> => {
    const key = await askKey(cx, Key.writePolicies, input.key);
    if (key.value.state === 'destroyed') throw keyFault('key-destroyed', 'the key has been deleted');
    const { policies } = key.value;
    const by = cx.identity.caller.id;
    const stamp = (kept: PolicyStamp | undefined): PolicyStamp => ({
      id: kept?.id ?? cx.newId(),
      createdAt: kept?.createdAt ?? cx.now,
      createdBy: kept?.createdBy ?? by,
      updatedAt: cx.now,
      updatedBy: by,
    });

    const { dualAuthDelete, rotation } = input;
    if (dualAuthDelete && !dualAuthDelete.enabled && policies.dualAuthDelete?.enabled) {
      throw keyFault('dual-authorization-stays', 'dual authorization cannot be switched off for a key once it is on');
    }
    if (rotation) requireRotatable(key.value, rotation.months ?? policies.rotation?.months);
    const set: KeyPolicies = {
      ...policies,
      ...(dualAuthDelete ? { dualAuthDelete: { ...stamp(policies.dualAuthDelete), ...dualAuthDelete } } : {}),
      ...(rotation
        ? {
            rotation: {
              ...stamp(policies.rotation),
              enabled: rotation.enabled,
              months: rotation.months ?? policies.rotation?.months ?? 1,
            },
          }
        : {}),
    };
    const value = { ...key.value, policies: set, updatedAt: cx.now };
    cx.update(key, value);
    scheduleRotation(cx, key.ref, value);
    return { ref: key.ref, policies: set };
  },
  { recorded: ({ key: _key, ...policies }) => policies },
);

/** Only the service can make new material: an imported key, or a standard one, cannot be rotated by itself. */
function requireRotatable(key: Parameters<typeof requireRoot>[0], months: number | undefined): void {
  requireRoot(key);
  if (key.imported) throw keyFault('payload-needed', 'the key was imported: it cannot be rotated without new material');
  if (months === undefined) {
    throw keyFault('invalid-field', '`rotation.interval_month`: say after how many months the key is to be rotated', {
      target: { type: 'field', name: 'rotation.interval_month' },
    });
  }
}
