/** STS and IAM as clients see them: accounts, who calls, and what a refusal was. */
import assert from 'node:assert/strict';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { TestPlane } from './plane.ts';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Members of a reply's `Credentials`. */
interface GivenKeys {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
}

export const keysOf = (given: GivenKeys | undefined): Keys => ({
  accessKeyId: given!.AccessKeyId!,
  secretAccessKey: given!.SecretAccessKey!,
  sessionToken: given!.SessionToken!,
});

const optionsOf = (plane: TestPlane, credentials: Keys) => ({
  endpoint: plane.aws,
  region: 'us-east-1',
  credentials,
  maxAttempts: 1,
});

export const stsOf = (plane: TestPlane, keys: Keys): STSClient => new STSClient(optionsOf(plane, keys));
export const iamOf = (plane: TestPlane, keys: Keys): IAMClient => new IAMClient(optionsOf(plane, keys));

/** What a call was refused with. */
export interface Refused {
  readonly name: string;
  readonly message: string;
  /** The id under which its reasons are. */
  readonly id: string;
  readonly status: number;
}

export async function refused(call: Promise<unknown>): Promise<Refused> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as {
      name: string;
      message: string;
      $metadata?: { requestId?: string; httpStatusCode?: number };
    };
    return { name, message, id: $metadata?.requestId ?? '', status: $metadata?.httpStatusCode ?? 0 };
  }
  return assert.fail('the call was not refused');
}

export type Policy = Readonly<Record<string, unknown>>;

export const policy = (...Statement: readonly Policy[]): Policy => ({ Version: '2012-10-17', Statement });
export const allow = (Action: unknown, Resource: unknown = '*', more: Policy = {}): Policy =>
  policy({ Effect: 'Allow', Action, Resource, ...more });
/** A trust policy; `more`: conditions and whatever else its statement has. */
export const trust = (Principal: unknown, Action: unknown = 'sts:AssumeRole', more: Policy = {}): Policy =>
  policy({ Effect: 'Allow', Principal, Action, ...more });

export const ACCOUNT_A = '111122223333';
export const ACCOUNT_B = '444455556666';
export const ACCOUNT_C = '777788889999';

const keyPair = (account: string, n: number): { accessKeyId: string; secretAccessKey: string } => ({
  accessKeyId: `AKIASTSTEST${account.slice(0, 4)}0000${n}`,
  secretAccessKey: `sts-test-secret-${account}-00000000000${n}`,
});

export const root = (account: string): Keys => keyPair(account, 1);
export const admin = (account: string): Keys => keyPair(account, 2);
/** A user who may do what a test gives them. */
export const worker = (account: string): Keys => keyPair(account, 3);

/** Three accounts, each with its root user, an administrator and a worker without any right. */
export const world = (organizations = ''): string => {
  const accounts = [ACCOUNT_A, ACCOUNT_B, ACCOUNT_C].map((id) => ({
    id,
    name: `account ${id.slice(0, 4)}`,
    owner: root(id),
    users: [
      { name: 'admin', ...admin(id), policies: { all: allow('*') } },
      { name: 'worker', ...worker(id), policies: {} },
    ],
  }));
  return `accounts: ${JSON.stringify(accounts)}\n${organizations}`;
};
