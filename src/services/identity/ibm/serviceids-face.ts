/** `/v1/serviceids/`. https://cloud.ibm.com/apidocs/iam-identity-token-api#list-service-ids */
import { z } from 'zod';
import { formatCrn, parseCrn } from '../../../policy/names.ts';
import { readJson } from '../../../wire/ibm/body.ts';
import { type Route, route, type WireReply, type WireRequest } from '../../../wire/ibm/route.ts';
import { iamIdOf, serviceIdRef } from './access.ts';
import { apiKeyView, isSet, newApiKeyOf, newApiKeySchema } from './apikeys-face.ts';
import { entityTag, ifMatch, pageQuery, pageReply, shownDate } from './entity.ts';
import {
  createServiceId,
  deleteServiceId,
  getServiceId,
  listServiceIds,
  lockServiceId,
  type ShownServiceId,
  updateServiceId,
} from './serviceids.ts';

const SORTABLE = ['name', 'description', 'created_at', 'modified_at'];

const crn = z.string().refine((text) => parseCrn(text) !== undefined, { error: 'must be a CRN' });
const changeable = {
  description: z.string().max(1000).optional(),
  unique_instance_crns: z.array(crn).max(100).optional(),
};
const name = z.string().min(1).max(100);
const createSchema = z.strictObject({
  ...changeable,
  account_id: z.string(),
  name,
  apikey: newApiKeySchema.optional(),
});
const updateSchema = z.strictObject({ ...changeable, name: name.optional() });

function serviceIdView({ account, id, revision, value, apiKey }: ShownServiceId): object {
  return {
    id,
    iam_id: iamIdOf(id),
    entity_tag: entityTag(id, revision),
    crn: formatCrn(serviceIdRef(account, id)),
    locked: value.locked,
    created_at: shownDate(value.createdAt),
    modified_at: shownDate(value.modifiedAt),
    account_id: account,
    name: value.name,
    ...(value.description ? { description: value.description } : {}),
    unique_instance_crns: value.uniqueInstanceCrns,
    ...(apiKey ? { apikey: apiKeyView(apiKey) } : {}),
  };
}

function serviceIdReply(status: number, serviceId: ShownServiceId): WireReply {
  const etag = entityTag(serviceId.id, serviceId.revision);
  return { status, headers: { etag }, body: serviceIdView(serviceId) };
}

const idOf = (request: WireRequest): string => request.params['id']!;

const locking = (method: 'POST' | 'DELETE', locked: boolean): Route<never, never> =>
  route({
    method,
    path: '/v1/serviceids/:id/lock',
    operation: lockServiceId,
    input: (request) => ({ id: idOf(request), locked }),
    output: () => ({ status: 204 }),
  });

/** The documents write these paths with and without a slash at the end; the listener does not mind. */
export const serviceIdRoutes: readonly Route<never, never>[] = [
  route({
    method: 'GET',
    path: '/v1/serviceids',
    operation: listServiceIds,
    input: (request) => {
      const { parameters } = pageQuery(request, SORTABLE);
      return { account: parameters['account_id'], name: parameters['name'] };
    },
    output: (found, request) => ({
      status: 200,
      body: pageReply('serviceids', found.map(serviceIdView), pageQuery(request, SORTABLE), request),
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/serviceids',
    operation: createServiceId,
    input: (request) => {
      const body = readJson(request, createSchema);
      return {
        account: body.account_id,
        name: body.name,
        description: body.description,
        uniqueInstanceCrns: body.unique_instance_crns,
        locked: isSet(request, 'entity-lock'),
        apiKey: body.apikey && newApiKeyOf(body.apikey),
      };
    },
    output: (serviceId) => serviceIdReply(201, serviceId),
  }),
  route({
    method: 'GET',
    path: '/v1/serviceids/:id',
    operation: getServiceId,
    input: idOf,
    output: (serviceId) => serviceIdReply(200, serviceId),
  }),
  route({
    method: 'PUT',
    path: '/v1/serviceids/:id',
    operation: updateServiceId,
    input: (request) => {
      const { name, description, unique_instance_crns: uniqueInstanceCrns } = readJson(request, updateSchema);
      return { id: idOf(request), tag: ifMatch(request), name, description, uniqueInstanceCrns };
    },
    output: (serviceId) => serviceIdReply(200, serviceId),
  }),
  route({
    method: 'DELETE',
    path: '/v1/serviceids/:id',
    operation: deleteServiceId,
    input: idOf,
    output: () => ({ status: 204 }),
  }),
  locking('POST', true),
  locking('DELETE', false),
];
