/**
 * The smallest grant: the narrowest policy of the resource's account that allows a question which is denied, as bodies of
 * both API versions and as a command line.
 */
import type { Caller, Missing, Question, Verdict } from '../model.ts';
import { accessRoles, authorizationRoles, grants, type Role, type Scope, serviceNamed } from './catalogue/catalogue.ts';
import { commandOf } from './command.ts';
import type { IbmPolicy, PolicyAttribute } from './document.ts';
import { toV1, toV2, type V1Body, type V2Body } from './views.ts';

export interface SmallestGrant {
  /** Where the policy has to be created: the account that owns the resource. */
  readonly account: string;
  readonly policy: IbmPolicy;
  readonly v1: V1Body;
  readonly v2: V2Body;
  /** Creates exactly this policy; where the arguments cannot say it, through `policy.json`, which holds `v1`. */
  readonly cli: string;
  readonly file?: 'policy.json';
}

/**
 * What would allow the question. Undefined when nothing is missing, when something is in the way that no grant
 * removes, and when the vendor offers no role for it.
 */
export function smallestGrant(question: Question, verdict: Verdict): SmallestGrant | undefined {
  const layer = question.caller.kind === 'service' ? 'authorization' : 'access';
  if (verdict.missing === undefined || !grantable(verdict.missing, layer)) return undefined;
  const policy = layer === 'authorization' ? authorizationFor(question) : accessFor(question);
  if (policy === undefined) return undefined;
  const { cli, file } = commandOf(policy, question.caller);
  const account = question.resource.attributes['accountId'] ?? question.resource.ref.account;
  return { account, policy, v1: toV1(policy), v2: toV2(policy), cli, ...(file ? { file } : {}) };
}

/** Whether one allow of this kind is all that is missing. */
function grantable(missing: Missing, layer: 'authorization' | 'access'): boolean {
  switch (missing.kind) {
    case 'allow':
      return missing.layer === layer;
    case 'any-of':
      return missing.of.some((one) => grantable(one, layer));
    case 'all-of':
      return missing.of.every((one) => grantable(one, layer));
    case 'blocked':
      return false;
  }
}

function authorizationFor(question: Question): IbmPolicy | undefined {
  const source = question.caller.attributes ?? {};
  const service = question.resource.attributes['serviceName'];
  if (service === undefined || !source['serviceName'] || !source['accountId']) return undefined;
  const role = leastRole(authorizationRoles(service, source['serviceName']), service, question.action);
  if (role === undefined) return undefined;
  const subject = pick(source, ['serviceName', 'accountId', 'serviceInstance', 'resourceType']);
  return {
    type: 'authorization',
    subject,
    resource: resourceOf(question.resource.attributes),
    tags: [],
    roles: [role.crn],
  };
}

const identities: readonly Caller['kind'][] = ['user', 'service-id', 'profile'];

/** An identity is given access in the account in which it acts: no policy of another account reaches it. */
function accessFor({ caller, resource, action }: Question): IbmPolicy | undefined {
  const { serviceName, serviceType } = resource.attributes;
  const scope = serviceName || (serviceType ? `type:${serviceType}` : undefined);
  if (scope === undefined || !identities.includes(caller.kind) || caller.account !== resource.ref.account) {
    return undefined;
  }
  const role = leastRole(accessRoles(scope), scope, action);
  if (role === undefined) return undefined;
  const subject = [equal('iam_id', caller.id)];
  return { type: 'access', subject, resource: resourceOf(resource.attributes), tags: [], roles: [role.crn] };
}

/** Of the roles that hold the action, the one that holds the fewest others. */
function leastRole(roles: readonly Role[], scope: Scope, action: string): Role | undefined {
  const wanted = action.toLowerCase();
  let least: Role | undefined;
  for (const role of roles) {
    const held = grants(role.crn, scope);
    if (![...held].some((one) => one.toLowerCase() === wanted)) continue;
    if (least === undefined || held.size < grants(least.crn, scope).size) least = role;
  }
  return least;
}

/** The resource by its id where it has one, else by the narrowest place that it is or will be in. */
function resourceOf(attributes: Readonly<Record<string, string>>): PolicyAttribute[] {
  if (attributes['resourceType'] === 'resource-group')
    return pick(attributes, ['accountId', 'resourceType', 'resource']);
  const service = serviceNamed(attributes['serviceName'] ?? '');
  const start = pick(attributes, ['accountId', service ? 'serviceName' : 'serviceType', 'serviceInstance']);
  const ids = pick(attributes, Object.values(service?.id_attributes ?? {}));
  if (ids.length > 0) return [...start, ...ids];
  if (attributes['resource']) return [...start, ...pick(attributes, ['resourceType', 'resource'])];
  const places = [
    'resourceType',
    ...(service?.attributes?.includes('keyRing') ? ['keyRing'] : []),
    ...(attributes['serviceInstance'] ? [] : ['region']),
    'resourceGroupId',
  ];
  return [...start, ...pick(attributes, places)];
}

const equal = (name: string, value: string): PolicyAttribute => ({ name, operator: 'stringEquals', value });

/** Who asks to manage a policy asks for "any text" where it has wildcards. Full-width signs stand for that. */
const wildcard = /[＊？]/;

function pick(from: Readonly<Record<string, string>>, names: readonly string[]): PolicyAttribute[] {
  return names.flatMap((name) => {
    const value = Object.hasOwn(from, name) ? from[name] : undefined;
    return value === undefined || value === '' || wildcard.test(value) ? [] : [equal(name, value)];
  });
}
