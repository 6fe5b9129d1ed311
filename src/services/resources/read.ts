/** Reads the requests of the resource controller and the resource manager. */
import { z } from 'zod';
import { Fault } from '../../faults.ts';
import { readJson } from '../../wire/ibm/body.ts';
import type { WireRequest } from '../../wire/ibm/route.ts';
import type { InstanceFilter, NewInstance } from './instances.ts';

const parameters = z.record(z.string(), z.json());

const newInstance = z.strictObject({
  name: z.string(),
  target: z.string(),
  resource_group: z.string(),
  resource_plan_id: z.string(),
  tags: z.array(z.string()).max(1000).optional(),
  allow_cleanup: z.boolean().optional(),
  parameters: parameters.optional(),
});

const instanceChanges = z.strictObject({
  name: z.string().optional(),
  parameters: parameters.optional(),
  resource_plan_id: z.string().optional(),
  allow_cleanup: z.boolean().optional(),
});

const newGroup = z.strictObject({ name: z.string(), account_id: z.string().optional() });
const groupChanges = z.strictObject({
  name: z.string().optional(),
  state: z.enum(['ACTIVE', 'SUSPENDED']).optional(),
});

export function readNewInstance(request: WireRequest): NewInstance {
  const body = readJson(request, newInstance);
  return {
    name: body.name,
    target: body.target,
    resourceGroup: body.resource_group,
    plan: body.resource_plan_id,
    tags: body.tags ?? [],
    parameters: body.parameters ?? {},
    allowCleanup: body.allow_cleanup ?? false,
    locked: request.headers['entity-lock'] === 'true',
  };
}

export function readInstanceChanges(request: WireRequest) {
  const body = readJson(request, instanceChanges);
  return {
    id: request.params['id']!,
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.resource_plan_id === undefined ? {} : { plan: body.resource_plan_id }),
    ...(body.parameters === undefined ? {} : { parameters: body.parameters }),
    ...(body.allow_cleanup === undefined ? {} : { allowCleanup: body.allow_cleanup }),
  };
}

export function readInstanceQuery(request: WireRequest): { filter: InstanceFilter; limit: number; start?: string } {
  const { query } = request;
  const start = query.get('start');
  return {
    filter: {
      ...texts(query, {
        guid: 'guid',
        name: 'name',
        resourceGroupId: 'resource_group_id',
        offeringId: 'resource_id',
        planId: 'resource_plan_id',
      }),
      ...stateOf(query),
      ...dates(query),
    },
    limit: readLimit(query),
    ...(start === null ? {} : { start }),
  };
}

export function readNewGroup(request: WireRequest): { account?: string; name: string } {
  const body = readJson(request, newGroup);
  return { name: body.name, ...(body.account_id === undefined ? {} : { account: body.account_id }) };
}

export function readGroupChanges(request: WireRequest) {
  const body = readJson(request, groupChanges);
  return {
    id: request.params['id']!,
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.state === undefined ? {} : { state: body.state }),
  };
}

export function readGroupQuery(request: WireRequest): { account?: string; name?: string; default?: boolean } {
  const { query } = request;
  const isDefault = query.get('default');
  return {
    ...texts(query, { account: 'account_id', name: 'name' }),
    ...(isDefault === null ? {} : { default: isDefault === 'true' }),
  };
}

function texts<K extends string>(query: URLSearchParams, names: Record<K, string>): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {};
  for (const key of Object.keys(names) as K[]) {
    const value = query.get(names[key]);
    if (value !== null) found[key] = value;
  }
  return found;
}

/** Instances of this plane are all of one type; a filter on another finds none. */
function stateOf(query: URLSearchParams): { state?: string } {
  const type = query.get('type');
  if (type !== null && type !== 'service_instance') return { state: 'none' };
  const state = query.get('state');
  return state === null ? {} : { state };
}

function dates(query: URLSearchParams): { updatedFrom?: number; updatedTo?: number } {
  const from = readDate(query, 'updated_from');
  const to = readDate(query, 'updated_to');
  return { ...(from === undefined ? {} : { updatedFrom: from }), ...(to === undefined ? {} : { updatedTo: to }) };
}

function readDate(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const date = Date.parse(text);
  if (Number.isNaN(date)) throw badParameter(name, text, 'a date is needed, like 2026-01-31');
  return date;
}

function readLimit(query: URLSearchParams): number {
  const text = query.get('limit');
  if (text === null) return 100;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  throw badParameter('limit', text, 'a whole number from 1 to 100 is needed');
}

function badParameter(name: string, value: string, needed: string): Fault {
  return new Fault('invalid', 'invalid-parameter', `\`${name}=${value}\`: ${needed}`, {
    target: { type: 'parameter', name },
  });
}
