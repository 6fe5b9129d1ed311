/** Service instances and resource groups: what can be asked of them. https://cloud.ibm.com/docs/account?topic=account-iam-service-roles-actions */
import { createHash } from 'node:crypto';
import { resource } from '../../access.ts';
import type { Context } from '../../context.ts';
import { ibmRef, type ResourceRef } from '../../policy/names.ts';
import { collection, type Json } from '../../store/store.ts';

export interface InstanceDocument {
  readonly guid: string;
  readonly name: string;
  /** The service's name in CRNs: `kms`. */
  readonly service: string;
  readonly planId: string;
  readonly region: string;
  readonly resourceGroupId: string;
  readonly state: 'active' | 'removed';
  readonly tags: readonly string[];
  readonly parameters: Readonly<Record<string, Json>>;
  readonly allowCleanup: boolean;
  /** A locked instance is neither changed nor deleted. */
  readonly locked: boolean;
  readonly planHistory: readonly { readonly planId: string; readonly from: number; readonly by: string }[];
  readonly lastOperation: 'create' | 'update' | 'delete';
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly updatedBy: string;
  readonly deletedAt?: number;
  readonly deletedBy?: string;
}

export const instances = collection<InstanceDocument>('instances', {
  indexes: {
    /** Live instances alone: nothing is found under the id of one that was removed. */
    guid: (instance) => (instance.state === 'active' ? [instance.guid] : []),
    group: (instance) => (instance.state === 'active' ? [instance.resourceGroupId] : []),
    /** Removed ones too: the resource controller goes on showing them. */
    everyGuid: (instance) => [instance.guid],
  },
});

/** A service instance. Its CRN has neither resource type nor resource. */
export const Instance = resource<InstanceDocument>()(
  'instance',
  {
    collection: instances,
    documentId: (ref) => ref.instance,
    refOf: ({ account, value }) =>
      ibmRef({ account, service: value.service, location: value.region, instance: value.guid }),
    attributes: (_ref, value) => (value ? { resourceGroupId: value.resourceGroupId } : {}),
  },
  {
    read: { nature: 'read', ibm: 'resource-controller.instance.retrieve' },
    list: { nature: 'list', ibm: 'resource-controller.instance.retrieve' },
    create: { nature: 'write', ibm: 'resource-controller.instance.create' },
    update: { nature: 'write', ibm: 'resource-controller.instance.update' },
    delete: { nature: 'write', ibm: 'resource-controller.instance.delete' },
  },
);

export interface GroupDocument {
  readonly id: string;
  readonly name: string;
  readonly state: 'ACTIVE' | 'SUSPENDED';
  readonly createdAt: number;
  readonly updatedAt: number;
}

export const groups = collection<GroupDocument>('resource-groups', {
  indexes: { id: (group) => [group.id], name: (group) => [group.name.toLowerCase()] },
});

/** A resource group. Real CRNs of groups leave the location out. */
export const Group = resource<GroupDocument>()(
  'resource-group',
  { collection: groups, refOf: ({ account, id }) => groupRef(account, id) },
  {
    read: { nature: 'read', ibm: 'resource-controller.group.retrieve' },
    list: { nature: 'list', ibm: 'resource-controller.group.retrieve' },
    create: { nature: 'write', ibm: 'resource-controller.group.create' },
    update: { nature: 'write', ibm: 'resource-controller.group.update' },
    delete: { nature: 'write', ibm: 'resource-controller.group.delete' },
    /** The default group is made with its account, by nobody's call. */
    found: { nature: 'write', standing: ['service'] },
  },
);

export function groupRef(account: string, id: string): ResourceRef {
  return ibmRef({ account, service: 'resource-controller', type: 'resource-group', id });
}

/** Every account has a group `Default` from the start: its id follows from the account's. */
export function defaultGroupId(account: string): string {
  return createHash('sha256').update(`default resource group of ${account}`).digest('hex').slice(0, 32);
}

/** What the cloud tells everybody who has an identity: its catalog, its regions. Nothing of it is any account's. */
interface PublicKnowledge {
  readonly iamId: string;
}

export const publicKnowledge = collection<PublicKnowledge>('public-knowledge');

export const Public = resource<PublicKnowledge>()(
  'public-knowledge',
  {
    collection: publicKnowledge,
    refOf: ({ account, id }) => ibmRef({ account, service: 'globalcatalog', type: 'public', id }),
    attributes: (_ref, value) => (value ? { iamId: value.iamId } : {}),
  },
  { read: { nature: 'read', standing: ['self'] } },
);

/** Asks for what every caller with a valid credential may know. */
export async function allowPublic(cx: Context, what: string): Promise<void> {
  const { account, id: iamId } = cx.identity.caller;
  await cx.allowNew(Public.read, ibmRef({ account, service: 'globalcatalog', type: 'public', id: what }), { iamId });
}
