/** All users, groups, roles and managed policies of an account at once, with how they hang together. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import { type AnyAllowed, operation } from '../../../../operation.ts';
import { awsRef, nameWithoutPath } from '../../../../policy/names.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { IamAccount } from '../access.ts';
import {
  allRef,
  type GroupDocument,
  groupRef,
  groups,
  instanceProfiles,
  LISTED,
  managedPolicies,
  type PolicyHolder,
  type RoleDocument,
  roles,
  type UserDocument,
  userRef,
  users,
} from '../documents.ts';
import { managedPolicies as awsPolicies } from '../managed-policies/managed-policies.ts';
import { groupsOfUser } from '../policy-sources.ts';
import { type KnownUses, knownUses } from '../usage/kept.ts';
import { shownGroup } from './groups.ts';
import { listedProfile } from './instance-profiles.ts';
import { roleLastUsed } from './last-used.ts';
import { documentsOf, type EntriesAfter, namedEntries, oneAfterAnother, pageOf } from './listing.ts';
import { encodedPolicy } from './policy-text.ts';
import { awsPolicy, listedPolicy, ownPolicy, type PolicyView, shownVersion, usageOf } from './policy-view.ts';
import { shownRole } from './roles.ts';
import { shownTags } from './tags.ts';
import { listedUser, shownBoundary } from './users.ts';

/** One item of the list, which goes through all kinds in this order. */
type Item =
  | { readonly kind: 'User'; readonly detail: Iam.UserDetail }
  | { readonly kind: 'Group'; readonly detail: Iam.GroupDetail }
  | { readonly kind: 'Role'; readonly detail: Iam.RoleDetail }
  | { readonly kind: 'LocalManagedPolicy' | 'AWSManagedPolicy'; readonly detail: Iam.ManagedPolicyDetail };

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html */
export const getAccountAuthorizationDetails = operation(
  'iam.GetAccountAuthorizationDetails',
  async (
    cx,
    input: Input<Iam.GetAccountAuthorizationDetailsCommandInput>,
  ): Promise<Output<Iam.GetAccountAuthorizationDetailsCommandOutput>> => {
    const allowed = await cx.allow(IamAccount.getAccountAuthorizationDetails, allRef(cx.identity.caller.account));
    const wanted = new Set<string>(input.Filter ?? []);
    const lists = (await listsOf(cx, allowed)).filter(([kind]) => wanted.size === 0 || wanted.has(kind));
    const scope = ['GetAccountAuthorizationDetails', ...[...wanted].toSorted()];
    const { items, rest } = await pageOf(cx, scope, input, oneAfterAnother(lists));
    return {
      UserDetailList: items.flatMap((item) => (item.kind === 'User' ? [item.detail] : [])),
      GroupDetailList: items.flatMap((item) => (item.kind === 'Group' ? [item.detail] : [])),
      RoleDetailList: items.flatMap((item) => (item.kind === 'Role' ? [item.detail] : [])),
      Policies: items.flatMap((item) => (isPolicy(item) ? [item.detail] : [])),
      ...rest,
    };
  },
  { recorded: ({ Filter }) => ({ Filter }) },
);

const isPolicy = (item: Item) => item.kind === 'LocalManagedPolicy' || item.kind === 'AWSManagedPolicy';

async function listsOf(
  cx: Context,
  allowed: AnyAllowed,
): Promise<readonly (readonly [Item['kind'], EntriesAfter<Item>])[]> {
  const all = { index: 'listed', key: LISTED };
  const aws = (await awsPolicies()).map((policy) => [policy.name, { value: awsPolicy(policy) }] as const);
  const { account } = allowed.ref;
  const known = await knownUses(cx, allowed);
  const isUsed = (detail: Iam.ManagedPolicyDetail): boolean =>
    detail.AttachmentCount! + detail.PermissionsBoundaryUsageCount! > 0;
  return [
    ['User', detailed(documentsOf(cx, allowed, users, all), 'User', (user) => userDetail(cx, allowed, user))],
    ['Group', detailed(documentsOf(cx, allowed, groups, all), 'Group', async (group) => groupDetail(account, group))],
    ['Role', detailed(documentsOf(cx, allowed, roles, all), 'Role', (role) => roleDetail(cx, allowed, role, known))],
    [
      'LocalManagedPolicy',
      detailed(documentsOf(cx, allowed, managedPolicies, all), 'LocalManagedPolicy', (policy) =>
        policyDetail(cx, ownPolicy(account, policy)),
      ),
    ],
    [
      'AWSManagedPolicy',
      detailed(namedEntries(aws), 'AWSManagedPolicy', async (policy) => {
        const detail = await policyDetail(cx, policy);
        return isUsed(detail) ? detail : undefined;
      }),
    ],
  ];
}

/** The list with the details of each, made only for the page; those without are left out. */
function detailed<D, I extends Item>(
  documents: EntriesAfter<{ readonly value: D }>,
  kind: I['kind'],
  detailOf: (value: D) => Promise<I['detail'] | undefined>,
): EntriesAfter<Item> {
  return async function* (after) {
    for await (const [position, { value }] of documents(after)) {
      const detail = await detailOf(value);
      if (detail) yield [position, { kind, detail } as Item];
    }
  };
}

const inlineOf = ({ inline }: PolicyHolder): Iam.PolicyDetail[] =>
  Object.entries(inline).map(([PolicyName, text]) => ({ PolicyName, PolicyDocument: encodedPolicy(text) }));

const attachedOf = ({ attached }: PolicyHolder): Iam.AttachedPolicy[] =>
  attached.map((PolicyArn) => ({ PolicyName: nameWithoutPath(awsRef(PolicyArn, '').id), PolicyArn }));

async function userDetail(cx: Context, allowed: AnyAllowed, user: UserDocument): Promise<Iam.UserDetail> {
  const { account } = allowed.ref;
  const joined = await groupsOfUser(cx.accountOf(allowed), account, user.id);
  return {
    ...listedUser(userRef(account, user.path, user.name), user),
    UserPolicyList: inlineOf(user),
    GroupList: joined.map(({ name }) => name),
    AttachedManagedPolicies: attachedOf(user),
    ...(user.boundary === undefined ? {} : { PermissionsBoundary: shownBoundary(user.boundary) }),
    Tags: shownTags(user.tags) ?? [],
  };
}

function groupDetail(account: string, group: GroupDocument): Iam.GroupDetail {
  return {
    ...shownGroup(groupRef(account, group.path, group.name), group),
    GroupPolicyList: inlineOf(group),
    AttachedManagedPolicies: attachedOf(group),
  };
}

async function roleDetail(
  cx: Context,
  allowed: AnyAllowed,
  role: RoleDocument,
  known: KnownUses,
): Promise<Iam.RoleDetail> {
  const {
    Description: _description,
    MaxSessionDuration: _seconds,
    ...shown
  } = await shownRole(cx, allowed.ref.account, role);
  const profiles = await cx.parts(allowed, instanceProfiles, { index: 'role', key: role.id, limit: PROFILES });
  return {
    ...shown,
    Tags: shown.Tags ?? [],
    InstanceProfileList: await Promise.all(profiles.items.map(({ value }) => listedProfile(cx, allowed, value))),
    RolePolicyList: inlineOf(role),
    AttachedManagedPolicies: attachedOf(role),
    RoleLastUsed: await roleLastUsed(cx, role, known),
  };
}

/** Profiles of one role that are shown. */
const PROFILES = 1000;

async function policyDetail(cx: Context, policy: PolicyView): Promise<Iam.ManagedPolicyDetail> {
  return {
    ...listedPolicy(policy, await usageOf(cx, policy.arn)),
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    PolicyVersionList: policy.versions.toReversed().map((version) => shownVersion(policy, version)),
  };
}

export const authorizationDetailOperations = {
  GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
} satisfies Answered<typeof Iam>;
