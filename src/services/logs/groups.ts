/** Log groups: made, deleted, listed. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/ */
import type {
  CreateLogGroupCommandInput,
  CreateLogGroupCommandOutput,
  DeleteLogGroupCommandInput,
  DeleteLogGroupCommandOutput,
  DescribeLogGroupsCommandInput,
  DescribeLogGroupsCommandOutput,
  LogGroup as ShownGroup,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Context } from '../../context.ts';
import type { Fault } from '../../faults.ts';
import { operation } from '../../operation.ts';
import { arnOf, logGroupIn, parseArn } from '../../policy/names.ts';
import type { Document } from '../../store/store.ts';
import type { Input, Output } from '../../wire/aws/face.ts';
import { awsFault } from '../../wire/aws/fault.ts';
import { tagKeys } from '../keys/aws/tags.ts';
import { LogAccount, LogGroup } from './access.ts';
import { groupAt, ownStream } from './address.ts';
import { allGroupsRef, groupOf, groupRef, type LogGroupDocument, logGroups } from './documents.ts';
import { requireKmsKey } from './encryption.ts';
import { discardStream, streamsOf } from './erase.ts';
import { pageOf } from './listing.ts';
import { requireTags } from './tags.ts';

type CreateInput = Input<CreateLogGroupCommandInput>;

export const createLogGroup = operation(
  'logs.CreateLogGroup',
  async (cx, input: CreateInput): Promise<Output<CreateLogGroupCommandOutput>> => {
    const { logGroupName: name, tags = {}, kmsKeyId: kmsKey } = input;
    const draft: LogGroupDocument = {
      name,
      region: cx.region,
      tags,
      createdAt: cx.now,
      ...(kmsKey === undefined ? {} : { kmsKey }),
    };
    const asked = ownStream(cx, name);
    const group = await cx.allowNew(LogGroup.createLogGroup, asked, draft, tagKeys(tags));
    if (Object.keys(tags).length > 0) await cx.allowNew(LogGroup.tagResource, groupOf(asked), draft, tagKeys(tags));
    refuseUnoffered(input);
    requireTags(tags);
    if (kmsKey !== undefined) await requireKmsKey(cx, group, kmsKey);
    cx.create(group, draft);
    return {};
  },
  { recorded: ({ logGroupName, kmsKeyId = null }) => ({ logGroupName, kmsKeyId }) },
);

function refuseUnoffered({ logGroupName: name, logGroupClass, deletionProtectionEnabled }: CreateInput): void {
  if (/^aws\//i.test(name)) throw invalid('Log groups starting with AWS/ are reserved for AWS.');
  if (logGroupClass !== undefined && logGroupClass !== 'STANDARD') {
    throw invalid('The log group class must be STANDARD here: see docs/coverage.md');
  }
  if (deletionProtectionEnabled) throw invalid('Deletion protection is not supported here: see docs/coverage.md');
}

const invalid = (message: string): Fault => awsFault('InvalidParameterException', message);

export const deleteLogGroup = operation(
  'logs.DeleteLogGroup',
  async (cx, input: Input<DeleteLogGroupCommandInput>): Promise<Output<DeleteLogGroupCommandOutput>> => {
    const group = await cx.allow(LogGroup.deleteLogGroup, ownStream(cx, input.logGroupName));
    for await (const stream of streamsOf(cx, group)) discardStream(cx, group, stream.value);
    cx.remove(group);
    return {};
  },
  { recorded: ({ logGroupName }) => ({ logGroupName }) },
);

type DescribeInput = Input<DescribeLogGroupsCommandInput>;

export const describeLogGroups = operation(
  'logs.DescribeLogGroups',
  async (cx, input: DescribeInput): Promise<Output<DescribeLogGroupsCommandOutput>> => {
    const { account } = cx.identity.caller;
    const allowed = await cx.allow(LogAccount.describeLogGroups, allGroupsRef(account, cx.region));
    const { logGroupNamePrefix: prefix = '' } = input;
    const wanted = filterOf(cx, input);
    const scope = JSON.stringify([
      'logs.DescribeLogGroups',
      prefix,
      input.logGroupNamePattern,
      input.logGroupIdentifiers,
    ]);
    const { items, next } = await pageOf(cx, scope, input, async function* (after) {
      // Ids stand in the order of names; behind the prefix itself comes what begins with it.
      let from = after ?? `${cx.region}/${prefix}`;
      for (;;) {
        const page = await cx.parts(allowed, logGroups, { index: 'region', key: cx.region, after: from, limit: 50 });
        for (const group of page.items) {
          if (!group.value.name.startsWith(prefix)) return;
          if (wanted(group.value.name)) yield group;
        }
        if (page.next === undefined) return;
        from = page.next;
      }
    });
    return { logGroups: items.map(showGroup), ...(next === undefined ? {} : { nextToken: next }) };
  },
);

/** Which groups a request wants besides those with its prefix. */
function filterOf(cx: Context, input: DescribeInput): (name: string) => boolean {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupIdentifiers: named } = input;
  const { account } = cx.identity.caller;
  if ([prefix, pattern, named].filter((filter) => filter !== undefined).length > 1) {
    throw invalid('LogGroupNamePrefix, logGroupNamePattern and logGroupIdentifiers are mutually exclusive.');
  }
  const isOther = (id: string): boolean => id !== account;
  if (input.accountIdentifiers?.some(isOther) || (input.logGroupClass ?? 'STANDARD') !== 'STANDARD') return () => false;
  if (named) {
    const refs = named.map((name) => (parseArn(name) ? groupAt(cx, name) : groupRef(account, cx.region, name)));
    const names = new Set(refs.filter((ref) => ref.account === account).map(({ id }) => logGroupIn(id)));
    return (name) => names.has(name);
  }
  return (name) => pattern === undefined || name.includes(pattern);
}

function showGroup({ account, value }: Document<LogGroupDocument>): ShownGroup {
  const arn = arnOf(groupRef(account, value.region, value.name));
  return {
    logGroupName: value.name,
    creationTime: value.createdAt,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    logGroupClass: 'STANDARD',
    deletionProtectionEnabled: false,
    ...(value.kmsKey === undefined ? {} : { kmsKeyId: value.kmsKey }),
    ...(value.retention === undefined ? {} : { retentionInDays: value.retention }),
  };
}
