/**
 * What the tables say: services, roles, and which role holds which action on which service.
 * Action names are the vendor's (`kms.secrets.unwrap`, `is.volume.volume.create`, `iam.policy.create`).
 */
import { EDIT, type Grant, OPERATE, type OwnRole, type ServiceEntry, VIEW } from './entry.ts';
import { iamServices } from './iam.ts';
import { keyServices } from './keys.ts';
import { otherServices } from './others.ts';
import { authorizationPairs, dependents } from './pairs.ts';
import { storageServices } from './storage.ts';
import { vpcServices } from './vpc.ts';

/** Shown with every answer that rests on it. The version is the day on which the tables last changed: move it with them. */
export const CATALOGUE = { name: 'IBM Cloud roles and actions', version: '2026-11-22' } as const;

export interface Role {
  readonly crn: string;
  /** Last part of the CRN. */
  readonly id: string;
  readonly display_name: string;
  readonly description: string;
  readonly level: 'platform' | 'service';
}

/** A role as `GET /v2/roles` shows it. */
export interface RoleView {
  readonly crn: string;
  readonly display_name: string;
  readonly description: string;
  readonly actions: readonly string[];
}

/** One service by name, or a set of services: `type:service`, `type:platform_service`, `group:IAM`, `all`. */
export type Scope = string;

export const DELEGATOR = 'crn:v1:bluemix:public:iam::::role:AuthorizationDelegator';
/** Stands in the v1 list for the roles of a policy that v1 cannot express. */
export const UNSUPPORTED_VERSION = 'crn:v1:bluemix:public:iam::::role:UnsupportedVersion';

const services: ReadonlyMap<string, ServiceEntry> = new Map(
  [...keyServices, ...vpcServices, ...storageServices, ...iamServices, ...otherServices].map((s) => [s.name, s]),
);
const iamGroup = ['iam-identity', 'iam-groups', 'iam-access-management', 'user-management'];

const platformRoles: readonly OwnRole[] = [
  { id: 'Viewer', name: 'Viewer', description: 'Views instances and resources, changes nothing' },
  { id: 'Operator', name: 'Operator', description: 'Does what configuring and operating an instance takes' },
  { id: 'Editor', name: 'Editor', description: 'Does everything on the platform except managing access' },
  { id: 'Administrator', name: 'Administrator', description: 'Does everything on the platform, managing access too' },
  {
    id: 'AuthorizationDelegator',
    name: 'Authorization Delegator',
    description: 'Lets the source service authorize its dependent services on the same target',
  },
];
const commonServiceRoles: readonly OwnRole[] = [
  { id: 'Reader', name: 'Reader', description: 'Reads within a service' },
  { id: 'Writer', name: 'Writer', description: 'Reads, creates and edits within a service' },
  { id: 'Manager', name: 'Manager', description: 'Does everything within a service' },
];

/** What the platform itself lets roles do on any service; the first list needs instances. */
const ofInstances: readonly Grant[] = [
  [VIEW, 'resource-controller.instance.retrieve resource-controller.credential.retrieve'],
  [
    OPERATE,
    'resource-controller.credential.create resource-controller.credential.update resource-controller.credential.delete',
  ],
  [
    EDIT,
    `resource-controller.instance.create resource-controller.instance.update resource-controller.instance.update_plan
     resource-controller.instance.delete`,
  ],
  ['Administrator', 'resource-controller.credential.retrieve_all'],
];
const ofEveryService: readonly Grant[] = [
  ['Administrator', 'iam.policy.create iam.policy.read iam.policy.update iam.policy.delete iam.role.assign'],
  ['Administrator AuthorizationDelegator', 'iam.delegationPolicy.create iam.delegationPolicy.update'],
];

const split = (text: string): string[] => text.trim().split(/\s+/);
const isCommon = (id: string): boolean =>
  platformRoles.some((r) => r.id === id) || commonServiceRoles.some((r) => r.id === id);

function roleEntry(owner: string, kind: 'role' | 'serviceRole', role: OwnRole): [string, Role] {
  const crn = `crn:v1:bluemix:public:${owner}::::${kind}:${role.id}`;
  const level = kind === 'role' ? 'platform' : 'service';
  return [crn, { crn, id: role.id, display_name: role.name, description: role.description, level }];
}

const roles: ReadonlyMap<string, Role> = new Map([
  ...platformRoles.map((r) => roleEntry('iam', 'role', r)),
  ...commonServiceRoles.map((r) => roleEntry('iam', 'serviceRole', r)),
  ...[...services.values()].flatMap((s) => (s.own_roles ?? []).map((r) => roleEntry(s.name, 'serviceRole', r))),
]);

/** All services that the catalogue knows. */
export function allServices(): readonly ServiceEntry[] {
  return [...services.values()];
}

export function serviceNamed(name: string): ServiceEntry | undefined {
  return services.get(name);
}

/** A system-defined role; undefined for custom roles and for what is no role. */
export function roleOf(crn: string): Role | undefined {
  return roles.get(crn);
}

export function allRoles(): readonly Role[] {
  return [...roles.values()];
}

/** CRN of a role by its id as a service uses it: `Reader` of `kms`, `SecretsReader` of `secrets-manager`. */
export function roleCrn(service: string, id: string): string {
  if (platformRoles.some((r) => r.id === id)) return `crn:v1:bluemix:public:iam::::role:${id}`;
  return `crn:v1:bluemix:public:${isCommon(id) ? 'iam' : service}::::serviceRole:${id}`;
}

/** The services that a source may pass its right on to; empty when it declares none. */
export function dependentsOf(source: string): readonly string[] {
  return Object.hasOwn(dependents, source) ? (dependents[source] ?? []) : [];
}

/** Whether a service can be the source of an authorization. */
export function isSource(service: string): boolean {
  return authorizationPairs.some(({ sources }) => sources.includes(service));
}

/** The services that a scope names; empty when it names none that is known. */
export function servicesIn(scope: Scope): readonly ServiceEntry[] {
  if (scope === 'all') return allServices();
  if (scope.startsWith('type:')) return allServices().filter((s) => s.type === scope.slice('type:'.length));
  if (scope === 'group:IAM') return allServices().filter((s) => iamGroup.includes(s.name));
  const one = services.get(scope);
  return one === undefined ? [] : [one];
}

/** Whether a service belongs to the group that `service_group_id` `IAM` names. */
export function isIamService(name: string): boolean {
  return iamGroup.includes(name);
}

const actionsByRole = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();

/** Role CRN -> actions, for one service. Built on first use. */
function actionTable(service: ServiceEntry): ReadonlyMap<string, ReadonlySet<string>> {
  const known = actionsByRole.get(service.name);
  if (known !== undefined) return known;
  const table = new Map<string, Set<string>>();
  const grants = [...service.grants, ...(service.instances ? ofInstances : []), ...ofEveryService];
  for (const [ids, actions] of grants) {
    for (const id of split(ids)) {
      const crn = roleCrn(service.name, id);
      const held = table.get(crn) ?? new Set<string>();
      for (const action of split(actions)) held.add(action);
      table.set(crn, held);
    }
  }
  actionsByRole.set(service.name, table);
  return table;
}

const none: ReadonlySet<string> = new Set();
const grantsByScope = new Map<string, ReadonlySet<string>>();

/** The actions that a system-defined role holds on a service or scope. The same set object for the same question. */
export function grants(crn: string, scope: Scope): ReadonlySet<string> {
  const one = services.get(scope);
  if (one !== undefined) return actionTable(one).get(crn) ?? none;
  if (!roles.has(crn)) return none;
  const key = `${scope} ${crn}`;
  const known = grantsByScope.get(key);
  if (known !== undefined) return known;
  const members = servicesIn(scope);
  if (members.length === 0) return none;
  const union = new Set(members.flatMap((s) => [...(actionTable(s).get(crn) ?? none)]));
  grantsByScope.set(key, union);
  return union;
}

/** Every action that some role holds on the service, sorted. */
export function actionsOf(service: string): string[] {
  const entry = services.get(service);
  if (entry === undefined) return [];
  return [...new Set([...actionTable(entry).values()].flatMap((set) => [...set]))].sort();
}

const uniqueRoles = (crns: readonly string[]): Role[] =>
  [...new Set(crns)].map((crn) => roles.get(crn)).filter((r): r is Role => r !== undefined);

/** Roles that an access policy on the scope may name. */
export function accessRoles(scope: Scope): Role[] {
  return uniqueRoles(
    servicesIn(scope).flatMap((s) =>
      [...s.roles, ...(s.own_roles ?? []).map((r) => r.id)].map((id) => roleCrn(s.name, id)),
    ),
  );
}

/**
 * Roles that an authorization policy may name. Without a source (a whole resource group may be one) every pair with
 * that target counts; a pair that no page documents has none, as the vendor answers for an unsupported pair.
 */
export function authorizationRoles(target: Scope, source?: string): Role[] {
  const targets = servicesIn(target).map((s) => s.name);
  const crns: string[] = [];
  for (const pair of authorizationPairs) {
    if (source !== undefined && !pair.sources.includes(source)) continue;
    for (const name of pair.targets.filter((t) => targets.includes(t))) {
      crns.push(...pair.roles.map((id) => roleCrn(name, id)));
      const delegating = source === undefined ? pair.sources : [source];
      if (delegating.some((s) => dependentsOf(s).length > 0)) crns.push(DELEGATOR);
    }
  }
  if (source === undefined)
    crns.push(...targets.flatMap((t) => services.get(t)?.roles ?? []).map((id) => roleCrn('', id)));
  return uniqueRoles(crns);
}

/** What `GET /v2/roles` answers; `service` undefined asks for what all services have in common. */
export function rolesFor(query: {
  readonly service?: string | undefined;
  readonly source?: string | undefined;
  readonly policyType?: 'access' | 'authorization' | undefined;
}): { readonly system_roles: readonly RoleView[]; readonly service_roles: readonly RoleView[] } {
  const scope = query.service === undefined || query.service === 'alliamserviceroles' ? 'type:service' : query.service;
  const authorization = query.policyType === 'authorization' || query.source !== undefined;
  let found = authorization ? authorizationRoles(scope, query.source) : accessRoles(scope);
  if (scope.startsWith('type:')) found = found.filter((r) => isCommon(r.id));
  const view = (role: Role): RoleView => ({
    crn: role.crn,
    display_name: role.display_name,
    description: role.description,
    actions: [...grants(role.crn, scope)].sort(),
  });
  return {
    system_roles: found.filter((r) => r.level === 'platform').map(view),
    service_roles: found.filter((r) => r.level === 'service').map(view),
  };
}
