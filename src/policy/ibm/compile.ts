/**
 * IbmPolicy -> statements of the engine. Loading is lenient: what cannot be compiled is skipped and says why; it never
 * allows anything. https://cloud.ibm.com/docs/account?topic=account-iamoverview
 */
import type { AttributeTest, Condition, PrincipalPattern, Statement } from '../model.ts';
import { allServices, grants, roleOf, type Scope, serviceNamed, servicesIn } from './catalogue/catalogue.ts';
import { type IbmPolicy, isGroup, literal, type PolicyAttribute, type Rule } from './document.ts';
import { contextKeyOf, ruleOperators } from './rule.ts';
import { isV2Only, toV1, toV2 } from './views.ts';

/** A role that an account has made for itself. */
export interface CustomRole {
  readonly crn: string;
  readonly display_name: string;
  readonly actions: readonly string[];
}
export type CustomRoles = ReadonlyMap<string, CustomRole>;

export interface Compiled {
  /** The account that owns the policy: the one whose resources it opens. Empty when the policy was skipped. */
  readonly account: string;
  /** Empty when the policy was skipped. */
  readonly statements: readonly Statement[];
  readonly skipped?: string;
}

const noCustomRoles: CustomRoles = new Map();
const testOperators: ReadonlySet<string> = new Set(['stringEquals', 'stringMatch', 'stringExists']);
const accountId = /^[0-9a-f]{32}$/;
const wholeTypes: ReadonlySet<string> = new Set(allServices().flatMap((s) => Object.values(s.id_attributes ?? {})));

/** What a policy is about, without its roles and rule. */
export interface Frame {
  readonly account: string;
  readonly principals: Extract<PrincipalPattern, { kind: 'exact' | 'group' | 'service' }>;
  readonly tests: readonly AttributeTest[];
}

/** Compiles a policy that is stored under `id`. Never throws. */
export function compile(policy: IbmPolicy, id: string, custom: CustomRoles = noCustomRoles): Compiled {
  const skip = (skipped: string): Compiled => ({
    account: '',
    statements: [],
    skipped: `policy \`${id}\`: ${skipped}`,
  });
  const frame = frameOf(policy);
  if (typeof frame === 'string') return skip(frame);
  const { account, principals, tests } = frame;
  const scope = scopeOf(policy);
  if (scope === undefined) return skip('its resource names no known service');
  const actions = actionsOf(policy.roles, scope, custom);
  if (actions === undefined) return skip('it names an unknown role');
  const conditions = policy.rule === undefined ? [] : conditionsOf(policy.rule);
  if (conditions === undefined) return skip('its rule has an unknown key or operator');
  const statement: Statement = {
    effect: 'allow',
    principals,
    actions,
    resources: { kind: 'attributes', tests },
    conditions,
    origin: {
      account,
      policy: id,
      statement: '0',
      // Most decisions show no text, so it is written when somebody reads it.
      get text() {
        return JSON.stringify(isV2Only(policy) ? toV2(policy) : toV1(policy));
      },
    },
  };
  return { account, statements: [statement] };
}

/** The frame of a policy, or why it has none. */
export function frameOf(policy: IbmPolicy): Frame | string {
  const account = literal(policy.resource, 'accountId');
  if (account === undefined || !accountId.test(account)) return 'its resource names no account';
  const attributes = [...policy.subject, ...policy.resource, ...policy.tags];
  const odd = attributes.find((a) => !testOperators.has(a.operator));
  if (odd !== undefined) return `unknown operator \`${odd.operator}\``;
  if (attributes.some(isVague)) return 'it tests presence by neither true nor false';
  const principals = subjectOf(policy, account);
  if (principals === undefined) return 'its subject is none that this type of policy may have';
  return { account, principals, tests: [...policy.resource.map(resourceTest), ...policy.tags.map(tagTest)] };
}

/** The services that the roles of a policy speak about; undefined when its resource names none that is known. */
export function scopeOf(policy: Pick<IbmPolicy, 'type' | 'resource'>): Scope | undefined {
  const { resource } = policy;
  const has = (name: string) => resource.some((a) => a.name === name);
  const service = literal(resource, 'serviceName');
  if (service !== undefined) return serviceNamed(service)?.name;
  if (literal(resource, 'resourceType') === 'resource-group') return 'resource-controller';
  const group = literal(resource, 'service_group_id');
  const type = literal(resource, 'serviceType');
  const scope = group === undefined ? (type === undefined ? undefined : `type:${type}`) : `group:${group}`;
  if (scope !== undefined) return servicesIn(scope).length === 0 ? undefined : scope;
  const wide = has('serviceName') || has('resourceGroupId') || (policy.type === 'authorization' && has('resourceType'));
  return wide ? 'type:service' : undefined;
}

const isVague = ({ operator, value }: PolicyAttribute): boolean =>
  operator === 'stringExists' && String(value) !== 'true' && String(value) !== 'false';

const plainTest = ({ name, operator, value }: PolicyAttribute): AttributeTest => ({
  name,
  operator: operator as AttributeTest['operator'],
  value: String(value),
});

/** `snapshotId` equal to `*`, as the vendor's own pages print it, means any snapshot. */
function resourceTest(attribute: PolicyAttribute): AttributeTest {
  const whole = attribute.operator === 'stringEquals' && attribute.value === '*' && wholeTypes.has(attribute.name);
  return whole ? { name: attribute.name, operator: 'stringExists', value: 'true' } : plainTest(attribute);
}

const tagTest = (tag: PolicyAttribute): AttributeTest => ({ ...plainTest(tag), name: `tag:${tag.name}` });

/** Who the policy is about. A source without an account is of the account that owns the policy. */
function subjectOf(policy: IbmPolicy, account: string): Frame['principals'] | undefined {
  const { subject } = policy;
  if (policy.type === 'access') {
    const [only] = subject;
    if (subject.length !== 1 || only?.operator !== 'stringEquals' || typeof only.value !== 'string') return undefined;
    if (only.name === 'iam_id') return { kind: 'exact', id: only.value };
    return only.name === 'access_group_id' ? { kind: 'group', id: only.value } : undefined;
  }
  if (!subject.some((a) => a.name === 'serviceName' || a.name === 'resourceGroupId')) return undefined;
  const own: AttributeTest = { name: 'accountId', operator: 'stringEquals', value: account };
  const named = subject.filter((a) => a.name === 'accountId');
  if (named.some((a) => a.operator !== 'stringEquals')) return undefined;
  return { kind: 'service', tests: [...(named.length === 0 ? [own] : []), ...subject.map(plainTest)] };
}

type Actions = Extract<Statement['actions'], { kind: 'exact' }>;
const actionSets = new Map<string, Actions>();

/** Policies with the same roles on the same services share one set: there may be a hundred thousand of them. */
function actionsOf(roles: readonly string[], scope: Scope, custom: CustomRoles): Actions | undefined {
  const key = JSON.stringify([scope, roles]);
  const known = actionSets.get(key);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const titles: string[] = [];
  for (const crn of roles) {
    const role = roleOf(crn) ?? custom.get(crn);
    if (role === undefined) return undefined;
    titles.push(role.display_name);
    for (const action of 'actions' in role ? role.actions : grants(crn, scope)) names.add(action.toLowerCase());
  }
  const actions: Actions = { kind: 'exact', names, roles: titles };
  // Custom roles change, and anyone may send roles in any order and number: only the usual sets are kept.
  if (roles.length <= 3 && new Set(roles).size === roles.length && roles.every((crn) => roleOf(crn) !== undefined)) {
    actionSets.set(key, actions);
  }
  return actions;
}

function conditionsOf(rule: Rule): readonly Condition[] | undefined {
  if (isGroup(rule) && rule.operator === 'and') {
    const parts = rule.conditions.map(conditionsOf);
    return parts.every((p) => p !== undefined) ? parts.flat() : undefined;
  }
  if (isGroup(rule)) {
    const parts = rule.conditions.map(conditionsOf);
    if (!parts.every((p) => p !== undefined)) return undefined;
    return [{ kind: 'any-of', of: parts.map((of): Condition => (of.length === 1 ? of[0]! : { kind: 'all-of', of })) }];
  }
  const key = contextKeyOf(rule.key);
  if (key === undefined || !ruleOperators.has(rule.operator)) return undefined;
  const values = (Array.isArray(rule.value) ? rule.value : [rule.value]).map(String);
  return [{ kind: 'test', operator: rule.operator, key, values }];
}
