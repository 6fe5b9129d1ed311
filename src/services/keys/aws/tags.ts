/** Tags of keys. https://docs.aws.amazon.com/kms/latest/developerguide/tagging-keys.html */
import type { Tag } from '@aws-sdk/client-kms';
import type { Context as AskContext } from '../../../authorize.ts';
import { awsFault } from '../../../wire/aws/fault.ts';

/** https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
const MOST_TAGS = 50;

export type Tags = Readonly<Record<string, string>>;

/** The tags of a request. Throws `TagException` for those that nobody can set. */
export function readTags(tags: readonly Tag[] | undefined): Tags {
  const read: Record<string, string> = {};
  for (const { TagKey: key = '', TagValue: value = '' } of tags ?? []) {
    if (/^aws:/i.test(key)) throw awsFault('TagException', 'Tags beginning with aws: are reserved for system use');
    if (Object.hasOwn(read, key)) throw awsFault('TagException', 'Duplicate tag keys');
    read[key] = value;
  }
  return read;
}

/** Throws `LimitExceededException` for more tags than a key can have. */
export function requireTagCount(tags: Tags): void {
  if (Object.keys(tags).length > MOST_TAGS) throw awsFault('LimitExceededException', 'Too many tags');
}

export const showTags = (tags: Tags): Tag[] => Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));

/** Context keys of the tags in a request. */
export function tagKeys(tags: Tags): AskContext {
  const names = Object.keys(tags);
  if (names.length === 0) return {};
  const pairs = names.map((name) => [`aws:requesttag/${name.toLowerCase()}`, tags[name]!] as const);
  return { 'aws:tagkeys': names, ...Object.fromEntries(pairs) };
}
