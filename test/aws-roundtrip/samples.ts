/** Calls for a client that was not made of the schemas that the codecs are made of. */
import type { Members } from '../../src/wire/aws/protocol.ts';

export interface Sample {
  /** As the signature's scope calls it. */
  readonly service: string;
  readonly operation: string;
  /** The operation's name in Python. */
  readonly method: string;
  /** `{ bytes }` stands for a blob. */
  readonly parameters: Members;
  readonly output: Members;
}

const key = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const time = new Date('2026-11-22T10:40:05Z');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

export const SAMPLES: readonly Sample[] = [
  {
    service: 'sts',
    operation: 'AssumeRole',
    method: 'assume_role',
    parameters: {
      RoleArn: 'arn:aws:iam::111122223333:role/reader',
      RoleSessionName: 'a b',
      DurationSeconds: 900,
      Tags: [{ Key: 'team', Value: 'a&b=c' }],
      TransitiveTagKeys: ['team'],
    },
    output: {
      Credentials: { AccessKeyId: 'ASIAEXAMPLE', SecretAccessKey: 'a/b+c<', SessionToken: 't&', Expiration: time },
      PackedPolicySize: 6,
    },
  },
  {
    service: 'iam',
    operation: 'ListUsers',
    method: 'list_users',
    parameters: { PathPrefix: '/', MaxItems: 10 },
    output: {
      IsTruncated: false,
      Users: [{ Path: '/', UserName: 'é', UserId: 'AIDA1', Arn: 'arn:aws:iam::111122223333:user/é', CreateDate: time }],
    },
  },
  {
    service: 'kms',
    operation: 'Encrypt',
    method: 'encrypt',
    parameters: { KeyId: key, Plaintext: { bytes: 'aGVsbG8=' }, EncryptionContext: { tenant: '1' } },
    output: { CiphertextBlob: bytes('sealed'), KeyId: key, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
  },
  {
    service: 'logs',
    operation: 'DescribeLogGroups',
    method: 'describe_log_groups',
    parameters: { limit: 5 },
    output: { logGroups: [{ logGroupName: '/a', creationTime: 1795344005000, storedBytes: 0 }], nextToken: 'n' },
  },
  {
    service: 'ec2',
    operation: 'DescribeVolumes',
    method: 'describe_volumes',
    parameters: { VolumeIds: ['vol-1', 'vol-2'], Filters: [{ Name: 'encrypted', Values: ['true'] }], DryRun: false },
    output: { Volumes: [{ VolumeId: 'vol-1', Size: 8, Encrypted: true, CreateTime: time, Attachments: [] }] },
  },
  {
    service: 's3',
    operation: 'ListObjectsV2',
    method: 'list_objects_v2',
    parameters: { Bucket: 'photos', Prefix: 'a/./b', MaxKeys: 2 },
    output: {
      Name: 'photos',
      KeyCount: 2,
      IsTruncated: false,
      Contents: [
        { Key: 'a/./b 1', Size: 3, ETag: '"e"', LastModified: time },
        { Key: 'a/./b<2>', Size: 0, ETag: '"f"', LastModified: time },
      ],
    },
  },
  {
    service: 's3',
    operation: 'GetBucketLocation',
    method: 'get_bucket_location',
    parameters: { Bucket: 'photos' },
    output: { LocationConstraint: 'eu-west-1' },
  },
  {
    service: 's3',
    operation: 'PutBucketTagging',
    method: 'put_bucket_tagging',
    parameters: { Bucket: 'photos', Tagging: { TagSet: [{ Key: 'a<', Value: 'b' }] } },
    output: {},
  },
  {
    service: 's3',
    operation: 'GetObject',
    method: 'get_object',
    parameters: { Bucket: 'photos', Key: 'a//b c/é' },
    output: {
      Body: bytes('picture'),
      ContentLength: 7,
      ContentType: 'image/png',
      LastModified: time,
      Metadata: { owner: 'me' },
    },
  },
  {
    service: 'ram',
    operation: 'CreateResourceShare',
    method: 'create_resource_share',
    parameters: { name: 'keys', resourceArns: [key], allowExternalPrincipals: false },
    output: { resourceShare: { name: 'keys', status: 'ACTIVE', creationTime: time, allowExternalPrincipals: false } },
  },
  {
    service: 'ram',
    operation: 'DeleteResourceShare',
    method: 'delete_resource_share',
    parameters: { resourceShareArn: 'arn:aws:ram:us-east-1:111122223333:resource-share/1' },
    output: { returnValue: true },
  },
  {
    service: 'sqs',
    operation: 'SendMessage',
    method: 'send_message',
    parameters: { QueueUrl: 'http://queue.example/1/a', MessageBody: 'hi' },
    output: { MessageId: 'm-1', MD5OfMessageBody: '49f68a5c8493ec2c0bf489821c21fc3b' },
  },
  {
    service: 'monitoring',
    operation: 'DescribeAlarms',
    method: 'describe_alarms',
    parameters: { AlarmNames: ['a'], MaxRecords: 3 },
    output: { MetricAlarms: [{ AlarmName: 'a', Threshold: 0.5, StateUpdatedTimestamp: time }], CompositeAlarms: [] },
  },
];

/** An error of each protocol: what is written, and what the client for Python is to make of it. */
export interface ErrorSample {
  readonly service: string;
  readonly method: string;
  readonly parameters: Members;
  readonly code: string;
  readonly status: number;
  readonly seen: { readonly class: string; readonly Code: string; readonly [member: string]: unknown };
}

export const ERRORS: readonly ErrorSample[] = [
  {
    service: 'iam',
    method: 'get_user',
    parameters: { UserName: 'nobody' },
    code: 'NoSuchEntityException',
    status: 404,
    seen: { class: 'NoSuchEntityException', Code: 'NoSuchEntity', Type: 'Sender' },
  },
  {
    service: 'sts',
    method: 'get_caller_identity',
    parameters: {},
    code: 'SignatureDoesNotMatch',
    status: 403,
    seen: { class: 'ClientError', Code: 'SignatureDoesNotMatch', Type: 'Sender' },
  },
  {
    service: 'kms',
    method: 'describe_key',
    parameters: { KeyId: key },
    code: 'NotFoundException',
    status: 400,
    seen: { class: 'NotFoundException', Code: 'NotFoundException' },
  },
  {
    service: 'ec2',
    method: 'describe_volumes',
    parameters: {},
    code: 'InvalidVolume.NotFound',
    status: 400,
    seen: { class: 'ClientError', Code: 'InvalidVolume.NotFound' },
  },
  {
    service: 's3',
    method: 'list_objects_v2',
    parameters: { Bucket: 'nowhere' },
    code: 'NoSuchBucket',
    status: 404,
    seen: { class: 'NoSuchBucket', Code: 'NoSuchBucket' },
  },
  {
    service: 'ram',
    method: 'delete_resource_share',
    parameters: { resourceShareArn: 'arn:aws:ram:us-east-1:111122223333:resource-share/1' },
    code: 'UnknownResourceException',
    status: 400,
    seen: { class: 'UnknownResourceException', Code: 'UnknownResourceException' },
  },
  {
    service: 'sqs',
    method: 'get_queue_url',
    parameters: { QueueName: 'none' },
    code: 'QueueDoesNotExist',
    status: 400,
    seen: {
      class: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      QueryErrorCode: 'QueueDoesNotExist',
      Type: 'Sender',
    },
  },
];
