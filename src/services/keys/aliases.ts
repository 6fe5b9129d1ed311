/** Aliases: further names of a key, unique in its instance. */
import type { Context } from '../../context.ts';
import { operation } from '../../operation.ts';
import type { ResourceRef } from '../../policy/names.ts';
import { Key, type KeyDocument } from './access.ts';
import { askKey, type KeyAddress } from './address.ts';
import { keyFault } from './faults.ts';

export const ALIASES_PER_KEY = 5;

export interface AliasInput {
  readonly key: KeyAddress;
  readonly alias: string;
}

/** Gives a key a further name. Throws `denied`, `not-found`, `conflict` (taken), `quota`. */
export const createAlias = operation(
  'keys.createAlias',
  async (cx, { key: address, alias }: AliasInput): Promise<KeyDocument> => {
    const key = await askKey(cx, Key.createAlias, address);
    await requireFreeAlias(cx, key.ref, alias);
    if (key.value.aliases.length >= ALIASES_PER_KEY) {
      throw keyFault('alias-quota', `a key has at most ${ALIASES_PER_KEY} aliases`);
    }
    const value = { ...key.value, aliases: [...key.value.aliases, alias], updatedAt: cx.now };
    cx.update(key, value);
    return value;
  },
  { recorded: ({ alias }) => ({ alias }) },
);

/** Takes a name away from a key. Throws `denied`, `not-found`. */
export const deleteAlias = operation(
  'keys.deleteAlias',
  async (cx, { key: address, alias }: AliasInput): Promise<void> => {
    const key = await askKey(cx, Key.deleteAlias, address);
    if (!key.value.aliases.includes(alias)) throw keyFault('alias-not-found', `the key has no alias \`${alias}\``);
    cx.update(key, {
      ...key.value,
      aliases: key.value.aliases.filter((other) => other !== alias),
      updatedAt: cx.now,
    });
  },
  { recorded: ({ alias }) => ({ alias }) },
);

/** Throws `alias-taken` when another key of the instance bears it. */
export async function requireFreeAlias(cx: Context, key: ResourceRef, alias: string): Promise<void> {
  if (await cx.isTaken(Key.type, key.account, 'alias', `${key.instance}/${alias}`)) {
    throw keyFault('alias-taken', `the alias \`${alias}\` is in use in this instance: choose another one`);
  }
}
