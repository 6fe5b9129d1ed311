/** Inputs for every operation that is answered, good ones where a test has them, and their form on the wire. */
import type { AwsFace } from '../src/wire/aws/face.ts';
import { callsIn as iamCalls } from './aws-iam-calls.ts';
import { roleCallsIn } from './aws-iam-role-calls.ts';
import { callsIn as kmsCalls, nothingMade } from './aws-kms-calls.ts';
import { formCall, jsonCall, type Sent } from './aws-raw.ts';

export type Input = Readonly<Record<string, unknown>>;

/** By service and operation. `key`: ARN of a key of the account. */
export function samplesOf(account: string, key: string): ReadonlyMap<string, Input> {
  const RoleArn = `arn:aws:iam::${account}:role/reader`;
  const RoleSessionName = 'session';
  const logGroupName = 'group';
  const logStreamName = 'stream';
  const others: Readonly<Record<string, Input>> = {
    'sts AssumeRole': { RoleArn, RoleSessionName, DurationSeconds: 900, Tags: [{ Key: 'team', Value: 'blue' }] },
    'sts AssumeRoleWithWebIdentity': { RoleArn, RoleSessionName, WebIdentityToken: 'e30.e30.e30' },
    'sts AssumeRoleWithSAML': {
      RoleArn,
      PrincipalArn: `arn:aws:iam::${account}:saml-provider/x`,
      SAMLAssertion: 'PHg+',
    },
    'sts AssumeRoot': { TargetPrincipal: account, TaskPolicyArn: { arn: 'arn:aws:iam::aws:policy/root-task/X' } },
    'sts DecodeAuthorizationMessage': { EncodedMessage: 'a-message' },
    'sts GetAccessKeyInfo': { AccessKeyId: 'AKIAEXAMPLEMAIN00001' },
    'sts GetFederationToken': { Name: 'somebody', Policy: '{}', Tags: [{ Key: 'a', Value: 'b' }] },
    'sts GetSessionToken': { DurationSeconds: 900, SerialNumber: 'arn:aws:iam::1:mfa/x', TokenCode: '123456' },
    'sts GetWebIdentityToken': { Audience: ['app'], SigningAlgorithm: 'RS256', DurationSeconds: 60 },
    'iam SimulateCustomPolicy': {
      PolicyInputList: ['{"Version":"2012-10-17","Statement":[]}'],
      ActionNames: ['s3:GetObject'],
      ContextEntries: [{ ContextKeyName: 'aws:username', ContextKeyType: 'string', ContextKeyValues: ['a'] }],
    },
    'iam SimulatePrincipalPolicy': { PolicySourceArn: RoleArn, ActionNames: ['s3:GetObject'], ResourceArns: ['*'] },
    'logs CreateLogGroup': { logGroupName: 'more', tags: { team: 'blue' }, kmsKeyId: key },
    'logs DescribeLogGroups': { logGroupNamePrefix: 'g', limit: 5 },
    'logs AssociateKmsKey': { logGroupName, kmsKeyId: key },
    'logs PutLogEvents': { logGroupName, logStreamName, logEvents: [{ timestamp: Date.now(), message: 'one' }] },
    'logs GetLogEvents': {
      logGroupName,
      logStreamName,
      startTime: 0,
      endTime: Date.now(),
      limit: 5,
      startFromHead: true,
    },
    'logs DescribeLogStreams': { logGroupName, orderBy: 'LastEventTime', descending: true },
    'logs PutRetentionPolicy': { logGroupName, retentionInDays: 7 },
    'logs TagResource': { resourceArn: `arn:aws:logs:us-east-1:${account}:log-group:group`, tags: { a: 'b' } },
  };
  const made = {
    ...nothingMade(),
    key,
    other: key,
    signing: key,
    mac: key,
    agreeing: key,
    related: key,
    external: key,
  };
  return new Map([
    ...Object.entries(others),
    ...iamCalls(account, () => 'AKIAEXAMPLEMAIN00003').map(
      ({ operation, input }) => [`iam ${operation}`, input] as const,
    ),
    ...roleCallsIn(account, () => 'task/x').map(([operation, input]) => [`iam ${operation}`, input as Input] as const),
    ...kmsCalls(account)
      .filter(({ operation }) => operation !== 'ImportKeyMaterial')
      .map(({ operation, input }) => [`kms ${operation}`, input(made)] as const),
  ]);
}

/** As the service's clients write it. */
export function callOf({ service }: AwsFace, operation: string, input: unknown): Sent {
  if (service === 'kms' || service === 'logs') return jsonCall(service, operation, JSON.stringify(jsonOf(input)));
  const parameters: Record<string, string> = {};
  flatten('', input, parameters);
  return formCall(service, operation, parameters);
}

function jsonOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, jsonOf(item)]));
}

function flatten(at: string, value: unknown, into: Record<string, string>): void {
  const below = at === '' ? '' : `${at}.`;
  if (Array.isArray(value)) {
    if (value.length === 0) into[at] = '';
    for (const [n, item] of value.entries()) flatten(`${below}member.${n + 1}`, item, into);
  } else if (value instanceof Uint8Array) into[at] = Buffer.from(value).toString('base64');
  else if (value instanceof Date) into[at] = value.toISOString();
  else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) flatten(below + name, item, into);
  } else if (value !== undefined) into[at] = String(value);
}
