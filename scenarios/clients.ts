/** The official IBM Cloud clients where npm has them, pointed at a plane; plain HTTP for VPC, whose SDK it has not. */
import { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import KeyProtect from '@ibm-cloud/ibm-key-protect/ibm-key-protect-api/v2.js';
import IamIdentity from '@ibm-cloud/platform-services/iam-identity/v1.js';
import IamPolicyManagement from '@ibm-cloud/platform-services/iam-policy-management/v1.js';
import ResourceController from '@ibm-cloud/platform-services/resource-controller/v2.js';
import ResourceManager from '@ibm-cloud/platform-services/resource-manager/v2.js';
import { IamAuthenticator } from 'ibm-cloud-sdk-core';

/** The answer to one call, allowed or refused, whichever client made it. */
export interface Reply<T = unknown> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: T;
}

export type Clients = ReturnType<typeof clientsOf>;

/** Everything that one identity can call on the plane whose IBM Cloud listener is at `ibm`. */
export function clientsOf(ibm: string, apiKey: string) {
  const authenticator = new IamAuthenticator({ apikey: apiKey, url: ibm });
  const options = { authenticator, serviceUrl: ibm };
  return {
    apiKey,
    // This client brings a core of its own, with types of its own, that takes the same options.
    keys: new KeyProtect(options as unknown as ConstructorParameters<typeof KeyProtect>[0]),
    identity: new IamIdentity(options),
    policies: new IamPolicyManagement(options),
    instances: new ResourceController(options),
    groups: new ResourceManager(options),
    /** One VPC call, as the official SDK sends it. */
    vpc: async <T>(method: string, path: string, body?: unknown): Promise<Reply<T>> => {
      const authenticated = { headers: { 'content-type': 'application/json' } as Record<string, string> };
      await authenticator.authenticate(authenticated);
      const query = `${path.includes('?') ? '&' : '?'}version=2026-03-24&generation=2`;
      const response = await fetch(`${ibm}/v1${path}${query}`, {
        method,
        headers: authenticated.headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: (text === '' ? undefined : JSON.parse(text)) as T,
      };
    },
  };
}

/** A bearer token for an API key. */
export async function bearerFor(ibm: string, apiKey: string): Promise<string> {
  const reply = await fetch(`${ibm}/identity/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: apiKey }),
  });
  return ((await reply.json()) as { access_token: string }).access_token;
}

/** What the clients' promises resolve to, or what they throw, as a `Reply`. */
export async function sdk<T = unknown>(
  call: Promise<{ status: number; headers?: object; result?: unknown }>,
): Promise<Reply<T>> {
  try {
    const { status, headers, result } = await call;
    return { status, headers: flat(headers), body: (await parsed(result)) as T };
  } catch (error) {
    const { status, headers, body } = error as { status?: number; headers?: object; body?: unknown };
    if (status === undefined) throw error;
    return { status, headers: flat(headers), body: (await parsed(body)) as T };
  }
}

function flat(headers: object | undefined): Record<string, string> {
  const entries = headers instanceof Headers ? [...headers] : Object.entries({ ...headers });
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Some calls of the Key Protect client hand out the stream of the reply, and errors hold text. */
async function parsed(body: unknown): Promise<unknown> {
  const text = body instanceof Readable ? await readText(body) : body;
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
