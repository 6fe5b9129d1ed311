/** The accounts and clients of the policy tests. */
import IamPolicyManagementV1 from '@ibm-cloud/platform-services/iam-policy-management/v1.js';
import { BearerTokenAuthenticator } from 'ibm-cloud-sdk-core';
import { startPlane, type TestPlane } from './plane.ts';

export const A = 'a'.repeat(32);
export const B = 'b'.repeat(32);
export const C = 'c'.repeat(32);

export const READER = 'crn:v1:bluemix:public:iam::::serviceRole:Reader';
export const WRITER = 'crn:v1:bluemix:public:iam::::serviceRole:Writer';
export const VIEWER = 'crn:v1:bluemix:public:iam::::role:Viewer';
export const EDITOR = 'crn:v1:bluemix:public:iam::::role:Editor';
export const ADMINISTRATOR = 'crn:v1:bluemix:public:iam::::role:Administrator';
export const DELEGATOR = 'crn:v1:bluemix:public:iam::::role:AuthorizationDelegator';

const key = (who: string): string => `${who}-api-key-000000000000000000000001`;

const world = `
accounts:
  - id: ${A}
    name: a
    owner: { email: owner@a.example, apiKey: ${key('owner-a')} }
    users:
      - { email: user@a.example, apiKey: ${key('user-a')} }
  - id: ${B}
    name: b
    owner: { email: owner@b.example, apiKey: ${key('owner-b')} }
`;

export type Client = InstanceType<typeof IamPolicyManagementV1>;

export interface PolicyPlane extends TestPlane {
  /** The official client, as somebody of the world: `owner-a`, `user-a`, `owner-b`. */
  readonly as: (who: Person) => Client;
  readonly tokens: Readonly<Record<Person, string>>;
  readonly iamIds: Readonly<Record<Person, string>>;
}

export type Person = 'owner-a' | 'user-a' | 'owner-b';
const PEOPLE: readonly Person[] = ['owner-a', 'user-a', 'owner-b'];

export async function startPolicyPlane(): Promise<PolicyPlane> {
  const plane = await startPlane({ world });
  const tokens = Object.fromEntries(
    await Promise.all(PEOPLE.map(async (who) => [who, await plane.token(key(who))] as const)),
  ) as Record<Person, string>;
  const iamIds = Object.fromEntries(PEOPLE.map((who) => [who, claims(tokens[who]).iam_id])) as Record<Person, string>;
  const as = (who: Person): Client =>
    new IamPolicyManagementV1({
      authenticator: new BearerTokenAuthenticator({ bearerToken: tokens[who] }),
      serviceUrl: plane.ibm,
    });
  return { ...plane, as, tokens, iamIds };
}

function claims(token: string): { iam_id: string } {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
}

/** An authorization as version 1 takes it: block storage of account B may use Key Protect of account A. */
export function authorization(
  more: { instance?: string; roles?: string[]; source?: string; account?: string; description?: string } = {},
) {
  const { instance, roles = [READER], source = B, account = A, description } = more;
  return {
    type: 'authorization',
    ...(description === undefined ? {} : { description }),
    subjects: [
      {
        attributes: [
          { name: 'accountId', value: source },
          { name: 'serviceName', value: 'server-protect' },
        ],
      },
    ],
    roles: roles.map((role_id) => ({ role_id })),
    resources: [
      {
        attributes: [
          { name: 'accountId', value: account, operator: 'stringEquals' },
          { name: 'serviceName', value: 'kms', operator: 'stringEquals' },
          ...(instance === undefined ? [] : [{ name: 'serviceInstance', value: instance, operator: 'stringEquals' }]),
        ],
      },
    ],
  };
}

/** The same in version 2. */
export function authorizationV2(more: { instance?: string; roles?: string[]; source?: string } = {}) {
  const { instance, roles = [READER], source = B } = more;
  const is = (name: string, value: string) => ({ key: name, operator: 'stringEquals', value });
  return {
    type: 'authorization',
    subject: { attributes: [is('accountId', source), is('serviceName', 'server-protect')] },
    resource: {
      attributes: [
        is('accountId', A),
        is('serviceName', 'kms'),
        ...(instance === undefined ? [] : [is('serviceInstance', instance)]),
      ],
    },
    control: { grant: { roles: roles.map((role_id) => ({ role_id })) } },
  };
}

/** An access policy of account A as version 1 takes it. */
export function access(iamId: string, roles: readonly string[], target: Readonly<Record<string, string>>) {
  return {
    type: 'access',
    subjects: [{ attributes: [{ name: 'iam_id', value: iamId }] }],
    roles: roles.map((role_id) => ({ role_id })),
    resources: [
      {
        attributes: Object.entries({ accountId: A, ...target }).map(([name, value]) => ({
          name,
          value,
          operator: 'stringEquals',
        })),
      },
    ],
  };
}

/** The status and error code with which a call of the official client is refused; fails when it is not. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; code: string; body: ErrorBody }> {
  try {
    await call;
  } catch (error) {
    const { status, result } = error as { status: number; result: ErrorBody };
    return { status, code: result.errors[0]!.code, body: result };
  }
  throw new Error('the call was not refused');
}

export interface ErrorBody {
  readonly trace: string;
  readonly status_code: number;
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly details?: { readonly conflicts_with: { readonly etag: string; readonly policy?: { id: string } } };
  }[];
}
