/** The policies of users, groups and roles as they were written: their own, and those attached to them. */
import { awsRef, nameWithoutPath } from '../../../policy/names.ts';
import type { Reader } from '../../../store/store.ts';
import { type GroupDocument, groups, keyOf, managedPolicies, memberships, type PolicyHolder } from './documents.ts';
import { managedPolicy } from './managed-policies/managed-policies.ts';

/** A user, group or role, whose policies are asked for. */
export interface Holder {
  readonly kind: 'user' | 'group' | 'role';
  readonly entity: PolicyHolder & { readonly name: string };
}

/** One policy. */
export interface PolicySource {
  readonly holder: Holder;
  readonly name: string;
  /** Of a managed policy; an inline policy has none. */
  readonly arn?: string;
  /** JSON. */
  readonly text: string;
}

/** A user is in ten groups at most. */
const GROUPS = 10;

/** The groups of a user, by the user's unique id. */
export async function groupsOfUser(
  reader: Pick<Reader, 'list'>,
  account: string,
  user: string,
): Promise<readonly GroupDocument[]> {
  const { items } = await reader.list(memberships, account, { index: 'user', key: user, limit: GROUPS });
  const found = await Promise.all(
    items.map(({ value }) => reader.list(groups, account, { index: 'uniqueId', key: value.group, limit: 1 })),
  );
  return found.flatMap((page) => page.items.map((group) => group.value));
}

/** The holder's inline policies, then the managed ones attached to it; one that is not there (any more) is none. */
export async function policiesOf(
  reader: Pick<Reader, 'get'>,
  account: string,
  holder: Holder,
): Promise<readonly PolicySource[]> {
  const sources: PolicySource[] = Object.entries(holder.entity.inline).map(([name, text]) => ({ holder, name, text }));
  for (const arn of holder.entity.attached) {
    const text = await managedText(reader, account, arn);
    if (text !== undefined) sources.push({ holder, name: nameWithoutPath(awsRef(arn, account).id), arn, text });
  }
  return sources;
}

/** What a managed policy of the account or of AWS says; undefined when there is none. */
export async function managedText(
  reader: Pick<Reader, 'get'>,
  account: string,
  arn: string,
): Promise<string | undefined> {
  const ref = awsRef(arn, account);
  if (ref.account === 'aws') return (await managedPolicy(arn))?.document;
  const policy = (await reader.get(managedPolicies, account, keyOf(nameWithoutPath(ref.id))))?.value;
  return policy?.versions.find(({ id }) => id === policy.defaultVersion)?.text;
}

/** What results of decisions name an inline policy by: `user_bob_NAME`. */
export function inlineId({ kind, entity }: Holder, name: string): string {
  return `${kind}_${entity.name}_${name}`;
}
