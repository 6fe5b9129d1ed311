/**
 * Session tags: passed with the call, or inherited from the calling session where they were transitive.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
import type { Context } from '../../../../authorize.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';

type Tags = Readonly<Record<string, string>>;

export interface SessionTags {
  readonly passed: Tags;
  readonly inherited: Tags;
  /** Keys of passed tags that go on to sessions made from the new one, as inherited ones do anyway. */
  readonly transitive: readonly string[];
}

interface GivenTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Reads the tags of a request; `inherited` are the caller's transitive ones. Throws `InvalidParameterValue`. */
export function readSessionTags(
  given: readonly GivenTag[] = [],
  transitive: readonly string[] = [],
  inherited: Tags = {},
): SessionTags {
  const passed = Object.fromEntries(given.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  const keys = given.map(({ Key }) => (Key ?? '').toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw unusable('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  const reserved = keys.find((key) => key.startsWith('aws:'));
  if (reserved !== undefined) throw unusable('Tag keys that begin with `aws:` are reserved: choose another key.');
  const taken = new Set(Object.keys(inherited).map((key) => key.toLowerCase()));
  if (keys.some((key) => taken.has(key))) {
    throw unusable(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  if (transitive.some((key) => !keys.includes(key.toLowerCase()))) {
    throw unusable('The specified transitive tag key must be included in the requested tags.');
  }
  const isTransitive = new Set(transitive.map((key) => key.toLowerCase()));
  return { passed, inherited, transitive: Object.keys(passed).filter((key) => isTransitive.has(key.toLowerCase())) };
}

const unusable = (message: string) => awsFault('InvalidParameterValue', message);

/** Whether the question for tagging the session is to be asked. */
export function hasTags({ passed, inherited }: SessionTags): boolean {
  return Object.keys(passed).length + Object.keys(inherited).length > 0;
}

/** All tags of the new session. */
export function allTags({ passed, inherited }: SessionTags): Tags {
  return { ...inherited, ...passed };
}

/** Keys of the new session's transitive tags. */
export function transitiveKeys({ inherited, transitive }: SessionTags): readonly string[] {
  return [...Object.keys(inherited), ...transitive];
}

/**
 * What policies may test of the tags. An inherited tag takes the place of the tag that the role has under the same key
 * before the trust policy is asked.
 */
export function tagsContext(tags: SessionTags, role: Tags = {}): Context {
  const context: Record<string, string | readonly string[]> = {};
  const keys = Object.keys(tags.passed);
  for (const key of keys) context[`aws:requesttag/${key.toLowerCase()}`] = tags.passed[key]!;
  if (keys.length > 0) context['aws:tagkeys'] = keys;
  if (tags.transitive.length > 0) context['sts:transitivetagkeys'] = tags.transitive;
  const tagged = new Set(Object.keys(role).map((key) => key.toLowerCase()));
  for (const [key, value] of Object.entries(tags.inherited)) {
    if (!tagged.has(key.toLowerCase())) continue;
    for (const service of ['aws', 'iam']) context[`${service}:resourcetag/${key.toLowerCase()}`] = value;
  }
  return context;
}
