/** Worlds, clients and expectations of the tests of IAM. */
import assert from 'node:assert/strict';
import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';
import type { TestPlane } from './plane.ts';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Account `main` has an administrator and a user without policies; account `other` is a stranger to it. */
export const MAIN = '111122223333';
export const OTHER = '444455556666';
export const MAIN_ROOT: Keys = {
  accessKeyId: 'AKIAEXAMPLEMAIN00001',
  secretAccessKey: 'main-root-00000000000000000000000001',
};
export const ADMIN: Keys = {
  accessKeyId: 'AKIAEXAMPLEMAIN00002',
  secretAccessKey: 'main-admin-0000000000000000000000001',
};
export const LIMITED: Keys = {
  accessKeyId: 'AKIAEXAMPLEMAIN00003',
  secretAccessKey: 'main-limited-00000000000000000000001',
};
export const OTHER_ROOT: Keys = {
  accessKeyId: 'AKIAEXAMPLEOTHR00001',
  secretAccessKey: 'other-root-0000000000000000000000001',
};

const key = ({ accessKeyId, secretAccessKey }: Keys): string =>
  `accessKeyId: ${accessKeyId}, secretAccessKey: ${secretAccessKey}`;

export const WORLD = `
accounts:
  - id: "${MAIN}"
    name: main
    owner: { ${key(MAIN_ROOT)} }
    users:
      - name: admin
        ${key(ADMIN).replace(', ', '\n        ')}
        policies: { admin: ${JSON.stringify(policy({ Effect: 'Allow', Action: '*', Resource: '*' }))} }
      - name: limited
        ${key(LIMITED).replace(', ', '\n        ')}
  - id: "${OTHER}"
    name: other
    owner: { ${key(OTHER_ROOT)} }
`;

export function policy(...Statement: object[]): object {
  return { Version: '2012-10-17', Statement };
}

/** A policy document as the API takes it. */
export function policyText(...statements: object[]): string {
  return JSON.stringify(policy(...statements));
}

export function allowing(Action: string | string[], Resource: string | string[] = '*', Condition?: object): string {
  return policyText({ Effect: 'Allow', Action, Resource, ...(Condition ? { Condition } : {}) });
}

export function iamClient(plane: TestPlane, credentials: Keys): IAM {
  return new IAM({ endpoint: plane.aws, region: 'us-east-1', credentials, maxAttempts: 1 });
}

export function stsClient(plane: TestPlane, credentials: Keys): STS {
  return new STS({ endpoint: plane.aws, region: 'us-east-1', credentials, maxAttempts: 1 });
}

/** The call is refused with this code, status and message. */
export async function refused(
  call: Promise<unknown>,
  code: string,
  message: RegExp | string,
  status?: number,
): Promise<void> {
  const error = await call.then(
    () => assert.fail(`it was answered; expected ${code}`),
    (thrown: Error & { Code?: string; Error?: { Code?: string }; $metadata?: { httpStatusCode?: number } }) => thrown,
  );
  assert.equal(error.name.replace(/Exception$/, ''), code, `${error.name}: ${error.message}`);
  if (typeof message === 'string') assert.equal(error.message, message);
  else assert.match(error.message, message);
  if (status !== undefined) assert.equal(error.$metadata?.httpStatusCode, status);
}

/** The call is denied, and the message names the action. */
export async function denied(call: Promise<unknown>, action: string): Promise<void> {
  await refused(call, 'AccessDenied', new RegExp(`is not authorized to perform: ${action}( |$)`), 403);
}

/** All pages of a paginator. */
export async function pagesOf<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

/** Gives the user `limited` one inline policy, in place of the one it had. */
export async function grant(admin: IAM, PolicyDocument: string): Promise<void> {
  await admin.putUserPolicy({ UserName: 'limited', PolicyName: 'grant', PolicyDocument });
}
