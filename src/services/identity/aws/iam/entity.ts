/** Users, groups and roles named by ARN, for what is asked of all three alike. */
import type { Context as AskContext } from '../../../../authorize.ts';
import type { Context } from '../../../../context.ts';
import type { Allowed } from '../../../../operation.ts';
import { awsRef, parseArn } from '../../../../policy/names.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { Group, Role, User } from '../access.ts';
import { type GroupDocument, IAM, type RoleDocument, type UserDocument } from '../documents.ts';
import { groupsOfUser, type Holder, managedText, type PolicySource, policiesOf } from '../policy-sources.ts';

/** A user, group or role that was allowed. */
export type Entity =
  | { readonly kind: 'user'; readonly allowed: Allowed<UserDocument> }
  | { readonly kind: 'group'; readonly allowed: Allowed<GroupDocument> }
  | { readonly kind: 'role'; readonly allowed: Allowed<RoleDocument> };

/** The actions that can be asked of any of them. */
type EntityAction = keyof typeof User &
  keyof typeof Group &
  keyof typeof Role &
  `${string}${'ServiceAccess' | 'LastAccessedDetails' | 'PrincipalPolicy'}`;

/** Asks for the entity with this ARN. Throws `InvalidInput` for the ARN of something else. */
export async function allowEntity(cx: Context, action: EntityAction, arn: string, own?: AskContext): Promise<Entity> {
  const ref = awsRef(arn, cx.identity.caller.account);
  if (parseArn(arn)?.service === IAM && ref.location === '') {
    if (ref.type === 'user') return { kind: 'user', allowed: await cx.allow(User[action], ref, own) };
    if (ref.type === 'group') return { kind: 'group', allowed: await cx.allow(Group[action], ref, own) };
    if (ref.type === 'role') return { kind: 'role', allowed: await cx.allow(Role[action], ref, own) };
  }
  throw awsFault('InvalidInput', `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
}

/** The entity's policies, and for a user those of its groups. */
export async function policiesOfEntity(cx: Context, { kind, allowed }: Entity): Promise<readonly PolicySource[]> {
  const reader = cx.accountOf(allowed);
  const { account } = allowed.ref;
  const holders: Holder[] = [{ kind, entity: allowed.value }];
  if (kind === 'user') {
    for (const entity of await groupsOfUser(reader, account, allowed.value.id)) holders.push({ kind: 'group', entity });
  }
  const each = await Promise.all(holders.map((holder) => policiesOf(reader, account, holder)));
  return each.flat();
}

/** The ARN of the entity's permissions boundary and what it says. Groups have none. */
export async function boundaryOf(
  cx: Context,
  { kind, allowed }: Entity,
): Promise<{ readonly arn: string; readonly text: string } | undefined> {
  if (kind === 'group' || allowed.value.boundary === undefined) return undefined;
  const arn = allowed.value.boundary;
  const text = await managedText(cx.accountOf(allowed), allowed.ref.account, arn);
  return text === undefined ? undefined : { arn, text };
}
