/** Three accounts that lend each other keys: making keys, authorizing, making volumes under them, looking at both. */
import assert from 'node:assert/strict';
import { eventually, type Reply, startPlane, type TestPlane } from './plane.ts';

export const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const C = 'c'.repeat(32);
const ACCOUNTS = { A, B, C };
export type Name = keyof typeof ACCOUNTS;

const apiKey = (name: Name): string => `${name.toLowerCase()}-owner-api-key-0000000000000000000001`;
const WORLD = `accounts:${(['A', 'B', 'C'] as const)
  .map(
    (name) => `
  - id: ${ACCOUNTS[name]}
    name: account ${name}
    owner: { email: owner@${name.toLowerCase()}.example, apiKey: ${apiKey(name)} }`,
  )
  .join('')}
`;

export const VERSION = 'version=2026-03-24&generation=2';
const KEY_TYPE = 'application/vnd.ibm.kms.key+json';
/** Longer than keys must wait between two changes of state. */
export const WAIT = 31_000;

/** A key, by whose it is and where. */
export interface KeyAt {
  readonly owner: Name;
  readonly instance: string;
  readonly id: string;
  readonly crn: string;
}

/** The plane of the story, and tokens of the accounts' owners. */
export interface Story {
  readonly plane: TestPlane;
  token(account: Name): Promise<string>;
}

export async function startStory(): Promise<Story> {
  const plane = await startPlane({ world: WORLD });
  return { plane, token: (account) => plane.token(apiKey(account)) };
}

export async function newInstance(story: Story, owner: Name, target = 'us-south'): Promise<string> {
  const token = await story.token(owner);
  const groups = await story.plane.call('GET', `/v2/resource_groups?account_id=${ACCOUNTS[owner]}`, { token });
  const made = await story.plane.call('POST', '/v2/resource_instances', {
    token,
    body: { name: 'kp', target, resource_group: groups.body.resources[0].id, resource_plan_id: 'tiered-pricing' },
  });
  assert.equal(made.status, 201);
  return made.body.guid;
}

export async function newKey(story: Story, owner: Name, instance: string, extractable = false): Promise<KeyAt> {
  const made = await story.plane.call('POST', '/api/v2/keys', {
    token: await story.token(owner),
    headers: { 'bluemix-instance': instance },
    body: {
      metadata: { collectionType: KEY_TYPE, collectionTotal: 1 },
      resources: [{ type: KEY_TYPE, name: 'key', extractable }],
    },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const [{ id, crn }] = made.body.resources;
  return { owner, instance, id, crn };
}

export async function onKey(story: Story, key: KeyAt, method: string, path = '', body?: unknown): Promise<Reply> {
  return story.plane.call(method, `/api/v2/keys/${key.id}${path}`, {
    token: await story.token(key.owner),
    headers: { 'bluemix-instance': key.instance },
    ...(body === undefined ? {} : { body }),
  });
}

export async function registrationsOf(
  story: Story,
  key: KeyAt,
): Promise<{ resourceCrn: string; keyVersion: { id: string } }[]> {
  return (await onKey(story, key, 'GET', '/registrations')).body.resources ?? [];
}

export const READER = 'crn:v1:bluemix:public:iam::::serviceRole:Reader';
export const DELEGATOR = 'crn:v1:bluemix:public:iam::::role:AuthorizationDelegator';

/** What differs from an authorization of an account's block storage for all keys of the instance. */
export interface Narrowing {
  readonly roles?: readonly string[];
  readonly source?: Readonly<Record<string, string>>;
  readonly target?: Readonly<Record<string, string>>;
}

/** Lets the block storage of an account use the keys of an instance; returns how to take it back. */
export async function authorize(
  story: Story,
  key: KeyAt,
  source: Name,
  narrowing: Narrowing = {},
): Promise<() => Promise<void>> {
  const token = await story.token(key.owner);
  const attributes = (values: Record<string, string>) => [
    { attributes: Object.entries(values).map(([name, value]) => ({ name, value })) },
  ];
  const created = await story.plane.call('POST', '/v1/policies', {
    token,
    body: {
      type: 'authorization',
      subjects: attributes({ accountId: ACCOUNTS[source], serviceName: 'server-protect', ...narrowing.source }),
      roles: (narrowing.roles ?? [READER, DELEGATOR]).map((role_id) => ({ role_id })),
      resources: attributes({
        accountId: ACCOUNTS[key.owner],
        serviceName: 'kms',
        serviceInstance: key.instance,
        ...narrowing.target,
      }),
    },
  });
  assert.equal(created.status, 201, JSON.stringify(created.body));
  return async () => {
    assert.equal((await story.plane.call('DELETE', `/v1/policies/${created.body.id}`, { token })).status, 204);
  };
}

export async function create(story: Story, owner: Name, crn: string, name?: string): Promise<Reply> {
  return story.plane.call('POST', `/v1/volumes?${VERSION}`, {
    token: await story.token(owner),
    body: {
      profile: { name: 'general-purpose' },
      zone: { name: 'us-south-1' },
      capacity: 10,
      encryption_key: { crn },
      ...(name === undefined ? {} : { name }),
    },
  });
}

export async function volume(story: Story, owner: Name, id: string, method = 'GET'): Promise<Reply> {
  return story.plane.call(method, `/v1/volumes/${id}?${VERSION}`, { token: await story.token(owner) });
}

/** Waits until a volume has a status, and returns it. */
export async function becomes(story: Story, owner: Name, id: string, status: string): Promise<Reply['body']> {
  return eventually(`the volume is ${status}`, async () => {
    const { body } = await volume(story, owner, id);
    return body.status === status && body;
  });
}

/** A volume of B under a key of A, with the authorization that it took. */
export async function sharedVolume(
  story: Story,
): Promise<{ key: KeyAt; id: string; crn: string; revoke: () => Promise<void> }> {
  const key = await newKey(story, 'A', await newInstance(story, 'A'));
  const revoke = await authorize(story, key, 'B');
  const made = await create(story, 'B', key.crn);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  await becomes(story, 'B', made.body.id, 'available');
  return { key, id: made.body.id, crn: made.body.crn, revoke };
}

export function codeOf({ status, body }: Reply): string {
  return `${status} ${body.errors?.[0]?.code ?? body.status}`;
}
