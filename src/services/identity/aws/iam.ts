/** Identity and Access Management. https://docs.aws.amazon.com/IAM/latest/APIReference/ */
import type * as Iam from '@aws-sdk/client-iam';
import { awsFace } from '../../../wire/aws/face.ts';
import { accessKeyOperations } from './iam/access-keys.ts';
import { accountSettingOperations } from './iam/account-settings.ts';
import { accountSummaryOperations } from './iam/account-summary.ts';
import { authorizationDetailOperations } from './iam/authorization-details.ts';
import { credentialReportOperations } from './iam/credential-reports.ts';
import { groupPolicyOperations } from './iam/group-policies.ts';
import { groupOperations } from './iam/groups.ts';
import { instanceProfileTagOperations } from './iam/instance-profile-tags.ts';
import { instanceProfileOperations } from './iam/instance-profiles.ts';
import { lastAccessedOperations } from './iam/last-accessed.ts';
import { loginProfileOperations } from './iam/login-profiles.ts';
import { memberOperations } from './iam/members.ts';
import { oidcProviderOperations } from './iam/oidc-providers.ts';
import { policyOperations } from './iam/policies.ts';
import { policyEntityOperations } from './iam/policy-entities.ts';
import { policyVersionOperations } from './iam/policy-versions.ts';
import { providerTagOperations } from './iam/provider-tags.ts';
import { roleChangeOperations } from './iam/role-changes.ts';
import { rolePolicyOperations } from './iam/role-policies.ts';
import { roleOperations } from './iam/roles.ts';
import { samlProviderOperations } from './iam/saml-providers.ts';
import { serviceLinkedRoleOperations } from './iam/service-linked-roles.ts';
import { simulationOperations } from './iam/simulation.ts';
import { userPolicyOperations } from './iam/user-policies.ts';
import { userTagOperations } from './iam/user-tags.ts';
import { userOperations } from './iam/users.ts';
import { outboundFederationOperations } from './sts/outbound-federation.ts';

export const iamOperations = {
  ...outboundFederationOperations,
  ...userOperations,
  ...userPolicyOperations,
  ...userTagOperations,
  ...groupOperations,
  ...groupPolicyOperations,
  ...memberOperations,
  ...policyOperations,
  ...accessKeyOperations,
  ...loginProfileOperations,
  ...accountSettingOperations,
  ...policyVersionOperations,
  ...policyEntityOperations,
  ...roleOperations,
  ...roleChangeOperations,
  ...rolePolicyOperations,
  ...serviceLinkedRoleOperations,
  ...instanceProfileOperations,
  ...instanceProfileTagOperations,
  ...oidcProviderOperations,
  ...samlProviderOperations,
  ...providerTagOperations,
  ...simulationOperations,
  ...authorizationDetailOperations,
  ...accountSummaryOperations,
  ...credentialReportOperations,
  ...lastAccessedOperations,
};

export const iamFace = awsFace<typeof Iam>({
  service: 'iam',
  client: '@aws-sdk/client-iam',
  isGlobal: true,
  operations: iamOperations,
});
