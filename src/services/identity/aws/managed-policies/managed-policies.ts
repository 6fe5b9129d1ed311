/**
 * The policies that AWS itself keeps in every account: `arn:aws:iam::aws:policy/...`. Their documents are large, so
 * they are loaded when the first is asked for.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html#aws-managed-policies
 */
import { chosenPolicies } from './chosen.data.ts';
import type { StoredPolicy } from './documents.data.ts';

export interface ManagedPolicy {
  readonly name: string;
  /** Begins and ends with `/`. */
  readonly path: string;
  readonly arn: string;
  /** AWS's own; absent where it is not known. */
  readonly description?: string;
  /** The only version that the plane has of it. */
  readonly defaultVersionId: string;
  /** ISO 8601. */
  readonly createDate: string;
  readonly updateDate: string;
  /** JSON text. */
  readonly document: string;
}

const PREFIX = 'arn:aws:iam::aws:policy';

/** Whether an ARN is of AWS's own policies, known here or not. */
export function isAwsManaged(arn: string): boolean {
  return arn.startsWith(`${PREFIX}/`);
}

/** The managed policy with this ARN; undefined when the plane does not have it. */
export async function managedPolicy(arn: string): Promise<ManagedPolicy | undefined> {
  return (await catalogue()).get(arn);
}

/** All managed policies that the plane has, by name. */
export async function managedPolicies(): Promise<readonly ManagedPolicy[]> {
  return [...(await catalogue()).values()];
}

let loading: Promise<ReadonlyMap<string, ManagedPolicy>> | undefined;

function catalogue(): Promise<ReadonlyMap<string, ManagedPolicy>> {
  loading ??= load();
  return loading;
}

async function load(): Promise<ReadonlyMap<string, ManagedPolicy>> {
  const { documents } = await import('./documents.data.ts');
  const policies = Object.entries(documents).map(([name, stored]) => policyOf(name, stored));
  return new Map(policies.map((policy) => [policy.arn, policy]));
}

function policyOf(name: string, { path, version, created, updated, document }: StoredPolicy): ManagedPolicy {
  const description = chosenPolicies[name];
  return {
    name,
    path,
    arn: `${PREFIX}${path}${name}`,
    ...(description === undefined ? {} : { description }),
    defaultVersionId: version,
    createDate: created,
    updateDate: updated,
    document,
  };
}
