/** Seeing what keys protect: of one key, or of all keys of an instance. */
import type { Context } from '../../context.ts';
import { type AnyAllowed, operation } from '../../operation.ts';
import type { Document } from '../../store/store.ts';
import { Key, type KeyDocument, KeyInstance, keys, type RegistrationDocument, registrations } from './access.ts';
import { askInstance, askKey, type KeyAddress } from './address.ts';

export interface RegistrationFilter {
  /** Matched against the resource's CRN; `*` stands for any text. */
  readonly resourceCrn?: string;
  readonly preventKeyDeletion?: boolean;
  readonly offset: number;
  readonly limit: number;
}

export interface RegistrationView {
  readonly registration: RegistrationDocument;
  readonly ring: string;
}

export interface RegistrationPage {
  readonly items: readonly RegistrationView[];
  /** Of all that match. */
  readonly total: number;
}

/** What one key protects. Nothing, once it is destroyed: its registrations come back with it. */
export const listKeyRegistrations = operation(
  'keys.listRegistrations',
  async (cx, input: RegistrationFilter & { readonly key: KeyAddress }): Promise<RegistrationPage> => {
    const key = await askKey(cx, Key.listRegistrations, input.key);
    const keyOf = async (): Promise<KeyDocument> => key.value;
    return collect(cx, key, { index: 'key', key: Key.type.documentId(key.ref) }, input, keyOf);
  },
);

/** What all keys of an instance protect, or those of one of its rings. */
export const listInstanceRegistrations = operation(
  'keys.listInstanceRegistrations',
  async (
    cx,
    input: RegistrationFilter & { readonly instance: string; readonly ring?: string },
  ): Promise<RegistrationPage> => {
    const instance = await askInstance(cx, KeyInstance.listRegistrations, input.instance);
    const seen = new Map<string, KeyDocument | undefined>();
    const keyOf = async (id: string): Promise<KeyDocument | undefined> => {
      if (!seen.has(id)) seen.set(id, (await cx.part(instance, keys, id))?.value);
      const key = seen.get(id);
      return input.ring === undefined || key?.ring === input.ring ? key : undefined;
    };
    return collect(cx, instance, { index: 'instance', key: input.instance }, input, keyOf);
  },
);

async function collect(
  cx: Context,
  allowed: AnyAllowed,
  range: { readonly index: string; readonly key: string },
  filter: RegistrationFilter,
  keyOf: (id: string) => Promise<KeyDocument | undefined>,
): Promise<RegistrationPage> {
  const matches = matcher(filter);
  const items: RegistrationView[] = [];
  let total = 0;
  let after: string | undefined;
  do {
    const page = await cx.parts(allowed, registrations, {
      ...range,
      limit: 500,
      ...(after === undefined ? {} : { after }),
    });
    for (const { value } of page.items.filter(matches)) {
      const key = await keyOf(value.key);
      if (key === undefined || key.state === 'destroyed') continue;
      if (total >= filter.offset && items.length < filter.limit) items.push({ registration: value, ring: key.ring });
      total += 1;
    }
    after = page.next;
  } while (after !== undefined);
  return { items, total };
}

function matcher(filter: RegistrationFilter): (document: Document<RegistrationDocument>) => boolean {
  const { resourceCrn: pattern, preventKeyDeletion } = filter;
  const resource = pattern === undefined ? undefined : wildcard(pattern);
  return ({ value }) =>
    (resource === undefined || resource(value.resourceCrn)) &&
    (preventKeyDeletion === undefined || value.preventKeyDeletion === preventKeyDeletion);
}

/** Whether a text has the parts between the `*` of a pattern, in order, from its start to its end. */
export function wildcard(pattern: string): (text: string) => boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  return (text) => {
    if (tail === undefined) return text === head;
    if (!text.startsWith(head) || text.length < head.length + tail.length || !text.endsWith(tail)) return false;
    let at = head.length;
    const end = text.length - tail.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
