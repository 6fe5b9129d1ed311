/** Who plays in stories: service IDs in the accounts of the demo world, with just the rights that their parts need. */
import assert from 'node:assert/strict';
import { type Clients, clientsOf } from './clients.ts';
import type { Plane, TakeAway } from './story.ts';

export interface Party {
  readonly account: string;
  readonly ownerApiKey: string;
}

export interface Parties {
  readonly main: Party;
  readonly a: Party;
  readonly b: Party;
}

/** An account with somebody in it who has just the rights that his part needs, each by a policy of its own. */
export interface Cast {
  readonly account: string;
  readonly owner: Clients;
  readonly actor: Clients;
  readonly resourceGroup: string;
}

export const READER = 'crn:v1:bluemix:public:iam::::serviceRole:Reader';
export const MANAGER = 'crn:v1:bluemix:public:iam::::serviceRole:Manager';
export const EDITOR = 'crn:v1:bluemix:public:iam::::role:Editor';
export const VIEWER = 'crn:v1:bluemix:public:iam::::role:Viewer';
export const ADMINISTRATOR = 'crn:v1:bluemix:public:iam::::role:Administrator';
export const DELEGATOR = 'crn:v1:bluemix:public:iam::::role:AuthorizationDelegator';
/** The tiered plan of Key Protect in the global catalog. */
export const KEY_PROTECT_TIERED = 'eedd3585-90c6-4c8f-be3d-062069e99fc3';

/** Deletes the account's authorizations, which keeps them; answers what restores them. */
export async function setAsideAuthorizations({ policies }: Clients, account: string): Promise<() => Promise<void>> {
  const { result } = await policies.listPolicies({ accountId: account, type: 'authorization', state: 'active' });
  const ids = (result.policies ?? []).map(({ id }) => id!);
  for (const policyId of ids) await policies.deletePolicy({ policyId });
  return async () => {
    for (const policyId of ids) await activate({ policies }, policyId);
  };
}

/** Deletes policies, which keeps them, as somebody who may. */
export function takesPoliciesAway({ policies }: Pick<Clients, 'policies'>): TakeAway {
  return async ({ policy: policyId }) => {
    await policies.deletePolicy({ policyId });
    return () => activate({ policies }, policyId);
  };
}

async function activate({ policies }: Pick<Clients, 'policies'>, policyId: string): Promise<void> {
  const { headers } = await policies.getPolicy({ policyId });
  const ifMatch = String((headers as Record<string, unknown>)['etag']);
  await policies.updatePolicyState({ policyId, ifMatch, state: 'active' });
}

/** Makes a service ID in the party's account with an access policy for each of `grants`. */
export async function cast(
  plane: Plane,
  party: Party,
  name: string,
  grants: [service: string, role: string][],
): Promise<Cast> {
  const { account } = party;
  const owner = clientsOf(plane.ibm, party.ownerApiKey);
  const { result: groups } = await owner.groups.listResourceGroups({ accountId: account });
  const resourceGroup = groups.resources?.find((group) => group.default)?.id;
  assert.ok(resourceGroup, `account ${account} has no default resource group`);
  const { result: serviceId } = await owner.identity.createServiceId({ accountId: account, name, apikey: { name } });
  for (const [service, role] of grants)
    await grant(owner, account, serviceId.iam_id, [{ name: 'serviceName', value: service }], role);
  await grant(
    owner,
    account,
    serviceId.iam_id,
    [
      { name: 'resourceType', value: 'resource-group' },
      { name: 'resource', value: resourceGroup },
    ],
    VIEWER,
  );
  assert.ok(serviceId.apikey?.apikey);
  return { account, owner, resourceGroup, actor: clientsOf(plane.ibm, serviceId.apikey.apikey) };
}

async function grant(
  owner: Clients,
  account: string,
  iamId: string,
  target: { name: string; value: string }[],
  role: string,
): Promise<void> {
  await owner.policies.createPolicy({
    type: 'access',
    subjects: [{ attributes: [{ name: 'iam_id', value: iamId }] }],
    roles: [{ role_id: role }],
    resources: [{ attributes: [{ name: 'accountId', value: account }, ...target] }],
  });
}

export async function makeInstance(who: Cast, name: string): Promise<string> {
  const { result } = await who.owner.instances.createResourceInstance({
    name,
    target: 'us-south',
    resourceGroup: who.resourceGroup,
    resourcePlanId: KEY_PROTECT_TIERED,
  });
  assert.ok(result.guid);
  return result.guid;
}
