/** An AWS account for tests of reports and simulations, and the clients that call in it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { IAMClient, type IAMServiceException } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { startPlane, type TestPlane } from './plane.ts';

export const ACCOUNT = '111122223333';
export const OTHER = '444455556666';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const keyPair = (account: string, n: number): Keys => ({
  accessKeyId: `AKIAREPORTS${account.slice(0, 4)}000${n}`,
  secretAccessKey: `reports-secret-${account}-00000000000${n}`,
});

export const ROOT = keyPair(ACCOUNT, 1);
/** May do everything. */
export const ADMIN = keyPair(ACCOUNT, 2);
/** May do nothing until he is given something. */
export const WORKER = keyPair(ACCOUNT, 3);
/** May do everything in the other account. */
export const STRANGER = keyPair(OTHER, 2);

export const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
export const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*'): string =>
  policy({ Effect: 'Allow', Action, Resource });

const user = (name: string, { accessKeyId, secretAccessKey }: Keys, policies: object): string =>
  JSON.stringify({ name, accessKeyId, secretAccessKey, policies });
const everything = { everything: JSON.parse(allow('*')) };

const WORLD = `
accounts:
  - id: "${ACCOUNT}"
    name: reports
    owner: ${JSON.stringify(ROOT)}
    users:
      - ${user('admin', ADMIN, everything)}
      - ${user('worker', WORKER, {})}
  - id: "${OTHER}"
    name: other
    owner: ${JSON.stringify(keyPair(OTHER, 1))}
    users:
      - ${user('stranger', STRANGER, everything)}
`;

export const startReportPlane = (): Promise<TestPlane> => startPlane({ world: WORLD });

const options = (plane: TestPlane, credentials: Keys) => ({
  endpoint: plane.aws,
  region: 'us-east-1',
  credentials,
  maxAttempts: 1,
});

export const iamOf = (plane: TestPlane, keys: Keys): IAMClient => new IAMClient(options(plane, keys));
export const stsOf = (plane: TestPlane, keys: Keys, region = 'us-east-1'): STSClient =>
  new STSClient({ ...options(plane, keys), region });

/** The fault that a call was refused with. */
export async function refusal(call: Promise<unknown>): Promise<{ readonly name: string; readonly message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message } = error as IAMServiceException;
    return { name, message };
  }
  return assert.fail('the call was not refused');
}

/** The vendor's client for Python in a process of its own. */
export interface Boto {
  /** Calls IAM; the output, or `{ error }`. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
  call(keys: Keys, method: string, parameters?: object): Promise<any>;
  stop(): void;
}

export function startBoto(plane: TestPlane): Boto {
  const script = fileURLToPath(new URL('./aws-roundtrip/boto_client.py', import.meta.url));
  const python = spawn('python3', [script, plane.aws], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  return {
    async call(keys, method, parameters = {}) {
      python.stdin.write(`${JSON.stringify({ service: 'iam', method, parameters, ...keys })}\n`);
      const { value, done } = await lines.next();
      assert.ok(!done, 'the client for Python ended');
      const { output, error } = JSON.parse(value as string);
      return output ?? { error };
    },
    stop: () => python.kill(),
  };
}
