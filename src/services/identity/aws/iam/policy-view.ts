/** Managed policies as they are read: the account's own and those that AWS keeps. */
import type * as Iam from '@aws-sdk/client-iam';
import type { ResourceType } from '../../../../access.ts';
import type { Context } from '../../../../context.ts';
import type { Fault } from '../../../../faults.ts';
import type { AnyAllowed } from '../../../../operation.ts';
import { arnOf, awsRef, PARTITION, type ResourceRef } from '../../../../policy/names.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { AwsOwnedPolicy, Group, Policy, Role, User } from '../access.ts';
import { awsOwnedPolicyRef, type PolicyDocument, policyRef } from '../documents.ts';
import { uniqueId } from '../ids.ts';
import { isAwsManaged, type ManagedPolicy, managedPolicy } from '../managed-policies/managed-policies.ts';
import { noSuchPolicy, requirePolicyArn } from './attached.ts';
import { encodedPolicy } from './policy-text.ts';
import { QUOTAS } from './quotas.ts';

/** A policy of either kind. */
export type PolicyView = Omit<PolicyDocument, 'nextVersion'> & { readonly arn: string };

export function ownPolicy(account: string, policy: PolicyDocument): PolicyView {
  return { ...policy, arn: arnOf(policyRef(account, policy.path, policy.name)) };
}

/** AWS publishes one version of its policies at a time; of the earlier ones nothing is known here. */
export function awsPolicy(policy: ManagedPolicy): PolicyView {
  const { name, path, arn, description, defaultVersionId, document } = policy;
  const [createdAt, updatedAt] = [Date.parse(policy.createDate), Date.parse(policy.updateDate)];
  return {
    id: uniqueId('ANPA', arn),
    name,
    path,
    arn,
    ...(description === undefined ? {} : { description }),
    createdAt,
    updatedAt,
    tags: {},
    versions: [{ id: defaultVersionId, text: document, createdAt: updatedAt }],
    defaultVersion: defaultVersionId,
  };
}

type ReadAction =
  | 'getPolicy'
  | 'getPolicyVersion'
  | 'listPolicyVersions'
  | 'listPolicyTags'
  | 'listEntitiesForPolicy'
  | 'generateServiceLastAccessedDetails';

/** Asks to read a policy of the account or of AWS. Throws `NoSuchEntity` when there is none. */
export async function readPolicy(
  cx: Context,
  action: ReadAction,
  arn: string,
): Promise<{ readonly allowed: AnyAllowed; readonly policy: PolicyView }> {
  const { account } = cx.identity.caller;
  if (isAwsManaged(arn)) {
    const allowed = await cx.allow(AwsOwnedPolicy[action], awsOwnedPolicyRef(account, arn));
    const policy = await managedPolicy(arn);
    if (policy === undefined) throw noSuchPolicy(arn);
    return { allowed, policy: awsPolicy(policy) };
  }
  const allowed = await cx.allow(Policy[action], policyAsked(cx, arn));
  return { allowed, policy: ownPolicy(allowed.ref.account, allowed.value) };
}

/** The policy with this ARN. Throws `NoSuchEntity` for one of another partition: no account here could have it. */
export function policyAsked(cx: Context, arn: string): ResourceRef {
  requirePolicyArn(arn);
  if (!arn.startsWith(`arn:${PARTITION}:`)) throw noSuchPolicy(arn);
  return awsRef(arn, cx.identity.caller.account);
}

export function noSuchVersion(arn: string, version: string): Fault {
  return awsFault('NoSuchEntity', `Policy ${arn} version ${version} does not exist or is not attachable.`);
}

/** How many users, groups and roles have a policy, and how many are bounded by it. */
export interface Usage {
  readonly attached: number;
  readonly bounding: number;
}

export async function usageOf(cx: Context, arn: string): Promise<Usage> {
  const { account } = cx.identity.caller;
  const count = <R extends object>(type: ResourceType<R>, index: string, most: number): Promise<number> =>
    cx.count(type, account, { index, key: arn, most });
  const { UsersPerAccount, GroupsPerAccount, RolesPerAccount } = QUOTAS;
  return {
    attached:
      (await count(User.type, 'attached', UsersPerAccount)) +
      (await count(Group.type, 'attached', GroupsPerAccount)) +
      (await count(Role.type, 'attached', RolesPerAccount)),
    bounding:
      (await count(User.type, 'boundary', UsersPerAccount)) + (await count(Role.type, 'boundary', RolesPerAccount)),
  };
}

/** What lists show of a policy. */
export function listedPolicy(policy: PolicyView, usage: Usage): Iam.Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: usage.attached,
    PermissionsBoundaryUsageCount: usage.bounding,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
  };
}

type Version = PolicyDocument['versions'][number];

/** A version without its document, as lists show it. */
export function listedVersion({ defaultVersion }: Pick<PolicyView, 'defaultVersion'>, version: Version) {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === defaultVersion,
    CreateDate: new Date(version.createdAt),
  };
}

export function shownVersion(policy: PolicyView, version: Version): Iam.PolicyVersion {
  return { ...listedVersion(policy, version), Document: encodedPolicy(version.text) };
}
