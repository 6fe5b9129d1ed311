/** What the identity service keeps of AWS accounts, and the APIs that it answers: IAM and STS. */
import type { Service } from '../../../service.ts';
import { AwsOwnedPolicy, AwsSettings, Group, IamAccount, Policy, Role, RoleDeletion, User } from './access.ts';
import {
  accessKeys,
  awsSettings,
  groups,
  IAM,
  instanceProfiles,
  loginProfiles,
  managedPolicies,
  memberships,
  oidcProviders,
  roleDeletions,
  roles,
  samlKeys,
  samlProviders,
  users,
} from './documents.ts';
import { FINISH_ROLE_DELETION, finishRoleDeletion } from './iam/service-linked-roles.ts';
import { iamFace } from './iam.ts';
import { InstanceProfile } from './instance-profile-access.ts';
import { createIdentitySource } from './layers.ts';
import { OidcProvider, SamlProvider } from './provider-access.ts';
import { rootAccessLayers } from './root-tasks.ts';
import { FederatedUser, StsAccount } from './sts/access.ts';
import { OutboundFederation, outboundFederations } from './sts/outbound-federation.ts';
import { stsFace } from './sts.ts';
import { accessReports } from './usage/access-report.ts';
import { credentialReports } from './usage/credential-report.ts';
import { usageJobs } from './usage/jobs.ts';
import { Usage, usage, uses } from './usage/kept.ts';

export const awsIdentity = {
  collections: [
    ...[users, groups, memberships, roles, managedPolicies, accessKeys, loginProfiles, instanceProfiles],
    ...[roleDeletions, oidcProviders, samlProviders, samlKeys, awsSettings, outboundFederations],
    ...[usage, uses, accessReports, credentialReports],
  ],
  actions: [
    ...[
      User,
      Group,
      Role,
      RoleDeletion,
      Policy,
      AwsOwnedPolicy,
      InstanceProfile,
      OidcProvider,
      SamlProvider,
      AwsSettings,
      IamAccount,
      StsAccount,
      FederatedUser,
      OutboundFederation,
      Usage,
    ],
  ].flatMap(({ type: _type, ...actions }) => Object.values(actions)),
  operations: [
    finishRoleDeletion,
    ...Object.values(usageJobs).map((job) => job.operation),
    ...[...stsFace.operations.values(), ...iamFace.operations.values()],
  ],
  sources: [createIdentitySource(), rootAccessLayers],
  jobs: { [FINISH_ROLE_DELETION]: { service: IAM, operation: finishRoleDeletion }, ...usageJobs },
  aws: [stsFace, iamFace],
} satisfies Partial<Service>;
