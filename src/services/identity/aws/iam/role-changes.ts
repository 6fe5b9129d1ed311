/** What of a role can be changed besides its policies, and its tags. */
import type * as Iam from '@aws-sdk/client-iam';
import { operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { Role } from '../access.ts';
import { roleNamed } from '../documents.ts';
import { boundaryContext } from './attached.ts';
import { pageOf } from './listing.ts';
import { allowChangeOfRole, DEFAULT_SESSION_SECONDS, shownRole } from './roles.ts';
import { requestTagContext, tagEntries, tagKeyContext, withoutTags, withTags } from './tags.ts';
import { keptTrust } from './trust.ts';

/** Without a duration the default applies again; without a description the role keeps its own. */
export const updateRole = operation(
  'iam.UpdateRole',
  async (cx, input: Input<Iam.UpdateRoleCommandInput>): Promise<Output<Iam.UpdateRoleCommandOutput>> => {
    const { RoleName, Description: description, MaxSessionDuration: maxSession = DEFAULT_SESSION_SECONDS } = input;
    const role = await allowChangeOfRole(cx, Role.updateRole, RoleName, boundaryContext);
    cx.update(role, { ...role.value, maxSession, ...(description === undefined ? {} : { description }) });
    return {};
  },
  { recorded: ({ RoleName, MaxSessionDuration }) => ({ RoleName, MaxSessionDuration }) },
);

export const updateRoleDescription = operation(
  'iam.UpdateRoleDescription',
  async (
    cx,
    input: Input<Iam.UpdateRoleDescriptionCommandInput>,
  ): Promise<Output<Iam.UpdateRoleDescriptionCommandOutput>> => {
    const role = await allowChangeOfRole(cx, Role.updateRoleDescription, input.RoleName, boundaryContext);
    const changed = { ...role.value, description: input.Description };
    cx.update(role, changed);
    return { Role: await shownRole(cx, role.ref.account, changed) };
  },
  { recorded: ({ RoleName }) => ({ RoleName }) },
);

export const updateAssumeRolePolicy = operation(
  'iam.UpdateAssumeRolePolicy',
  async (
    cx,
    input: Input<Iam.UpdateAssumeRolePolicyCommandInput>,
  ): Promise<Output<Iam.UpdateAssumeRolePolicyCommandOutput>> => {
    const role = await allowChangeOfRole(cx, Role.updateAssumeRolePolicy, input.RoleName, boundaryContext);
    cx.update(role, { ...role.value, trust: await keptTrust(cx, input.PolicyDocument) });
    return {};
  },
  { recorded: ({ RoleName }) => ({ RoleName }) },
);

export const tagRole = operation(
  'iam.TagRole',
  async (cx, { RoleName, Tags }: Input<Iam.TagRoleCommandInput>): Promise<Output<Iam.TagRoleCommandOutput>> => {
    const role = await allowChangeOfRole(cx, Role.tagRole, RoleName, requestTagContext(Tags));
    cx.update(role, { ...role.value, tags: withTags(role.value.tags, Tags, 'TagsPerRole') });
    return {};
  },
  { recorded: ({ RoleName, Tags }) => ({ RoleName, TagKeys: Tags.map(({ Key }) => Key ?? '') }) },
);

export const untagRole = operation(
  'iam.UntagRole',
  async (cx, { RoleName, TagKeys }: Input<Iam.UntagRoleCommandInput>): Promise<Output<Iam.UntagRoleCommandOutput>> => {
    const role = await allowChangeOfRole(cx, Role.untagRole, RoleName, tagKeyContext(TagKeys));
    cx.update(role, { ...role.value, tags: withoutTags(role.value.tags, TagKeys) });
    return {};
  },
  { recorded: ({ RoleName, TagKeys }) => ({ RoleName, TagKeys }) },
);

export const listRoleTags = operation(
  'iam.ListRoleTags',
  async (cx, input: Input<Iam.ListRoleTagsCommandInput>): Promise<Output<Iam.ListRoleTagsCommandOutput>> => {
    const { value } = await cx.allow(Role.listRoleTags, roleNamed(cx.identity.caller.account, input.RoleName));
    const { items, rest } = await pageOf(cx, ['ListRoleTags', value.id], input, tagEntries(value.tags));
    return { Tags: [...items], ...rest };
  },
  { recorded: ({ RoleName }) => ({ RoleName }) },
);

export const roleChangeOperations = {
  UpdateRole: updateRole,
  UpdateRoleDescription: updateRoleDescription,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  TagRole: tagRole,
  UntagRole: untagRole,
  ListRoleTags: listRoleTags,
} satisfies Answered<typeof Iam>;
