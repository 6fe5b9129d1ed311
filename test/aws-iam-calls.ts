/** Each operation on users, groups, policies, keys and account settings, once, in an order in which all of them work. */

/** `action`: what is asked, where it is not the operation's name. */
export interface CallOf {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Runs as the user `worker`, with the key that an earlier call made. */
  readonly asWorker?: true;
}

const DOCUMENT = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
const PASSWORD = 'Correct-horse-7';

/** `keyOf`: the access key that a call named `CreateAccessKey` has made. */
export function callsIn(account: string, keyId: () => string): readonly CallOf[] {
  const PolicyArn = `arn:aws:iam::${account}:policy/work/p`;
  const UserName = 'worker';
  const GroupName = 'workers';
  const calls: [string, Record<string, unknown>, asWorker?: true][] = [
    ['CreateUser', { UserName, Path: '/staff/', Tags: [{ Key: 'team', Value: 'blue' }] }],
    ['GetUser', { UserName }],
    ['ListUsers', { PathPrefix: '/staff/' }],
    ['TagUser', { UserName, Tags: [{ Key: 'stage', Value: 'test' }] }],
    ['ListUserTags', { UserName }],
    ['UntagUser', { UserName, TagKeys: ['stage'] }],
    ['PutUserPolicy', { UserName, PolicyName: 'inline', PolicyDocument: DOCUMENT }],
    ['GetUserPolicy', { UserName, PolicyName: 'inline' }],
    ['ListUserPolicies', { UserName }],
    ['CreatePolicy', { PolicyName: 'p', Path: '/work/', PolicyDocument: DOCUMENT, Description: 'for tests' }],
    ['GetPolicy', { PolicyArn }],
    ['ListPolicies', { Scope: 'Local' }],
    ['CreatePolicyVersion', { PolicyArn, PolicyDocument: DOCUMENT, SetAsDefault: true }],
    ['ListPolicyVersions', { PolicyArn }],
    ['GetPolicyVersion', { PolicyArn, VersionId: 'v2' }],
    ['SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v1' }],
    ['DeletePolicyVersion', { PolicyArn, VersionId: 'v2' }],
    ['TagPolicy', { PolicyArn, Tags: [{ Key: 'stage', Value: 'test' }] }],
    ['ListPolicyTags', { PolicyArn }],
    ['UntagPolicy', { PolicyArn, TagKeys: ['stage'] }],
    ['AttachUserPolicy', { UserName, PolicyArn }],
    ['ListAttachedUserPolicies', { UserName }],
    ['PutUserPermissionsBoundary', { UserName, PermissionsBoundary: PolicyArn }],
    ['CreateGroup', { GroupName, Path: '/teams/' }],
    ['ListGroups', {}],
    ['PutGroupPolicy', { GroupName, PolicyName: 'inline', PolicyDocument: DOCUMENT }],
    ['GetGroupPolicy', { GroupName, PolicyName: 'inline' }],
    ['ListGroupPolicies', { GroupName }],
    ['AttachGroupPolicy', { GroupName, PolicyArn }],
    ['ListAttachedGroupPolicies', { GroupName }],
    ['ListEntitiesForPolicy', { PolicyArn }],
    ['AddUserToGroup', { GroupName, UserName }],
    ['GetGroup', { GroupName }],
    ['ListGroupsForUser', { UserName }],
    ['RemoveUserFromGroup', { GroupName, UserName }],
    ['DetachGroupPolicy', { GroupName, PolicyArn }],
    ['DeleteGroupPolicy', { GroupName, PolicyName: 'inline' }],
    ['UpdateGroup', { GroupName, NewGroupName: 'crew' }],
    ['DeleteGroup', { GroupName: 'crew' }],
    ['DeleteUserPermissionsBoundary', { UserName }],
    ['UpdateAccountPasswordPolicy', { MinimumPasswordLength: 10, RequireNumbers: true, MaxPasswordAge: 90 }],
    ['GetAccountPasswordPolicy', {}],
    ['CreateLoginProfile', { UserName, Password: PASSWORD, PasswordResetRequired: true }],
    ['GetLoginProfile', { UserName }],
    ['UpdateLoginProfile', { UserName, PasswordResetRequired: false }],
    ['CreateAccessKey', { UserName }],
    ['ListAccessKeys', { UserName }],
    ['ChangePassword', { OldPassword: PASSWORD, NewPassword: 'Another-horse-8' }, true],
    ['DeleteLoginProfile', { UserName }],
    ['DeleteAccountPasswordPolicy', {}],
    ['DetachUserPolicy', { UserName, PolicyArn }],
    ['DeleteUserPolicy', { UserName, PolicyName: 'inline' }],
    ['DeletePolicy', { PolicyArn }],
    ['CreateAccountAlias', { AccountAlias: `easement-${account}` }],
    ['ListAccountAliases', {}],
    ['DeleteAccountAlias', { AccountAlias: `easement-${account}` }],
  ];
  return [
    ...calls.map(([operation, input, asWorker]) => ({ operation, input, ...(asWorker ? { asWorker } : {}) })),
    { operation: 'GetAccessKeyLastUsed', input: keyed({}) },
    { operation: 'UpdateAccessKey', input: keyed({ UserName, Status: 'Inactive' }) },
    { operation: 'DeleteAccessKey', input: keyed({ UserName }) },
    { operation: 'UpdateUser', input: { UserName, NewUserName: 'gone' } },
    { operation: 'DeleteUser', input: { UserName: 'gone' } },
  ];

  /** The id is known once the key has been made. */
  function keyed(input: Record<string, unknown>): Record<string, unknown> {
    return Object.defineProperty(input, 'AccessKeyId', { get: keyId, enumerable: true });
  }
}
