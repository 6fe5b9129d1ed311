/**
 * Who makes a service ID administers it, by a policy that an administrator can take away again; it is left out where
 * the creator may do all of that anyway. https://www.ibm.com/cloud/blog/announcements/updated-authorization-behavior-for-ibm-cloud-service-ids
 */
import type { Context } from '../../../context.ts';
import { roleCrn } from '../../../policy/ibm/catalogue/catalogue.ts';
import type { IbmPolicy } from '../../../policy/ibm/document.ts';
import { Policy, policyRef } from '../../policies/access.ts';
import { newPolicy } from '../../policies/documents.ts';
import { ServiceId } from './access.ts';

/** Gives the caller the policy for a service ID that they have just made. */
export async function administerOwn(cx: Context, account: string, id: string, name: string): Promise<void> {
  const { caller } = cx.identity;
  const own = { index: 'name', key: name, limit: 1, keep: (document: { id: string }) => document.id === id };
  const mayUpdate = (await cx.allowEach(ServiceId.update, account, own)).items.length > 0;
  const mayDelete = (await cx.allowEach(ServiceId.delete, account, own)).items.length > 0;
  if (mayUpdate && mayDelete) return;
  const attributes = { accountId: account, serviceName: 'iam-identity', resourceType: 'serviceid', resource: id };
  const policy: IbmPolicy = {
    type: 'access',
    description: `${name} was made by this identity`,
    subject: [{ name: 'iam_id', operator: 'stringEquals', value: caller.id }],
    resource: Object.entries(attributes).map(([key, value]) => ({ name: key, operator: 'stringEquals', value })),
    tags: [],
    roles: [roleCrn('', 'Administrator')],
  };
  const document = newPolicy(cx.newId(), policy, { by: caller.id, at: cx.now });
  cx.create(await cx.allowNew(Policy.giveCreator, policyRef(account, document.id), document), document);
}
