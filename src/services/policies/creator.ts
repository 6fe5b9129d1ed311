/** The policy by which whoever makes something administers it. */
import { type Operation, operation } from '../../operation.ts';
import { roleCrn } from '../../policy/ibm/catalogue/catalogue.ts';
import type { IbmPolicy } from '../../policy/ibm/document.ts';
import type { ResourceRef } from '../../policy/names.ts';
import { Policy, policyRef } from './access.ts';
import { newPolicy } from './documents.ts';

export interface Creation {
  /** What was made. */
  readonly resource: ResourceRef;
  /** Its name, for people. */
  readonly name: string;
  /** The iam_id of who made it. */
  readonly creator: string;
}

/**
 * Gives the creator of a resource the role of its administrator: a policy like any other, which an administrator of the
 * account can take away. For the service of access management alone, acting for what has just been made.
 * https://www.ibm.com/cloud/blog/announcements/updated-authorization-behavior-for-ibm-cloud-service-ids
 */
export const giveCreator: Operation<Creation, void> = operation(
  'policies.give-creator',
  async (cx, { resource, name, creator }) => {
    const attributes = {
      accountId: resource.account,
      serviceName: resource.service,
      resourceType: resource.type,
      resource: resource.id,
    };
    const policy: IbmPolicy = {
      type: 'access',
      description: `${name} was made by this identity`,
      subject: [{ name: 'iam_id', operator: 'stringEquals', value: creator }],
      resource: Object.entries(attributes).map(([key, value]) => ({ name: key, operator: 'stringEquals', value })),
      tags: [],
      roles: [roleCrn('', 'Administrator')],
    };
    const document = newPolicy(cx.newId(), policy, { by: creator, at: cx.now });
    const allowed = await cx.allowNew(Policy.giveCreator, policyRef(resource.account, document.id), document);
    cx.create(allowed, document);
  },
  { recorded: ({ creator }) => ({ creator }) },
);
