/** Users in groups. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import { type Allowed, operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { Group, User } from '../access.ts';
import {
  type GroupDocument,
  groupNamed,
  groupRef,
  groups,
  memberships,
  type UserDocument,
  userNamed,
  userRef,
  users,
} from '../documents.ts';
import { shownGroup } from './groups.ts';
import { documentsOf, type EntriesAfter, pageOf } from './listing.ts';
import { QUOTAS, requireRoom } from './quotas.ts';
import { listedUser } from './users.ts';

/** The users of a group, in the order of their unique ids. */
function membersOf(cx: Context, group: Allowed<GroupDocument>): EntriesAfter<Iam.User> {
  const joined = documentsOf(cx, group, memberships, { index: 'group', key: group.value.id });
  return async function* (after) {
    for await (const [position, { value }] of joined(after)) {
      const { items } = await cx.parts(group, users, { index: 'uniqueId', key: value.user, limit: 1 });
      for (const { account, value: user } of items) {
        yield [position, listedUser(userRef(account, user.path, user.name), user)];
      }
    }
  };
}

/** The group with a page of its users. */
export const getGroup = operation(
  'iam.GetGroup',
  async (cx, input: Input<Iam.GetGroupCommandInput>): Promise<Output<Iam.GetGroupCommandOutput>> => {
    const group = await cx.allow(Group.getGroup, groupNamed(cx.identity.caller.account, input.GroupName));
    const { items, rest } = await pageOf(cx, ['GetGroup', group.value.id], input, membersOf(cx, group));
    return { Group: shownGroup(group.ref, group.value), Users: [...items], ...rest };
  },
  { recorded: ({ GroupName }) => ({ GroupName }) },
);

/** The groups that a user is in. */
function groupsOf(cx: Context, user: Allowed<UserDocument>): EntriesAfter<Iam.Group> {
  const joined = documentsOf(cx, user, memberships, { index: 'user', key: user.value.id });
  return async function* (after) {
    for await (const [position, { value }] of joined(after)) {
      const { items } = await cx.parts(user, groups, { index: 'uniqueId', key: value.group, limit: 1 });
      for (const { account, value: group } of items) {
        yield [position, shownGroup(groupRef(account, group.path, group.name), group)];
      }
    }
  };
}

/** The unique id of the user with this name. Throws `NoSuchEntity`. */
async function uniqueIdOf(cx: Context, name: string): Promise<string> {
  const user = await cx.locateAt(User.type, userNamed(cx.identity.caller.account, name));
  if (user?.uniqueId !== undefined) return user.uniqueId;
  throw awsFault('NoSuchEntity', `The user with name ${name} cannot be found.`);
}

/** Adding a user that is in the group already changes nothing. */
export const addUserToGroup = operation(
  'iam.AddUserToGroup',
  async (cx, input: Input<Iam.AddUserToGroupCommandInput>): Promise<Output<Iam.AddUserToGroupCommandOutput>> => {
    const group = await cx.allow(Group.addUserToGroup, groupNamed(cx.identity.caller.account, input.GroupName));
    const user = await uniqueIdOf(cx, input.UserName);
    if ((await cx.part(group, memberships, user)) !== undefined) return {};
    const joined = await cx.parts(group, memberships, { index: 'user', key: user, limit: QUOTAS.GroupsPerUser });
    requireRoom('GroupsPerUser', joined.items.length);
    cx.putPart(group, memberships, user, { group: group.value.id, user });
    return {};
  },
  { recorded: ({ GroupName, UserName }) => ({ GroupName, UserName }) },
);

export const removeUserFromGroup = operation(
  'iam.RemoveUserFromGroup',
  async (
    cx,
    input: Input<Iam.RemoveUserFromGroupCommandInput>,
  ): Promise<Output<Iam.RemoveUserFromGroupCommandOutput>> => {
    const group = await cx.allow(Group.removeUserFromGroup, groupNamed(cx.identity.caller.account, input.GroupName));
    const user = await uniqueIdOf(cx, input.UserName);
    if ((await cx.part(group, memberships, user)) !== undefined) cx.removePart(group, memberships, user);
    return {};
  },
  { recorded: ({ GroupName, UserName }) => ({ GroupName, UserName }) },
);

export const listGroupsForUser = operation(
  'iam.ListGroupsForUser',
  async (cx, input: Input<Iam.ListGroupsForUserCommandInput>): Promise<Output<Iam.ListGroupsForUserCommandOutput>> => {
    const user = await cx.allow(User.listGroupsForUser, userNamed(cx.identity.caller.account, input.UserName));
    const { items, rest } = await pageOf(cx, ['ListGroupsForUser', user.value.id], input, groupsOf(cx, user));
    return { Groups: [...items], ...rest };
  },
  { recorded: ({ UserName }) => ({ UserName }) },
);

export const memberOperations = {
  GetGroup: getGroup,
  AddUserToGroup: addUserToGroup,
  RemoveUserFromGroup: removeUserFromGroup,
  ListGroupsForUser: listGroupsForUser,
} satisfies Answered<typeof Iam>;
