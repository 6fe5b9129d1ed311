/** Context keys as AWS writes them; questions and compiled conditions hold them in lower case. */

/**
 * The vendor's spelling of a key in lower case. What follows a tag key's slash, or names an entry of an encryption
 * context, is the account's own and keeps its spelling; so do keys that are not known here.
 */
export function spelledKey(key: string): string {
  const [, name = key, own = ''] = /^(kms:encryptioncontext(?=:)|[^/]*)(.*)$/s.exec(key) ?? [];
  return (SPELLINGS.get(name) ?? name) + own;
}

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  aws: [
    'CalledVia',
    'CalledViaFirst',
    'CalledViaLast',
    'CurrentTime',
    'EpochTime',
    'FederatedProvider',
    'MultiFactorAuthAge',
    'MultiFactorAuthPresent',
    'PrincipalAccount',
    'PrincipalArn',
    'PrincipalIsAWSService',
    'PrincipalOrgID',
    'PrincipalOrgPaths',
    'PrincipalServiceName',
    'PrincipalServiceNamesList',
    'PrincipalTag',
    'PrincipalType',
    'Referer',
    'RequestTag',
    'RequestedRegion',
    'ResourceAccount',
    'ResourceOrgID',
    'ResourceOrgPaths',
    'ResourceTag',
    'SecureTransport',
    'SourceAccount',
    'SourceArn',
    'SourceIdentity',
    'SourceIp',
    'SourceOrgID',
    'SourceOrgPaths',
    'SourceVpc',
    'SourceVpce',
    'TagKeys',
    'TokenIssueTime',
    'UserAgent',
    'ViaAWSService',
    'VpcSourceIp',
  ],
  iam: [
    'AWSServiceName',
    'AssociatedResourceArn',
    'OrganizationsPolicyId',
    'PassedToService',
    'PermissionsBoundary',
    'PolicyARN',
    'ResourceTag',
  ],
  kms: [
    'BypassPolicyLockoutSafetyCheck',
    'CallerAccount',
    'CustomerMasterKeySpec',
    'CustomerMasterKeyUsage',
    'DataKeyPairSpec',
    'EncryptionAlgorithm',
    'EncryptionContext',
    'EncryptionContextKeys',
    'ExpirationModel',
    'GrantConstraintSourceArn',
    'GrantConstraintType',
    'GrantIsForAWSResource',
    'GrantOperations',
    'GranteePrincipal',
    'GranteeServicePrincipal',
    'KeyAgreementAlgorithm',
    'KeyOrigin',
    'KeySpec',
    'KeyUsage',
    'MacAlgorithm',
    'MessageType',
    'MultiRegion',
    'MultiRegionKeyType',
    'PrimaryRegion',
    'ReEncryptOnSameKey',
    'ReplicaRegion',
    'RequestAlias',
    'ResourceAliases',
    'RetiringPrincipal',
    'RetiringServicePrincipal',
    'RotationPeriodInDays',
    'ScheduleKeyDeletionPendingWindowInDays',
    'SigningAlgorithm',
    'TrailingDaysWithoutKeyUsage',
    'ValidTo',
    'ViaService',
    'WrappingAlgorithm',
    'WrappingKeySpec',
  ],
  sts: [
    'AWSServiceName',
    'DurationSeconds',
    'ExternalId',
    'IdentityTokenAudience',
    'RequestContext',
    'RequestContextProviders',
    'RoleAuthorizedByIdp',
    'RoleSessionName',
    'SigningAlgorithm',
    'SourceIdentity',
    'TaskPolicyArn',
    'TransitiveTagKeys',
  ],
};

const SPELLINGS: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([prefix, names]) =>
    names.map((name) => [`${prefix}:${name.toLowerCase()}`, `${prefix}:${name}`] as const),
  ),
);
