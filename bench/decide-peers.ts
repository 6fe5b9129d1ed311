/** Peers of `bench/decide.ts`, told the same policies in their own language before the clock runs. */
import * as wasm from '@cedar-policy/cedar-wasm/nodejs';
import { newEnforcer, newModelFromString } from 'casbin';
import type { PlainStatement, PlainWorld } from '../src/policy/plain/world.ts';

export interface Peer {
  readonly name: string;
  /** Whether the world's policies allow the request. */
  readonly allows: (world: PlainWorld) => boolean;
}

const list = (value: string | readonly string[] | undefined) => (typeof value === 'string' ? [value] : (value ?? []));
const quoted = (text: string) => JSON.stringify(text);

function statementsOf({ policies: { identity, resource } }: PlainWorld): readonly PlainStatement[] {
  return [...identity, ...(resource ? [resource] : [])].flatMap((document) => document.Statement);
}

/** The roles that a statement is for; empty: whoever asks. Worlds (a) and (b) name no other principals. */
const rolesOf = ({ Principal }: PlainStatement) => (typeof Principal === 'object' ? list(Principal['AWS']) : []);

/** ARN of the role behind the session that asks. */
function roleBehind({ principal }: PlainWorld['request']): string {
  const [, , , , account, name] = principal.split(':');
  return `arn:aws:iam::${account}:role/${name?.split('/')[1]}`;
}

/** Wildcards over the name of an action or resource; every world has one set of policies. */
const likeAny = (subject: string, patterns: readonly string[]) =>
  patterns.map((pattern) => `${subject} like ${quoted(pattern)}`).join(' || ');

/** A statement as a Cedar policy; principals are roles, conditions are equalities. */
function cedarPolicy(statement: PlainStatement): string {
  const { Effect, Action, Resource, Condition } = statement;
  const roles = rolesOf(statement);
  const tests = Object.values(Condition ?? {}).flatMap((keys) =>
    Object.entries(keys).map(([key, values]) => {
      const field = quoted(key);
      return `context has ${field} && (${list(values)
        .map((value) => `context[${field}] == ${quoted(value)}`)
        .join(' || ')})`;
    }),
  );
  const conditions = [
    `(${likeAny('context.action', list(Action))})`,
    `(${likeAny('context.resource', list(Resource))})`,
    ...tests,
  ];
  const principal = roles.length === 1 ? `principal == Role::${quoted(roles[0]!)}` : 'principal';
  return `${Effect === 'Allow' ? 'permit' : 'forbid'}(${principal}, action, resource) when { ${conditions.join(' && ')} };`;
}

/** https://github.com/cedar-policy/cedar/tree/main/cedar-wasm, with the policy set parsed beforehand. */
export function cedar(world: PlainWorld): Peer {
  const statements = statementsOf(world);
  const id = `world ${statements.length}`;
  const read = wasm.preparsePolicySet(id, { staticPolicies: statements.map(cedarPolicy).join('\n') });
  if (read.type !== 'success') throw new Error(`cedar: ${JSON.stringify(read.errors)}`);
  const action = { type: 'Action', id: 'ask' };
  return {
    name: 'cedar-wasm',
    allows: ({ request }) => {
      const context = {
        ...(request.context as Record<string, string>),
        action: request.action,
        resource: request.resource,
      };
      const answer = wasm.statefulIsAuthorized({
        principal: { type: 'Role', id: roleBehind(request) },
        action,
        resource: { type: 'Resource', id: request.resource },
        context,
        preparsedPolicySetId: id,
        entities: [],
      });
      return answer.type === 'success' && answer.response.decision === 'allow';
    },
  };
}

/**
 * `form` spares `globMatch`, the slower of the two, where a wildcard stands only at the end. casbin finds `p.` behind a
 * space, not behind a bracket.
 */
const casbinModel = `
[request_definition]
r = role, action, resource, context
[policy_definition]
p = role, action, form, resource, key, value, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = (p.role == "" || p.role == r.role) && keyMatch(r.action, p.action) && \
(p.key == "" || r.context[ p.key ] == p.value) && \
(p.form == "prefix" && keyMatch(r.resource, p.resource) || p.form == "glob" && globMatch(r.resource, p.resource))
`;

/** A statement as rules of casbin, which have one role, action and resource each, and of conditions one equality. */
function casbinRules(statement: PlainStatement): string[][] {
  const { Effect, Action, Resource, Condition } = statement;
  const tests = Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => ({ operator, key, value })),
  );
  const { operator, key, value } = tests[0] ?? { operator: 'Bool', key: '', value: '' };
  const isEquality = operator === 'Bool' || operator === 'StringEquals';
  const roles = rolesOf(statement);
  if (tests.length > 1 || !isEquality || typeof value !== 'string')
    throw new Error('casbin: a rule has room for one equality');
  return (roles.length === 0 ? [''] : roles).flatMap((role) =>
    list(Action).flatMap((action) =>
      list(Resource).map((resource) => {
        // `keyMatch` ignores what follows its first wildcard; that of a glob stops at a slash unless it is doubled.
        const isPrefix = !resource.slice(0, -1).includes('*');
        const pattern = isPrefix ? resource : resource.replace(/\/\*$/, '/**');
        return [role, action, isPrefix ? 'prefix' : 'glob', pattern, key, value, Effect.toLowerCase()];
      }),
    ),
  );
}

/** https://github.com/casbin/node-casbin, with its rules loaded beforehand and without its cache of results. */
export async function casbin(world: PlainWorld): Promise<Peer> {
  const enforcer = await newEnforcer(newModelFromString(casbinModel));
  await enforcer.addPolicies(statementsOf(world).flatMap(casbinRules));
  return {
    name: 'casbin',
    allows: ({ request }) =>
      enforcer.enforceSync(roleBehind(request), request.action, request.resource, request.context),
  };
}
