/** What goes around keys: rings, aliases, policies of keys and of instances. */
import { z } from 'zod';
import { type Route, route, type WireRequest } from '../../../wire/ibm/route.ts';
import { createAlias, deleteAlias } from '../aliases.ts';
import { badField, keyFault } from '../faults.ts';
import {
  type InstancePolicyType,
  readInstancePolicies,
  type SetInstancePoliciesInput,
  setInstancePolicies,
} from '../instance-policies.ts';
import { readKeyPolicies, type SetKeyPoliciesInput, setKeyPolicies } from '../policies.ts';
import { createRing, deleteRing, listRings } from '../rings.ts';
import { aliasName, ringName } from './names.ts';
import { badQuery, bodyOf, collectionOf, flag, instanceOf, keyOf, resourcesOf } from './request.ts';
import { aliasView, collectionReply, instancePolicyViews, keyPolicyViews, ringView } from './views.ts';

function nameIn(request: WireRequest, parameter: string, schema: z.ZodType<string>): string {
  const result = schema.safeParse(request.params[parameter]);
  if (result.success) return result.data;
  throw badField(parameter, result.error.issues[0]!.message);
}

const readRing = (request: WireRequest) => ({
  instance: instanceOf(request),
  ring: nameIn(request, 'ring', ringName),
});

const readAlias = (request: WireRequest) => ({ key: keyOf(request), alias: nameIn(request, 'alias', aliasName) });

const ringRoutes = [
  route({
    method: 'GET',
    path: '/api/v2/key_rings',
    operation: listRings,
    input: (request) => ({ instance: instanceOf(request) }),
    output: (rings) => collectionReply('key_ring', rings.map(ringView)),
  }),
  route({
    method: 'POST',
    path: '/api/v2/key_rings/:ring',
    operation: createRing,
    input: readRing,
    output: () => ({ status: 201 }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v2/key_rings/:ring',
    operation: deleteRing,
    input: (request) => ({ ...readRing(request), force: flag(request, 'force') ?? false }),
    output: () => ({ status: 204 }),
  }),
];

const aliasRoutes = [
  route({
    method: 'POST',
    path: '/api/v2/keys/:id/aliases/:alias',
    operation: createAlias,
    input: readAlias,
    output: (key, request) =>
      collectionReply('alias', [aliasView(key, request.params['alias'] ?? '')], { status: 201 }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v2/keys/:id/aliases/:alias',
    operation: deleteAlias,
    input: readAlias,
    output: () => ({ status: 204 }),
  }),
];

const enabled = z.strictObject({ enabled: z.boolean() });
const keyPolicyBody = collectionOf(
  'policy',
  z.strictObject({
    type: z.literal('application/vnd.ibm.kms.policy+json').optional(),
    dualAuthDelete: enabled.optional(),
    rotation: z
      .strictObject({ enabled: z.boolean().optional(), interval_month: z.int().min(1).max(12).optional() })
      .optional(),
  }),
);
const KEY_POLICY_TYPES = ['dualAuthDelete', 'rotation'] as const;

function policyType<T extends string>(request: WireRequest, types: readonly T[]): T | undefined {
  const text = request.query.get('policy');
  if (text === null || text === '') return undefined;
  const type = types.find((known) => known === text);
  if (type === undefined) throw badQuery('policy', `there is no policy \`${text}\` here: ${types.join(', ')}`);
  return type;
}

function readKeyPolicyBody(request: WireRequest): SetKeyPoliciesInput {
  const type = policyType(request, KEY_POLICY_TYPES);
  const resources = resourcesOf(bodyOf(request, keyPolicyBody));
  const set: { dualAuthDelete?: { enabled: boolean }; rotation?: { enabled: boolean; months?: number } } = {};
  for (const { dualAuthDelete, rotation } of resources) {
    if (dualAuthDelete) set.dualAuthDelete = dualAuthDelete;
    if (rotation) {
      const { enabled: on = true, interval_month: months } = rotation;
      set.rotation = { enabled: on, ...(months === undefined ? {} : { months }) };
    }
  }
  requireOnly(type, Object.keys(set));
  return { key: keyOf(request), ...set };
}

function requireOnly(type: string | undefined, named: readonly string[]): void {
  if (named.length === 0) throw keyFault('resource-count', 'the body names no policy');
  if (type === undefined || (named.length === 1 && named[0] === type)) return;
  throw keyFault(
    'policy-mismatch',
    `the body does not hold the policy \`${type}\` that the query names, and that alone`,
  );
}

const data = <T extends z.ZodRawShape>(attributes: T) =>
  z.strictObject({ enabled: z.boolean(), attributes: z.strictObject(attributes).optional() });
const flagField = z.boolean().optional();
const instancePolicyBody = collectionOf(
  'policy',
  z.discriminatedUnion('policy_type', [
    z.strictObject({ policy_type: z.literal('dualAuthDelete'), policy_data: data({}) }),
    z.strictObject({ policy_type: z.literal('metrics'), policy_data: data({}) }),
    z.strictObject({
      policy_type: z.literal('rotation'),
      policy_data: data({ interval_month: z.int().min(1).max(12) }),
    }),
    z.strictObject({
      policy_type: z.literal('keyCreateImportAccess'),
      policy_data: data({
        create_root_key: flagField,
        create_standard_key: flagField,
        import_root_key: flagField,
        import_standard_key: flagField,
        enforce_token: flagField,
      }),
    }),
  ]),
);
const INSTANCE_POLICY_TYPES: readonly InstancePolicyType[] = [
  'dualAuthDelete',
  'keyCreateImportAccess',
  'metrics',
  'rotation',
];

function readInstancePolicyBody(request: WireRequest): SetInstancePoliciesInput {
  const type = policyType(request, INSTANCE_POLICY_TYPES);
  const resources = resourcesOf(bodyOf(request, instancePolicyBody));
  const named = resources.map((resource) => resource.policy_type);
  if (new Set(named).size !== named.length) throw keyFault('resource-count', 'each policy may be named once');
  requireOnly(type, named);
  const policies = resources.map(({ policy_type, policy_data }) => [
    policy_type,
    { enabled: policy_data.enabled, attributes: policy_data.enabled ? (policy_data.attributes ?? {}) : {} },
  ]);
  return { instance: instanceOf(request), policies: Object.fromEntries(policies) };
}

const policyRoutes = [
  route({
    method: 'GET',
    path: '/api/v2/keys/:id/policies',
    operation: readKeyPolicies,
    input: (request) => {
      policyType(request, KEY_POLICY_TYPES);
      return { key: keyOf(request) };
    },
    output: ({ ref, policies }, request) =>
      collectionReply('policy', keyPolicyViews(ref, policies, policyType(request, KEY_POLICY_TYPES))),
  }),
  route({
    method: 'PUT',
    path: '/api/v2/keys/:id/policies',
    operation: setKeyPolicies,
    input: readKeyPolicyBody,
    output: ({ ref, policies }, request) =>
      collectionReply('policy', keyPolicyViews(ref, policies, policyType(request, KEY_POLICY_TYPES))),
  }),
  route({
    method: 'GET',
    path: '/api/v2/instance/policies',
    operation: readInstancePolicies,
    input: (request) => {
      policyType(request, INSTANCE_POLICY_TYPES);
      return { instance: instanceOf(request) };
    },
    output: (policies, request) =>
      collectionReply('policy', instancePolicyViews(policies, policyType(request, INSTANCE_POLICY_TYPES))),
  }),
  route({
    method: 'PUT',
    path: '/api/v2/instance/policies',
    operation: setInstancePolicies,
    input: readInstancePolicyBody,
    output: () => ({ status: 204 }),
  }),
];

export const groupRoutes: readonly Route<never, never>[] = [...ringRoutes, ...aliasRoutes, ...policyRoutes];
