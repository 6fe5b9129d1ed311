/** The identities of AWS accounts and their policies: what is kept, and what can be asked of it. */
import { resource } from '../../../access.ts';
import { ANY_PATH, awsResource, nameWithoutPath, type ResourceRef } from '../../../policy/names.ts';
import { collection } from '../../../store/store.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { type AccountDocument, accounts } from '../../accounts/access.ts';

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
  /** Names of groups. */
  readonly groups: readonly string[];
  readonly login?: { readonly createdAt: number; readonly resetRequired: boolean; readonly changedAt: number };
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

/** Under which the root user of an account is kept among its users; no user can have this name. */
export const ROOT_USER = ':root';

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
    group: (user) => user.groups.map(keyOf),
    boundary: (user) => (user.boundary === undefined ? [] : [user.boundary]),
    uniqueId: (user) => [user.id],
  },
});

export const groups = collection<GroupDocument>('aws-groups', {
  decides: true,
  indexes: { ...holderIndexes, listed: () => [LISTED] },
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

export const accessKeys = collection<AccessKeyDocument>('aws-access-keys', {
  partOf: users,
  sealed: ['secret'],
  indexes: { id: (key) => [key.id], user: (key) => [key.user] },
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

/** The root user of an account. */
export const rootRef = (account: string): ResourceRef => awsResource({ account, service: IAM, id: 'root' });

const byName = (ref: ResourceRef): string => (ref.type === '' ? ROOT_USER : keyOf(nameWithoutPath(ref.id)));

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

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
export const User = resource<UserDocument>()(
  'aws-user',
  {
    collection: users,
    documentId: byName,
    refOf: ({ account, value }) =>
      value.name === ROOT_USER ? rootRef(account) : userRef(account, value.path, value.name),
    attributes: (_ref, value) => tagContext(value?.tags, IAM),
    absent: noSuch('user'),
    taken: exists('User'),
  },
  {
    /** Made by a world file. */
    found: { nature: 'write', standing: ['operator'] },
    inspect: { nature: 'read', standing: ['operator'] },
    create: { nature: 'write', aws: 'iam:CreateUser' },
    get: { nature: 'read', aws: 'iam:GetUser' },
    createAccessKey: { nature: 'write', aws: 'iam:CreateAccessKey' },
  },
);

export const Role = resource<RoleDocument>()(
  'aws-role',
  {
    collection: roles,
    documentId: byName,
    refOf: ({ account, value }) => roleRef(account, value.path, value.name),
    attributes: (_ref, value) => tagContext(value?.tags, IAM),
    absent: noSuch('role'),
    taken: exists('Role'),
  },
  {
    create: { nature: 'write', aws: 'iam:CreateRole' },
    get: { nature: 'read', aws: 'iam:GetRole' },
    assume: { nature: 'secret', aws: 'sts:AssumeRole' },
    assumeWithSaml: { nature: 'secret', aws: 'sts:AssumeRoleWithSAML' },
    assumeWithWebIdentity: { nature: 'secret', aws: 'sts:AssumeRoleWithWebIdentity' },
    tagSession: { nature: 'read', aws: 'sts:TagSession' },
    setSourceIdentity: { nature: 'read', aws: 'sts:SetSourceIdentity' },
  },
);

/** The account as a whole, for actions on whatever it holds: `*`, or all users under a path. */
export const IamAccount = resource<AccountDocument>()(
  'iam-account',
  {
    collection: accounts,
    documentId: (ref) => ref.account,
    refOf: ({ account }) => awsResource({ account, service: IAM }),
    wide: true,
  },
  {},
);
