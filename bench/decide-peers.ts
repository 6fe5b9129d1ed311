/** Peers of `bench/decide.ts`, told the same policies in their own language. One that is not installed is left out. */
import type { PlainStatement, PlainWorld } from '../src/policy/plain/world.ts';

export interface Peer {
  readonly name: string;
  /** Whether the world's policies allow the request; the policies have been read before. */
  readonly allows: (world: PlainWorld) => boolean;
}

const list = (value: string | readonly string[] | undefined) => (typeof value === 'string' ? [value] : (value ?? []));
const quoted = (text: string) => JSON.stringify(text);

/** Wildcards over the name of an action or resource; every world has one set of policies. */
const likeAny = (subject: string, patterns: readonly string[]) =>
  patterns.map((pattern) => `${subject} like ${quoted(pattern)}`).join(' || ');

/** A statement as a Cedar policy; principals are roles, conditions are equalities. */
function cedarPolicy({ Effect, Principal, Action, Resource, Condition }: PlainStatement): string {
  const roles = typeof Principal === 'object' ? list(Principal['AWS']) : [];
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
export async function cedar(first: PlainWorld): Promise<Peer | undefined> {
  const wasm = await import('@cedar-policy/cedar-wasm/nodejs').catch(() => undefined);
  if (!wasm) return undefined;
  const { identity, resource } = first.policies;
  const statements = [...identity, ...(resource ? [resource] : [])].flatMap((document) => document.Statement);
  const id = `world ${statements.length}`;
  const read = wasm.preparsePolicySet(id, { staticPolicies: statements.map(cedarPolicy).join('\n') });
  if (read.type !== 'success') throw new Error(`cedar: ${JSON.stringify(read.errors)}`);
  const action = { type: 'Action', id: 'ask' };
  return {
    name: 'cedar-wasm',
    allows: ({ request }) => {
      const [, , , , account, name] = request.principal.split(':');
      const role = `arn:aws:iam::${account}:role/${name?.split('/')[1]}`;
      const context = {
        ...(request.context as Record<string, string>),
        action: request.action,
        resource: request.resource,
      };
      const answer = wasm.statefulIsAuthorized({
        principal: { type: 'Role', id: role },
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
