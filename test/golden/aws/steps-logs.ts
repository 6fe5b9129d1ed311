/** Log groups, streams and events. */
import type { Step } from './steps.ts';
import { AWS_A, type AwsGolden } from './world.ts';

export function logsSteps(world: AwsGolden): Step[] {
  const logGroupName = `golden-${world.unique()}`;
  const logStreamName = 'one';
  const resourceArn = `arn:aws:logs:us-east-1:${AWS_A}:log-group:${logGroupName}`;
  let kmsKeyId = '';
  const stream = { logGroupName, logStreamName };
  const calls: readonly (readonly [string, () => object])[] = [
    ['CreateLogGroup', () => ({ logGroupName })],
    ['DescribeLogGroups', () => ({ logGroupNamePrefix: logGroupName })],
    ['TagResource', () => ({ resourceArn, tags: { team: 'blue' } })],
    ['ListTagsForResource', () => ({ resourceArn })],
    ['UntagResource', () => ({ resourceArn, tagKeys: ['team'] })],
    ['AssociateKmsKey', () => ({ logGroupName, kmsKeyId })],
    ['CreateLogStream', () => stream],
    ['DescribeLogStreams', () => ({ logGroupName })],
    ['PutLogEvents', () => ({ ...stream, logEvents: [{ timestamp: Date.now(), message: 'golden' }] })],
    ['GetLogEvents', () => stream],
    ['GetLogEvents', () => ({ ...stream, unmask: true })],
    ['PutRetentionPolicy', () => ({ logGroupName, retentionInDays: 1 })],
    ['DeleteRetentionPolicy', () => ({ logGroupName })],
    ['DeleteLogStream', () => stream],
    ['DisassociateKmsKey', () => ({ logGroupName })],
    ['DeleteLogGroup', () => ({ logGroupName })],
  ];
  const makeKey: Step = {
    service: 'kms',
    operation: 'CreateKey',
    input: () => ({ Policy: KEY_POLICY }),
    learn: ({ KeyMetadata }) => {
      kmsKeyId = KeyMetadata.Arn;
    },
  };
  return [makeKey, ...calls.map(([operation, input]): Step => ({ service: 'logs', operation, input }))];
}

/** The account, and the service for log groups of the account. */
const KEY_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: AWS_A }, Action: 'kms:*', Resource: '*' },
    {
      Effect: 'Allow',
      Principal: { Service: 'logs.us-east-1.amazonaws.com' },
      Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': AWS_A } },
    },
  ],
});
