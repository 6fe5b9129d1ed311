/** Things to ask about: each made by account A's owner, new each time. */
import { eventually } from '../plane.ts';
import { A, attributes, type GoldenWorld } from './world.ts';

export const READER = 'crn:v1:bluemix:public:iam::::serviceRole:Reader';
export const VPC_QUERY = { version: '2026-03-24', generation: '2' };
const KEY_TYPE = 'application/vnd.ibm.kms.key+json';

export interface Made {
  readonly id: string;
  readonly etag: string;
}

async function made(world: GoldenWorld, path: string, body: unknown): Promise<Made & { body: Record<string, string> }> {
  const reply = await world.asOwner('POST', path, body);
  return { id: reply.body.id, etag: reply.headers.get('etag') ?? '', body: reply.body };
}

export async function makeServiceId(world: GoldenWorld): Promise<Made & { iamId: string }> {
  const { id, etag, body } = await made(world, '/v1/serviceids', { account_id: A, name: `made ${world.unique()}` });
  return { id, etag, iamId: body['iam_id']! };
}

export async function makeApiKey(world: GoldenWorld): Promise<Made & { secret: string; iamId: string }> {
  const { iamId } = await makeServiceId(world);
  const { id, etag, body } = await made(world, '/v1/apikeys', { name: 'made', iam_id: iamId, account_id: A });
  return { id, etag, secret: body['apikey']!, iamId };
}

export function makeGroup(world: GoldenWorld): Promise<Made> {
  return made(world, `/v2/groups?account_id=${A}`, { name: `made ${world.unique()}` });
}

/** An access group with one member. */
export async function makeMember(world: GoldenWorld): Promise<{ group: string; iamId: string }> {
  const { id } = await makeGroup(world);
  const { iamId } = await makeServiceId(world);
  await world.asOwner('PUT', `/v2/groups/${id}/members`, { members: [{ iam_id: iamId, type: 'service' }] });
  return { group: id, iamId };
}

/** An access policy of a new service ID, as version 1 takes it. */
export async function policyBody(world: GoldenWorld): Promise<object> {
  const { iamId } = await makeServiceId(world);
  return {
    type: 'access',
    subjects: [{ attributes: [{ name: 'iam_id', value: iamId }] }],
    roles: [{ role_id: READER }],
    resources: [{ attributes: attributes({ accountId: A, serviceName: 'kms' }) }],
  };
}

/** The same as version 2 takes it. */
export async function policyBodyV2(world: GoldenWorld): Promise<object> {
  const { iamId } = await makeServiceId(world);
  const is = (key: string, value: string) => ({ key, operator: 'stringEquals', value });
  return {
    type: 'access',
    subject: { attributes: [is('iam_id', iamId)] },
    resource: { attributes: [is('accountId', A), is('serviceName', 'kms')] },
    control: { grant: { roles: [{ role_id: READER }] } },
  };
}

export async function makePolicy(world: GoldenWorld): Promise<Made & { body: object }> {
  const body = await policyBody(world);
  const { id, etag } = await made(world, '/v1/policies', body);
  return { id, etag, body };
}

const ROLE_ACTIONS = ['list', 'wrap', 'unwrap', 'rewrap', 'readmetadata', 'create', 'rotate', 'delete', 'restore'];

/** Fields of a custom role; no two roles of an account may hold the same actions. */
export function roleFields(world: GoldenWorld): { display_name: string; actions: string[] } {
  const number = world.unique();
  const actions = ROLE_ACTIONS.filter((_action, bit) => ((number % 511) + 1) & (1 << bit));
  return { display_name: `Made ${number}`, actions: actions.map((action) => `kms.secrets.${action}`) };
}

export function makeRole(world: GoldenWorld): Promise<Made> {
  const name = `Made${world.unique()}`;
  return made(world, '/v2/roles', { ...roleFields(world), name, account_id: A, service_name: 'kms' });
}

export function makeResourceGroup(world: GoldenWorld): Promise<Made> {
  return made(world, '/v2/resource_groups', { name: `made ${world.unique()}`, account_id: A });
}

/** Resources in the envelope of the Key Protect API. */
export function envelope(type: string, ...resources: readonly object[]): object {
  const collectionType = `application/vnd.ibm.kms.${type}+json`;
  return { metadata: { collectionType, collectionTotal: resources.length }, resources };
}

export const keyFields = { type: KEY_TYPE, name: 'made', extractable: false };

export async function makeKey(world: GoldenWorld, fields: object = {}): Promise<{ id: string; crn: string }> {
  const reply = await world.asOwner('POST', '/api/v2/keys', envelope('key', { ...keyFields, ...fields }));
  return reply.body.resources[0];
}

/** A volume, when it is available. */
export async function makeVolume(world: GoldenWorld, more: object = {}): Promise<Made> {
  const query = new URLSearchParams(VPC_QUERY);
  const body = { profile: { name: 'general-purpose' }, zone: { name: 'us-south-1' }, capacity: 10, ...more };
  const { id } = await made(world, `/v1/volumes?${query}`, body);
  return eventually('the volume is available', async () => {
    const { body: shown, headers } = await world.asOwner('GET', `/v1/volumes/${id}?${query}`);
    return shown.status === 'available' && { id, etag: headers.get('etag') ?? '' };
  });
}

/** A key under which there is a volume. */
export async function makeUsedKey(world: GoldenWorld): Promise<{ id: string; crn: string; volume: string }> {
  const key = await makeKey(world);
  const { id } = await makeVolume(world, { encryption_key: { crn: key.crn } });
  return { ...key, volume: id };
}
