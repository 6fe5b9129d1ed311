/** Key rings: groups of keys in an instance, by which access can be given. */
import type { Context } from '../../context.ts';
import { type Allowed, operation } from '../../operation.ts';
import type { InstanceDocument } from '../resources/access.ts';
import {
  DEFAULT_RING,
  Key,
  type KeyDocument,
  KeyInstance,
  keyRef,
  keyRings,
  keys,
  type RingDocument,
} from './access.ts';
import { askInstance, askKey, type KeyAddress, type KeyView } from './address.ts';
import { requireRing } from './create.ts';
import { badField, keyFault } from './faults.ts';

const RINGS_PER_INSTANCE = 50;

export interface RingInput {
  /** GUID of the instance. */
  readonly instance: string;
  readonly ring: string;
}

/** The rings of an instance, the default one first. */
export const listRings = operation('keys.listRings', async (cx, input: { readonly instance: string }) => {
  const instance = await askInstance(cx, KeyInstance.listRings, input.instance);
  return ringsOf(cx, instance);
});

/** Makes a ring. Throws `denied`, `conflict` (it exists), `quota`. */
export const createRing = operation(
  'keys.createRing',
  async (cx, { instance: guid, ring: id }: RingInput): Promise<void> => {
    const instance = await askInstance(cx, KeyInstance.createRing, guid);
    const rings = await ringsOf(cx, instance);
    if (rings.some((ring) => ring.id === id)) throw keyFault('ring-exists', `there is a key ring \`${id}\` already`);
    if (rings.length >= RINGS_PER_INSTANCE) {
      throw keyFault('ring-quota', `an instance has at most ${RINGS_PER_INSTANCE} key rings`);
    }
    const ring = { instance: guid, id, createdAt: cx.now, createdBy: cx.identity.caller.id };
    cx.putPart(instance, keyRings, id, ring);
  },
  { recorded: ({ ring }) => ({ ring }) },
);

/**
 * Removes a ring. Throws `conflict` while it holds keys; by force it may hold destroyed ones, which go to the default
 * ring.
 */
export const deleteRing = operation(
  'keys.deleteRing',
  async (cx, input: RingInput & { readonly force: boolean }): Promise<void> => {
    const instance = await askInstance(cx, KeyInstance.deleteRing, input.instance);
    if (input.ring === DEFAULT_RING) throw badField('id', 'the default key ring cannot be deleted');
    if ((await cx.part(instance, keyRings, input.ring)) === undefined) {
      throw keyFault('ring-not-found', `there is no key ring \`${input.ring}\``);
    }
    let after: string | undefined;
    do {
      const page = await cx.parts(instance, keys, {
        index: 'ring',
        key: `${input.instance}/${input.ring}`,
        limit: 500,
        ...(after === undefined ? {} : { after }),
      });
      for (const { value } of page.items) {
        if (!input.force || value.state !== 'destroyed') {
          throw keyFault('ring-not-empty', 'the key ring holds keys: move or delete them first');
        }
        const { account, location } = instance.ref;
        const key = await cx.allow(Key.leaveRing, keyRef(account, location, input.instance, value.id));
        cx.update(key, { ...key.value, ring: DEFAULT_RING, updatedAt: cx.now });
      }
      after = page.next;
    } while (after !== undefined);
    cx.removePart(instance, keyRings, input.ring);
  },
  { recorded: ({ ring, force }) => ({ ring, force }) },
);

/** Puts a key into another ring. Wants the right to change keys in both. */
export const moveKey = operation(
  'keys.move',
  async (cx, input: { readonly key: KeyAddress; readonly ring: string }): Promise<KeyView> => {
    const key = await askKey(cx, Key.patch, input.key);
    const moved: KeyDocument = { ...key.value, ring: input.ring, updatedAt: cx.now };
    await cx.allowChange(Key.patch, key, moved);
    await requireRing(cx, key, input.ring);
    cx.update(key, moved);
    return { ref: key.ref, key: moved };
  },
  { recorded: ({ ring }) => ({ ring }) },
);

async function ringsOf(cx: Context, instance: Allowed<InstanceDocument>): Promise<readonly RingDocument[]> {
  const { items } = await cx.parts(instance, keyRings, {
    index: 'instance',
    key: instance.value.guid,
    limit: RINGS_PER_INSTANCE,
  });
  const { guid, createdAt, createdBy } = instance.value;
  const first = { instance: guid, id: DEFAULT_RING, createdAt, createdBy };
  return [first, ...items.map((ring) => ring.value)];
}
