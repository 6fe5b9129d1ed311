/** The identities of AWS accounts and their policies: what can be asked of them. */
import { awsActions, resource } from '../../../access.ts';
import { arnOf, nameWithoutPath, type ResourceRef } from '../../../policy/names.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { type AccountDocument, accounts } from '../../accounts/access.ts';
import {
  type AwsSettingsDocument,
  allRef,
  awsSettings,
  type GroupDocument,
  groupRef,
  groups,
  IAM,
  keyOf,
  LINKED_PATH,
  managedPolicies,
  type PolicyDocument,
  policyRef,
  ROOT_USER,
  type RoleDeletionDocument,
  type RoleDocument,
  roleDeletions,
  roleRef,
  roles,
  rootRef,
  type UserDocument,
  userRef,
  users,
} from './documents.ts';

/** Where what has a name is kept, whatever its path. */
export const byName = (ref: ResourceRef): string => (ref.type === '' ? ROOT_USER : keyOf(nameWithoutPath(ref.id)));

/** `aws:ResourceTag/...` and the service's own word for it. */
export function tagContext(
  tags: Readonly<Record<string, string>> | undefined,
  service: string,
): Readonly<Record<string, string>> {
  const context: Record<string, string> = {};
  for (const [key, value] of Object.entries(tags ?? {})) {
    context[`aws:resourcetag/${key.toLowerCase()}`] = value;
    context[`${service}:resourcetag/${key.toLowerCase()}`] = value;
  }
  return context;
}

const noSuch = (kind: string) => (ref: ResourceRef) =>
  awsFault('NoSuchEntity', `The ${kind} with name ${nameWithoutPath(ref.id)} cannot be found.`);
const exists = (kind: string) => (ref: ResourceRef) =>
  awsFault('EntityAlreadyExists', `${kind} with name ${nameWithoutPath(ref.id)} already exists.`);

/** What is asked of a user, a group or a role alike, about its policies and their use. */
const analysis = {
  ...awsActions(IAM, 'read', [
    'SimulatePrincipalPolicy',
    'GetContextKeysForPrincipalPolicy',
    'GenerateServiceLastAccessedDetails',
  ]),
  ...awsActions(IAM, 'list', ['ListPoliciesGrantingServiceAccess']),
};

/**
 * Each action with the resource that the vendor's table names for it.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export const User = resource<UserDocument>()(
  'aws-user',
  {
    collection: users,
    documentId: byName,
    refOf: ({ account, value }) =>
      value.name === ROOT_USER ? rootRef(account) : userRef(account, value.path, value.name),
    attributes: (_ref, value) => tagContext(value?.tags, IAM),
    uniqueId: (value) => value.id,
    absent: noSuch('user'),
    taken: exists('User'),
  },
  {
    /** Made and shown by a world file. */
    found: { nature: 'write', standing: ['operator'] },
    inspect: { nature: 'read', standing: ['operator'] },
    ...awsActions(IAM, 'write', [
      'CreateUser',
      'UpdateUser',
      'DeleteUser',
      'TagUser',
      'UntagUser',
      'PutUserPolicy',
      'DeleteUserPolicy',
      'AttachUserPolicy',
      'DetachUserPolicy',
      'PutUserPermissionsBoundary',
      'DeleteUserPermissionsBoundary',
      'CreateAccessKey',
      'UpdateAccessKey',
      'DeleteAccessKey',
      'CreateLoginProfile',
      'UpdateLoginProfile',
      'DeleteLoginProfile',
      'ChangePassword',
    ]),
    ...analysis,
    // Of the root user.
    ...awsActions('sts', 'secret', ['AssumeRoot']),
    ...awsActions(IAM, 'read', ['GetUser', 'GetUserPolicy', 'GetLoginProfile', 'GetAccessKeyLastUsed']),
    ...awsActions(IAM, 'list', [
      'ListUserTags',
      'ListUserPolicies',
      'ListAttachedUserPolicies',
      'ListAccessKeys',
      'ListGroupsForUser',
    ]),
  },
);

export const Group = resource<GroupDocument>()(
  'aws-group',
  {
    collection: groups,
    documentId: byName,
    refOf: ({ account, value }) => groupRef(account, value.path, value.name),
    absent: noSuch('group'),
    taken: exists('Group'),
  },
  {
    ...awsActions(IAM, 'write', [
      'CreateGroup',
      'UpdateGroup',
      'DeleteGroup',
      'AddUserToGroup',
      'RemoveUserFromGroup',
      'PutGroupPolicy',
      'DeleteGroupPolicy',
      'AttachGroupPolicy',
      'DetachGroupPolicy',
    ]),
    ...analysis,
    ...awsActions(IAM, 'read', ['GetGroup', 'GetGroupPolicy']),
    ...awsActions(IAM, 'list', ['ListGroupPolicies', 'ListAttachedGroupPolicies']),
  },
);

export const Role = resource<RoleDocument>()(
  'aws-role',
  {
    collection: roles,
    documentId: byName,
    refOf: ({ account, value }) => roleRef(account, value.path, value.name),
    attributes: (_ref, value) => tagContext(value?.tags, IAM),
    uniqueId: (value) => value.id,
    absent: noSuch('role'),
    taken: (ref) =>
      ref.id.startsWith(LINKED_PATH.slice(1))
        ? awsFault(
            'InvalidInput',
            `Service role name ${nameWithoutPath(ref.id)} has been taken in this account, please try a different suffix.`,
          )
        : exists('Role')(ref),
  },
  {
    ...awsActions(IAM, 'write', [
      'CreateRole',
      'UpdateRole',
      'UpdateRoleDescription',
      'UpdateAssumeRolePolicy',
      'DeleteRole',
      'TagRole',
      'UntagRole',
      'PutRolePolicy',
      'DeleteRolePolicy',
      'AttachRolePolicy',
      'DetachRolePolicy',
      'PutRolePermissionsBoundary',
      'DeleteRolePermissionsBoundary',
      'CreateServiceLinkedRole',
      'DeleteServiceLinkedRole',
    ]),
    /** The end of a service-linked role that somebody has asked to remove. */
    finishDeletion: { nature: 'write', standing: ['service'] },
    ...analysis,
    ...awsActions(IAM, 'read', ['GetRole', 'GetRolePolicy', 'PassRole']),
    ...awsActions(IAM, 'list', [
      'ListRoleTags',
      'ListRolePolicies',
      'ListAttachedRolePolicies',
      'ListInstanceProfilesForRole',
    ]),
    ...awsActions('sts', 'secret', ['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity']),
    ...awsActions('sts', 'read', ['TagSession', 'SetSourceIdentity']),
  },
);

/** The removal of a service-linked role, to policies the role itself: it is asked about when the role is gone. */
export const RoleDeletion = resource<RoleDeletionDocument>()(
  'aws-role-deletion',
  {
    collection: roleDeletions,
    // `instance` of the reference is the id of the removal.
    documentId: (ref) => `${byName(ref)}/${ref.instance}`,
    refOf: ({ account, value }) => ({ ...roleRef(account, value.path, value.name), instance: value.id }),
    absent: (ref) => awsFault('NoSuchEntity', `The deletion task with id ${ref.instance} cannot be found.`),
  },
  { ...awsActions(IAM, 'read', ['GetServiceLinkedRoleDeletionStatus']) },
);

export const Policy = resource<PolicyDocument>()(
  'aws-policy',
  {
    collection: managedPolicies,
    documentId: byName,
    refOf: ({ account, value }) => policyRef(account, value.path, value.name),
    attributes: (_ref, value) => tagContext(value?.tags, IAM),
    absent: (ref) => awsFault('NoSuchEntity', `Policy ${arnOf(ref)} was not found.`),
    taken: (ref) =>
      awsFault(
        'EntityAlreadyExists',
        `A policy called ${nameWithoutPath(ref.id)} already exists. Duplicate names are not allowed.`,
      ),
  },
  {
    ...awsActions(IAM, 'write', [
      'CreatePolicy',
      'DeletePolicy',
      'TagPolicy',
      'UntagPolicy',
      'CreatePolicyVersion',
      'DeletePolicyVersion',
      'SetDefaultPolicyVersion',
    ]),
    ...awsActions(IAM, 'read', ['GetPolicy', 'GetPolicyVersion', 'GenerateServiceLastAccessedDetails']),
    ...awsActions(IAM, 'list', ['ListPolicyVersions', 'ListPolicyTags', 'ListEntitiesForPolicy']),
  },
);

/** A policy that AWS keeps: each account reads it as if it were one of its own. */
export const AwsOwnedPolicy = resource<AccountDocument>()(
  'aws-owned-policy',
  {
    collection: accounts,
    documentId: (ref) => ref.account,
    refOf: ({ account }) => allRef(account, 'policy'),
    wide: true,
  },
  {
    ...awsActions(IAM, 'read', ['GetPolicy', 'GetPolicyVersion', 'GenerateServiceLastAccessedDetails']),
    ...awsActions(IAM, 'list', ['ListPolicyVersions', 'ListPolicyTags', 'ListEntitiesForPolicy']),
  },
);

/** What an account has once: its alias and its rules for passwords. */
export const AwsSettings = resource<AwsSettingsDocument>()(
  'aws-settings',
  { collection: awsSettings, documentId: (ref) => ref.account, refOf: ({ account }) => allRef(account), wide: true },
  {
    ...awsActions(IAM, 'write', [
      'CreateAccountAlias',
      'DeleteAccountAlias',
      'UpdateAccountPasswordPolicy',
      'DeleteAccountPasswordPolicy',
    ]),
    ...awsActions(IAM, 'read', ['GetAccountPasswordPolicy']),
    ...awsActions(IAM, 'list', ['ListAccountAliases']),
  },
);

/** The account as a whole, for actions on whatever it holds: `*`, or all users under a path (`allRef`). */
export const IamAccount = resource<AccountDocument>()(
  'iam-account',
  {
    collection: accounts,
    documentId: (ref) => ref.account,
    refOf: ({ account }) => allRef(account),
    wide: true,
  },
  {
    ...awsActions(IAM, 'list', [
      'ListUsers',
      'ListGroups',
      'ListRoles',
      'ListPolicies',
      'ListInstanceProfiles',
      'ListOpenIDConnectProviders',
      'ListSAMLProviders',
    ]),
    ...awsActions(IAM, 'read', [
      'GetAccountSummary',
      'GetAccountAuthorizationDetails',
      'GetCredentialReport',
      'GetServiceLastAccessedDetails',
      'GetServiceLastAccessedDetailsWithEntities',
      'SimulateCustomPolicy',
      'GetContextKeysForCustomPolicy',
    ]),
  },
);
