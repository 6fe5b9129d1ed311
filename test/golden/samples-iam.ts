/** Sample requests of the IAM APIs. */
import {
  makeApiKey,
  makeGroup,
  makeMember,
  makePolicy,
  makeRole,
  makeServiceId,
  policyBody,
  policyBodyV2,
  roleFields,
} from './make.ts';
import type { Samples } from './samples.ts';
import { A } from './world.ts';

const inA = { account_id: A };

export const identitySamples: Samples = {
  'GET /v1/apikeys': async (world) => {
    const { id } = await makeApiKey(world);
    return {
      query: { ...inA, scope: 'account', type: 'serviceid', pagesize: '100', sort: 'created_at', order: 'desc' },
      shows: id,
    };
  },
  'POST /v1/apikeys': async (world) => {
    const { iamId } = await makeServiceId(world);
    return { body: { name: 'sample', iam_id: iamId, account_id: A } };
  },
  'GET /v1/apikeys/details': async (world) => ({ headers: { 'iam-apikey': (await makeApiKey(world)).secret } }),
  'GET /v1/apikeys/:id': async (world) => ({ params: { id: (await makeApiKey(world)).id } }),
  'PUT /v1/apikeys/:id': async (world) => {
    const { id, etag } = await makeApiKey(world);
    return { params: { id }, headers: { 'if-match': etag }, body: { description: 'changed' } };
  },
  'DELETE /v1/apikeys/:id': async (world) => ({ params: { id: (await makeApiKey(world)).id } }),
  'POST /v1/apikeys/:id/lock': async (world) => ({ params: { id: (await makeApiKey(world)).id } }),
  'DELETE /v1/apikeys/:id/lock': async (world) => {
    const { id } = await makeApiKey(world);
    await world.asOwner('POST', `/v1/apikeys/${id}/lock`);
    return { params: { id } };
  },
  'POST /v1/apikeys/:id/disable': async (world) => ({ params: { id: (await makeApiKey(world)).id } }),
  'DELETE /v1/apikeys/:id/disable': async (world) => {
    const { id } = await makeApiKey(world);
    await world.asOwner('POST', `/v1/apikeys/${id}/disable`);
    return { params: { id } };
  },
  'GET /v1/serviceids': async (world) => {
    const { id } = await makeServiceId(world);
    return { query: { ...inA, pagesize: '100', sort: 'created_at', order: 'desc' }, shows: id };
  },
  'POST /v1/serviceids': async (world) => ({ body: { account_id: A, name: `sample ${world.unique()}` } }),
  'GET /v1/serviceids/:id': async (world) => ({ params: { id: (await makeServiceId(world)).id } }),
  'PUT /v1/serviceids/:id': async (world) => {
    const { id, etag } = await makeServiceId(world);
    return { params: { id }, headers: { 'if-match': etag }, body: { description: 'changed' } };
  },
  'DELETE /v1/serviceids/:id': async (world) => ({ params: { id: (await makeServiceId(world)).id } }),
  'POST /v1/serviceids/:id/lock': async (world) => ({ params: { id: (await makeServiceId(world)).id } }),
  'DELETE /v1/serviceids/:id/lock': async (world) => {
    const { id } = await makeServiceId(world);
    await world.asOwner('POST', `/v1/serviceids/${id}/lock`);
    return { params: { id } };
  },
  'GET /v1/accounts/:account/settings/identity': async () => ({ params: { account: A } }),
  'PUT /v1/accounts/:account/settings/identity': async (world) => {
    const settings = await world.asOwner('GET', `/v1/accounts/${A}/settings/identity`);
    return {
      params: { account: A },
      headers: { 'if-match': settings.headers.get('etag')! },
      body: { system_access_token_expiration_in_seconds: '3600' },
    };
  },
};

export const groupSamples: Samples = {
  'POST /v2/groups': async (world) => ({ query: inA, body: { name: `sample ${world.unique()}` } }),
  'GET /v2/groups': async (world) => {
    const { id } = await makeGroup(world);
    return { query: { ...inA, search: `id:${id}` }, shows: `"${id}"` };
  },
  'GET /v2/groups/:id': async (world) => ({ params: { id: (await makeGroup(world)).id } }),
  'PATCH /v2/groups/:id': async (world) => {
    const { id, etag } = await makeGroup(world);
    return { params: { id }, headers: { 'if-match': etag }, body: { description: 'changed' } };
  },
  'DELETE /v2/groups/:id': async (world) => ({ params: { id: (await makeGroup(world)).id } }),
  'PUT /v2/groups/:id/members': async (world) => {
    const { id } = await makeGroup(world);
    const { iamId } = await makeServiceId(world);
    return { params: { id }, body: { members: [{ iam_id: iamId, type: 'service' }] } };
  },
  'GET /v2/groups/:id/members': async (world) => {
    const { group } = await makeMember(world);
    return { params: { id: group } };
  },
  'HEAD /v2/groups/:id/members/:iamId': async (world) => {
    const { group, iamId } = await makeMember(world);
    return { params: { id: group, iamId } };
  },
  'DELETE /v2/groups/:id/members/:iamId': async (world) => {
    const { group, iamId } = await makeMember(world);
    return { params: { id: group, iamId } };
  },
  'POST /v2/groups/:id/members/delete': async (world) => {
    const { group, iamId } = await makeMember(world);
    return { params: { id: group }, body: { members: [iamId] } };
  },
};

export const policySamples: Samples = {
  'GET /v1/policies': async (world) => ({ query: inA, shows: (await makePolicy(world)).id }),
  'GET /v2/policies': async (world) => ({ query: inA, shows: (await makePolicy(world)).id }),
  'POST /v1/policies': async (world) => ({ body: await policyBody(world) }),
  'POST /v2/policies': async (world) => ({ body: await policyBodyV2(world) }),
  'GET /v1/policies/:id': async (world) => ({ params: { id: (await makePolicy(world)).id } }),
  'GET /v2/policies/:id': async (world) => ({ params: { id: (await makePolicy(world)).id } }),
  'PUT /v1/policies/:id': async (world) => {
    const { id, etag, body } = await makePolicy(world);
    return { params: { id }, headers: { 'if-match': etag }, body: { ...body, description: 'changed' } };
  },
  'PUT /v2/policies/:id': async (world) => {
    const body = await policyBodyV2(world);
    const made = await world.asOwner('POST', '/v2/policies', body);
    return {
      params: { id: made.body.id },
      headers: { 'if-match': made.headers.get('etag')! },
      body: { ...body, description: 'changed' },
    };
  },
  'DELETE /v1/policies/:id': async (world) => ({ params: { id: (await makePolicy(world)).id } }),
  'DELETE /v2/policies/:id': async (world) => ({ params: { id: (await makePolicy(world)).id } }),
  'PATCH /v1/policies/:id': async (world) => {
    const { id } = await makePolicy(world);
    await world.asOwner('DELETE', `/v1/policies/${id}`);
    const deleted = await world.asOwner('GET', `/v1/policies/${id}`);
    return { params: { id }, headers: { 'if-match': deleted.headers.get('etag')! }, body: { state: 'active' } };
  },
  'GET /v2/roles': async (world) => {
    const { id } = await makeRole(world);
    return { query: { ...inA, service_name: 'kms' }, shows: id };
  },
  'POST /v2/roles': async (world) => {
    const name = `Sample${world.unique()}`;
    return { body: { ...roleFields(world), name, account_id: A, service_name: 'kms' } };
  },
  'GET /v2/roles/:id': async (world) => ({ params: { id: (await makeRole(world)).id } }),
  'PUT /v2/roles/:id': async (world) => {
    const { id, etag } = await makeRole(world);
    return { params: { id }, headers: { 'if-match': etag }, body: roleFields(world) };
  },
  'DELETE /v2/roles/:id': async (world) => ({ params: { id: (await makeRole(world)).id } }),
};
