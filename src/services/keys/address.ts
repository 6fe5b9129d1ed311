/** From the names that callers give to what they may use. */
import type { Action } from '../../access.ts';
import type { Context } from '../../context.ts';
import { Fault } from '../../faults.ts';
import type { Allowed } from '../../operation.ts';
import type { ResourceRef } from '../../policy/names.ts';
import { Instance, type InstanceDocument } from '../resources/access.ts';
import { Key, type KeyDocument, keyRef, SERVICE } from './access.ts';
import { keyFault } from './faults.ts';

/** A key as the API names it: by id or alias in an instance, and the ring it must be in when one is given. */
export interface KeyInInstance {
  /** GUID. */
  readonly instance: string;
  readonly idOrAlias: string;
  readonly ring?: string;
}

/** A key as the API names it, or as a service names it by its CRN. */
export type KeyAddress = KeyInInstance | ResourceRef;

/** A key as operations hand it out. */
export interface KeyView {
  readonly ref: ResourceRef;
  readonly key: KeyDocument;
  /** Of a standard key, for who may read it. */
  readonly material?: Buffer;
}

export interface LocatedInstance {
  readonly ref: ResourceRef;
  readonly resourceGroupId: string;
}

/** Asks for an action on a key. Throws `denied` and `not-found`, also for instances of others and of nobody. */
export async function askKey<N extends string>(
  cx: Context,
  action: Action<KeyDocument, N>,
  address: KeyAddress,
): Promise<Allowed<KeyDocument, N>> {
  const ref = 'cloud' in address ? ownName(address) : await resolve(cx, address);
  const key = await cx.allow(action, ref);
  if ('ring' in address && address.ring !== undefined && address.ring !== key.value.ring) {
    throw keyFault('key-not-found', 'there is no such key in this key ring');
  }
  return key;
}

/** Asks for an action on an instance of the service. Throws `denied`, also for instances of others and of nobody. */
export async function askInstance<N extends string>(
  cx: Context,
  action: Action<InstanceDocument, N>,
  guid: string,
): Promise<Allowed<InstanceDocument, N>> {
  const instance = await locateInstance(cx, guid);
  return cx.allow(action, instance.ref);
}

/** The instance with a GUID. One that does not exist is refused in the words for one that is not the caller's. */
export async function locateInstance(cx: Context, guid: string): Promise<LocatedInstance> {
  const found = await findInstance(cx, guid);
  if (found === undefined) throw new Fault('denied', 'denied', 'you are not authorized to do this');
  return found;
}

export async function findInstance(cx: Context, guid: string): Promise<LocatedInstance | undefined> {
  const [located] = await cx.locate(Instance.type, 'guid', guid);
  if (located === undefined || located.ref.service !== SERVICE) return undefined;
  return { ref: located.ref, resourceGroupId: located.attributes['resourceGroupId'] ?? '' };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isKeyId(text: string): boolean {
  return UUID.test(text);
}

async function resolve(cx: Context, { instance, idOrAlias }: KeyInInstance): Promise<ResourceRef> {
  const { ref } = await locateInstance(cx, instance);
  if (!isKeyId(idOrAlias)) {
    const [aliased] = await cx.locate(Key.type, 'alias', `${instance}/${idOrAlias}`);
    if (aliased) return aliased.ref;
  }
  // An alias that nothing bears stays a name: asking for it tells denied and not found apart.
  return keyRef(ref.account, ref.location, ref.instance, idOrAlias);
}

/** A CRN of another service, or of something that is not a key, names nothing here. */
function ownName(ref: ResourceRef): ResourceRef {
  if (ref.service === SERVICE && ref.type === 'key') return ref;
  throw keyFault('key-not-found', 'there is no such key');
}
