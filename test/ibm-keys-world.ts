/** The accounts, callers and requests of the Key Protect tests. */
import assert from 'node:assert/strict';
import { BearerTokenAuthenticator } from '@ibm-cloud/ibm-key-protect/auth/index.js';
import KeyProtectV2 from '@ibm-cloud/ibm-key-protect/ibm-key-protect-api/v2.js';
import { type CallOptions, eventually, type Reply, startPlane, type TestPlane } from './plane.ts';

export const A = 'a'.repeat(32);
export const B = 'b'.repeat(32);

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Service IDs of account A, each with the role of its name on Key Protect, and people who have no role there. */
export const CALLERS = [
  'owner',
  'manager',
  'writer',
  'readerplus',
  'reader',
  'keypurge',
  'nobody',
  'foreigner',
] as const;
export type CallerName = (typeof CALLERS)[number];

const ROLES: Readonly<Partial<Record<CallerName, string>>> = {
  manager: 'crn:v1:bluemix:public:iam::::serviceRole:Manager',
  writer: 'crn:v1:bluemix:public:iam::::serviceRole:Writer',
  readerplus: 'crn:v1:bluemix:public:kms::::serviceRole:ReaderPlus',
  reader: 'crn:v1:bluemix:public:iam::::serviceRole:Reader',
  keypurge: 'crn:v1:bluemix:public:kms::::serviceRole:KeyPurge',
};

const TIERED_PRICING = 'eedd3585-90c6-4c8f-be3d-062069e99fc3';
const apiKey = (who: string): string => `${who}-api-key-000000000000000000000001`;

const serviceId = (name: string): string => `{ name: ${name}, apiKey: ${apiKey(name)} }`;
const WORLD = `
accounts:
  - id: ${A}
    name: a
    owner: { email: owner@a.example, apiKey: ${apiKey('owner')} }
    serviceIds: [${['manager', 'writer', 'readerplus', 'reader', 'keypurge', 'nobody', 'guest'].map(serviceId).join(', ')}]
  - id: ${B}
    name: b
    owner: { email: owner@b.example, apiKey: ${apiKey('foreigner')} }
`;

export type Client = InstanceType<typeof KeyProtectV2>;

/** A key as the API shows it. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
export type Shown = Record<string, any>;

export interface KeysPlane extends TestPlane {
  /** GUID of account A's instance. */
  readonly instance: string;
  /** The official client. Its token ends an hour later by the plane's clock. */
  client(who: CallerName): Promise<Client>;
  /** One request to the API as somebody; tokens are renewed when they have expired. */
  as(who: CallerName | 'guest', method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** Makes a key as the owner of account A; a root key unless `fields` say otherwise. */
  make(fields?: object, headers?: Readonly<Record<string, string>>): Promise<Shown>;
  metadata(id: string): Promise<Shown>;
  /** Gives a caller of account A a role. Returns the policy's id. */
  grant(who: CallerName | 'guest', role: string, target?: Readonly<Record<string, string>>): Promise<string>;
  /** Lets block storage of account B use the keys of account A. Returns the policy's id. */
  lend(): Promise<string>;
  /** A volume of account B under a key; resolves when it is available. */
  volume(keyCrn: string): Promise<Shown>;
}

export const KEY = 'application/vnd.ibm.kms.key+json';
export const POLICY = 'application/vnd.ibm.kms.policy+json';

/** Resources in the envelope that the API wants. */
export function collection(type: string, ...resources: readonly object[]): object {
  return { metadata: { collectionType: type, collectionTotal: resources.length }, resources };
}

/** Status and code of a refusal, `204` of a success. */
export function outcome({ status, body }: Reply): string {
  const code = body?.resources?.[0]?.reasons?.[0]?.code;
  return code === undefined ? String(status) : `${status} ${code}`;
}

/** The same of a call of the official client. */
export async function outcomeOf(call: Promise<{ status: number }>): Promise<string> {
  try {
    return String((await call).status);
  } catch (error) {
    const { status, body } = error as { status: number; body: string | object };
    return outcome({ status, body: typeof body === 'string' ? JSON.parse(body) : body, headers: new Headers() });
  }
}

export async function startKeysPlane(): Promise<KeysPlane> {
  const plane = await startPlane({ world: WORLD });
  const tokens = new Map<string, Promise<string>>();
  const token = (who: string): Promise<string> => {
    if (!tokens.has(who)) tokens.set(who, plane.token(apiKey(who)));
    return tokens.get(who)!;
  };
  const owner = await token('owner');
  const groups = await plane.call('GET', '/v2/resource_groups?default=true', { token: owner });
  const made = await plane.call('POST', '/v2/resource_instances', {
    token: owner,
    body: {
      name: 'kp',
      target: 'us-south',
      resource_group: groups.body.resources[0].id,
      resource_plan_id: TIERED_PRICING,
    },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const instance: string = made.body.guid;

  const as: KeysPlane['as'] = async (who, method, path, options = {}) => {
    const headers = { 'bluemix-instance': instance, ...options.headers };
    return plane.call(method, path, { ...options, headers, token: await token(who) });
  };
  const metadata = async (id: string): Promise<Shown> => {
    const reply = await as('owner', 'GET', `/api/v2/keys/${id}/metadata`);
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    return reply.body.resources[0];
  };
  const policy = async (body: object): Promise<string> => {
    const reply = await as('owner', 'POST', '/v1/policies', { body });
    assert.equal(reply.status, 201, JSON.stringify(reply.body));
    return reply.body.id;
  };
  const grant: KeysPlane['grant'] = async (who, role, target = {}) => {
    const { iam_id: iamId } = JSON.parse(Buffer.from((await token(who)).split('.')[1]!, 'base64url').toString());
    return policy({
      type: 'access',
      subjects: [{ attributes: [{ name: 'iam_id', value: iamId }] }],
      roles: [{ role_id: role }],
      resources: [{ attributes: attributes({ accountId: A, serviceName: 'kms', ...target }) }],
    });
  };
  for (const [who, role] of Object.entries(ROLES)) await grant(who as CallerName, role);

  return {
    ...plane,
    instance,
    as,
    metadata,
    grant,
    advance: async (milliseconds) => {
      await plane.advance(milliseconds);
      // A token lives an hour by the plane's clock.
      tokens.clear();
    },
    client: async (who) =>
      new KeyProtectV2({
        authenticator: new BearerTokenAuthenticator({ bearerToken: await token(who) }),
        serviceUrl: plane.ibm,
      }),
    make: async (fields = {}, headers = {}) => {
      const body = collection(KEY, { type: KEY, name: 'a key', extractable: false, ...fields });
      const reply = await as('owner', 'POST', '/api/v2/keys', { body, headers });
      assert.equal(reply.status, 201, JSON.stringify(reply.body));
      return reply.body.resources[0];
    },
    lend: () =>
      policy({
        type: 'authorization',
        subjects: [{ attributes: attributes({ accountId: B, serviceName: 'server-protect' }) }],
        roles: [{ role_id: ROLES.reader }],
        resources: [{ attributes: attributes({ accountId: A, serviceName: 'kms' }) }],
      }),
    volume: async (keyCrn) => {
      const query = 'version=2026-03-24&generation=2';
      const body = {
        profile: { name: 'general-purpose' },
        zone: { name: 'us-south-1' },
        capacity: 10,
        encryption_key: { crn: keyCrn },
      };
      const reply = await plane.call('POST', `/v1/volumes?${query}`, { token: await token('foreigner'), body });
      assert.equal(reply.status, 201, JSON.stringify(reply.body));
      return eventually('the volume is available', async () => {
        const shown = await plane.call('GET', `/v1/volumes/${reply.body.id}?${query}`, {
          token: await token('foreigner'),
        });
        return shown.body.status === 'available' && shown.body;
      });
    },
  };
}

function attributes(of: Readonly<Record<string, string>>): object[] {
  return Object.entries(of).map(([name, value]) => ({ name, value, operator: 'stringEquals' }));
}
