/** The identities of AWS accounts and their policies: what is kept, and by which names it goes. */
import { ANY_PATH, AWS_OWNED, awsRef, awsResource, type ResourceRef } from '../../../policy/names.ts';
import { collection } from '../../../store/store.ts';

/** The service's name in ARNs. */
export const IAM = 'iam';

/** Policies of a user, group or role: documents by name as they were written, and ARNs of managed policies. */
export interface PolicyHolder {
  readonly inline: Readonly<Record<string, string>>;
  readonly attached: readonly string[];
}

/** What users, groups and roles have in common. */
export interface EntityDocument extends PolicyHolder {
  /** `AIDA...`, `AGPA...`, `AROA...`: never used again, so that policies cannot mean a successor of the same name. */
  readonly id: string;
  readonly name: string;
  /** Begins and ends with `/`. */
  readonly path: string;
  readonly createdAt: number;
}

export interface UserDocument extends EntityDocument {
  readonly tags: Readonly<Record<string, string>>;
  /** ARN of the permissions boundary. */
  readonly boundary?: string;
}

export type GroupDocument = EntityDocument;

export interface RoleDocument extends EntityDocument {
  readonly description?: string;
  /** The trust policy, as it was written. */
  readonly trust: string;
  /** Seconds. */
  readonly maxSession: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly boundary?: string;
  /** The service that a service-linked role belongs to. */
  readonly linkedTo?: string;
}

export interface PolicyVersion {
  /** `v1` */
  readonly id: string;
  readonly text: string;
  readonly createdAt: number;
}

/** A customer managed policy. */
export interface PolicyDocument {
  /** `ANPA...` */
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly description?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Oldest first, at most five. */
  readonly versions: readonly PolicyVersion[];
  readonly defaultVersion: string;
  /** The number that the next version gets. */
  readonly nextVersion: number;
}

/** Part of its user: id `{user}/{access key id}`. */
export interface AccessKeyDocument {
  readonly id: string;
  /** Document id of the user. */
  readonly user: string;
  /** UTF-8 text as base64; kept sealed. */
  readonly secret: string;
  readonly active: boolean;
  readonly createdAt: number;
}

/** A user's password, which nothing of the plane takes. Part of its user: id `{user}/login`. */
export interface LoginProfileDocument {
  readonly createdAt: number;
  readonly changedAt: number;
  readonly resetRequired: boolean;
  /** JSON list of digests as base64, that of the password first, then those of earlier ones; kept sealed. */
  readonly digests: string;
}

/**
 * A user in a group, by their unique ids (`AGPA...`, `AIDA...`), which no renaming changes. Part of the group: id
 * `{document id of the group}/{unique id of the user}`.
 */
export interface MembershipDocument {
  readonly group: string;
  readonly user: string;
}

export interface InstanceProfileDocument {
  /** `AIPA...` */
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly createdAt: number;
  /** Unique id of the role, if it has one. */
  readonly role?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** An OpenID Connect provider. Its document id is its URL without the scheme. */
export interface OidcProviderDocument {
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SamlProviderDocument {
  /** 32 capital letters and digits. */
  readonly uuid: string;
  readonly name: string;
  readonly metadata: string;
  readonly createdAt: number;
  readonly validUntil: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether assertions must be encrypted, or may be. */
  readonly encryption?: 'Required' | 'Allowed';
}

/** A key that opens encrypted assertions. Part of its SAML provider: id `{provider}/{id}`. */
export interface SamlKeyDocument {
  readonly id: string;
  /** The provider's `uuid`. */
  readonly provider: string;
  readonly createdAt: number;
  /** As base64; kept sealed. */
  readonly pem: string;
}

/** The removal of a service-linked role, which stays behind as what it was. Part of the role: id `{role}/{id}`. */
export interface RoleDeletionDocument {
  readonly id: string;
  /** Unique id of the role. */
  readonly role: string;
  readonly name: string;
  readonly path: string;
  readonly done: boolean;
}

/** What passwords of users must be, by the API's names. */
export interface PasswordRules {
  readonly MinimumPasswordLength: number;
  readonly RequireSymbols: boolean;
  readonly RequireNumbers: boolean;
  readonly RequireUppercaseCharacters: boolean;
  readonly RequireLowercaseCharacters: boolean;
  readonly AllowUsersToChangePassword: boolean;
  /** Days. */
  readonly MaxPasswordAge?: number;
  /** How many earlier passwords cannot be used again. */
  readonly PasswordReusePrevention?: number;
  readonly HardExpiry?: boolean;
}

/** What an account has once. */
export interface AwsSettingsDocument {
  readonly alias?: string;
  readonly passwordPolicy?: PasswordRules;
}

/** Under which the root user of an account is kept among its users; no user can have this name. */
export const ROOT_USER = ':root';

/** Roles below it belong to services of AWS. */
export const LINKED_PATH = '/aws-service-role/';

/** Names are told apart without regard to case. */
export const keyOf = (name: string): string => name.toLowerCase();

/** Index keys under which all of an account are listed: the root user is in no list. */
export const LISTED = 'listed';

const holderIndexes = {
  attached: (holder: PolicyHolder) => holder.attached,
};

export const users = collection<UserDocument>('aws-users', {
  decides: true,
  indexes: {
    ...holderIndexes,
    listed: (user) => (user.name === ROOT_USER ? [] : [LISTED]),
    boundary: (user) => (user.boundary === undefined ? [] : [user.boundary]),
    uniqueId: (user) => [user.id],
  },
});

export const groups = collection<GroupDocument>('aws-groups', {
  decides: true,
  indexes: { ...holderIndexes, listed: () => [LISTED], uniqueId: (group) => [group.id] },
});

export const roles = collection<RoleDocument>('aws-roles', {
  decides: true,
  indexes: {
    ...holderIndexes,
    listed: () => [LISTED],
    boundary: (role) => (role.boundary === undefined ? [] : [role.boundary]),
    uniqueId: (role) => [role.id],
  },
});

export const managedPolicies = collection<PolicyDocument>('aws-policies', {
  decides: true,
  indexes: { listed: () => [LISTED] },
});

export const memberships = collection<MembershipDocument>('aws-memberships', {
  decides: true,
  partOf: groups,
  indexes: { user: (membership) => [membership.user], group: (membership) => [membership.group] },
});

export const instanceProfiles = collection<InstanceProfileDocument>('aws-instance-profiles', {
  indexes: { listed: () => [LISTED], role: (profile) => (profile.role === undefined ? [] : [profile.role]) },
});

export const oidcProviders = collection<OidcProviderDocument>('aws-oidc-providers', {
  indexes: { listed: () => [LISTED] },
});

export const samlProviders = collection<SamlProviderDocument>('aws-saml-providers', {
  indexes: { listed: () => [LISTED] },
});

export const samlKeys = collection<SamlKeyDocument>('aws-saml-keys', {
  partOf: samlProviders,
  sealed: ['pem'],
  indexes: { provider: (key) => [key.provider] },
});

export const roleDeletions = collection<RoleDeletionDocument>('aws-role-deletions', {
  partOf: roles,
  indexes: { role: (deletion) => [deletion.role] },
});

/** Id: the account's. Aliases are unique over all accounts. */
export const awsSettings = collection<AwsSettingsDocument>('aws-settings', {
  indexes: { alias: (settings) => (settings.alias === undefined ? [] : [settings.alias]) },
});

export const accessKeys = collection<AccessKeyDocument>('aws-access-keys', {
  partOf: users,
  sealed: ['secret'],
  indexes: { id: (key) => [key.id], user: (key) => [key.user] },
});

export const loginProfiles = collection<LoginProfileDocument>('aws-login-profiles', {
  partOf: users,
  sealed: ['digests'],
});

/** The ARN of a user, group, role or policy by its path and name. */
function pathRef(type: string): (account: string, path: string, name: string) => ResourceRef {
  return (account, path, name) => awsResource({ account, service: IAM, type, id: `${path.slice(1)}${name}` });
}

/** The resource that goes by a name, whatever its path. */
function namedRef(type: string): (account: string, name: string) => ResourceRef {
  return (account, name) => awsResource({ account, service: IAM, type, id: name, instance: ANY_PATH });
}

export const userRef = pathRef('user');
export const userNamed = namedRef('user');
export const groupRef = pathRef('group');
export const groupNamed = namedRef('group');
export const roleRef = pathRef('role');
export const roleNamed = namedRef('role');
export const policyRef = pathRef('policy');
/** A policy of AWS itself, as the account sees it. */
export const awsOwnedPolicyRef = (account: string, arn: string): ResourceRef => ({
  ...awsRef(arn, account),
  account,
  instance: AWS_OWNED,
});
export const instanceProfileRef = pathRef('instance-profile');
export const instanceProfileNamed = namedRef('instance-profile');
export const oidcProviderRef = (account: string, url: string) =>
  awsResource({ account, service: IAM, type: 'oidc-provider', id: url });
export const samlProviderRef = (account: string, name: string) =>
  awsResource({ account, service: IAM, type: 'saml-provider', id: name });
/** All users, groups, roles, ... of the account under a path; without a type, whatever it holds. */
export const allRef = (account: string, type = '', path = '/') =>
  awsResource({ account, service: IAM, type, id: path.slice(1) });

/** The root user of an account. */
export const rootRef = (account: string): ResourceRef => awsResource({ account, service: IAM, id: 'root' });
