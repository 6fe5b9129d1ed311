/** Policies and custom roles: what can be asked of them. https://cloud.ibm.com/docs/account?topic=account-iam-service-roles-actions */
import { resource } from '../../access.ts';
import { ibmRef, type ResourceRef } from '../../policy/names.ts';
import { type CustomRoleDocument, customRoles, type PolicyDocument, policies } from './documents.ts';
import { targetAttributes } from './target.ts';

/** The service that keeps policies. */
export const SERVICE = 'iam-access-management';

export function policyRef(account: string, id: string): ResourceRef {
  return ibmRef({ account, service: SERVICE, type: 'policy', id });
}

export function customRoleRef(account: string, id: string): ResourceRef {
  return ibmRef({ account, service: SERVICE, type: 'customRole', id });
}

/** A policy. Asked on its target, in the account that owns the target. */
export const Policy = resource<PolicyDocument>()(
  'policy',
  {
    collection: policies,
    refOf: ({ account, id }) => policyRef(account, id),
    attributes: (_ref, value) => ({
      ...targetAttributes(value?.policy),
      // What a service has passed on is its own to end.
      ...(value?.delegation ? { iamId: value.delegation.source.id } : {}),
    }),
  },
  {
    read: { nature: 'read', ibm: 'iam.policy.read' },
    create: { nature: 'write', ibm: 'iam.policy.create', standing: ['operator'] },
    update: { nature: 'write', ibm: 'iam.policy.update' },
    delete: { nature: 'write', ibm: 'iam.policy.delete' },
    /** By access management itself, acting for what has just been made: its creator administers it. */
    giveCreator: { nature: 'write', standing: ['service'] },
    /** Handing out a role: who may write policies alone cannot give more than he has. */
    assign: { nature: 'read', ibm: 'iam.role.assign' },
    /** A source service passing its right on to a service that depends on it. */
    delegate: { nature: 'write', ibm: 'iam.delegationPolicy.create' },
    /** Ends what was passed on, once the source or the dependent is gone. */
    withdraw: { nature: 'write', standing: ['service', 'self'] },
  },
);

export const CustomRole = resource<CustomRoleDocument>()(
  'custom-role',
  {
    collection: customRoles,
    refOf: ({ account, id }) => customRoleRef(account, id),
  },
  {
    read: { nature: 'read', ibm: 'iam-access-management.customRole.read' },
    create: { nature: 'write', ibm: 'iam-access-management.customRole.create' },
    update: { nature: 'write', ibm: 'iam-access-management.customRole.update' },
    delete: { nature: 'write', ibm: 'iam-access-management.customRole.delete' },
  },
);
