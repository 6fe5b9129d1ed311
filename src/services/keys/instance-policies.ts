/** Policies of a whole instance: what new keys start with, and how they may come to be. */
import type { Context } from '../../context.ts';
import { type AnyAllowed, operation } from '../../operation.ts';
import { collection } from '../../store/store.ts';
import { instances } from '../resources/access.ts';
import { KeyInstance } from './access.ts';
import { askInstance } from './address.ts';

/** https://cloud.ibm.com/apidocs/key-protect#putinstancepolicy */
export type InstancePolicyType = 'dualAuthDelete' | 'keyCreateImportAccess' | 'metrics' | 'rotation';

export interface InstancePolicy {
  readonly enabled: boolean;
  readonly attributes: Readonly<Record<string, boolean | number>>;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

export type InstancePolicies = Readonly<Partial<Record<InstancePolicyType, InstancePolicy>>>;

/** Part of its instance: id `{instance}/policies`. */
export interface InstancePoliciesDocument {
  readonly instance: string;
  readonly policies: InstancePolicies;
}

export const instancePolicies = collection<InstancePoliciesDocument>('key_instance_policies', {
  partOf: instances,
  indexes: { instance: (document) => [document.instance] },
});

const ID = 'policies';

export interface SetInstancePoliciesInput {
  /** GUID. */
  readonly instance: string;
  readonly policies: Readonly<Partial<Record<InstancePolicyType, Pick<InstancePolicy, 'enabled' | 'attributes'>>>>;
}

/** Sets some policies of an instance; the others stay. They bear on keys that are made later. */
export const setInstancePolicies = operation(
  'keys.setInstancePolicies',
  async (cx, input: SetInstancePoliciesInput): Promise<void> => {
    const instance = await askInstance(cx, KeyInstance.writePolicies, input.instance);
    const kept = (await cx.part(instance, instancePolicies, ID))?.value.policies ?? {};
    const by = cx.identity.caller.id;
    const changed = Object.entries(input.policies).map(([type, policy]) => {
      const { createdAt = cx.now, createdBy = by } = kept[type as InstancePolicyType] ?? {};
      return [type, { ...policy, createdAt, createdBy, updatedAt: cx.now, updatedBy: by }];
    });
    const policies: InstancePolicies = { ...kept, ...Object.fromEntries(changed) };
    cx.putPart(instance, instancePolicies, ID, { instance: input.instance, policies });
  },
  { recorded: ({ policies }) => ({ policies }) },
);

export const readInstancePolicies = operation(
  'keys.readInstancePolicies',
  async (cx, input: { readonly instance: string }): Promise<InstancePolicies> => {
    const instance = await askInstance(cx, KeyInstance.readPolicies, input.instance);
    return (await cx.part(instance, instancePolicies, ID))?.value.policies ?? {};
  },
);

/** The policies that bear on a key that is being made. */
export async function instancePoliciesFor(cx: Context, key: AnyAllowed, guid: string): Promise<InstancePolicies> {
  const { items } = await cx.parts(key, instancePolicies, { index: 'instance', key: guid, limit: 1 });
  return items[0]?.value.policies ?? {};
}
