/** What the identity service keeps of AWS accounts, and the APIs that it answers: IAM and STS. */
import type { Service } from '../../../service.ts';
import {
  AwsOwnedPolicy,
  AwsSettings,
  Group,
  IamAccount,
  InstanceProfile,
  OidcProvider,
  Policy,
  Role,
  SamlProvider,
  User,
} from './access.ts';
import {
  accessKeys,
  awsSettings,
  groups,
  instanceProfiles,
  loginProfiles,
  managedPolicies,
  memberships,
  oidcProviders,
  roles,
  samlProviders,
  users,
} from './documents.ts';
import { iamFace } from './iam.ts';
import { createIdentitySource } from './layers.ts';
import { rootAccessLayers } from './root-tasks.ts';
import { SessionKey, sessionKeys } from './session-key.ts';
import { keepSessionKey } from './session-token.ts';
import { FederatedUser, StsAccount } from './sts/access.ts';
import { OutboundFederation, outboundFederations } from './sts/outbound-federation.ts';
import { stsFace } from './sts.ts';

export const awsIdentity = {
  collections: [
    ...[users, groups, memberships, roles, managedPolicies, accessKeys, loginProfiles, instanceProfiles],
    ...[oidcProviders, samlProviders, awsSettings, sessionKeys, outboundFederations],
  ],
  actions: [
    ...[
      User,
      Group,
      Role,
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
      SessionKey,
    ],
  ].flatMap(({ type: _type, ...actions }) => Object.values(actions)),
  operations: [keepSessionKey, ...stsFace.operations.values(), ...iamFace.operations.values()],
  sources: [createIdentitySource(), rootAccessLayers],
  aws: [stsFace, iamFace],
} satisfies Partial<Service>;
