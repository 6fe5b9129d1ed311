/** The official AWS clients, pointed at a plane. */
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { IAM } from '@aws-sdk/client-iam';
import { KMS } from '@aws-sdk/client-kms';
import { STS } from '@aws-sdk/client-sts';
import type { Reply } from './clients.ts';

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export type AwsClients = ReturnType<typeof awsClientsOf>;

/** Everything that one identity can call on the plane whose AWS listener is at `endpoint`. */
export function awsClientsOf(endpoint: string, credentials: AwsKeys) {
  const options = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  return {
    credentials,
    sts: new STS(options),
    iam: new IAM(options),
    kms: new KMS(options),
    logs: new CloudWatchLogs(options),
  };
}

/** The member `Credentials` of the replies of STS. */
export interface GivenKeys {
  readonly AccessKeyId: string | undefined;
  readonly SecretAccessKey: string | undefined;
  readonly SessionToken: string | undefined;
}

/** Clients of the session that STS has just given credentials for. */
export function sessionOf(endpoint: string, { Credentials }: { Credentials?: GivenKeys | undefined }): AwsClients {
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  return awsClientsOf(endpoint, {
    accessKeyId: AccessKeyId!,
    secretAccessKey: SecretAccessKey!,
    sessionToken: SessionToken!,
  });
}

/** What every reply of the clients has. */
export interface Answer {
  readonly $metadata: Metadata;
}

interface Metadata {
  readonly httpStatusCode?: number | undefined;
  readonly requestId?: string | undefined;
}

/** What a client's promise resolves to, or the name and message of what it throws, as a `Reply`. */
export async function sdkAws<T extends Answer>(call: Promise<T>): Promise<Reply<T>> {
  try {
    const body = await call;
    return { ...headOf(body.$metadata), body };
  } catch (error) {
    const { name, message, $metadata } = error as Error & Partial<Answer>;
    if ($metadata?.httpStatusCode === undefined) throw error;
    return { ...headOf($metadata), body: { name, message } as unknown as T };
  }
}

function headOf({ httpStatusCode = 0, requestId = '' }: Metadata): Pick<Reply, 'status' | 'headers'> {
  return { status: httpStatusCode, headers: { 'easement-request-id': requestId } };
}
