/**
 * Which cloud resources a key protects. Services alone register what they keep, with the right to use the key; the
 * key's owner sees whose resource it is, in whichever account.
 */
import type { Context } from '../../context.ts';
import { type Allowed, operation } from '../../operation.ts';
import { parseCrn } from '../../policy/names.ts';
import type { Document } from '../../store/store.ts';
import { Key, type KeyDocument, type RegistrationDocument, registrations } from './access.ts';
import { askKey, type KeyAddress } from './address.ts';
import { badField, keyFault } from './faults.ts';
import { requireRoot, requireState } from './guards.ts';

export interface RegisteredResource {
  readonly key: KeyAddress;
  /** A resource of the account that the calling service acts for. */
  readonly resourceCrn: string;
}

export interface RegisterInput extends RegisteredResource {
  /** At most 240 characters. */
  readonly description?: string;
  /** The resource must keep its key: no deletion, not even by force. */
  readonly preventKeyDeletion?: boolean;
}

/**
 * Registers a resource with the active root key that protects it. Services only; registering again changes
 * `description` and `preventKeyDeletion`. Throws `denied`, `not-found`, `state`, `invalid`.
 */
export const registerResource = operation(
  'keys.registerResource',
  async (cx, input: RegisterInput): Promise<void> => {
    const key = await askKey(cx, Key.register, input.key);
    const resourceAccount = requireOwnResource(cx, input.resourceCrn);
    requireRoot(key.value, 'root-key-needed-register');
    requireState(key.value, 'register', 'key-state-register');
    const existing = await cx.part(key, registrations, input.resourceCrn);
    const by = cx.identity.caller.id;
    cx.putPart(key, registrations, input.resourceCrn, {
      instance: key.value.instance,
      key: key.value.id,
      keyName: key.value.name,
      resourceCrn: input.resourceCrn,
      resourceAccount,
      description: input.description ?? existing?.value.description ?? '',
      preventKeyDeletion: input.preventKeyDeletion ?? existing?.value.preventKeyDeletion ?? false,
      version: key.value.version,
      createdAt: existing?.value.createdAt ?? cx.now,
      createdBy: existing?.value.createdBy ?? by,
      updatedAt: cx.now,
      updatedBy: by,
    });
  },
  { recorded: ({ resourceCrn }) => ({ resourceCrn }) },
);

export interface UpdateRegistrationInput extends RegisteredResource {
  /** Id of the key version that the resource's data key is wrapped under now. */
  readonly version: string;
}

/** Notes that a resource's data key has been wrapped anew. Services only. Throws `denied`, `not-found`, `invalid`. */
export const updateRegistration = operation(
  'keys.updateRegistration',
  async (cx, input: UpdateRegistrationInput): Promise<void> => {
    const key = await askKey(cx, Key.updateRegistration, input.key);
    requireOwnResource(cx, input.resourceCrn);
    const { value } = await requireRegistration(cx, key, input.resourceCrn);
    if (input.version !== key.value.version.id) {
      throw keyFault('version-unknown', 'this is not the newest version of the key');
    }
    cx.putPart(key, registrations, input.resourceCrn, {
      ...value,
      version: key.value.version,
      updatedAt: cx.now,
      updatedBy: cx.identity.caller.id,
    });
  },
  { recorded: ({ resourceCrn, version }) => ({ resourceCrn, version }) },
);

/** Ends a registration: the resource is gone, or has another key. Services only, in any state of the key. */
export const deregisterResource = operation(
  'keys.deregisterResource',
  async (cx, input: RegisteredResource): Promise<void> => {
    const key = await askKey(cx, Key.deregister, input.key);
    requireOwnResource(cx, input.resourceCrn);
    await requireRegistration(cx, key, input.resourceCrn);
    cx.removePart(key, registrations, input.resourceCrn);
  },
  { recorded: ({ resourceCrn }) => ({ resourceCrn }) },
);

/** The account of a resource; throws unless the caller is a service that acts for that account. */
function requireOwnResource(cx: Context, resourceCrn: string): string {
  const { caller } = cx.identity;
  if (caller.kind !== 'service') {
    throw keyFault('service-only', 'registrations are made by the services that keep the resources, not by people');
  }
  const resource = parseCrn(resourceCrn);
  if (resource === undefined || resource.account === '') throw badField('resourceCrn', 'must be the CRN of a resource');
  if (resource.account !== caller.account) {
    throw keyFault('resource-owner', 'the resource belongs to an account that the service does not act for');
  }
  return resource.account;
}

async function requireRegistration(
  cx: Context,
  key: Allowed<KeyDocument>,
  resourceCrn: string,
): Promise<Document<RegistrationDocument>> {
  const registration = await cx.part(key, registrations, resourceCrn);
  if (registration === undefined)
    throw keyFault('registration-not-found', 'the resource is not registered with the key');
  return registration;
}
