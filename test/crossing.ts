/** Account A has a root key, account B wants to encrypt a volume with it: the calls, over plain HTTP. */
import assert from 'node:assert/strict';
import { type CallOptions, type Reply, request } from './plane.ts';

export const A = 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf';
export const B = 'b0b1b2b3b4b5b6b7b8b9babbbcbdbebf';
export const OWNER_A = 'account-a-owner-api-key-000000000000000001';
export const OWNER_B = 'account-b-owner-api-key-000000000000000001';

export interface Crossing {
  readonly instance: string;
  readonly keyCrn: string;
  readonly tokenA: string;
  readonly tokenB: string;
  /** B asks for a volume under a key; the reply, whatever it is. */
  volume(keyCrn: string): Promise<Reply>;
  /** A lets B's block storage use its Key Protect instances; answers the policy's id. */
  authorize(): Promise<string>;
  call(method: string, path: string, options: CallOptions): Promise<Reply>;
}

const KEY = 'application/vnd.ibm.kms.key+json';
const KEY_PROTECT_TIERED = 'eedd3585-90c6-4c8f-be3d-062069e99fc3';

export async function crossing(ibm: string, token: (apiKey: string) => Promise<string>): Promise<Crossing> {
  const call = (method: string, path: string, options: CallOptions) => request(ibm, method, path, options);
  const [tokenA, tokenB] = [await token(OWNER_A), await token(OWNER_B)];
  const group = async (account: string, bearer: string): Promise<string> => {
    const groups = await call('GET', `/v2/resource_groups?account_id=${account}&default=true`, { token: bearer });
    return groups.body.resources[0].id;
  };
  const instance = await made(
    call('POST', '/v2/resource_instances', {
      token: tokenA,
      body: {
        name: 'kp',
        target: 'us-south',
        resource_group: await group(A, tokenA),
        resource_plan_id: KEY_PROTECT_TIERED,
      },
    }),
  );
  const key = await made(
    call('POST', '/api/v2/keys', {
      token: tokenA,
      headers: { 'bluemix-instance': instance.guid, 'content-type': KEY },
      body: {
        metadata: { collectionType: KEY, collectionTotal: 1 },
        resources: [{ type: KEY, name: 'root', extractable: false }],
      },
    }),
  );
  const groupB = await group(B, tokenB);
  let volumes = 0;
  return {
    instance: instance.guid,
    keyCrn: key.resources[0].crn,
    tokenA,
    tokenB,
    call,
    volume: (keyCrn) => {
      volumes += 1;
      return call('POST', '/v1/volumes?version=2026-03-24&generation=2', {
        token: tokenB,
        body: {
          name: `volume-${volumes}`,
          capacity: 20,
          zone: { name: 'us-south-3' },
          profile: { name: 'general-purpose' },
          encryption_key: { crn: keyCrn },
          resource_group: { id: groupB },
        },
      });
    },
    authorize: async () => {
      const equals = (name: string, value: string) => ({ key: name, operator: 'stringEquals', value });
      const policy = await made(
        call('POST', '/v2/policies', {
          token: tokenA,
          body: {
            type: 'authorization',
            subject: { attributes: [equals('serviceName', 'server-protect'), equals('accountId', B)] },
            control: { grant: { roles: [{ role_id: 'crn:v1:bluemix:public:iam::::serviceRole:Reader' }] } },
            resource: { attributes: [equals('accountId', A), equals('serviceName', 'kms')] },
          },
        }),
      );
      return policy.id;
    },
  };
}

/** The body of a reply that must be a success. */
export async function made(reply: Promise<Reply>): Promise<Reply['body']> {
  const { status, body } = await reply;
  assert.ok(status < 300, `${status}: ${JSON.stringify(body)}`);
  return body;
}

/** The id under which the reasons of a reply can be asked for. */
export function idOf(reply: Reply): string {
  return reply.headers.get('easement-request-id')!;
}
