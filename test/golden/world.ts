/** The plane that the golden files and the sweeps over all routes ask: its accounts, its callers, and what they may. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Reply, request, startPlane, type TestPlane } from '../plane.ts';
import { AWS_WORLD } from './aws/world.ts';
import type { GoldenRoute } from './routes.ts';

export const A = 'a'.repeat(32);
export const B = 'b'.repeat(32);
const TIERED_PRICING = 'eedd3585-90c6-4c8f-be3d-062069e99fc3';

const PLATFORM_ROLES = ['Administrator', 'Editor', 'Operator', 'Viewer'] as const;
const SERVICE_ROLES = ['Manager', 'Writer', 'Reader'] as const;

/**
 * The kinds of callers. Those that are named after a role are service IDs of account A which have this role on all
 * services, and platform roles on the account management services too; `no policy` is one that has none. `operator` is
 * who runs the plane, by his token.
 */
export const CALLERS = [
  'owner',
  ...PLATFORM_ROLES,
  ...SERVICE_ROLES,
  'no policy',
  'other owner',
  'no credential',
  'operator',
] as const;
export type Caller = (typeof CALLERS)[number];

const MEMBERS: readonly Caller[] = [...PLATFORM_ROLES, ...SERVICE_ROLES, 'no policy'];
export const apiKeyOf = (caller: Caller): string =>
  `${caller.replace(' ', '-').toLowerCase()}-api-key-${'0'.repeat(32)}`;

const WORLD = `
accounts:
  - id: ${A}
    name: a
    owner: { email: owner@a.example, apiKey: ${apiKeyOf('owner')} }
    serviceIds:
${MEMBERS.map((caller) => `      - { name: ${caller}, apiKey: ${apiKeyOf(caller)} }`).join('\n')}
  - id: ${B}
    name: b
    owner: { email: owner@b.example, apiKey: ${apiKeyOf('other owner')} }
${AWS_WORLD}`;

/** A request to a route, without what says who sends it. */
export interface Sample {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Text in the reply to who may see what the request is about: lists answer everybody. */
  readonly shows?: string;
}

/** What of a route it takes to call it. */
export type Target = Pick<GoldenRoute, 'method' | 'path' | 'listener'>;

export interface GoldenWorld {
  readonly plane: TestPlane;
  /** GUID of account A's Key Protect instance. */
  readonly instance: string;
  /** Not the same twice. */
  unique(): number;
  token(caller: Caller): Promise<string | undefined>;
  originOf(target: Pick<Target, 'listener'>): string;
  /** Sends a sample of a route. */
  send(route: Target, sample: Sample, caller: Caller): Promise<Reply>;
  /** A call of account A's owner that succeeds. */
  asOwner(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  advance(milliseconds: number): Promise<void>;
}

export async function startGoldenWorld(): Promise<GoldenWorld> {
  const plane = await startPlane({ world: WORLD });
  const operatorToken = (await readFile(join(plane.home, 'operator-token'), 'utf8')).trim();
  const tokens = new Map<Caller, Promise<string>>();
  const token = async (caller: Caller): Promise<string | undefined> => {
    if (caller === 'no credential') return undefined;
    if (caller === 'operator') return operatorToken;
    if (!tokens.has(caller)) tokens.set(caller, plane.token(apiKeyOf(caller)));
    return tokens.get(caller)!;
  };
  let instance = '';
  const asOwner: GoldenWorld['asOwner'] = async (method, path, body, headers = {}) => {
    const reply = await plane.call(method, path, {
      token: (await token('owner'))!,
      headers: { 'bluemix-instance': instance, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply;
  };
  instance = await makeInstance(asOwner, 'kp');
  await grantRoles(asOwner, token);
  let count = 0;
  return {
    plane,
    instance,
    unique: () => {
      count += 1;
      return count;
    },
    token,
    originOf: ({ listener }) => (listener === 'ibm' ? plane.ibm : plane.console),
    asOwner,
    send: async (route, sample, caller) => sendSample(plane, route, sample, await token(caller)),
    advance: async (milliseconds) => {
      await plane.advance(milliseconds);
      // A token lives an hour by the plane's clock.
      tokens.clear();
    },
  };
}

/** One request to a route; `token` undefined: without a credential. */
export function sendSample(
  plane: Pick<TestPlane, 'ibm' | 'console'>,
  { method, path, listener }: Target,
  sample: Sample,
  token: string | undefined,
): Promise<Reply> {
  return request(listener === 'ibm' ? plane.ibm : plane.console, method, urlOf(path, sample), {
    ...(token === undefined ? {} : { token }),
    headers: sample.headers ?? {},
    ...(sample.body === undefined ? {} : { body: sample.body }),
  });
}

/** Path and query of a sample; parameters are encoded. */
export function urlOf(path: string, { params = {}, query = {} }: Sample): string {
  const filled = path.replaceAll(/:([A-Za-z]+)/g, (_all, name: string) => {
    const value = params[name];
    assert.ok(value !== undefined, `the sample of ${path} lacks \`${name}\``);
    return encodeURIComponent(value);
  });
  return Object.keys(query).length === 0 ? filled : `${filled}?${new URLSearchParams(query)}`;
}

export async function makeInstance(asOwner: GoldenWorld['asOwner'], name: string): Promise<string> {
  const groups = await asOwner('GET', '/v2/resource_groups?default=true');
  const made = await asOwner('POST', '/v2/resource_instances', {
    name,
    target: 'us-south',
    resource_group: groups.body.resources[0].id,
    resource_plan_id: TIERED_PRICING,
  });
  return made.body.guid;
}

async function grantRoles(asOwner: GoldenWorld['asOwner'], token: GoldenWorld['token']): Promise<void> {
  const grant = async (caller: Caller, kind: 'role' | 'serviceRole', serviceType: string): Promise<void> => {
    const { iam_id: iamId } = JSON.parse(Buffer.from((await token(caller))!.split('.')[1]!, 'base64url').toString());
    await asOwner('POST', '/v1/policies', {
      type: 'access',
      subjects: [{ attributes: [{ name: 'iam_id', value: iamId }] }],
      roles: [{ role_id: `crn:v1:bluemix:public:iam::::${kind}:${caller}` }],
      resources: [{ attributes: attributes({ accountId: A, serviceType }) }],
    });
  };
  for (const role of PLATFORM_ROLES) {
    await grant(role, 'role', 'service');
    await grant(role, 'role', 'platform_service');
  }
  for (const role of SERVICE_ROLES) await grant(role, 'serviceRole', 'service');
  // Block storage of the account may use the account's own keys.
  await asOwner('POST', '/v1/policies', {
    type: 'authorization',
    subjects: [{ attributes: attributes({ accountId: A, serviceName: 'server-protect' }) }],
    roles: [{ role_id: 'crn:v1:bluemix:public:iam::::serviceRole:Reader' }],
    resources: [{ attributes: attributes({ accountId: A, serviceName: 'kms' }) }],
  });
}

export function attributes(of: Readonly<Record<string, string>>): object[] {
  return Object.entries(of).map(([name, value]) => ({ name, value, operator: 'stringEquals' }));
}
