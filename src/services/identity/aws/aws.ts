/** What the identity service keeps of AWS accounts, and the APIs that it answers: IAM and STS. */
import type { Service } from '../../../service.ts';
import { accessKeys, groups, IamAccount, managedPolicies, Role, roles, User, users } from './access.ts';
import { createIdentitySource } from './layers.ts';
import { SessionKey, sessionKeys } from './session-key.ts';
import { keepSessionKey } from './session-token.ts';

export const awsIdentity = {
  collections: [users, groups, roles, managedPolicies, accessKeys, sessionKeys],
  actions: [User, Role, IamAccount, SessionKey].flatMap(({ type: _type, ...actions }) => Object.values(actions)),
  operations: [keepSessionKey],
  sources: [createIdentitySource()],
} satisfies Partial<Service>;
