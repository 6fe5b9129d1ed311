/** The resource controller, the resource manager and the global catalog, as IBM Cloud's clients call them. */
import { resourceControllerFamily } from '../../wire/ibm/families.ts';
import { type Face, route, type VendorError } from '../../wire/ibm/route.ts';
import { getCatalogEntry, listCatalogChildren, listOfferings } from './catalog.ts';
import { createGroup, type deleteGroupOf, getGroup, listGroups, updateGroup } from './groups.ts';
import {
  createInstance,
  type deleteInstanceOf,
  getInstance,
  listInstances,
  lockInstance,
  updateInstance,
} from './instances.ts';
import {
  readGroupChanges,
  readGroupQuery,
  readInstanceChanges,
  readInstanceQuery,
  readNewGroup,
  readNewInstance,
} from './read.ts';
import { groupBody, instanceBody, instancePage, newGroupBody } from './show.ts';
import { catalogBody, catalogPage } from './show-catalog.ts';

const INSTANCE = '/v2/resource_instances/:id';
const GROUP = '/v2/resource_groups/:id';

/** https://cloud.ibm.com/apidocs/resource-controller/resource-controller */
export function resourceControllerFace(deleteInstance: ReturnType<typeof deleteInstanceOf>): Face {
  return {
    family: resourceControllerFamily,
    faults: {
      'instance-not-empty': { status: 422, code: 'RC-ServiceBrokerErrorResponse' },
      'instance-locked': { status: 422, code: 'RC-InstanceLocked' },
      'instance-removed': { status: 410, code: 'RC-InstanceGone' },
      'resource-group-not-found': { status: 404, code: 'RC-ResourceGroupNotFound' },
    },
    routes: [
      route({
        method: 'POST',
        path: '/v2/resource_instances',
        operation: createInstance,
        input: readNewInstance,
        output: (view, request) => ({ status: 201, body: instanceBody(view, request.origin) }),
      }),
      route({
        method: 'GET',
        path: '/v2/resource_instances',
        operation: listInstances,
        input: readInstanceQuery,
        output: (page, request) => ({ status: 200, body: instancePage(page, request) }),
      }),
      route({
        method: 'GET',
        path: INSTANCE,
        operation: getInstance,
        input: ({ params }) => ({ id: params['id']! }),
        output: (view, request) => ({ status: 200, body: instanceBody(view, request.origin) }),
      }),
      route({
        method: 'PATCH',
        path: INSTANCE,
        operation: updateInstance,
        input: readInstanceChanges,
        output: (view, request) => ({ status: 200, body: instanceBody(view, request.origin) }),
      }),
      route({
        method: 'DELETE',
        path: INSTANCE,
        operation: deleteInstance,
        input: ({ params }) => ({ id: params['id']! }),
        output: () => ({ status: 204 }),
      }),
      ...([true, false] as const).map((locked) =>
        route({
          method: locked ? 'POST' : 'DELETE',
          path: `${INSTANCE}/lock`,
          operation: lockInstance,
          input: ({ params }) => ({ id: params['id']!, locked }),
          output: (view, request) => ({ status: 200, body: instanceBody(view, request.origin) }),
        }),
      ),
    ],
  };
}

/** https://cloud.ibm.com/apidocs/resource-controller/resource-manager */
export function resourceManagerFace(deleteGroup: ReturnType<typeof deleteGroupOf>): Face {
  return {
    family: resourceControllerFamily,
    faults: managerFaults,
    routes: [
      route({
        method: 'GET',
        path: '/v2/resource_groups',
        operation: listGroups,
        input: readGroupQuery,
        output: (views) => ({ status: 200, body: { resources: views.map(groupBody) } }),
      }),
      route({
        method: 'POST',
        path: '/v2/resource_groups',
        operation: createGroup,
        input: readNewGroup,
        output: (view) => ({ status: 201, body: newGroupBody(view) }),
      }),
      route({
        method: 'GET',
        path: GROUP,
        operation: getGroup,
        input: ({ params }) => ({ id: params['id']! }),
        output: (view) => ({ status: 200, body: groupBody(view) }),
      }),
      route({
        method: 'PATCH',
        path: GROUP,
        operation: updateGroup,
        input: readGroupChanges,
        output: (view) => ({ status: 200, body: groupBody(view) }),
      }),
      route({
        method: 'DELETE',
        path: GROUP,
        operation: deleteGroup,
        input: ({ params }) => ({ id: params['id']! }),
        output: () => ({ status: 204 }),
      }),
    ],
  };
}

const managerFaults: Readonly<Record<string, VendorError>> = {
  denied: { status: 403, code: 'insufficient_permissions' },
  'resource-group-not-found': { status: 404, code: 'not_found' },
  'group-name': { status: 400, code: 'bad_request' },
  'group-name-taken': { status: 409, code: 'conflict' },
  'default-group': { status: 400, code: 'bad_request' },
  'group-not-empty': { status: 409, code: 'conflict' },
};

/** https://cloud.ibm.com/apidocs/resource-catalog/global-catalog */
export const globalCatalogFace: Face = {
  family: resourceControllerFamily,
  faults: { 'no-catalog-entry': { status: 404, code: 'not_found' } },
  routes: [
    route({
      method: 'GET',
      path: '/api/v1',
      operation: listOfferings,
      input: ({ query }) => {
        const text = query.get('q');
        return text === null || text === '' ? {} : { query: text };
      },
      output: (entries, request) => ({ status: 200, body: catalogPage(entries, request.origin) }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/:id',
      operation: getCatalogEntry,
      input: ({ params }) => ({ id: params['id']! }),
      output: (entry, request) => ({ status: 200, body: catalogBody(entry, request.origin) }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/:id/:kind',
      operation: listCatalogChildren,
      input: ({ params }) => ({ id: params['id']!, kind: params['kind']! }),
      output: (entries, request) => ({ status: 200, body: catalogPage(entries, request.origin) }),
    }),
  ],
};
