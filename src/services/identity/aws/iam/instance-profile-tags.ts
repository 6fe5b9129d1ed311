/** Tags of instance profiles. */
import type * as Iam from '@aws-sdk/client-iam';
import { operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { instanceProfileNamed } from '../documents.ts';
import { InstanceProfile } from '../instance-profile-access.ts';
import { pageOf } from './listing.ts';
import { requestTagContext, tagEntries, tagKeyContext, withoutTags, withTags } from './tags.ts';

export const tagInstanceProfile = operation(
  'iam.TagInstanceProfile',
  async (
    cx,
    { InstanceProfileName, Tags }: Input<Iam.TagInstanceProfileCommandInput>,
  ): Promise<Output<Iam.TagInstanceProfileCommandOutput>> => {
    const ref = instanceProfileNamed(cx.identity.caller.account, InstanceProfileName);
    const profile = await cx.allow(InstanceProfile.tagInstanceProfile, ref, requestTagContext(Tags));
    cx.update(profile, { ...profile.value, tags: withTags(profile.value.tags, Tags, 'TagsPerInstanceProfile') });
    return {};
  },
  {
    recorded: ({ InstanceProfileName, Tags }) => ({
      InstanceProfileName,
      TagKeys: Tags.map(({ Key }) => Key ?? ''),
    }),
  },
);

export const untagInstanceProfile = operation(
  'iam.UntagInstanceProfile',
  async (
    cx,
    { InstanceProfileName, TagKeys }: Input<Iam.UntagInstanceProfileCommandInput>,
  ): Promise<Output<Iam.UntagInstanceProfileCommandOutput>> => {
    const ref = instanceProfileNamed(cx.identity.caller.account, InstanceProfileName);
    const profile = await cx.allow(InstanceProfile.untagInstanceProfile, ref, tagKeyContext(TagKeys));
    cx.update(profile, { ...profile.value, tags: withoutTags(profile.value.tags, TagKeys) });
    return {};
  },
  { recorded: ({ InstanceProfileName, TagKeys }) => ({ InstanceProfileName, TagKeys }) },
);

export const listInstanceProfileTags = operation(
  'iam.ListInstanceProfileTags',
  async (
    cx,
    input: Input<Iam.ListInstanceProfileTagsCommandInput>,
  ): Promise<Output<Iam.ListInstanceProfileTagsCommandOutput>> => {
    const ref = instanceProfileNamed(cx.identity.caller.account, input.InstanceProfileName);
    const { value } = await cx.allow(InstanceProfile.listInstanceProfileTags, ref);
    const { items, rest } = await pageOf(cx, ['ListInstanceProfileTags', value.id], input, tagEntries(value.tags));
    return { Tags: [...items], ...rest };
  },
  { recorded: ({ InstanceProfileName }) => ({ InstanceProfileName }) },
);

export const instanceProfileTagOperations = {
  TagInstanceProfile: tagInstanceProfile,
  UntagInstanceProfile: untagInstanceProfile,
  ListInstanceProfileTags: listInstanceProfileTags,
} satisfies Answered<typeof Iam>;
