/** Tags of log groups. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/log-group-tagging.html */
import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { operation } from '../../operation.ts';
import type { Input, Output } from '../../wire/aws/face.ts';
import { awsFault } from '../../wire/aws/fault.ts';
import { tagKeys } from '../keys/aws/tags.ts';
import { LogGroup } from './access.ts';
import { groupAt } from './address.ts';

export type Tags = Readonly<Record<string, string>>;

const MOST_TAGS = 50;

/** Throws for tags that nobody can set, and for more than a group can have. */
export function requireTags(tags: Tags): void {
  const names = Object.keys(tags);
  if (names.some((name) => /^aws:/i.test(name))) {
    throw awsFault('InvalidParameterException', 'Tag keys that begin with aws: are reserved for system use.');
  }
  if (names.length > MOST_TAGS) {
    throw awsFault('TooManyTagsException', `A resource can have no more than ${MOST_TAGS} tags.`);
  }
}

export const tagResource = operation(
  'logs.TagResource',
  async (cx, input: Input<TagResourceCommandInput>): Promise<Output<TagResourceCommandOutput>> => {
    const group = await cx.allow(LogGroup.tagResource, groupAt(cx, input.resourceArn), tagKeys(input.tags));
    const tags = { ...group.value.tags, ...input.tags };
    requireTags(tags);
    cx.update(group, { ...group.value, tags });
    return {};
  },
  { recorded: ({ tags }) => ({ tags }) },
);

export const untagResource = operation(
  'logs.UntagResource',
  async (cx, input: Input<UntagResourceCommandInput>): Promise<Output<UntagResourceCommandOutput>> => {
    const ref = groupAt(cx, input.resourceArn);
    const group = await cx.allow(LogGroup.untagResource, ref, { 'aws:tagkeys': input.tagKeys });
    const kept = Object.entries(group.value.tags).filter(([name]) => !input.tagKeys.includes(name));
    cx.update(group, { ...group.value, tags: Object.fromEntries(kept) });
    return {};
  },
  { recorded: ({ tagKeys: names }) => ({ tagKeys: names }) },
);

export const listTagsForResource = operation(
  'logs.ListTagsForResource',
  async (cx, input: Input<ListTagsForResourceCommandInput>): Promise<Output<ListTagsForResourceCommandOutput>> => {
    const group = await cx.allow(LogGroup.listTagsForResource, groupAt(cx, input.resourceArn));
    return { tags: { ...group.value.tags } };
  },
);
