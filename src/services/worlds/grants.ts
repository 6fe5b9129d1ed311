/** The access policies that a world file gives to the users and service IDs of an IBM Cloud account. */
import { accessRoles, type Scope } from '../../policy/ibm/catalogue/catalogue.ts';
import type { IbmPolicy } from '../../policy/ibm/document.ts';
import { validate } from '../../policy/ibm/validate.ts';
import { Policy, policyRef } from '../policies/access.ts';
import { grantKey, newPolicy } from '../policies/documents.ts';
import type { Applying } from './apply.ts';

/** `{ roles: [Viewer, Manager], resource: { serviceName: kms } }`: roles by the names that the vendor shows. */
export interface WantedGrant {
  readonly roles: readonly string[];
  /** Policy attributes beside the account's id. */
  readonly resource: Readonly<Record<string, string>>;
}

/** The policy that a world file means, or what is wrong with it. */
export function policyOf(
  account: string,
  iamId: string,
  { roles, resource }: WantedGrant,
): IbmPolicy | { readonly problem: string } {
  const known = accessRoles(scopeOf(resource));
  const crns: string[] = [];
  for (const name of roles) {
    const role = known.find(({ display_name, id, crn }) => [display_name, id, crn].includes(name));
    if (!role)
      return { problem: `there is no role \`${name}\` here: use ${known.map((one) => one.display_name).join(', ')}` };
    crns.push(role.crn);
  }
  const policy: IbmPolicy = {
    type: 'access',
    subject: [{ name: 'iam_id', operator: 'stringEquals', value: iamId }],
    resource: Object.entries({ accountId: account, ...resource }).map(([name, value]) => ({
      name,
      operator: 'stringEquals',
      value,
    })),
    tags: [],
    roles: crns,
  };
  const [first] = validate(policy, 'v1');
  return first ? { problem: first.message } : policy;
}

function scopeOf(resource: WantedGrant['resource']): Scope {
  if (resource['service_group_id'] !== undefined) return `group:${resource['service_group_id']}`;
  return resource['serviceName'] ?? `type:${resource['serviceType'] ?? 'service'}`;
}

/** Adds the policies that the account does not have yet. */
export async function applyGrants(
  run: Applying,
  account: string,
  principal: { readonly iamId: string; readonly name: string },
  wanted: readonly WantedGrant[],
): Promise<void> {
  const { cx } = run;
  for (const grant of wanted) {
    const policy = policyOf(account, principal.iamId, grant);
    // The file has been checked when it was read.
    if ('problem' in policy) throw new Error(policy.problem);
    if (await cx.isTaken(Policy.type, account, 'grant', grantKey(policy))) continue;
    const document = newPolicy(cx.newId(), policy, { by: cx.identity.caller.id, at: cx.now });
    cx.create(await cx.allowNew(Policy.create, policyRef(account, document.id), document), document);
    run.added.push(`policy of \`${principal.name}\` in account \`${account}\`: ${grant.roles.join(', ')}`);
  }
}
