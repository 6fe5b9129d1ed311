/** `/v1/apikeys`. https://cloud.ibm.com/apidocs/iam-identity-token-api#list-api-keys */
import { z } from 'zod';
import { formatCrn } from '../../../policy/names.ts';
import { readJson } from '../../../wire/ibm/body.ts';
import { type Route, route, type WireReply, type WireRequest } from '../../../wire/ibm/route.ts';
import { apiKeyRef } from './access.ts';
import {
  createApiKey,
  deleteApiKey,
  getApiKey,
  getApiKeyDetails,
  listApiKeys,
  type NewApiKey,
  type ShownApiKey,
  type SwitchApiKey,
  switchApiKey,
  updateApiKey,
} from './apikeys.ts';
import { badParameter, entityTag, ifMatch, pageQuery, pageReply, shownDate } from './entity.ts';

const SORTABLE = ['name', 'description', 'created_at', 'created_by'];

/** The vendor writes offsets without a colon. */
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/, {
    error: 'must be a date such as 2027-01-31T08:00+0000',
  })
  .transform((text) => Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')));

const changeable = {
  description: z.string().max(1000).optional(),
  support_sessions: z.boolean().optional(),
  action_when_leaked: z.enum(['none', 'disable', 'delete']).optional(),
  expires_at: date.optional(),
};
const name = z.string().min(1).max(100);

export const newApiKeySchema = z.strictObject({
  ...changeable,
  name,
  apikey: z.string().min(32, { error: 'must have at least 32 characters' }).max(1000).optional(),
  store_value: z.boolean().optional(),
});
const createSchema = newApiKeySchema.extend({ iam_id: z.string().min(1), account_id: z.string().optional() });
const updateSchema = z.strictObject({ ...changeable, name: name.optional() });

export function newApiKeyOf(body: z.infer<typeof newApiKeySchema>): NewApiKey {
  return { ...valuesOf(body), name: body.name, apiKey: body.apikey, storeValue: body.store_value };
}

function valuesOf(body: z.infer<typeof updateSchema>) {
  return {
    name: body.name,
    description: body.description,
    supportSessions: body.support_sessions,
    actionWhenLeaked: body.action_when_leaked,
    expiresAt: body.expires_at,
  };
}

export function apiKeyView({ account, id, revision, value, secret }: ShownApiKey): object {
  return {
    id,
    entity_tag: entityTag(id, revision),
    crn: formatCrn(apiKeyRef(account, id)),
    locked: value.locked,
    disabled: value.disabled,
    created_at: shownDate(value.createdAt),
    created_by: value.createdBy,
    modified_at: shownDate(value.modifiedAt),
    name: value.name,
    ...(value.description ? { description: value.description } : {}),
    support_sessions: value.supportSessions,
    action_when_leaked: value.actionWhenLeaked,
    ...(value.expiresAt === undefined ? {} : { expires_at: shownDate(value.expiresAt) }),
    iam_id: value.iamId,
    account_id: account,
    apikey: secret ?? '',
  };
}

function apiKeyReply(status: number, key: ShownApiKey): WireReply {
  return { status, headers: { etag: entityTag(key.id, key.revision) }, body: apiKeyView(key) };
}

function oneOf<const T extends string>(
  query: Readonly<Record<string, string>>,
  parameter: string,
  values: readonly T[],
) {
  const value = query[parameter];
  if (value === undefined) return undefined;
  const found = values.find((known) => known === value);
  if (found === undefined) throw badParameter(parameter, `must be one of ${values.join(', ')}`);
  return found;
}

const idOf = (request: WireRequest): string => request.params['id']!;

/** `Entity-Lock: true` and the like. */
export const isSet = (request: WireRequest, header: string): boolean => request.headers[header] === 'true';

const switching = (method: 'POST' | 'DELETE', path: string, to: SwitchApiKey['to']): Route<never, never> =>
  route({
    method,
    path,
    operation: switchApiKey,
    input: (request) => ({ id: idOf(request), to }),
    output: () => ({ status: 204 }),
  });

export const apiKeyRoutes: readonly Route<never, never>[] = [
  route({
    method: 'GET',
    path: '/v1/apikeys',
    operation: listApiKeys,
    input: (request) => {
      const { parameters } = pageQuery(request, SORTABLE);
      return {
        account: parameters['account_id'],
        iamId: parameters['iam_id'],
        scope: oneOf(parameters, 'scope', ['entity', 'account']) ?? 'entity',
        type: oneOf(parameters, 'type', ['user', 'serviceid']),
      };
    },
    output: (keys, request) => ({
      status: 200,
      body: pageReply('apikeys', keys.map(apiKeyView), pageQuery(request, SORTABLE), request),
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/apikeys',
    operation: createApiKey,
    input: (request) => {
      const body = readJson(request, createSchema);
      const flags = { locked: isSet(request, 'entity-lock'), disabled: isSet(request, 'entity-disable') };
      return { ...newApiKeyOf(body), ...flags, iamId: body.iam_id, account: body.account_id };
    },
    output: (key) => apiKeyReply(201, key),
  }),
  route({
    method: 'GET',
    path: '/v1/apikeys/details',
    operation: getApiKeyDetails,
    input: (request) => String(request.headers['iam-apikey'] ?? ''),
    output: (key) => apiKeyReply(200, key),
  }),
  route({
    method: 'GET',
    path: '/v1/apikeys/:id',
    operation: getApiKey,
    input: idOf,
    output: (key) => apiKeyReply(200, key),
  }),
  route({
    method: 'PUT',
    path: '/v1/apikeys/:id',
    operation: updateApiKey,
    input: (request) => ({
      id: idOf(request),
      tag: ifMatch(request),
      ...valuesOf(readJson(request, updateSchema)),
    }),
    output: (key) => apiKeyReply(200, key),
  }),
  route({
    method: 'DELETE',
    path: '/v1/apikeys/:id',
    operation: deleteApiKey,
    input: idOf,
    output: () => ({ status: 204 }),
  }),
  switching('POST', '/v1/apikeys/:id/lock', { locked: true }),
  switching('DELETE', '/v1/apikeys/:id/lock', { locked: false }),
  switching('POST', '/v1/apikeys/:id/disable', { disabled: true }),
  switching('DELETE', '/v1/apikeys/:id/disable', { disabled: false }),
];
