/** CloudWatch Logs: what is kept of log groups, streams and events, and by which names they go. */
import { awsResource, logGroupIn, type ResourceRef } from '../../policy/names.ts';
import { collection, rows } from '../../store/store.ts';

/** The service's name in ARNs. */
export const LOGS = 'logs';

export interface LogGroupDocument {
  readonly name: string;
  readonly region: string;
  /** ARN of the KMS key under which new events are encrypted. Absent: the plane's own. */
  readonly kmsKey?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Days after which events expire. Absent: never. */
  readonly retention?: number;
  readonly createdAt: number;
}

/** Part of its group: id `{region}/{group}!/{stream}`. */
export interface LogStreamDocument {
  readonly name: string;
  /** Document id of the group. */
  readonly group: string;
  /** Under which its events are kept. A later stream of the same name has another. */
  readonly content: string;
  readonly createdAt: number;
  /** When events last came in, to the second: writers of one stream do not get in one another's way. */
  readonly ingestedAt?: number;
}

/**
 * What holds the events of a stream. It outlives the stream until they are erased. Part of the group: id
 * `{region}/{group}!/{content}`.
 */
export interface LogContentDocument {
  readonly stream: string;
}

/**
 * The data key of the events of one PutLogEvents. Part of the content: id `{region}/{group}!/{content}/{batch}`. Batches
 * are named (`batchName`) in the order in which their last events expire.
 */
export interface BatchKeyDocument {
  /** Document id of the content. */
  readonly content: string;
  /** Base64; kept sealed. For events of a group that has no KMS key. */
  readonly key?: string;
  /** The key as KMS encrypted it, base64, and the ARN of the KMS key. */
  readonly wrapped?: { readonly blob: string; readonly by: string };
}

/** An event, by time, time of ingestion, batch and place in the batch (event-key.ts). Container: id of the content. */
export interface LogEventRow {
  readonly batch: string;
  /** The message, encrypted. Base64. */
  readonly sealed: string;
  /** Bytes of the message in UTF-8. */
  readonly size: number;
}

export const logGroups = collection<LogGroupDocument>('log-groups', {
  indexes: { region: (group) => [group.region] },
});

export const logStreams = collection<LogStreamDocument>('log-streams', {
  partOf: logGroups,
  indexes: { group: (stream) => [stream.group] },
});

export const logContents = collection<LogContentDocument>('log-contents', { partOf: logGroups });

export const batchKeys = collection<BatchKeyDocument>('log-batch-keys', {
  partOf: logContents,
  sealed: ['key'],
  indexes: { content: (key) => [key.content] },
});

export const logEvents = rows<LogEventRow>('log-events', logContents);

export function groupRef(account: string, region: string, group: string): ResourceRef {
  return awsResource({ account, service: LOGS, location: region, type: 'log-group', id: group });
}

/**
 * A stream; with an empty name what policies are asked about for its group, whose ARN they must end with `:*`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 */
export function streamRef(account: string, region: string, group: string, stream = ''): ResourceRef {
  return groupRef(account, region, `${group}:log-stream:${stream}`);
}

/** All groups of an account. */
export const allGroupsRef = (account: string, region: string): ResourceRef => streamRef(account, region, '');

export const groupOf = (ref: ResourceRef): ResourceRef => ({ ...ref, id: logGroupIn(ref.id) });

/**
 * Document id of a group. It ends with `!`, which stands before everything that names are made of: so groups are in the
 * order of their names, and no group's id with a `/` is the beginning of another's.
 */
export const groupId = (region: string, group: string): string => `${region}/${group}!`;
export const groupIdOf = ({ location, id }: ResourceRef): string => groupId(location, logGroupIn(id));

/** `id`: the document id of the content, which no API names. */
export function contentRef(account: string, region: string, id: string): ResourceRef {
  return awsResource({ account, service: LOGS, location: region, type: 'log-content', id });
}
