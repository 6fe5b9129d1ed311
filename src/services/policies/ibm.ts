/** IAM Policy Management on the wire, versions 1 and 2. https://cloud.ibm.com/apidocs/iam-policy-management */
import { z } from 'zod';
import { Fault } from '../../faults.ts';
import type { ApiVersion } from '../../policy/ibm/document.ts';
import { fromV1, fromV2, type Parsed } from '../../policy/ibm/read.ts';
import { readJson } from '../../wire/ibm/body.ts';
import { iamPolicyFamily } from '../../wire/ibm/families.ts';
import { type Face, type Route, route, type WireReply, type WireRequest } from '../../wire/ibm/route.ts';
import type { CustomRoleDocument } from './documents.ts';
import { listPolicies, type PolicyPage } from './list.ts';
import { createPolicy, deletePolicy, getPolicy, replacePolicy, restorePolicy, type Written } from './policies.ts';
import { ifMatch, listQuery, oneOf, roleFilter } from './requests.ts';
import { createRole, deleteRole, getRole, listRoles, replaceRole } from './roles.ts';
import { refuse, type Shown } from './rules.ts';
import { type Format, roleView, viewOf } from './views.ts';

const FORMATS = ['display', 'include_last_permit'] as const;
const NO_CONTENT: WireReply = { status: 204 };

/** The policy in a body. Throws `invalid` when it cannot be read as one; all that is wrong with it is told at once. */
function written(request: WireRequest, version: ApiVersion): Written {
  if (request.body === undefined) throw new Fault('invalid', 'no-body', 'the request needs a JSON body');
  const { policy, problems }: Parsed = version === 'v1' ? fromV1(request.body) : fromV2(request.body);
  refuse(problems);
  if (policy === undefined) throw new Fault('invalid', 'invalid-policy', 'the body is not a policy');
  return { policy, version };
}

function formatOf(request: WireRequest): Format {
  return oneOf(request, 'format', FORMATS);
}

/** A policy in the version of the path that was called. */
function reply(status: number, { document, custom }: Shown, request: WireRequest, version: ApiVersion): WireReply {
  const format = formatOf(request);
  const body = viewOf(document, { version, origin: request.origin, custom, ...(format ? { format } : {}) });
  return { status, headers: { etag: document.etag }, body };
}

function pageReply(page: PolicyPage, request: WireRequest, version: ApiVersion): WireReply {
  const format = formatOf(request);
  const { origin } = request;
  const href = (start?: string): string => {
    const query = new URLSearchParams(request.query);
    query.delete('start');
    if (start !== undefined) query.set('start', start);
    return `${origin}/${version}/policies?${query}`;
  };
  const limit = request.query.get('limit');
  return {
    status: 200,
    body: {
      ...(limit === null ? {} : { limit: Number(limit), first: { href: href() } }),
      ...(page.next === undefined ? {} : { next: { href: href(page.next), start: page.next } }),
      policies: page.policies.map(({ document, custom }) =>
        viewOf(document, { version, origin, custom, ...(format ? { format } : {}) }),
      ),
    },
  };
}

function policyRoutes(version: ApiVersion): Route<never, never>[] {
  const list = `/${version}/policies`;
  const one = `/${version}/policies/:id`;
  const id = (request: WireRequest) => ({ id: request.params['id'] ?? '' });
  return [
    route({
      method: 'GET',
      path: list,
      operation: listPolicies,
      input: listQuery,
      output: (page, request) => pageReply(page, request, version),
    }),
    route({
      method: 'POST',
      path: list,
      operation: createPolicy,
      input: (request) => written(request, version),
      output: (shown, request) => reply(201, shown, request, version),
    }),
    route({
      method: 'GET',
      path: one,
      operation: getPolicy,
      input: (request) => {
        formatOf(request);
        return id(request);
      },
      output: (shown, request) => reply(200, shown, request, version),
    }),
    route({
      method: 'PUT',
      path: one,
      operation: replacePolicy,
      input: (request) => ({ ...id(request), ...ifMatch(request), ...written(request, version) }),
      output: (shown, request) => reply(200, shown, request, version),
    }),
    route({ method: 'DELETE', path: one, operation: deletePolicy, input: id, output: () => NO_CONTENT }),
  ];
}

const stateBody = z.strictObject({ state: z.literal('active') });

const restore = route({
  method: 'PATCH',
  path: '/v1/policies/:id',
  operation: restorePolicy,
  input: (request) => {
    readJson(request, stateBody);
    return { id: request.params['id'] ?? '', ...ifMatch(request) };
  },
  output: (shown, request) => reply(200, shown, request, 'v1'),
});

const roleFields = {
  display_name: z.string(),
  description: z.string().optional(),
  actions: z.array(z.string().max(200)).max(1000),
};
const newRoleBody = z.strictObject({
  ...roleFields,
  name: z.string(),
  account_id: z.string().regex(/^[0-9a-f]{32}$/, 'the account id, 32 hex digits'),
  service_name: z.string(),
});
const roleBody = z.strictObject(roleFields);

function draftOf({ display_name, description, actions }: z.infer<typeof roleBody>) {
  return { displayName: display_name, actions, ...(description === undefined ? {} : { description }) };
}

function roleReply(status: number, role: CustomRoleDocument, account: string, request: WireRequest): WireReply {
  return { status, headers: { etag: role.etag }, body: roleView(account, role, request.origin) };
}

const roleId = (request: WireRequest) => ({ id: request.params['id'] ?? '' });

const roleRoutes: readonly Route<never, never>[] = [
  route({
    method: 'GET',
    path: '/v2/roles',
    operation: listRoles,
    input: roleFilter,
    output: ({ account, custom, service, system }, { origin }) => ({
      status: 200,
      body: {
        custom_roles: custom.map((role) => roleView(account, role, origin)),
        service_roles: service,
        system_roles: system,
      },
    }),
  }),
  route({
    method: 'POST',
    path: '/v2/roles',
    operation: createRole,
    input: (request) => {
      const body = readJson(request, newRoleBody);
      return { ...draftOf(body), name: body.name, account: body.account_id, service: body.service_name };
    },
    output: ({ account, role }, request) => roleReply(201, role, account, request),
  }),
  route({
    method: 'GET',
    path: '/v2/roles/:id',
    operation: getRole,
    input: roleId,
    output: ({ account, role }, request) => roleReply(200, role, account, request),
  }),
  route({
    method: 'PUT',
    path: '/v2/roles/:id',
    operation: replaceRole,
    input: (request) => ({ ...roleId(request), ...ifMatch(request), ...draftOf(readJson(request, roleBody)) }),
    output: ({ account, role }, request) => roleReply(200, role, account, request),
  }),
  route({ method: 'DELETE', path: '/v2/roles/:id', operation: deleteRole, input: roleId, output: () => NO_CONTENT }),
];

export const policiesFace: Face = {
  family: iamPolicyFamily,
  faults: {
    'policy-not-found': { status: 404, code: 'policy_not_found' },
    'custom-role-not-found': { status: 404, code: 'role_not_found' },
    'role-conflict': { status: 409, code: 'role_conflict_error' },
    'missing-parameter': { status: 400, code: 'missing_required_query_parameter' },
    'bad-parameter': { status: 400, code: 'unable_to_process' },
    'missing-if-match': { status: 400, code: 'unable_to_process' },
  },
  routes: [...policyRoutes('v1'), restore, ...policyRoutes('v2'), ...roleRoutes],
};
