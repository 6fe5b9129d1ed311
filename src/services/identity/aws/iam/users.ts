/** Users: made, shown, renamed and removed. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import { type Allowed, operation } from '../../../../operation.ts';
import { arnOf, type ResourceRef } from '../../../../policy/names.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { IamAccount, tagContext, User } from '../access.ts';
import {
  accessKeys,
  allRef,
  IAM,
  keyOf,
  LISTED,
  loginProfiles,
  memberships,
  type UserDocument,
  userNamed,
  userRef,
  users,
} from '../documents.ts';
import { uniqueId } from '../ids.ts';
import { boundaryArn } from './attached.ts';
import { shownName, userAsked } from './caller.ts';
import { documentsOf, pageOf } from './listing.ts';
import { LOGIN, moveLoginProfile } from './login-profile-record.ts';
import { QUOTAS, requireRoomInAccount } from './quotas.ts';
import { requestTagContext, shownTags, withTags } from './tags.ts';

/** What lists show of a user; `GetUser` shows more. */
export function listedUser(ref: ResourceRef, user: UserDocument): Iam.User {
  const UserName = shownName(user);
  return {
    Path: UserName === undefined ? undefined : user.path,
    UserName,
    UserId: UserName === undefined ? ref.account : user.id,
    Arn: arnOf(ref),
    CreateDate: new Date(user.createdAt),
  };
}

function shownUser(ref: ResourceRef, user: UserDocument): Iam.User {
  return {
    ...listedUser(ref, user),
    ...(user.boundary === undefined ? {} : { PermissionsBoundary: shownBoundary(user.boundary) }),
    Tags: shownTags(user.tags),
  };
}

export function shownBoundary(arn: string): Iam.AttachedPermissionsBoundary {
  return { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: arn };
}

export const createUser = operation(
  'iam.CreateUser',
  async (cx, input: Input<Iam.CreateUserCommandInput>): Promise<Output<Iam.CreateUserCommandOutput>> => {
    const { UserName: name, Path: path = '/', PermissionsBoundary: boundary, Tags } = input;
    const draft: UserDocument = {
      id: uniqueId('AIDA', cx.newId()),
      name,
      path,
      createdAt: cx.now,
      inline: {},
      attached: [],
      tags: withTags({}, Tags, 'TagsPerUser'),
      ...(boundary === undefined ? {} : { boundary }),
    };
    // What is not there yet has no tags that `aws:ResourceTag` could test; `aws:RequestTag` tests those it will have.
    const untagged = { ...draft, tags: {} };
    const user = await cx.allowNew(User.createUser, userRef(cx.identity.caller.account, path, name), untagged, {
      ...requestTagContext(Tags),
      ...(boundary === undefined ? {} : { 'iam:permissionsboundary': boundary }),
    });
    if (boundary !== undefined) await boundaryArn(cx, boundary);
    await requireRoomInAccount(cx, 'UsersPerAccount', User.type);
    cx.create(user, draft);
    return { User: shownUser(user.ref, draft) };
  },
  { recorded: ({ UserName, Path, PermissionsBoundary }) => ({ UserName, Path, PermissionsBoundary }) },
);

export const getUser = operation(
  'iam.GetUser',
  async (cx, { UserName }: Input<Iam.GetUserCommandInput>): Promise<Output<Iam.GetUserCommandOutput>> => {
    const { ref, value } = await cx.allow(User.getUser, userAsked(cx, UserName));
    return { User: shownUser(ref, value) };
  },
  { recorded: ({ UserName }) => ({ UserName }) },
);

export const listUsers = operation(
  'iam.ListUsers',
  async (cx, input: Input<Iam.ListUsersCommandInput>): Promise<Output<Iam.ListUsersCommandOutput>> => {
    const { account } = cx.identity.caller;
    const prefix = input.PathPrefix ?? '/';
    const allowed = await cx.allow(IamAccount.listUsers, allRef(account, 'user', prefix));
    const found = documentsOf(cx, allowed, users, {
      index: 'listed',
      key: LISTED,
      keep: ({ path }) => path.startsWith(prefix),
    });
    const { items, rest } = await pageOf(cx, ['ListUsers', prefix], input, found);
    return { Users: items.map(({ value }) => listedUser(userRef(account, value.path, value.name), value)), ...rest };
  },
  { recorded: ({ PathPrefix }) => ({ PathPrefix }) },
);

/**
 * Gives a user another name or path. Who renames needs the right to it for the old name and the new one.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html
 */
export const updateUser = operation(
  'iam.UpdateUser',
  async (cx, input: Input<Iam.UpdateUserCommandInput>): Promise<Output<Iam.UpdateUserCommandOutput>> => {
    const { account } = cx.identity.caller;
    const user = await cx.allow(User.updateUser, userNamed(account, input.UserName));
    const { NewUserName: name = user.value.name, NewPath: path = user.value.path } = input;
    const changed = { ...user.value, name, path };
    const ref = userRef(account, path, name);
    if (keyOf(name) !== keyOf(user.value.name)) {
      await moveUser(cx, user, await cx.allowNew(User.updateUser, ref, changed), changed);
    } else {
      await cx.allowIfThere(User.updateUser, ref, tagContext(changed.tags, IAM));
      cx.update(user, changed);
    }
    return {};
  },
  { recorded: ({ UserName, NewUserName, NewPath }) => ({ UserName, NewUserName, NewPath }) },
);

/** Groups know the user by its unique id; what is part of the user moves with it. */
async function moveUser(
  cx: Context,
  from: Allowed<UserDocument>,
  to: Allowed<UserDocument>,
  changed: UserDocument,
): Promise<void> {
  const keys = await cx.parts(from, accessKeys, keysQuery(from));
  for (const key of keys.items) {
    const secret = cx.open(from, accessKeys, key, 'secret').toString('base64');
    cx.putPart(to, accessKeys, key.value.id, { ...key.value, user: keyOf(changed.name), secret });
    cx.removePart(from, accessKeys, key.value.id);
  }
  await moveLoginProfile(cx, from, to);
  cx.remove(from);
  cx.create(to, changed);
}

const keysQuery = ({ value }: Allowed<UserDocument>) => ({
  index: 'user',
  key: keyOf(value.name),
  limit: QUOTAS.AccessKeysPerUser,
});

export const deleteUser = operation(
  'iam.DeleteUser',
  async (cx, { UserName }: Input<Iam.DeleteUserCommandInput>): Promise<Output<Iam.DeleteUserCommandOutput>> => {
    const user = await cx.allow(User.deleteUser, userNamed(cx.identity.caller.account, UserName));
    const inTheWay = await firstInTheWay(cx, user);
    if (inTheWay !== undefined) throw awsFault('DeleteConflict', `Cannot delete entity, must ${inTheWay} first.`);
    cx.remove(user);
    return {};
  },
  { recorded: ({ UserName }) => ({ UserName }) },
);

async function firstInTheWay(cx: Context, user: Allowed<UserDocument>): Promise<string | undefined> {
  const { id, inline, attached } = user.value;
  const joined = await cx.parts(user, memberships, { index: 'user', key: id, limit: 1 });
  if (joined.items.length > 0) return 'remove users from group';
  if (attached.length > 0) return 'detach all policies';
  if (Object.keys(inline).length > 0) return 'delete policies';
  if ((await cx.parts(user, accessKeys, keysQuery(user))).items.length > 0) return 'delete access keys';
  return (await cx.part(user, loginProfiles, LOGIN)) && 'delete login profile';
}

export const userOperations = {
  CreateUser: createUser,
  GetUser: getUser,
  ListUsers: listUsers,
  UpdateUser: updateUser,
  DeleteUser: deleteUser,
} satisfies Answered<typeof Iam>;
