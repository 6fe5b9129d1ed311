/** Instance profiles: what hands a role to an EC2 instance. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import { type Allowed, type AnyAllowed, operation } from '../../../../operation.ts';
import { arnOf } from '../../../../policy/names.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { IamAccount, Role } from '../access.ts';
import {
  allRef,
  type InstanceProfileDocument,
  instanceProfileNamed,
  instanceProfileRef,
  instanceProfiles,
  LISTED,
  roleNamed,
  roles,
} from '../documents.ts';
import { uniqueId } from '../ids.ts';
import { InstanceProfile } from '../instance-profile-access.ts';
import { documentsOf, pageOf } from './listing.ts';
import { requireRoom, requireRoomInAccount } from './quotas.ts';
import { listedRole, requireModifiable } from './roles.ts';
import { requestTagContext, shownTags, withTags } from './tags.ts';

/** What lists show of a profile; `GetInstanceProfile` shows its tags too. `allowed`: anything of the account. */
export async function listedProfile(
  cx: Context,
  allowed: AnyAllowed,
  profile: InstanceProfileDocument,
): Promise<Iam.InstanceProfile> {
  const { account } = allowed.ref;
  const shown: Iam.Role[] = [];
  if (profile.role !== undefined) {
    const found = await cx.parts(allowed, roles, { index: 'uniqueId', key: profile.role, limit: 1 });
    for (const { value } of found.items) shown.push(await listedRole(cx, account, value));
  }
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: arnOf(instanceProfileRef(account, profile.path, profile.name)),
    CreateDate: new Date(profile.createdAt),
    Roles: shown,
  };
}

async function shownProfile(
  cx: Context,
  allowed: Allowed<InstanceProfileDocument>,
  profile: InstanceProfileDocument,
): Promise<Iam.InstanceProfile> {
  return { ...(await listedProfile(cx, allowed, profile)), Tags: shownTags(profile.tags) };
}

export const createInstanceProfile = operation(
  'iam.CreateInstanceProfile',
  async (
    cx,
    input: Input<Iam.CreateInstanceProfileCommandInput>,
  ): Promise<Output<Iam.CreateInstanceProfileCommandOutput>> => {
    const { InstanceProfileName: name, Path: path = '/', Tags } = input;
    const draft: InstanceProfileDocument = {
      id: uniqueId('AIPA', cx.newId()),
      name,
      path,
      createdAt: cx.now,
      tags: withTags({}, Tags, 'TagsPerInstanceProfile'),
    };
    const ref = instanceProfileRef(cx.identity.caller.account, path, name);
    const untagged = { ...draft, tags: {} };
    const profile = await cx.allowNew(InstanceProfile.createInstanceProfile, ref, untagged, requestTagContext(Tags));
    await requireRoomInAccount(cx, 'InstanceProfilesPerAccount', InstanceProfile.type);
    cx.create(profile, draft);
    return { InstanceProfile: await shownProfile(cx, profile, draft) };
  },
  { recorded: ({ InstanceProfileName, Path }) => ({ InstanceProfileName, Path }) },
);

export const getInstanceProfile = operation(
  'iam.GetInstanceProfile',
  async (
    cx,
    { InstanceProfileName }: Input<Iam.GetInstanceProfileCommandInput>,
  ): Promise<Output<Iam.GetInstanceProfileCommandOutput>> => {
    const ref = instanceProfileNamed(cx.identity.caller.account, InstanceProfileName);
    const profile = await cx.allow(InstanceProfile.getInstanceProfile, ref);
    return { InstanceProfile: await shownProfile(cx, profile, profile.value) };
  },
  { recorded: ({ InstanceProfileName }) => ({ InstanceProfileName }) },
);

export const listInstanceProfiles = operation(
  'iam.ListInstanceProfiles',
  async (
    cx,
    input: Input<Iam.ListInstanceProfilesCommandInput>,
  ): Promise<Output<Iam.ListInstanceProfilesCommandOutput>> => {
    const { account } = cx.identity.caller;
    const prefix = input.PathPrefix ?? '/';
    const allowed = await cx.allow(IamAccount.listInstanceProfiles, allRef(account, 'instance-profile', prefix));
    const found = documentsOf(cx, allowed, instanceProfiles, {
      index: 'listed',
      key: LISTED,
      keep: ({ path }) => path.startsWith(prefix),
    });
    const { items, rest } = await pageOf(cx, ['ListInstanceProfiles', prefix], input, found);
    const shown: Iam.InstanceProfile[] = [];
    for (const { value } of items) shown.push(await listedProfile(cx, allowed, value));
    return { InstanceProfiles: shown, ...rest };
  },
  { recorded: ({ PathPrefix }) => ({ PathPrefix }) },
);

export const listInstanceProfilesForRole = operation(
  'iam.ListInstanceProfilesForRole',
  async (
    cx,
    input: Input<Iam.ListInstanceProfilesForRoleCommandInput>,
  ): Promise<Output<Iam.ListInstanceProfilesForRoleCommandOutput>> => {
    const ref = roleNamed(cx.identity.caller.account, input.RoleName);
    const role = await cx.allow(Role.listInstanceProfilesForRole, ref);
    const found = documentsOf(cx, role, instanceProfiles, { index: 'role', key: role.value.id });
    const { items, rest } = await pageOf(cx, ['ListInstanceProfilesForRole', role.value.id], input, found);
    const shown: Iam.InstanceProfile[] = [];
    for (const { value } of items) shown.push(await listedProfile(cx, role, value));
    return { InstanceProfiles: shown, ...rest };
  },
  { recorded: ({ RoleName }) => ({ RoleName }) },
);

/** Whoever adds a role hands it to every instance that has the profile, so he needs the right to pass it to EC2. */
export const addRoleToInstanceProfile = operation(
  'iam.AddRoleToInstanceProfile',
  async (
    cx,
    { InstanceProfileName, RoleName }: Input<Iam.AddRoleToInstanceProfileCommandInput>,
  ): Promise<Output<Iam.AddRoleToInstanceProfileCommandOutput>> => {
    const { account } = cx.identity.caller;
    const ref = instanceProfileNamed(account, InstanceProfileName);
    const profile = await cx.allow(InstanceProfile.addRoleToInstanceProfile, ref);
    const own = { 'iam:passedtoservice': 'ec2.amazonaws.com' };
    const role = await cx.allow(Role.passRole, roleNamed(account, RoleName), own);
    requireModifiable(role.value);
    requireRoom('InstanceSessionsPerInstanceProfile', profile.value.role === undefined ? 0 : 1);
    cx.update(profile, { ...profile.value, role: role.value.id });
    return {};
  },
  { recorded: ({ InstanceProfileName, RoleName }) => ({ InstanceProfileName, RoleName }) },
);

export const removeRoleFromInstanceProfile = operation(
  'iam.RemoveRoleFromInstanceProfile',
  async (
    cx,
    { InstanceProfileName, RoleName }: Input<Iam.RemoveRoleFromInstanceProfileCommandInput>,
  ): Promise<Output<Iam.RemoveRoleFromInstanceProfileCommandOutput>> => {
    const { account } = cx.identity.caller;
    const ref = instanceProfileNamed(account, InstanceProfileName);
    const profile = await cx.allow(InstanceProfile.removeRoleFromInstanceProfile, ref);
    const { role, ...without } = profile.value;
    const named = await cx.locateAt(Role.type, roleNamed(account, RoleName));
    if (role === undefined || named?.uniqueId !== role) {
      throw awsFault('NoSuchEntity', `The role with name ${RoleName} cannot be found.`);
    }
    cx.update(profile, without);
    return {};
  },
  { recorded: ({ InstanceProfileName, RoleName }) => ({ InstanceProfileName, RoleName }) },
);

export const deleteInstanceProfile = operation(
  'iam.DeleteInstanceProfile',
  async (
    cx,
    { InstanceProfileName }: Input<Iam.DeleteInstanceProfileCommandInput>,
  ): Promise<Output<Iam.DeleteInstanceProfileCommandOutput>> => {
    const ref = instanceProfileNamed(cx.identity.caller.account, InstanceProfileName);
    const profile = await cx.allow(InstanceProfile.deleteInstanceProfile, ref);
    if (profile.value.role !== undefined) {
      throw awsFault('DeleteConflict', 'Cannot delete entity, must remove roles from instance profile first.');
    }
    cx.remove(profile);
    return {};
  },
  { recorded: ({ InstanceProfileName }) => ({ InstanceProfileName }) },
);

export const instanceProfileOperations = {
  CreateInstanceProfile: createInstanceProfile,
  GetInstanceProfile: getInstanceProfile,
  ListInstanceProfiles: listInstanceProfiles,
  ListInstanceProfilesForRole: listInstanceProfilesForRole,
  AddRoleToInstanceProfile: addRoleToInstanceProfile,
  RemoveRoleFromInstanceProfile: removeRoleFromInstanceProfile,
  DeleteInstanceProfile: deleteInstanceProfile,
} satisfies Answered<typeof Iam>;
