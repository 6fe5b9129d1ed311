/** Each operation on roles, instance profiles and identity providers, once, in an order in which all of them work. */
import { samlMetadata } from './saml-metadata.ts';

const TRUST =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
const DOCUMENT = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const Tags = [{ Key: 'team', Value: 'blue' }];
const TagKeys = ['team'];

/** `task`: what the call named `DeleteServiceLinkedRole` has answered. */
export function roleCallsIn(account: string, task: () => string): readonly (readonly [string, object])[] {
  const RoleName = 'reader';
  const InstanceProfileName = 'machines';
  const OpenIDConnectProviderArn = `arn:aws:iam::${account}:oidc-provider/token.example.com/a`;
  const SAMLProviderArn = `arn:aws:iam::${account}:saml-provider/office`;
  const SAMLMetadataDocument = samlMetadata();
  return [
    ['CreateRole', { RoleName, Path: '/work/', AssumeRolePolicyDocument: TRUST, Description: 'reads', Tags }],
    ['GetRole', { RoleName }],
    ['ListRoles', { PathPrefix: '/work/' }],
    ['UpdateRole', { RoleName, MaxSessionDuration: 7200 }],
    ['UpdateRoleDescription', { RoleName, Description: 'reads all' }],
    ['UpdateAssumeRolePolicy', { RoleName, PolicyDocument: TRUST }],
    ['TagRole', { RoleName, Tags: [{ Key: 'stage', Value: 'test' }] }],
    ['ListRoleTags', { RoleName }],
    ['UntagRole', { RoleName, TagKeys: ['stage'] }],
    ['PutRolePolicy', { RoleName, PolicyName: 'inline', PolicyDocument: DOCUMENT }],
    ['GetRolePolicy', { RoleName, PolicyName: 'inline' }],
    ['ListRolePolicies', { RoleName }],
    ['DeleteRolePolicy', { RoleName, PolicyName: 'inline' }],
    ['AttachRolePolicy', { RoleName, PolicyArn: READ_ONLY }],
    ['ListAttachedRolePolicies', { RoleName }],
    ['DetachRolePolicy', { RoleName, PolicyArn: READ_ONLY }],
    ['PutRolePermissionsBoundary', { RoleName, PermissionsBoundary: READ_ONLY }],
    ['DeleteRolePermissionsBoundary', { RoleName }],
    ['CreateInstanceProfile', { InstanceProfileName, Path: '/work/', Tags }],
    ['AddRoleToInstanceProfile', { InstanceProfileName, RoleName }],
    ['GetInstanceProfile', { InstanceProfileName }],
    ['ListInstanceProfiles', { PathPrefix: '/work/' }],
    ['ListInstanceProfilesForRole', { RoleName }],
    ['TagInstanceProfile', { InstanceProfileName, Tags: [{ Key: 'stage', Value: 'test' }] }],
    ['ListInstanceProfileTags', { InstanceProfileName }],
    ['UntagInstanceProfile', { InstanceProfileName, TagKeys }],
    ['RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName }],
    ['DeleteInstanceProfile', { InstanceProfileName }],
    ['DeleteRole', { RoleName }],
    ['CreateServiceLinkedRole', { AWSServiceName: 'ecs.amazonaws.com', Description: 'for containers' }],
    ['DeleteServiceLinkedRole', { RoleName: 'AWSServiceRoleForECS' }],
    ['GetServiceLinkedRoleDeletionStatus', withTask({}, task)],
    ['CreateOpenIDConnectProvider', { Url: 'https://token.example.com/a', ClientIDList: ['app'], Tags }],
    ['GetOpenIDConnectProvider', { OpenIDConnectProviderArn }],
    ['ListOpenIDConnectProviders', {}],
    ['AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn, ClientID: 'other' }],
    ['RemoveClientIDFromOpenIDConnectProvider', { OpenIDConnectProviderArn, ClientID: 'app' }],
    ['UpdateOpenIDConnectProviderThumbprint', { OpenIDConnectProviderArn, ThumbprintList: ['a'.repeat(40)] }],
    ['TagOpenIDConnectProvider', { OpenIDConnectProviderArn, Tags }],
    ['ListOpenIDConnectProviderTags', { OpenIDConnectProviderArn }],
    ['UntagOpenIDConnectProvider', { OpenIDConnectProviderArn, TagKeys }],
    ['DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn }],
    ['CreateSAMLProvider', { Name: 'office', SAMLMetadataDocument, Tags }],
    ['GetSAMLProvider', { SAMLProviderArn }],
    ['ListSAMLProviders', {}],
    ['UpdateSAMLProvider', { SAMLProviderArn, SAMLMetadataDocument, AssertionEncryptionMode: 'Allowed' }],
    ['TagSAMLProvider', { SAMLProviderArn, Tags }],
    ['ListSAMLProviderTags', { SAMLProviderArn }],
    ['UntagSAMLProvider', { SAMLProviderArn, TagKeys }],
    ['DeleteSAMLProvider', { SAMLProviderArn }],
  ];
}

/** The id is known once the removal has been asked for. */
function withTask(input: object, task: () => string): object {
  return Object.defineProperty(input, 'DeletionTaskId', { get: task, enumerable: true });
}
