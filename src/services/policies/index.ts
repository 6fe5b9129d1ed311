/** The policies service: IBM Cloud's access and authorization policies, custom roles, and what they say to questions. */

import type { Operation } from '../../operation.ts';
import type { Service } from '../../service.ts';
import type { Json } from '../../store/store.ts';
import { CustomRole, Policy, SERVICE } from './access.ts';
import { giveCreator } from './creator.ts';
import { DROP_DELEGATED, delegateAuthorization, dropDelegated, endDelegations } from './delegation.ts';
import { customRoles, policies } from './documents.ts';
import { policiesFace } from './ibm.ts';
import { listPolicies } from './list.ts';
import { createPolicy, deletePolicy, getPolicy, replacePolicy, restorePolicy } from './policies.ts';
import { createRole, deleteRole, getRole, listRoles, replaceRole } from './roles.ts';
import { createPolicySource } from './source.ts';

const { type: _policyType, ...policyActions } = Policy;
const { type: _roleType, ...roleActions } = CustomRole;

export const policiesService: Service = {
  name: 'policies',
  collections: [policies, customRoles],
  actions: [...Object.values(policyActions), ...Object.values(roleActions)],
  operations: [
    createPolicy,
    getPolicy,
    listPolicies,
    replacePolicy,
    restorePolicy,
    deletePolicy,
    listRoles,
    createRole,
    getRole,
    replaceRole,
    deleteRole,
    giveCreator,
    delegateAuthorization,
    endDelegations,
    dropDelegated,
  ],
  sources: [createPolicySource({ skipped: (message) => process.emitWarning(message, 'PolicySkipped') })],
  jobs: { [DROP_DELEGATED]: { service: SERVICE, operation: dropDelegated as unknown as Operation<Json, unknown> } },
  ibm: [policiesFace],
};
