/** CloudWatch Logs. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/ */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { awsFace } from '../../wire/aws/face.ts';
import { LOGS } from './documents.ts';
import { getLogEvents } from './get-events.ts';
import { createLogGroup, deleteLogGroup, describeLogGroups } from './groups.ts';
import { associateKmsKey, disassociateKmsKey } from './kms-key.ts';
import { putLogEvents } from './put-events.ts';
import { deleteRetentionPolicy, putRetentionPolicy } from './retention.ts';
import { createLogStream, deleteLogStream, describeLogStreams } from './streams.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';

/** Bytes: the largest message is 1 MB of log events, of which the escapes of JSON can make six. */
const BODY_LIMIT = 8 * 1024 * 1024;

export const logsFace = awsFace<typeof Logs>({
  service: LOGS,
  client: '@aws-sdk/client-cloudwatch-logs',
  limit: BODY_LIMIT,
  operations: {
    CreateLogGroup: createLogGroup,
    DeleteLogGroup: deleteLogGroup,
    DescribeLogGroups: describeLogGroups,
    AssociateKmsKey: associateKmsKey,
    DisassociateKmsKey: disassociateKmsKey,
    CreateLogStream: createLogStream,
    DeleteLogStream: deleteLogStream,
    DescribeLogStreams: describeLogStreams,
    PutLogEvents: putLogEvents,
    GetLogEvents: getLogEvents,
    PutRetentionPolicy: putRetentionPolicy,
    DeleteRetentionPolicy: deleteRetentionPolicy,
    TagResource: tagResource,
    UntagResource: untagResource,
    ListTagsForResource: listTagsForResource,
  },
});
