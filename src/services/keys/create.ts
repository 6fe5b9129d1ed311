/** Making keys, generated here or imported. */
import type { Context } from '../../context.ts';
import { type Allowed, operation } from '../../operation.ts';
import { DEFAULT_RING, Key, type KeyDocument, type KeyPolicies, keyRef, keyRings } from './access.ts';
import { isKeyId, type KeyView, locateInstance } from './address.ts';
import { ALIASES_PER_KEY, requireFreeAlias } from './aliases.ts';
import { badField, keyFault } from './faults.ts';
import { type InstancePolicies, instancePoliciesFor } from './instance-policies.ts';
import { addVersion, generateMaterial, readMaterial } from './material.ts';
import { scheduleExpiry, scheduleRotation } from './timers.ts';

export interface CreateKeyInput {
  /** GUID of the instance. */
  readonly instance: string;
  readonly ring?: string;
  readonly kind: KeyDocument['kind'];
  readonly name: string;
  readonly aliases: readonly string[];
  readonly tags?: readonly string[];
  readonly description?: string;
  /** Milliseconds by the plane's clock. */
  readonly expiresAt?: number;
  /** Base64 of the material to import; generated when left out. */
  readonly payload?: string;
  /** Policies that the key has from the start, whatever the instance's are. Wants a right of its own. */
  readonly policies?: {
    readonly rotation?: { readonly enabled: boolean; readonly months: number };
    readonly dualAuthDelete?: { readonly enabled: boolean };
  };
}

/** Makes a key. Throws `denied`, `invalid`, `conflict` (an alias in use, creation restricted), `not-found` (the ring). */
export const createKey = operation(
  'keys.create',
  async (cx, input: CreateKeyInput): Promise<KeyView> => {
    const { ref: instance, resourceGroupId } = await locateInstance(cx, input.instance);
    const draft = draftKey(cx, input, instance.location, resourceGroupId);
    const ref = keyRef(instance.account, instance.location, instance.instance, draft.id);
    const key = await cx.allowNew(input.policies ? Key.createWithPolicies : Key.create, ref, draft);

    if (draft.expiresAt !== undefined && draft.expiresAt <= cx.now) {
      throw badField('expirationDate', 'must lie in the future');
    }
    const material = input.payload === undefined ? generateMaterial() : readMaterial(input.kind, input.payload);
    await requireRing(cx, key, draft.ring);
    for (const alias of draft.aliases) await requireFreeAlias(cx, ref, alias);
    const policies = await instancePoliciesFor(cx, key, draft.instance);
    requireCreation(policies, draft);

    const value = { ...draft, bits: material.length * 8, policies: initialPolicies(cx, input, draft, policies) };
    cx.create(key, value);
    addVersion(cx, key, value.version, material);
    scheduleExpiry(cx, ref, value);
    scheduleRotation(cx, ref, value);
    return { ref, key: value, ...(value.kind === 'standard' ? { material } : {}) };
  },
  { recorded: ({ kind, name, payload }) => ({ kind, name, imported: payload !== undefined }) },
);

function draftKey(cx: Context, input: CreateKeyInput, region: string, resourceGroupId: string): KeyDocument {
  if (new Set(input.aliases).size !== input.aliases.length || input.aliases.length > ALIASES_PER_KEY) {
    throw badField('aliases', `at most ${ALIASES_PER_KEY} different ones`);
  }
  if (input.aliases.some(isKeyId)) throw badField('aliases', 'an alias cannot look like the id of a key');
  return {
    id: cx.newId(),
    instance: input.instance,
    region,
    resourceGroupId,
    ring: input.ring ?? DEFAULT_RING,
    kind: input.kind,
    imported: input.payload !== undefined,
    name: input.name,
    aliases: input.aliases,
    tags: input.tags ?? [],
    ...(input.description === undefined ? {} : { description: input.description }),
    state: 'active',
    version: { id: cx.newId(), createdAt: cx.now },
    bits: 0,
    createdAt: cx.now,
    createdBy: cx.identity.caller.id,
    updatedAt: cx.now,
    ...(input.expiresAt === undefined ? {} : { expiresAt: input.expiresAt }),
    policies: {},
    sequence: 0,
  };
}

/** Throws `ring-not-found`. The default ring is always there. */
export async function requireRing(cx: Context, key: Allowed<KeyDocument>, ring: string): Promise<void> {
  if (ring === DEFAULT_RING) return;
  const address = `${key.value.instance}/${ring}`;
  const { items } = await cx.parts(key, keyRings, { index: 'address', key: address, limit: 1 });
  if (items.length === 0) throw keyFault('ring-not-found', `there is no key ring \`${ring}\`: create it first`);
}

/** https://cloud.ibm.com/docs/key-protect?topic=key-protect-manage-keyCreateImportAccess */
function requireCreation({ keyCreateImportAccess: access }: InstancePolicies, key: KeyDocument): void {
  if (access === undefined || !access.enabled) return;
  const { attributes } = access;
  if (attributes[`${key.imported ? 'import' : 'create'}_${key.kind}_key`] === false) {
    throw keyFault(
      'creation-restricted',
      `the instance does not let ${key.kind} keys be ${key.imported ? 'imported' : 'created'}`,
    );
  }
  if (key.imported && attributes['enforce_token'] === true) {
    throw keyFault('creation-restricted', 'the instance lets keys be imported with an import token only');
  }
}

function initialPolicies(
  cx: Context,
  input: CreateKeyInput,
  key: KeyDocument,
  { dualAuthDelete, rotation }: InstancePolicies,
): KeyPolicies {
  const by = { createdAt: cx.now, createdBy: key.createdBy, updatedAt: cx.now, updatedBy: key.createdBy };
  const months = rotation?.attributes['interval_month'];
  const inherited = rotation?.enabled && typeof months === 'number' ? { enabled: true, months } : undefined;
  const rotate = input.policies?.rotation ?? inherited;
  const dual = input.policies?.dualAuthDelete?.enabled ?? dualAuthDelete?.enabled ?? false;
  return {
    ...(dual ? { dualAuthDelete: { ...by, id: cx.newId(), enabled: true } } : {}),
    ...(rotate && key.kind === 'root' && !key.imported ? { rotation: { ...by, id: cx.newId(), ...rotate } } : {}),
  };
}
