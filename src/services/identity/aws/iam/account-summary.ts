/** How much of everything an account has, and how much it may have. */
import type * as Iam from '@aws-sdk/client-iam';
import type { ResourceType } from '../../../../access.ts';
import type { Context } from '../../../../context.ts';
import { type AnyAllowed, operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { Group, IamAccount, Role, User } from '../access.ts';
import { accessKeys, allRef, LISTED, managedPolicies, ROOT_USER } from '../documents.ts';
import { InstanceProfile } from '../instance-profile-access.ts';
import { OidcProvider, SamlProvider } from '../provider-access.ts';
import { documentsOf } from './listing.ts';
import { QUOTAS } from './quotas.ts';

/**
 * What does not depend on the account: quotas, and what is not kept here (MFA devices, certificates, the root user's
 * password).
 */
const SAME_FOR_ALL = {
  UsersQuota: QUOTAS.UsersPerAccount,
  GroupsQuota: QUOTAS.GroupsPerAccount,
  RolesQuota: QUOTAS.RolesPerAccount,
  PoliciesQuota: QUOTAS.PoliciesPerAccount,
  InstanceProfilesQuota: QUOTAS.InstanceProfilesPerAccount,
  GroupsPerUserQuota: QUOTAS.GroupsPerUser,
  AccessKeysPerUserQuota: QUOTAS.AccessKeysPerUser,
  AttachedPoliciesPerUserQuota: QUOTAS.PoliciesPerUser,
  AttachedPoliciesPerGroupQuota: QUOTAS.PoliciesPerGroup,
  AttachedPoliciesPerRoleQuota: QUOTAS.PoliciesPerRole,
  VersionsPerPolicyQuota: QUOTAS.VersionsPerPolicy,
  PolicyVersionsInUseQuota: 10_000,
  PolicySizeQuota: QUOTAS.PolicySize,
  UserPolicySizeQuota: 2048,
  GroupPolicySizeQuota: 5120,
  RolePolicySizeQuota: 10_240,
  AssumeRolePolicySizeQuota: QUOTAS.ACLSizePerRole,
  SigningCertificatesPerUserQuota: 2,
  ServerCertificatesQuota: 20,
  ServerCertificates: 0,
  MFADevices: 0,
  MFADevicesInUse: 0,
  AccountMFAEnabled: 0,
  AccountPasswordPresent: 0,
  AccountSigningCertificatesPresent: 0,
  GlobalEndpointTokenVersion: 1,
} as const;

/** No account has more of anything that is counted. */
const MOST = 10_000;

export const getAccountSummary = operation(
  'iam.GetAccountSummary',
  async (cx, _input: Input<Iam.GetAccountSummaryCommandInput>): Promise<Output<Iam.GetAccountSummaryCommandOutput>> => {
    const allowed = await cx.allow(IamAccount.getAccountSummary, allRef(cx.identity.caller.account));
    const rootKeys = await cx.parts(allowed, accessKeys, { index: 'user', key: ROOT_USER, limit: 1 });
    return {
      SummaryMap: {
        ...SAME_FOR_ALL,
        Users: await count(cx, User.type),
        Groups: await count(cx, Group.type),
        Roles: await count(cx, Role.type),
        InstanceProfiles: await count(cx, InstanceProfile.type),
        Providers: (await count(cx, OidcProvider.type)) + (await count(cx, SamlProvider.type)),
        ...(await policies(cx, allowed)),
        AccountAccessKeysPresent: rootKeys.items.length,
      },
    };
  },
);

function count<R extends object>(cx: Context, type: ResourceType<R>): Promise<number> {
  return cx.count(type, cx.identity.caller.account, { index: 'listed', key: LISTED, most: MOST });
}

async function policies(cx: Context, allowed: AnyAllowed): Promise<{ Policies: number; PolicyVersionsInUse: number }> {
  let [Policies, PolicyVersionsInUse] = [0, 0];
  for await (const [, { value }] of documentsOf(cx, allowed, managedPolicies, { index: 'listed', key: LISTED })(
    undefined,
  )) {
    Policies += 1;
    PolicyVersionsInUse += value.versions.length;
  }
  return { Policies, PolicyVersionsInUse };
}

export const accountSummaryOperations = { GetAccountSummary: getAccountSummary } satisfies Answered<typeof Iam>;
