/** Groups: made, shown, renamed and removed. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import { type Allowed, operation } from '../../../../operation.ts';
import { arnOf, type ResourceRef } from '../../../../policy/names.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { Group, IamAccount } from '../access.ts';
import { allRef, type GroupDocument, groupNamed, groupRef, groups, keyOf, LISTED, memberships } from '../documents.ts';
import { uniqueId } from '../ids.ts';
import { documentsOf, pageOf } from './listing.ts';
import { requireRoomInAccount } from './quotas.ts';

export function shownGroup(ref: ResourceRef, group: GroupDocument): Iam.Group {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: arnOf(ref),
    CreateDate: new Date(group.createdAt),
  };
}

export const createGroup = operation(
  'iam.CreateGroup',
  async (cx, input: Input<Iam.CreateGroupCommandInput>): Promise<Output<Iam.CreateGroupCommandOutput>> => {
    const { GroupName: name, Path: path = '/' } = input;
    const draft: GroupDocument = {
      id: uniqueId('AGPA', cx.newId()),
      name,
      path,
      createdAt: cx.now,
      inline: {},
      attached: [],
    };
    const group = await cx.allowNew(Group.createGroup, groupRef(cx.identity.caller.account, path, name), draft);
    await requireRoomInAccount(cx, 'GroupsPerAccount', Group.type);
    cx.create(group, draft);
    return { Group: shownGroup(group.ref, draft) };
  },
  { recorded: ({ GroupName, Path }) => ({ GroupName, Path }) },
);

export const listGroups = operation(
  'iam.ListGroups',
  async (cx, input: Input<Iam.ListGroupsCommandInput>): Promise<Output<Iam.ListGroupsCommandOutput>> => {
    const { account } = cx.identity.caller;
    const prefix = input.PathPrefix ?? '/';
    const allowed = await cx.allow(IamAccount.listGroups, allRef(account, 'group', prefix));
    const found = documentsOf(cx, allowed, groups, {
      index: 'listed',
      key: LISTED,
      keep: ({ path }) => path.startsWith(prefix),
    });
    const { items, rest } = await pageOf(cx, ['ListGroups', prefix], input, found);
    return { Groups: items.map(({ value }) => shownGroup(groupRef(account, value.path, value.name), value)), ...rest };
  },
  { recorded: ({ PathPrefix }) => ({ PathPrefix }) },
);

/** Gives a group another name or path; as with users, the right to it is needed for the old name and the new one. */
export const updateGroup = operation(
  'iam.UpdateGroup',
  async (cx, input: Input<Iam.UpdateGroupCommandInput>): Promise<Output<Iam.UpdateGroupCommandOutput>> => {
    const { account } = cx.identity.caller;
    const group = await cx.allow(Group.updateGroup, groupNamed(account, input.GroupName));
    const { NewGroupName: name = group.value.name, NewPath: path = group.value.path } = input;
    const changed = { ...group.value, name, path };
    const ref = groupRef(account, path, name);
    if (keyOf(name) !== keyOf(group.value.name)) {
      await moveGroup(cx, group, await cx.allowNew(Group.updateGroup, ref, changed), changed);
    } else {
      await cx.allowIfThere(Group.updateGroup, ref);
      cx.update(group, changed);
    }
    return {};
  },
  { recorded: ({ GroupName, NewGroupName, NewPath }) => ({ GroupName, NewGroupName, NewPath }) },
);

async function moveGroup(
  cx: Context,
  from: Allowed<GroupDocument>,
  to: Allowed<GroupDocument>,
  changed: GroupDocument,
): Promise<void> {
  const joined = documentsOf(cx, from, memberships, { index: 'group', key: from.value.id });
  const all = [];
  for await (const [, { value }] of joined(undefined)) all.push(value);
  for (const membership of all) {
    cx.removePart(from, memberships, membership.user);
    cx.putPart(to, memberships, membership.user, membership);
  }
  cx.remove(from);
  cx.create(to, changed);
}

export const deleteGroup = operation(
  'iam.DeleteGroup',
  async (cx, { GroupName }: Input<Iam.DeleteGroupCommandInput>): Promise<Output<Iam.DeleteGroupCommandOutput>> => {
    const group = await cx.allow(Group.deleteGroup, groupNamed(cx.identity.caller.account, GroupName));
    const inTheWay = await firstInTheWay(cx, group);
    if (inTheWay !== undefined) throw awsFault('DeleteConflict', `Cannot delete entity, must ${inTheWay} first.`);
    cx.remove(group);
    return {};
  },
  { recorded: ({ GroupName }) => ({ GroupName }) },
);

async function firstInTheWay(cx: Context, group: Allowed<GroupDocument>): Promise<string | undefined> {
  const { id, inline, attached } = group.value;
  const joined = await cx.parts(group, memberships, { index: 'group', key: id, limit: 1 });
  if (joined.items.length > 0) return 'remove users from group';
  if (attached.length > 0) return 'detach all policies';
  return Object.keys(inline).length > 0 ? 'delete policies' : undefined;
}

export const groupOperations = {
  CreateGroup: createGroup,
  ListGroups: listGroups,
  UpdateGroup: updateGroup,
  DeleteGroup: deleteGroup,
} satisfies Answered<typeof Iam>;
