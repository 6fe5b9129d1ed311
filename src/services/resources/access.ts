/** Service instances and resource groups: what can be asked of them. https://cloud.ibm.com/docs/account?topic=account-iam-service-roles-actions */
import { resource } from '../../access.ts';
import { ibmRef } from '../../policy/names.ts';
import { collection } from '../../store/store.ts';

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
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
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
    name: (instance) => (instance.state === 'active' ? [instance.name] : []),
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
    create: { nature: 'write', ibm: 'resource-controller.instance.create' },
    update: { nature: 'write', ibm: 'resource-controller.instance.update' },
    delete: { nature: 'write', ibm: 'resource-controller.instance.delete' },
  },
);
