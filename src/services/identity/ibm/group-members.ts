/** Who is in an access group. https://cloud.ibm.com/apidocs/iam-access-groups#add-members-to-access-group */
import type { Context } from '../../../context.ts';
import { Fault } from '../../../faults.ts';
import { operation } from '../../../operation.ts';
import { Membership, Person, personRef } from '../../accounts/access.ts';
import {
  Group,
  type GroupMemberDocument,
  groupMembers,
  groupRef,
  ServiceId,
  serviceIdOf,
  serviceIdRef,
} from './access.ts';
import { LONGEST_LIST, ownAccount } from './entity.ts';

export interface MemberToAdd {
  readonly iamId: string;
  readonly type: GroupMemberDocument['type'];
}

/** How it went for one member; `member` is absent where it did not. */
export interface MemberOutcome {
  readonly iamId: string;
  readonly type?: GroupMemberDocument['type'];
  readonly member?: GroupMemberDocument;
}

/** Adds each member that can be one: an iam_id of another kind than it is said to be is refused by itself. */
export const addMembers = operation(
  'identity.add-group-members',
  async (cx, { id, members }: { id: string; members: readonly MemberToAdd[] }): Promise<MemberOutcome[]> => {
    const group = await cx.allow(Group.addMembers, groupRef(ownAccount(cx, undefined), id));
    const outcomes: MemberOutcome[] = [];
    for (const { iamId, type } of members) {
      if ((type === 'service') !== (serviceIdOf(iamId) !== undefined)) {
        outcomes.push({ iamId, type });
        continue;
      }
      const known = await cx.part(group, groupMembers, iamId);
      const member = known?.value ?? { group: id, iamId, type, addedAt: cx.now, addedBy: cx.identity.caller.id };
      if (!known) cx.putPart(group, groupMembers, iamId, member);
      outcomes.push({ iamId, type, member });
    }
    return outcomes;
  },
  { recorded: ({ id, members }) => ({ id, members: members.map(({ iamId }) => iamId) }) },
);

export interface ShownMember {
  readonly group: string;
  readonly member: GroupMemberDocument;
  readonly name?: string;
  readonly email?: string;
}

export const listMembers = operation(
  'identity.list-group-members',
  async (cx, { id, verbose }: { id: string; verbose: boolean }): Promise<ShownMember[]> => {
    const group = await cx.allow(Group.listMembers, groupRef(ownAccount(cx, undefined), id));
    const page = await cx.parts(group, groupMembers, { index: 'group', key: id, limit: LONGEST_LIST });
    const shown: ShownMember[] = [];
    for (const { value: member } of page.items) {
      shown.push({ group: id, member, ...(verbose ? await namesOf(cx, member) : {}) });
    }
    return shown;
  },
);

/** Names of those who belong to the account: groups take ids of others too, about whom nothing is told. */
async function namesOf(cx: Context, { iamId }: GroupMemberDocument): Promise<{ name?: string; email?: string }> {
  const { account } = cx.identity.caller;
  const serviceId = serviceIdOf(iamId);
  if (serviceId !== undefined) {
    const found = await cx.allowIfThere(ServiceId.named, serviceIdRef(account, serviceId));
    return found ? { name: found.value.name } : {};
  }
  const memberships = await cx.locate(Membership.type, 'person', iamId);
  if (!memberships.some(({ ref }) => ref.account === account)) return {};
  const { name, email } = (await cx.allow(Person.named, personRef(iamId))).value;
  return { name, email };
}

/** Throws `not-found` for who is not a member. */
export const checkMember = operation(
  'identity.check-group-member',
  async (cx, { id, iamId }: { id: string; iamId: string }): Promise<void> => {
    const group = await cx.allow(Group.listMembers, groupRef(ownAccount(cx, undefined), id));
    if (!(await cx.part(group, groupMembers, iamId))) throw notMember(iamId);
  },
);

/**
 * Removes members and answers for each. Throws `not-found` when none of them is one, as the vendor does for the
 * removal of one and of several alike.
 */
export const removeMembers = operation(
  'identity.remove-group-members',
  async (
    cx,
    { id, iamIds }: { id: string; iamIds: readonly string[] },
  ): Promise<{ iamId: string; removed: boolean }[]> => {
    const group = await cx.allow(Group.removeMembers, groupRef(ownAccount(cx, undefined), id));
    const outcomes = [];
    for (const iamId of new Set(iamIds)) {
      const removed = (await cx.part(group, groupMembers, iamId)) !== undefined;
      if (removed) cx.removePart(group, groupMembers, iamId);
      outcomes.push({ iamId, removed });
    }
    if (!outcomes.some(({ removed }) => removed)) throw notMember(iamIds.join(', '));
    return outcomes;
  },
  { recorded: ({ id, iamIds }) => ({ id, iamIds }) },
);

function notMember(iamId: string): Fault {
  return new Fault('not-found', 'member-not-found', `\`${iamId}\` is not a member of the access group`);
}
