/** Tags of users. */
import type * as Iam from '@aws-sdk/client-iam';
import { operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { User } from '../access.ts';
import { userNamed } from '../documents.ts';
import { pageOf } from './listing.ts';
import { requestTagContext, tagEntries, tagKeyContext, withoutTags, withTags } from './tags.ts';

export const tagUser = operation(
  'iam.TagUser',
  async (cx, { UserName, Tags }: Input<Iam.TagUserCommandInput>): Promise<Output<Iam.TagUserCommandOutput>> => {
    const ref = userNamed(cx.identity.caller.account, UserName);
    const user = await cx.allow(User.tagUser, ref, requestTagContext(Tags));
    cx.update(user, { ...user.value, tags: withTags(user.value.tags, Tags, 'TagsPerUser') });
    return {};
  },
  { recorded: ({ UserName, Tags }) => ({ UserName, TagKeys: Tags.map(({ Key }) => Key ?? '') }) },
);

export const untagUser = operation(
  'iam.UntagUser',
  async (cx, { UserName, TagKeys }: Input<Iam.UntagUserCommandInput>): Promise<Output<Iam.UntagUserCommandOutput>> => {
    const user = await cx.allow(
      User.untagUser,
      userNamed(cx.identity.caller.account, UserName),
      tagKeyContext(TagKeys),
    );
    cx.update(user, { ...user.value, tags: withoutTags(user.value.tags, TagKeys) });
    return {};
  },
  { recorded: ({ UserName, TagKeys }) => ({ UserName, TagKeys }) },
);

export const listUserTags = operation(
  'iam.ListUserTags',
  async (cx, input: Input<Iam.ListUserTagsCommandInput>): Promise<Output<Iam.ListUserTagsCommandOutput>> => {
    const { value } = await cx.allow(User.listUserTags, userNamed(cx.identity.caller.account, input.UserName));
    const { items, rest } = await pageOf(cx, ['ListUserTags', value.id], input, tagEntries(value.tags));
    return { Tags: [...items], ...rest };
  },
  { recorded: ({ UserName }) => ({ UserName }) },
);

export const userTagOperations = {
  TagUser: tagUser,
  UntagUser: untagUser,
  ListUserTags: listUserTags,
} satisfies Answered<typeof Iam>;
