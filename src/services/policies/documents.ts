/** What is kept: policies and the roles that accounts make for themselves. Both decide, so both keep their past. */
import { createHash } from 'node:crypto';
import { bucketsOf } from '../../policy/ibm/buckets.ts';
import { type IbmPolicy, literal } from '../../policy/ibm/document.ts';
import { fingerprint } from '../../policy/ibm/same.ts';
import { formatCrn, ibmRef, parseCrn } from '../../policy/names.ts';
import { collection } from '../../store/store.ts';

/** Kept under the account that owns the target (the policy's resource) and the policy's id. */
export interface PolicyDocument {
  readonly id: string;
  readonly policy: IbmPolicy;
  /** Deleted ones stay readable and can be restored; they allow nothing. */
  readonly state: 'active' | 'deleted';
  /** `N-hex`: changes with every write. */
  readonly etag: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly modifiedAt: number;
  readonly modifiedBy: string;
  /** Set when a service created it for a service that depends on it. */
  readonly delegation?: Delegation;
}

export interface Delegation {
  /** The source service as which it was created. */
  readonly source: {
    readonly id: string;
    readonly account: string;
    readonly attributes: Readonly<Record<string, string>>;
  };
  /** The authorization that let it, which ends this one with itself. */
  readonly parent: string;
}

/** Kept under its account and id. */
export interface CustomRoleDocument {
  readonly id: string;
  /** Last part of the CRN. */
  readonly name: string;
  readonly displayName: string;
  readonly description?: string;
  readonly service: string;
  readonly actions: readonly string[];
  readonly etag: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly modifiedAt: number;
  readonly modifiedBy: string;
}

const whileActive = (keys: (document: PolicyDocument) => readonly string[]) => (document: PolicyDocument) =>
  document.state === 'active' ? keys(document) : [];

export const policies = collection<PolicyDocument>('policies', {
  decides: true,
  indexes: {
    /** Where a question looks. */
    match: whileActive(({ policy }) => bucketsOf(policy)),
    /** Where it looks first, so that it need not look for each resource that no policy names. */
    family: whileActive(({ policy }) => bucketsOf(policy).flatMap((bucket) => familyOf(bucket) ?? [])),
    state: ({ state, policy }) => [state, `${state} ${policy.type}`],
    subject: ({ state, policy }) => [`${state} ${subjectKey(policy)}`],
    grant: whileActive(({ policy }) => [grantKey(policy)]),
    customRole: whileActive(({ policy }) => policy.roles.filter(isCustomRole)),
    parent: whileActive(({ delegation }) => (delegation ? [delegation.parent] : [])),
    delegation: whileActive(delegationKeys),
  },
});

export const customRoles = collection<CustomRoleDocument>('custom-roles', {
  decides: true,
  indexes: {
    name: ({ name }) => [name],
    display: ({ service, displayName }) => [`${service} ${displayName}`],
    service: ({ service }) => [service],
    actions: ({ service, actions }) => [actionsKey(service, actions)],
  },
});

/**
 * The key that all buckets share which differ in nothing but the one resource that they name, in their last part.
 * Undefined for a bucket that names none.
 */
export function familyOf(bucket: string): string | undefined {
  const end = bucket.lastIndexOf('|');
  return bucket.slice(end + 1) === '*' ? undefined : bucket.slice(0, end);
}

/** Who writes, and when. */
export interface Author {
  readonly by: string;
  readonly at: number;
}

export function newPolicy(id: string, policy: IbmPolicy, { by, at }: Author): PolicyDocument {
  const etag = nextEtag(undefined, policy);
  return { id, policy, state: 'active', etag, createdAt: at, createdBy: by, modifiedAt: at, modifiedBy: by };
}

/** The next state of a policy, with a new entity tag. */
export function changedPolicy(
  before: PolicyDocument,
  change: Partial<Pick<PolicyDocument, 'policy' | 'state'>>,
  { by, at }: Author,
): PolicyDocument {
  return { ...before, ...change, etag: nextEtag(before.etag, change), modifiedAt: at, modifiedBy: by };
}

/** The subject in one text: what the limit of policies per subject counts by, and what lists filter by. */
export function subjectKey({ subject }: IbmPolicy): string {
  const parts = subject.map(({ name, operator, value }) => `${name} ${operator} ${value}`);
  return parts.sort().join('\n');
}

/** The key of an access policy's subject. */
export function identityKey(attribute: 'iam_id' | 'access_group_id', id: string): string {
  return `${attribute} stringEquals ${id}`;
}

/** Equal for policies that grant the same. */
export function grantKey(policy: IbmPolicy): string {
  return hash(fingerprint(policy));
}

export function actionsKey(service: string, actions: readonly string[]): string {
  return hash([service, ...[...new Set(actions)].sort()].join('\n'));
}

/** Found by who made it, and by the instance of the dependent service that it is for. */
function delegationKeys({ delegation, policy }: PolicyDocument): readonly string[] {
  if (!delegation) return [];
  const [account, service, instance] = ['accountId', 'serviceName', 'serviceInstance'].map((name) =>
    literal(policy.subject, name),
  );
  if (account === undefined || service === undefined || instance === undefined)
    return [sourceKey(delegation.source.id)];
  return [sourceKey(delegation.source.id), dependentKey(account, service, instance)];
}

export function sourceKey(id: string): string {
  return `by ${id}`;
}

export function dependentKey(account: string, service: string, instance: string): string {
  return `for ${account} ${service} ${instance}`;
}

export function customRoleCrn(account: string, name: string): string {
  return formatCrn(ibmRef({ account, service: 'iam-access-management', type: 'customRole', id: name }));
}

export function isCustomRole(crn: string): boolean {
  return parseCrn(crn)?.type === 'customRole';
}

/** The entity tag that follows `before`, in the style of CouchDB revisions: `1-ede47eea682b487b6adc6397aa940300`. */
export function nextEtag(before: string | undefined, content: unknown): string {
  const count = before === undefined ? 1 : Number.parseInt(before, 10) + 1;
  return `${count}-${hash(JSON.stringify([before, content])).slice(0, 32)}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
