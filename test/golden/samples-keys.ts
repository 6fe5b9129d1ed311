/** Sample requests of the Key Protect API. */
import { envelope, keyFields, makeKey, makeUsedKey, makeVolume } from './make.ts';
import type { Samples } from './samples.ts';
import type { GoldenWorld, Sample } from './world.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const POLICY = 'application/vnd.ibm.kms.policy+json';

const inInstance = ({ instance }: GoldenWorld) => ({ 'bluemix-instance': instance });

/** On a new key, which `prepare` brings into the state that the request wants. */
function onKey(
  rest: Omit<Sample, 'params' | 'headers'> = {},
  prepare: (world: GoldenWorld, id: string) => Promise<unknown> = async () => undefined,
) {
  return async (world: GoldenWorld): Promise<Sample> => {
    const { id } = await makeKey(world);
    await prepare(world, id);
    return { params: { id }, headers: inInstance(world), ...rest };
  };
}

const act = (world: GoldenWorld, id: string, action: string, body?: unknown) =>
  world.asOwner('POST', `/api/v2/keys/${id}/actions/${action}`, body);

/** With something that the key has wrapped. */
async function withCiphertext(world: GoldenWorld): Promise<Sample> {
  const { id } = await makeKey(world);
  const { body } = await act(world, id, 'wrap', { plaintext: Buffer.alloc(32).toString('base64') });
  return { params: { id }, headers: inInstance(world), body: { ciphertext: body.ciphertext } };
}

async function withDualAuthorization(world: GoldenWorld, id: string): Promise<void> {
  const body = envelope('policy', { type: POLICY, dualAuthDelete: { enabled: true } });
  await world.asOwner('PUT', `/api/v2/keys/${id}/policies`, body);
}

async function registration(world: GoldenWorld): Promise<Sample> {
  const { id } = await makeKey(world);
  const volume = await makeVolume(world);
  const shown = await world.asOwner('GET', `/v1/volumes/${volume.id}?version=2026-03-24&generation=2`);
  return {
    params: { id, crn: shown.body.crn },
    headers: inInstance(world),
    body: envelope('registration', { description: 'sample' }),
  };
}

const ring = (world: GoldenWorld): string => `ring-${world.unique()}`;

const madeRing = async (world: GoldenWorld): Promise<string> => {
  const name = ring(world);
  await world.asOwner('POST', `/api/v2/key_rings/${name}`);
  return name;
};

const keySamples: Samples = {
  'POST /api/v2/keys': async (world) => ({ headers: inInstance(world), body: envelope('key', keyFields) }),
  'POST /api/v2/keys_with_policy_overrides': async (world) => ({
    headers: inInstance(world),
    body: envelope('key', { ...keyFields, dualAuthDelete: { enabled: false } }),
  }),
  'HEAD /api/v2/keys': async (world) => {
    await makeKey(world);
    return { headers: inInstance(world) };
  },
  'GET /api/v2/keys': async (world) => {
    const { id } = await makeKey(world);
    return { headers: inInstance(world), query: { sort: '-creationDate' }, shows: id };
  },
  'GET /api/v2/keys/:id': async (world) => ({
    params: { id: (await makeKey(world, { extractable: true })).id },
    headers: inInstance(world),
  }),
  'GET /api/v2/keys/:id/metadata': onKey(),
  'PATCH /api/v2/keys/:id': async (world) => {
    const { id } = await makeKey(world);
    return { params: { id }, headers: inInstance(world), body: { keyRingID: await madeRing(world) } };
  },
  'DELETE /api/v2/keys/:id': onKey(),
  'DELETE /api/v2/keys/:id/purge': onKey({}, async (world, id) => {
    await world.asOwner('DELETE', `/api/v2/keys/${id}`);
    await world.advance(4 * HOUR + SECOND);
  }),
  'GET /api/v2/keys/:id/versions': onKey(),
};

const actionSamples: Samples = {
  'POST /api/v2/keys/:id/actions/wrap': onKey({ body: { plaintext: 'AAAA' } }),
  'POST /api/v2/keys/:id/actions/unwrap': withCiphertext,
  'POST /api/v2/keys/:id/actions/rewrap': withCiphertext,
  'POST /api/v2/keys/:id/actions/rotate': onKey(),
  'POST /api/v2/keys/:id/actions/enable': onKey({}, async (world, id) => {
    await act(world, id, 'disable');
    await world.advance(31 * SECOND);
  }),
  'POST /api/v2/keys/:id/actions/disable': onKey(),
  'POST /api/v2/keys/:id/actions/setKeyForDeletion': onKey({}, withDualAuthorization),
  'POST /api/v2/keys/:id/actions/unsetKeyForDeletion': onKey({}, async (world, id) => {
    await withDualAuthorization(world, id);
    await act(world, id, 'setKeyForDeletion');
  }),
  'POST /api/v2/keys/:id/actions/sync': onKey({}, (world) => world.advance(HOUR + SECOND)),
  'POST /api/v2/keys/:id/restore': onKey({}, async (world, id) => {
    await world.asOwner('DELETE', `/api/v2/keys/${id}`);
    await world.advance(31 * SECOND);
  }),
  'POST /api/v2/keys/:id': onKey({ query: { action: 'wrap' }, body: { plaintext: 'AAAA' } }),
};

const aroundSamples: Samples = {
  'GET /api/v2/keys/:id/registrations': async (world) => {
    const { id, volume } = await makeUsedKey(world);
    return { params: { id }, headers: inInstance(world), shows: volume };
  },
  'GET /api/v2/keys/registrations': async (world) => {
    const { volume } = await makeUsedKey(world);
    return { headers: inInstance(world), query: { limit: '5000' }, shows: volume };
  },
  'POST /api/v2/keys/:id/registrations/:crn': registration,
  'PUT /api/v2/keys/:id/registrations/:crn': registration,
  'DELETE /api/v2/keys/:id/registrations/:crn': registration,
  'GET /api/v2/key_rings': async (world) => ({ headers: inInstance(world), shows: 'default' }),
  'POST /api/v2/key_rings/:ring': async (world) => ({ params: { ring: ring(world) }, headers: inInstance(world) }),
  'DELETE /api/v2/key_rings/:ring': async (world) => ({
    params: { ring: await madeRing(world) },
    headers: inInstance(world),
  }),
  'POST /api/v2/keys/:id/aliases/:alias': async (world) => ({
    params: { id: (await makeKey(world)).id, alias: `alias-${world.unique()}` },
    headers: inInstance(world),
  }),
  'DELETE /api/v2/keys/:id/aliases/:alias': async (world) => {
    const alias = `alias-${world.unique()}`;
    const { id } = await makeKey(world, { aliases: [alias] });
    return { params: { id, alias }, headers: inInstance(world) };
  },
  'GET /api/v2/keys/:id/policies': onKey(),
  'PUT /api/v2/keys/:id/policies': onKey({
    body: envelope('policy', { type: POLICY, rotation: { interval_month: 3 } }),
  }),
  'GET /api/v2/instance/policies': async (world) => ({ headers: inInstance(world) }),
  'PUT /api/v2/instance/policies': async (world) => ({
    headers: inInstance(world),
    body: envelope('policy', { policy_type: 'metrics', policy_data: { enabled: true } }),
  }),
};

export const kmsSamples: Samples = { ...keySamples, ...actionSamples, ...aroundSamples };
