/** Does a principal pattern cover the caller, and how closely does it name it? */
import { attributesMatcher } from './attributes.ts';
import type { Caller, Covers, PrincipalPattern } from './model.ts';

/**
 * How a principal covers the caller, weakest first: not at all; through its account, which only delegates; as the
 * role or user behind its session, which counts as if the caller's own policies allowed; the caller itself.
 */
export const NONE = 0;
export const ACCOUNT = 1;
export const ROLE = 2;
export const CALLER = 3;
export type Coverage = typeof NONE | typeof ACCOUNT | typeof ROLE | typeof CALLER;

export const coversOf: readonly (Covers | undefined)[] = [undefined, 'account', 'role', 'caller'];

export type PrincipalMatcher = (caller: Caller, bounded: boolean) => Coverage;

/** Compiles a pattern. `bounded` says whether the caller has a permissions boundary. */
export function principalMatcher(pattern: PrincipalPattern): PrincipalMatcher {
  switch (pattern.kind) {
    case 'anyone':
      return () => CALLER;
    case 'account':
      return (caller) => (caller.account === pattern.account && belongsToAccount(caller) ? ACCOUNT : NONE);
    case 'exact':
    case 'role':
      return (caller) => (caller.id === pattern.id ? CALLER : caller.role === pattern.id ? ROLE : NONE);
    case 'unique': {
      const { id, within } = pattern;
      return (caller) => (caller.uniqueId !== id || within?.has(caller.account) === false ? NONE : closeness(caller));
    }
    case 'group':
      return (caller) => (caller.groups?.includes(pattern.id) ? CALLER : NONE);
    case 'service': {
      const { name } = pattern;
      const holds = attributesMatcher(pattern.tests);
      if (name === undefined) {
        return (caller) => (caller.kind === 'service' && holds(caller.attributes ?? NO_ATTRIBUTES) ? CALLER : NONE);
      }
      return (caller) =>
        caller.kind === 'service' && name === caller.id && holds(caller.attributes ?? NO_ATTRIBUTES) ? CALLER : NONE;
    }
    case 'federated':
      return (caller) => (caller.kind === 'federated' && caller.id === pattern.provider ? CALLER : NONE);
    case 'canonical':
      return (caller) => (caller.attributes?.['canonicalId'] === pattern.id ? ACCOUNT : NONE);
    case 'bounded':
      return (_, bounded) => (bounded ? CALLER : NONE);
    case 'any-of':
      return anyOf(pattern.of.map(principalMatcher));
    case 'not': {
      const matcher = principalMatcher(pattern.of);
      return (caller, bounded) => (matcher(caller, bounded) === NONE ? CALLER : NONE);
    }
  }
}

const NO_ATTRIBUTES = {};

/** How closely the id of a user or role names a caller: itself, or who is behind its session. */
function closeness({ id, role }: Caller): Coverage {
  return role === undefined || role === id ? CALLER : ROLE;
}

/** Services act for themselves, and who has not been given an identity of the account is not of it. */
function belongsToAccount(caller: Caller): boolean {
  return caller.kind !== 'service' && caller.kind !== 'federated' && caller.kind !== 'anonymous';
}

function anyOf(matchers: readonly PrincipalMatcher[]): PrincipalMatcher {
  const [only] = matchers;
  if (matchers.length === 1 && only) return only;
  return (caller, bounded) => {
    let best: Coverage = NONE;
    for (const matcher of matchers) {
      const coverage = matcher(caller, bounded);
      if (coverage > best) best = coverage;
      if (best === CALLER) break;
    }
    return best;
  };
}

/** The pattern in words a reader of the policy knows, for explanations. */
export function describePrincipal(pattern: PrincipalPattern): readonly string[] {
  switch (pattern.kind) {
    case 'anyone':
      return ['*'];
    case 'account':
      return [`account ${pattern.account}`];
    case 'exact':
    case 'role':
    case 'group':
    case 'canonical':
      return [pattern.id];
    case 'unique':
      return [`${pattern.id.startsWith('AROA') ? 'role' : 'user'} ${pattern.id}`];
    case 'service':
      return [
        pattern.name ?? 'a service',
        ...pattern.tests.map((test) => `${test.name} ${test.operator} ${test.value}`),
      ];
    case 'federated':
      return [pattern.provider];
    case 'bounded':
      return ['a principal with a permissions boundary'];
    case 'any-of':
      return pattern.of.flatMap(describePrincipal);
    case 'not':
      return describePrincipal(pattern.of).map((text) => `not ${text}`);
  }
}
