/** For each route a request that succeeds when its caller may make it: what the golden files and the sweeps send. */
import { makeKey, makePolicy, makeResourceGroup, makeServiceId, makeVolume, VPC_QUERY } from './make.ts';
import type { GoldenRoute } from './routes.ts';
import { groupSamples, identitySamples, policySamples } from './samples-iam.ts';
import { kmsSamples } from './samples-keys.ts';
import { A, apiKeyOf, type GoldenWorld, makeInstance, type Sample } from './world.ts';

/** By the route's key. Each call makes what the request is about. */
export type Samples = Readonly<Record<string, (world: GoldenWorld) => Promise<Sample>>>;

const newInstance = async (world: GoldenWorld): Promise<string> =>
  makeInstance(world.asOwner, `made ${world.unique()}`);

const defaultGroup = async (world: GoldenWorld): Promise<string> =>
  (await world.asOwner('GET', '/v2/resource_groups?default=true')).body.resources[0].id;

const resourceSamples: Samples = {
  'POST /v2/resource_instances': async (world) => ({
    body: {
      name: `sample ${world.unique()}`,
      target: 'us-south',
      resource_group: await defaultGroup(world),
      resource_plan_id: 'tiered-pricing',
    },
  }),
  'GET /v2/resource_instances': async (world) => ({ query: { guid: world.instance }, shows: world.instance }),
  'GET /v2/resource_instances/:id': async (world) => ({ params: { id: world.instance } }),
  'PATCH /v2/resource_instances/:id': async (world) => ({
    params: { id: await newInstance(world) },
    body: { name: `changed ${world.unique()}` },
  }),
  'DELETE /v2/resource_instances/:id': async (world) => ({ params: { id: await newInstance(world) } }),
  'POST /v2/resource_instances/:id/lock': async (world) => ({ params: { id: await newInstance(world) } }),
  'DELETE /v2/resource_instances/:id/lock': async (world) => {
    const id = await newInstance(world);
    await world.asOwner('POST', `/v2/resource_instances/${id}/lock`);
    return { params: { id } };
  },
  'GET /v2/resource_groups': async (world) => {
    const { id } = await makeResourceGroup(world);
    return { query: { account_id: A }, shows: id };
  },
  'POST /v2/resource_groups': async (world) => ({ body: { name: `sample ${world.unique()}`, account_id: A } }),
  'GET /v2/resource_groups/:id': async (world) => ({ params: { id: (await makeResourceGroup(world)).id } }),
  'PATCH /v2/resource_groups/:id': async (world) => ({
    params: { id: (await makeResourceGroup(world)).id },
    body: { name: `changed ${world.unique()}` },
  }),
  'DELETE /v2/resource_groups/:id': async (world) => ({ params: { id: (await makeResourceGroup(world)).id } }),
  'GET /api/v1': async () => ({ query: { q: 'kms' } }),
  'GET /api/v1/:id': async () => ({ params: { id: 'ee41347f-b18e-4ca6-bf80-b5467c63f9a6' } }),
  'GET /api/v1/:id/:kind': async () => ({
    params: { id: 'eedd3585-90c6-4c8f-be3d-062069e99fc3', kind: 'deployment' },
  }),
};

const volume = { profile: { name: 'general-purpose' }, zone: { name: 'us-south-1' }, capacity: 10 };

const vpcSamples: Samples = {
  'POST /v1/volumes': async () => ({ query: VPC_QUERY, body: volume }),
  'GET /v1/volumes': async (world) => {
    const name = `made-${world.unique()}`;
    const { id } = await makeVolume(world, { name });
    return { query: { ...VPC_QUERY, name }, shows: id };
  },
  'GET /v1/volumes/:id': async (world) => ({ params: { id: (await makeVolume(world)).id }, query: VPC_QUERY }),
  'PATCH /v1/volumes/:id': async (world) => {
    const { id, etag } = await makeVolume(world);
    const body = { name: `changed-${world.unique()}` };
    return { params: { id }, query: VPC_QUERY, headers: { 'if-match': etag }, body };
  },
  'DELETE /v1/volumes/:id': async (world) => ({ params: { id: (await makeVolume(world)).id }, query: VPC_QUERY }),
  'GET /v1/volume/profiles': async () => ({ query: VPC_QUERY }),
  'GET /v1/volume/profiles/:name': async () => ({ params: { name: 'sdp' }, query: VPC_QUERY }),
  'GET /v1/regions': async () => ({ query: VPC_QUERY }),
  'GET /v1/regions/:region': async () => ({ params: { region: 'us-south' }, query: VPC_QUERY }),
  'GET /v1/regions/:region/zones': async () => ({ params: { region: 'us-south' }, query: VPC_QUERY }),
  'GET /v1/regions/:region/zones/:zone': async () => ({
    params: { region: 'us-south', zone: 'us-south-1' },
    query: VPC_QUERY,
  }),
};

const tokenRequest = async (): Promise<Sample> => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({
    grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
    apikey: apiKeyOf('owner'),
  }).toString(),
});

const publicSamples: Samples = {
  'POST /identity/token': tokenRequest,
  'POST /oidc/token': tokenRequest,
  'GET /identity/keys': async () => ({}),
  'GET /oidc/keys': async () => ({}),
  'GET /identity/.well-known/openid-configuration': async () => ({}),
};

/** Of a call that account A's administrators may read the reasons of. */
async function explained(world: GoldenWorld): Promise<Sample> {
  const denied = await world.send(
    { method: 'GET', path: '/v1/policies/:id', listener: 'ibm' },
    { params: { id: 'no-such-policy' } },
    'no policy',
  );
  return { params: { id: denied.headers.get('easement-request-id')! } };
}

const easementSamples: Samples = {
  'POST /api/decide': async (world) => {
    const { crn } = await makeKey(world);
    const caller = { service: 'server-protect', account: A, resourceType: 'volume' };
    return { body: { caller, action: 'kms.secrets.wrap', resource: crn } };
  },
  'GET /api/who-can': async (world) => ({
    query: { action: 'kms.secrets.wrap', resource: (await makeKey(world)).crn },
  }),
  'GET /api/what-can': async (world) => ({ query: { principal: (await makeServiceId(world)).iamId } }),
  'POST /api/what-if': async (world) => ({ body: { changes: [{ remove: (await makePolicy(world)).id }], last: 10 } }),
  'GET /api/decisions/:id': explained,
  'GET /api/records': async () => ({ query: { limit: '1' } }),
  'POST /api/records/verify': async () => ({}),
  'GET /api/clock': async () => ({}),
  'POST /api/clock': async () => ({ body: { advance: '1ms' } }),
  'POST /api/links': async () => ({}),
  'GET /api/accounts': async () => ({}),
  'GET /api/worlds': async () => ({}),
  'GET /api/worlds/export': async () => ({}),
  'POST /api/worlds': async () => ({ body: 'accounts: []', headers: { 'content-type': 'application/yaml' } }),
  'POST /api/worlds/reset': async () => ({}),
};

export const samples: Samples = {
  ...publicSamples,
  ...identitySamples,
  ...groupSamples,
  ...policySamples,
  ...resourceSamples,
  ...kmsSamples,
  ...vpcSamples,
  ...easementSamples,
};

/** A request to a route, about something made for it. */
export async function sampleOf(world: GoldenWorld, { key }: Pick<GoldenRoute, 'key'>): Promise<Sample> {
  const make = samples[key];
  if (!make) throw new Error(`\`${key}\` has no sample request: add one to test/golden/samples*.ts`);
  return make(world);
}
