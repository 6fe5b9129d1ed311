/**
 * The request path beside a bare `node:http` server: CPU of an authorized, recorded unwrap at 16 connections, commits per
 * fsync of key creation at 32, start-up time and memory. One run; results go to docs/performance.md.
 */
import { ACCOUNT_A, ACCOUNT_B } from '../src/services/worlds/demo-world.ts';
import { cpuPerRequest, residentMegabytes, type Shot, send, startProgram } from './process.ts';
import { measureStart } from './start.ts';

const UNWRAPS = 20_000;
/** Until what is hot has been compiled. */
const WARM = 20_000;
const CREATIONS = 2_000;
const KEY_TYPE = 'application/vnd.ibm.kms.key+json';
const KEY_PROTECT_TIERED = 'eedd3585-90c6-4c8f-be3d-062069e99fc3';

const cold = await measureStart();
const warm = await measureStart();
console.log(
  `ready                     ${Math.round(warm.milliseconds)} ms on an empty home (${Math.round(cold.milliseconds)} ms the time before)`,
);
console.log(`idle                      ${warm.megabytes} MB resident`);
const plane = await startProgram<{ origin: string }>('./plane-server.ts');
const bare = await startProgram<{ origin: string }>('./bare-server.ts');
const { origin } = plane.ready;

const owner = await tokenOf('account-a-owner-api-key-000000000000000001');
const instance = await makeInstance();
const caller = await makeCaller();
const key = await makeKey('bench');

const shots = await wrapMany(UNWRAPS + WARM);
const right = (status: number, body: string): boolean => status === 200 && body.includes('plaintext');
const server = { pid: plane.pid, origin };
const peer = { pid: bare.pid, origin: bare.ready.origin };
await cpuPerRequest(peer, shots.slice(0, WARM), 16, right);
await cpuPerRequest(server, shots.slice(0, WARM), 16, right);
const bareCpu = await cpuPerRequest(peer, shots.slice(WARM), 16, right);
const unwrapCpu = await cpuPerRequest(server, shots.slice(WARM), 16, right);
console.log(`bare node:http            ${bareCpu.toFixed(1)} µs of CPU a request, 16 connections`);
console.log(`unwrap                    ${unwrapCpu.toFixed(1)} µs of CPU a request, 16 connections`);
console.log(`ratio                     ${(unwrapCpu / bareCpu).toFixed(2)} (at most 3)`);

const before = await countersOf();
const creations = Array.from({ length: CREATIONS }, (_, i) => creation(`made-${i}`));
const creationCpu = await cpuPerRequest(server, creations, 32, (status) => status === 201);
const after = await countersOf();
const fsyncs = after['fsyncs']! - before['fsyncs']!;
console.log(`creating keys             ${creationCpu.toFixed(1)} µs of CPU a request, 32 connections`);
console.log(`creations per fsync       ${(CREATIONS / fsyncs).toFixed(1)} (at least 8)`);
console.log(`after all this            ${residentMegabytes(plane.pid)} MB resident`);
await plane.stop();
await bare.stop();

function headers(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'bluemix-instance': instance };
}

function countersOf(): Promise<Record<string, number>> {
  return plane.ask<Record<string, number>>('counters');
}

async function call<T>(shot: Shot): Promise<T> {
  const { status, body } = await send(origin, shot);
  if (status >= 400) throw new Error(`${shot.method} ${shot.path}: ${status} ${body}`);
  return JSON.parse(body) as T;
}

async function tokenOf(apiKey: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: apiKey }).toString();
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  return (await call<{ access_token: string }>({ method: 'POST', path: '/identity/token', headers: form, body }))
    .access_token;
}

function post<T>(path: string, body: object, token: string): Promise<T> {
  const sent = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return call<T>({ method: 'POST', path, headers: sent, body: JSON.stringify(body) });
}

async function makeInstance(): Promise<string> {
  const path = `/v2/resource_groups?account_id=${ACCOUNT_A}`;
  const groups = await call<{ resources: { id: string }[] }>({
    method: 'GET',
    path,
    headers: { authorization: `Bearer ${owner}` },
    body: '',
  });
  const made = await post<{ guid: string }>(
    '/v2/resource_instances',
    {
      name: 'bench',
      target: 'us-south',
      resource_group: groups.resources[0]!.id,
      resource_plan_id: KEY_PROTECT_TIERED,
    },
    owner,
  );
  return made.guid;
}

/** A service ID that may use keys, among a hundred policies that are none of its business. */
async function makeCaller(): Promise<string> {
  const made = await post<{ iam_id: string; apikey: { apikey: string } }>(
    '/v1/serviceids/',
    { account_id: ACCOUNT_A, name: 'bench', apikey: { name: 'bench' } },
    owner,
  );
  const role = (id: string) => [{ role_id: `crn:v1:bluemix:public:iam::::serviceRole:${id}` }];
  const target = (...more: { name: string; value: string }[]) => [
    { attributes: [{ name: 'accountId', value: ACCOUNT_A }, { name: 'serviceName', value: 'kms' }, ...more] },
  ];
  const subjects = [{ attributes: [{ name: 'iam_id', value: made.iam_id }] }];
  await post('/v1/policies', { type: 'access', subjects, roles: role('Manager'), resources: target() }, owner);
  for (let i = 0; i < 100; i += 1) {
    const source = [
      { name: 'serviceName', value: 'server-protect' },
      { name: 'accountId', value: ACCOUNT_B },
    ];
    const resources = target({ name: 'serviceInstance', value: crypto.randomUUID() });
    await post(
      '/v1/policies',
      { type: 'authorization', subjects: [{ attributes: source }], roles: role('Reader'), resources },
      owner,
    );
  }
  return tokenOf(made.apikey.apikey);
}

function creation(name: string): Shot {
  const body = {
    metadata: { collectionType: KEY_TYPE, collectionTotal: 1 },
    resources: [{ type: KEY_TYPE, name, extractable: false }],
  };
  return { method: 'POST', path: '/api/v2/keys', headers: headers(caller), body: JSON.stringify(body) };
}

async function makeKey(name: string): Promise<string> {
  return (await call<{ resources: { id: string }[] }>(creation(name))).resources[0]!.id;
}

/** Distinct unwraps: each of a ciphertext of its own. */
async function wrapMany(count: number): Promise<Shot[]> {
  const made: Shot[] = [];
  const worker = async (): Promise<void> => {
    while (made.length < count) {
      const aad = [crypto.randomUUID()];
      const wrapped = await call<{ ciphertext: string }>({
        method: 'POST',
        path: `/api/v2/keys/${key}/actions/wrap`,
        headers: headers(caller),
        body: JSON.stringify({ aad }),
      });
      const body = JSON.stringify({ ciphertext: wrapped.ciphertext, aad });
      made.push({ method: 'POST', path: `/api/v2/keys/${key}/actions/unwrap`, headers: headers(caller), body });
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  return made.slice(0, count);
}
