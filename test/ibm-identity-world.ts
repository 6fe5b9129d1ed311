/** The world that the identity tests start from, and clients for it. */
import IamAccessGroupsV2 from '@ibm-cloud/platform-services/iam-access-groups/v2.js';
import IamIdentityV1 from '@ibm-cloud/platform-services/iam-identity/v1.js';
import { IamAuthenticator } from 'ibm-cloud-sdk-core';
import type { TestPlane } from './plane.ts';

export const HOME = 'c0c1c2c3c4c5c6c7c8c9cacbcccdcecf';
export const OTHER = 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf';

export const OWNER_KEY = 'home-owner-api-key-0000000000000001';
export const OTHER_OWNER_KEY = 'other-owner-api-key-000000000000001';
/** Member of the first account alone, without any policy. */
export const PLAIN_KEY = 'plain-api-key-000000000000000000001';
/** Member of both accounts, without any policy. */
export const MEMBER_KEY = 'member-api-key-00000000000000000001';

export const WORLD = `
accounts:
  - id: ${HOME}
    name: Home
    owner: { email: owner@home.example, name: Olga Owner, apiKey: ${OWNER_KEY} }
    users:
      - { email: member@home.example, name: Mia Member, apiKey: ${MEMBER_KEY} }
      - { email: plain@home.example, apiKey: ${PLAIN_KEY} }
    serviceIds:
      - { name: builder, description: builds things, apiKey: builder-api-key-0000000000000000001 }
  - id: ${OTHER}
    name: Other
    owner: { email: owner@other.example, apiKey: ${OTHER_OWNER_KEY} }
    users:
      - { email: member@home.example }
`;

export function identityClient(plane: TestPlane, apikey: string): IamIdentityV1 {
  return new IamIdentityV1({ authenticator: authenticator(plane, apikey), serviceUrl: plane.ibm });
}

export function groupsClient(plane: TestPlane, apikey: string): IamAccessGroupsV2 {
  return new IamAccessGroupsV2({ authenticator: authenticator(plane, apikey), serviceUrl: plane.ibm });
}

function authenticator(plane: TestPlane, apikey: string): IamAuthenticator {
  return new IamAuthenticator({ apikey, url: plane.ibm });
}

export interface Claims {
  readonly iam_id: string;
  readonly account: { readonly bss: string };
  readonly [claim: string]: unknown;
}

export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Claims;
}

/** The iam_id of who an API key belongs to. */
export async function iamIdOf(plane: TestPlane, apiKey: string): Promise<string> {
  return claimsOf(await plane.token(apiKey)).iam_id;
}

/** Runs a client call that is to be refused: its status and body. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; body: Record<string, unknown> }> {
  try {
    await call;
  } catch (error) {
    const { status, result } = error as { status: number; result: Record<string, unknown> };
    return { status, body: result };
  }
  throw new Error('the call was not refused');
}

/** Lets an identity have a role on a service of the account `HOME`; resolves to the policy's id. */
export async function grant(plane: TestPlane, iamId: string, service: string, role: string): Promise<string> {
  const reply = await plane.call('POST', '/v1/policies', {
    token: await plane.token(OWNER_KEY),
    body: {
      type: 'access',
      subjects: [{ attributes: [{ name: 'iam_id', value: iamId }] }],
      roles: [{ role_id: `crn:v1:bluemix:public:iam::::role:${role}` }],
      resources: [
        {
          attributes: [
            { name: 'accountId', value: HOME },
            { name: 'serviceName', value: service },
          ],
        },
      ],
    },
  });
  if (reply.status !== 201) throw new Error(`no policy: ${JSON.stringify(reply.body)}`);
  return reply.body.id;
}
