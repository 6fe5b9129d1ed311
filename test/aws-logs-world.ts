/** Three accounts for tests of CloudWatch Logs: a KMS key is the first one's, lent to the second, not to the third. */
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import type { TestPlane } from './plane.ts';

export const A = '111122223333';
export const B = '444455556666';
export const C = '777788889999';
export const REGION = 'us-east-1';

export interface User {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const user = (account: string, n: number): User => ({
  accessKeyId: `AKIALOGSTEST${account.slice(0, 4)}000${n}`,
  secretAccessKey: `logs-test-secret-of-${account}-${n}`,
});

const root = (account: string): User => user(account, 1);
/** May do everything that IAM policies can allow. */
export const admin = (account: string): User => user(account, 2);
/** Has no policy until a test gives it one. */
export const worker = (account: string): User => user(account, 3);

export const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' } as const;

export const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

export const LOGS_WORLD = JSON.stringify({
  accounts: [A, B, C].map((id) => ({
    id,
    name: `account ${id}`,
    owner: root(id),
    users: [
      { name: 'admin', ...admin(id), policies: { all: { Version: '2012-10-17', Statement: [EVERYTHING] } } },
      { name: 'worker', ...worker(id) },
    ],
  })),
});

export const groupArn = (account: string, group: string): string =>
  `arn:aws:logs:${REGION}:${account}:log-group:${group}`;

const options = (plane: TestPlane, credentials: User) => ({
  endpoint: plane.aws,
  region: REGION,
  credentials,
  maxAttempts: 1,
});

export const logsClient = (plane: TestPlane, credentials: User) =>
  new CloudWatchLogsClient(options(plane, credentials));
export const kmsClient = (plane: TestPlane, credentials: User) => new KMSClient(options(plane, credentials));
export const iamClient = (plane: TestPlane, credentials: User) => new IAMClient(options(plane, credentials));

/** The error that a call ends with: `Name: message`; `done` when it ends with none. */
export async function endOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

/** The id of the call that was refused. */
export async function refusedId(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return (error as { $metadata: { requestId: string } }).$metadata.requestId;
  }
  throw new Error('the call was expected to be refused, and was answered');
}
