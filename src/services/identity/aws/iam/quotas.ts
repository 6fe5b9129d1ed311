/**
 * How much an account may have, and what it is told beyond that.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
import type { ResourceType } from '../../../../access.ts';
import type { Context } from '../../../../context.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { LISTED } from '../documents.ts';

/** By the names that `LimitExceeded` and GetAccountSummary have for them. */
export const QUOTAS = {
  UsersPerAccount: 5000,
  GroupsPerAccount: 300,
  RolesPerAccount: 1000,
  PoliciesPerAccount: 1500,
  GroupsPerUser: 10,
  AccessKeysPerUser: 2,
  PoliciesPerUser: 10,
  PoliciesPerGroup: 10,
  PoliciesPerRole: 10,
  /** Characters of a trust policy without white space. */
  ACLSizePerRole: 2048,
  InstanceProfilesPerAccount: 1000,
  InstanceSessionsPerInstanceProfile: 1,
  OpenIdConnectProvidersPerAccount: 100,
  ClientIdsPerOpenIdConnectProvider: 100,
  SAMLProvidersPerAccount: 100,
  PrivateKeysPerSAMLProvider: 2,
  VersionsPerPolicy: 5,
  /** Characters without white space. */
  PolicySize: 6144,
  TagsPerUser: 50,
  TagsPerRole: 50,
  TagsPerPolicy: 50,
  TagsPerInstanceProfile: 50,
  TagsPerOpenIdConnectProvider: 50,
  TagsPerSAMLProvider: 50,
} as const;

export type Quota = keyof typeof QUOTAS;

/** Throws `LimitExceeded` when one more is too many. */
export function requireRoom(quota: Quota, used: number): void {
  requireWithin(quota, used + 1);
}

/** Throws `LimitExceeded` when this is too much. */
export function requireWithin(quota: Quota, wanted: number): void {
  if (wanted > QUOTAS[quota]) throw awsFault('LimitExceeded', `Cannot exceed quota for ${quota}: ${QUOTAS[quota]}`);
}

/** Throws `LimitExceeded` when the account has as many of a type as it may. */
export async function requireRoomInAccount<R extends object>(
  cx: Context,
  quota: Quota,
  type: ResourceType<R>,
): Promise<void> {
  const { account } = cx.identity.caller;
  requireRoom(quota, await cx.count(type, account, { index: 'listed', key: LISTED, most: QUOTAS[quota] }));
}
