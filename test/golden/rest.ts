/** What no row of the matrix does: calls without a credential, and each kind of job of the plane, for something made here. */
import { eventually, type Reply } from '../plane.ts';
import { envelope, makeApiKey, makeKey, makeMember, makeUsedKey } from './make.ts';
import { A, apiKeyOf, attributes, type GoldenWorld } from './world.ts';

const DAY = 24 * 3600 * 1000;

export async function runTheRest(world: GoldenWorld): Promise<void> {
  await world.plane.call('GET', '/identity/keys');
  await useSession(world);
  await useIdentities(world);
  await applyWorldFile(world);
  await useKeys(world);
  // Sessions end, keys expire, are rotated and, once deleted, purged.
  await world.advance(100 * DAY);
}

const tokenRequest = (world: GoldenWorld, grant: Readonly<Record<string, string>>): Promise<Reply> =>
  world.plane.call('POST', '/identity/token', {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from('bx:bx').toString('base64')}`,
    },
    body: new URLSearchParams(grant).toString(),
  });

/** A client that says who it is gets a token that can be refreshed: a session, which ends by itself. */
async function useSession(world: GoldenWorld): Promise<void> {
  const grant = { grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: apiKeyOf('owner') };
  const { body } = await tokenRequest(world, grant);
  await tokenRequest(world, { grant_type: 'refresh_token', refresh_token: body.refresh_token });
}

/** Service IDs with API keys and in groups, and what becomes of these when they are deleted. */
async function useIdentities(world: GoldenWorld): Promise<void> {
  const { body: owner } = await world.asOwner('GET', '/v1/apikeys/details', undefined, {
    'iam-apikey': apiKeyOf('owner'),
  });
  const { group, iamId } = await makeMember(world);
  await world.asOwner('PUT', `/v2/groups/${group}/members`, { members: [{ iam_id: owner.iam_id, type: 'user' }] });
  await world.asOwner('GET', `/v2/groups/${group}/members?verbose=true`);
  await world.asOwner('DELETE', `/v1/serviceids/${iamId.replace('iam-', '')}`);

  await world.asOwner('POST', '/v1/apikeys', { name: 'own', iam_id: owner.iam_id, account_id: A });
  const { body: created } = await world.asOwner('POST', '/v1/serviceids', {
    account_id: A,
    name: `made ${world.unique()}`,
    apikey: { name: 'first', store_value: true },
  });
  // Whoever holds a key whose value is kept may read it.
  const token = await world.plane.token(created.apikey.apikey);
  await world.plane.call('GET', `/v1/apikeys/${created.apikey.id}`, { token });
  await world.asOwner('DELETE', `/v1/serviceids/${created.id}`);
  await makeAsCreator(world);
}

/** Whoever may only create service IDs administers the ones that he has made. */
async function makeAsCreator(world: GoldenWorld): Promise<void> {
  const { secret, iamId } = await makeApiKey(world);
  await world.asOwner('POST', '/v1/policies', {
    type: 'access',
    subjects: [{ attributes: [{ name: 'iam_id', value: iamId }] }],
    roles: [{ role_id: 'crn:v1:bluemix:public:iam-identity::::serviceRole:ServiceIdCreator' }],
    resources: [{ attributes: attributes({ accountId: A, serviceName: 'iam-identity' }) }],
  });
  const body = { account_id: A, name: `made ${world.unique()}` };
  const made = await world.plane.call('POST', '/v1/serviceids', { token: await world.plane.token(secret), body });
  if (made.status !== 201) throw new Error(`no service ID: ${JSON.stringify(made.body)}`);
}

const WORLD = `
accounts:
  - id: ${A}
    name: a
    owner: { email: owner@a.example }
  - id: '999900001111'
    name: aws
    owner: {}
enterprises: [{ name: acme, account: ${A} }]
`;

async function applyWorldFile(world: GoldenWorld): Promise<void> {
  const headers = { 'content-type': 'application/yaml' };
  // The second time, everything is there.
  for (let time = 1; time <= 2; time += 1) {
    const reply = await world.send(
      { method: 'POST', path: '/api/worlds', listener: 'console' },
      { body: WORLD, headers },
      'operator',
    );
    if (reply.status !== 200) throw new Error(`the world file is refused: ${JSON.stringify(reply.body)}`);
  }
  await world.send({ method: 'GET', path: '/api/worlds/export', listener: 'console' }, {}, 'operator');
}

async function useKeys(world: GoldenWorld): Promise<void> {
  const rotated = await makeKey(world);
  const rotation = { type: 'application/vnd.ibm.kms.policy+json', rotation: { interval_month: 1 } };
  await world.asOwner('PUT', `/api/v2/keys/${rotated.id}/policies`, envelope('policy', rotation));
  const deleted = await makeKey(world);
  await world.asOwner('DELETE', `/api/v2/keys/${deleted.id}`);
  const clock = await world.send({ method: 'GET', path: '/api/clock', listener: 'console' }, {}, 'operator');
  await makeKey(world, { expirationDate: new Date(Date.parse(clock.body.now) + DAY).toISOString() });

  // A ring that goes by force leaves what was destroyed to the default ring.
  const ring = `ring-${world.unique()}`;
  await world.asOwner('POST', `/api/v2/key_rings/${ring}`);
  await world.asOwner('PATCH', `/api/v2/keys/${(await makeKey(world)).id}`, { keyRingID: ring });
  const listed = await world.asOwner('GET', '/api/v2/keys', undefined, { 'x-kms-key-ring': ring });
  await world.asOwner('DELETE', `/api/v2/keys/${listed.body.resources[0].id}`);
  await world.asOwner('DELETE', `/api/v2/key_rings/${ring}?force=true`);

  // A volume follows the rotation of its key, and leaves it when it is deleted.
  const used = await makeUsedKey(world);
  await world.asOwner('POST', `/api/v2/keys/${used.id}/actions/rotate`);
  await versionOfRegistration(world, used.id);
  await world.asOwner('DELETE', `/v1/volumes/${used.volume}?version=2026-03-24&generation=2`);
}

/** Waits until the volume's registration names the newest version of the key. */
async function versionOfRegistration(world: GoldenWorld, id: string): Promise<void> {
  const key = await world.asOwner('GET', `/api/v2/keys/${id}/metadata`);
  await eventually('the volume has followed the rotation', async () => {
    const { body } = await world.asOwner('GET', `/api/v2/keys/${id}/registrations`);
    return body.resources[0].keyVersion.id === key.body.resources[0].keyVersion.id;
  });
}
