/** Two accounts for tests of KMS: the keys are the owner's, the borrower is given the use of some. */
import { KMSClient } from '@aws-sdk/client-kms';
import type { TestPlane } from './plane.ts';

export const OWNER = '111122223333';
export const BORROWER = '444455556666';

interface User {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const user = (account: string, n: number): User => ({
  accessKeyId: `AKIAKMSTEST${account.slice(0, 4)}0000${n}`,
  secretAccessKey: `kms-test-secret-of-${account}-${n}`,
});

export const ownerRoot = user(OWNER, 1);
/** May do everything that IAM policies can allow. */
export const ownerAdmin = user(OWNER, 2);
/** Has no policy at all. */
export const ownerNobody = user(OWNER, 3);
/** Its policy is each test file's own. */
export const ownerOther = user(OWNER, 4);
export const borrowerRoot = user(BORROWER, 1);
/** May do everything with KMS as far as its own account goes. */
export const borrowerAdmin = user(BORROWER, 2);
export const borrowerNobody = user(BORROWER, 3);

export const userArn = (account: string, name: string): string => `arn:aws:iam::${account}:user/${name}`;

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

export const everything: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };

export const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

/** A world with the users above. `other`: what the owner's user of that name may do. */
export function kmsWorld(other: readonly Statement[] = [everything]): string {
  const document = (statements: readonly Statement[]) => ({ own: { Version: '2012-10-17', Statement: statements } });
  return JSON.stringify({
    accounts: [
      {
        id: OWNER,
        name: 'owner',
        owner: ownerRoot,
        users: [
          { name: 'admin', ...ownerAdmin, policies: document([everything]) },
          { name: 'nobody', ...ownerNobody },
          { name: 'other', ...ownerOther, policies: document(other) },
        ],
      },
      {
        id: BORROWER,
        name: 'borrower',
        owner: borrowerRoot,
        users: [
          { name: 'admin', ...borrowerAdmin, policies: document([{ ...everything, Action: 'kms:*' }]) },
          { name: 'nobody', ...borrowerNobody },
        ],
      },
    ],
  });
}

/** The client writes into the credentials it is given: it gets its own. */
export function kmsClient(plane: TestPlane, { ...credentials }: User, region = 'us-east-1'): KMSClient {
  return new KMSClient({ endpoint: plane.aws, region, credentials, maxAttempts: 1 });
}

/** The name and message of the error that a call ends with. */
export async function errorOf(call: Promise<unknown>): Promise<{ readonly name: string; readonly message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  }
  throw new Error('the call was expected to be refused, and was answered');
}

/** The name of the error that a call ends with; `done` when it ends with none. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: Error) => error.name,
  );
}
