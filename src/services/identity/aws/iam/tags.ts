/** Tags of IAM's resources. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
import type { Tag } from '@aws-sdk/client-iam';
import type { Context as AskContext } from '../../../../authorize.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { type EntriesAfter, namedEntries } from './listing.ts';
import { type Quota, requireWithin } from './quotas.ts';

type Tags = Readonly<Record<string, string>>;
type GivenTags = readonly Tag[] | undefined;

const keyOfTag = (key: string): string => key.toLowerCase();

/** What policies may test of the tags that a request gives. */
export function requestTagContext(given: GivenTags): AskContext {
  if (given === undefined || given.length === 0) return {};
  const values = given.map(({ Key, Value }) => [`aws:requesttag/${keyOfTag(Key ?? '')}`, Value ?? ''] as const);
  return { ...Object.fromEntries(values), ...tagKeyContext(given.map(({ Key }) => Key ?? '')) };
}

/** What policies may test of tag keys without values. */
export function tagKeyContext(keys: readonly string[]): AskContext {
  return { 'aws:tagkeys': [...keys] };
}

/**
 * Tags with those of a request added, which take the place of tags whose keys differ in case alone. Throws
 * `InvalidInput` for keys that the request names twice and for reserved ones, `LimitExceeded` beyond the quota.
 */
export function withTags(tags: Tags, given: GivenTags, quota: Quota): Tags {
  const result = new Map(Object.entries(tags).map(([key, value]) => [keyOfTag(key), [key, value] as const]));
  const seen = new Set<string>();
  for (const { Key = '', Value = '' } of given ?? []) {
    const key = keyOfTag(Key);
    if (seen.has(key)) {
      throw awsFault('InvalidInput', 'Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    if (key.startsWith('aws:')) {
      throw awsFault('InvalidInput', 'Tag keys that begin with `aws:` are reserved for AWS: give another key');
    }
    seen.add(key);
    result.set(key, [Key, Value]);
  }
  requireWithin(quota, result.size);
  return Object.fromEntries(result.values());
}

/** Tags without those of the keys named, whatever their case. */
export function withoutTags(tags: Tags, keys: readonly string[]): Tags {
  const removed = new Set(keys.map(keyOfTag));
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !removed.has(keyOfTag(key))));
}

/** Tags as replies show them; undefined when there are none. */
export function shownTags(tags: Tags): Tag[] | undefined {
  const entries = Object.entries(tags);
  return entries.length === 0 ? undefined : entries.map(([Key, Value]) => ({ Key, Value }));
}

export function tagEntries(tags: Tags): EntriesAfter<Tag> {
  return namedEntries(Object.entries(tags).map(([Key, Value]) => [Key, { Key, Value }] as const));
}
