/** What a plane holds, as its lists tell its owner and its operator: to see that nothing has changed. */
import { VPC_QUERY } from './make.ts';
import { routes } from './routes.ts';
import { A, type Caller, type GoldenWorld, type Sample } from './world.ts';

const inA = { account_id: A };

/** The lists of an account; those that make pages are read whole. */
const LISTS: readonly (readonly [key: string, caller: Caller, sample: Sample])[] = [
  ['GET /v1/apikeys', 'owner', { query: { ...inA, scope: 'account', pagesize: '100' } }],
  ['GET /v1/serviceids', 'owner', { query: { ...inA, pagesize: '100' } }],
  ['GET /v1/accounts/:account/settings/identity', 'owner', { params: { account: A } }],
  ['GET /v2/groups', 'owner', { query: { ...inA, limit: '100' } }],
  ['GET /v1/policies', 'owner', { query: inA }],
  ['GET /v1/policies', 'owner', { query: { ...inA, state: 'deleted' } }],
  ['GET /v2/roles', 'owner', { query: inA }],
  ['GET /v2/resource_instances', 'owner', { query: { limit: '100' } }],
  ['GET /v2/resource_groups', 'owner', { query: inA }],
  ['GET /api/v2/keys', 'owner', { query: { state: '0,1,2,3,5', limit: '5000' } }],
  ['GET /api/v2/keys/registrations', 'owner', { query: { limit: '5000' } }],
  ['GET /api/v2/key_rings', 'owner', {}],
  ['GET /api/v2/instance/policies', 'owner', {}],
  ['GET /v1/volumes', 'owner', { query: { ...VPC_QUERY, limit: '100' } }],
  ['GET /api/worlds', 'operator', {}],
];

/** List -> its items, whose order does not matter. Fails when a list cannot be read. */
export async function snapshot(world: GoldenWorld): Promise<Readonly<Record<string, unknown>>> {
  const found: Record<string, unknown> = {};
  for (const [key, caller, sample] of LISTS) {
    const route = routes.find((one) => one.key === key);
    if (!route) throw new Error(`test/golden/snapshot.ts reads \`${key}\`, which nothing answers`);
    const headers = { 'bluemix-instance': world.instance };
    const reply = await world.send(route, { headers, ...sample }, caller);
    if (reply.status !== 200) throw new Error(`${key}: ${reply.status} ${JSON.stringify(reply.body)}`);
    if (reply.body.next !== undefined || reply.body.next_url) throw new Error(`${key} has more than one page`);
    found[`${key} ${JSON.stringify(sample.query ?? {})}`] = reply.body;
  }
  return found;
}
