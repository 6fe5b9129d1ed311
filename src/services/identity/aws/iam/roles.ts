/** Roles: made, shown and removed. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Action } from '../../../../access.ts';
import type { Own } from '../../../../asker.ts';
import type { Context } from '../../../../context.ts';
import { type Allowed, operation } from '../../../../operation.ts';
import { arnOf } from '../../../../policy/names.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { IamAccount, Role } from '../access.ts';
import {
  allRef,
  instanceProfiles,
  LINKED_PATH,
  LISTED,
  type RoleDocument,
  roleNamed,
  roleRef,
  roles,
} from '../documents.ts';
import { uniqueId } from '../ids.ts';
import { knownUses } from '../usage/kept.ts';
import { boundaryArn, boundaryContext } from './attached.ts';
import { roleLastUsed } from './last-used.ts';
import { documentsOf, pageOf } from './listing.ts';
import { requireRoomInAccount } from './quotas.ts';
import { requestTagContext, shownTags, withTags } from './tags.ts';
import { keptTrust, shownTrust } from './trust.ts';
import { shownBoundary } from './users.ts';

export const DEFAULT_SESSION_SECONDS = 3600;

/** What lists show of a role; `GetRole` shows more. */
export async function listedRole(cx: Context, account: string, role: RoleDocument): Promise<Iam.Role> {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: arnOf(roleRef(account, role.path, role.name)),
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: await shownTrust(cx, role.trust),
    ...(role.description === undefined ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSession,
  };
}

export async function shownRole(cx: Context, account: string, role: RoleDocument): Promise<Iam.Role> {
  return {
    ...(await listedRole(cx, account, role)),
    ...(role.boundary === undefined ? {} : { PermissionsBoundary: shownBoundary(role.boundary) }),
    Tags: shownTags(role.tags),
  };
}

/** Asks for a role of the caller's account that is to be changed. Throws `UnmodifiableEntity` for a service's. */
export async function allowChangeOfRole<N extends string>(
  cx: Context,
  action: Action<RoleDocument, N>,
  name: string,
  own?: Own<RoleDocument>,
): Promise<Allowed<RoleDocument, N>> {
  const role = await cx.allow(action, roleNamed(cx.identity.caller.account, name), own);
  requireModifiable(role.value);
  return role;
}

/** Throws `UnmodifiableEntity` for a role that belongs to a service. */
export function requireModifiable({ name, linkedTo }: RoleDocument): void {
  if (linkedTo === undefined) return;
  throw awsFault(
    'UnmodifiableEntity',
    `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  );
}

export const createRole = operation(
  'iam.CreateRole',
  async (cx, input: Input<Iam.CreateRoleCommandInput>): Promise<Output<Iam.CreateRoleCommandOutput>> => {
    const { RoleName: name, Path: path = '/', Description: description, PermissionsBoundary: boundary, Tags } = input;
    const { account } = cx.identity.caller;
    const draft: RoleDocument = {
      id: uniqueId('AROA', cx.newId()),
      name,
      path,
      createdAt: cx.now,
      inline: {},
      attached: [],
      trust: input.AssumeRolePolicyDocument,
      maxSession: input.MaxSessionDuration ?? DEFAULT_SESSION_SECONDS,
      tags: withTags({}, Tags, 'TagsPerRole'),
      ...(description === undefined ? {} : { description }),
      ...(boundary === undefined ? {} : { boundary }),
    };
    // `aws:ResourceTag` has nothing to test yet: `aws:RequestTag` tests the tags to come.
    const untagged = { ...draft, tags: {} };
    const allowed = await cx.allowNew(Role.createRole, roleRef(account, path, name), untagged, {
      ...requestTagContext(Tags),
      ...boundaryContext(draft),
    });
    if (path.startsWith(LINKED_PATH)) {
      throw awsFault('InvalidInput', `the path \`${LINKED_PATH}\` is for roles of services: give another path`);
    }
    if (boundary !== undefined) await boundaryArn(cx, boundary);
    await requireRoomInAccount(cx, 'RolesPerAccount', Role.type);
    const role = { ...draft, trust: await keptTrust(cx, draft.trust) };
    cx.create(allowed, role);
    return { Role: await shownRole(cx, account, role) };
  },
  { recorded: ({ RoleName, Path, PermissionsBoundary }) => ({ RoleName, Path, PermissionsBoundary }) },
);

export const getRole = operation(
  'iam.GetRole',
  async (cx, { RoleName }: Input<Iam.GetRoleCommandInput>): Promise<Output<Iam.GetRoleCommandOutput>> => {
    const { account } = cx.identity.caller;
    const role = await cx.allow(Role.getRole, roleNamed(account, RoleName), boundaryContext);
    const RoleLastUsed = await roleLastUsed(cx, role.value, await knownUses(cx, role));
    return { Role: { ...(await shownRole(cx, account, role.value)), RoleLastUsed } };
  },
  { recorded: ({ RoleName }) => ({ RoleName }) },
);

export const listRoles = operation(
  'iam.ListRoles',
  async (cx, input: Input<Iam.ListRolesCommandInput>): Promise<Output<Iam.ListRolesCommandOutput>> => {
    const { account } = cx.identity.caller;
    const prefix = input.PathPrefix ?? '/';
    const allowed = await cx.allow(IamAccount.listRoles, allRef(account, 'role', prefix));
    const found = documentsOf(cx, allowed, roles, {
      index: 'listed',
      key: LISTED,
      keep: ({ path }) => path.startsWith(prefix),
    });
    const { items, rest } = await pageOf(cx, ['ListRoles', prefix], input, found);
    const shown: Iam.Role[] = [];
    for (const { value } of items) shown.push(await listedRole(cx, account, value));
    return { Roles: shown, ...rest };
  },
  { recorded: ({ PathPrefix }) => ({ PathPrefix }) },
);

export const deleteRole = operation(
  'iam.DeleteRole',
  async (cx, { RoleName }: Input<Iam.DeleteRoleCommandInput>): Promise<Output<Iam.DeleteRoleCommandOutput>> => {
    const role = await allowChangeOfRole(cx, Role.deleteRole, RoleName, boundaryContext);
    const inTheWay = await firstInTheWay(cx, role);
    if (inTheWay !== undefined) throw awsFault('DeleteConflict', `Cannot delete entity, must ${inTheWay} first.`);
    cx.remove(role);
    return {};
  },
  { recorded: ({ RoleName }) => ({ RoleName }) },
);

async function firstInTheWay(cx: Context, role: Allowed<RoleDocument>): Promise<string | undefined> {
  const { id, inline, attached } = role.value;
  const profiles = await cx.parts(role, instanceProfiles, { index: 'role', key: id, limit: 1 });
  if (profiles.items.length > 0) return 'remove roles from instance profile';
  if (attached.length > 0) return 'detach all policies';
  return Object.keys(inline).length > 0 ? 'delete policies' : undefined;
}

export const roleOperations = {
  CreateRole: createRole,
  GetRole: getRole,
  ListRoles: listRoles,
  DeleteRole: deleteRole,
} satisfies Answered<typeof Iam>;
