/**
 * Who can, and what can: the engine's question asked for everyone, and for everything. Known principals are decided one
 * by one. Whoever else the resource's policies name is kept as a class, because the world outside cannot be listed.
 */
import { type Answer, answer, type OpenKeys } from './assume.ts';
import { compileStatements } from './layers.ts';
import type { CompiledStatement } from './match.ts';
import type {
  AttributeTest,
  Caller,
  Condition,
  Facts,
  Layer,
  PrincipalPattern,
  Question,
  Statement,
  Target,
} from './model.ts';
import { parsePrincipal, roleArnOf } from './names.ts';

/** What is asked about: everything of a question but its caller. `open` keys may have any value. */
export interface Access {
  readonly action: string;
  readonly resource: Target;
  readonly context: Question['context'];
  readonly open: OpenKeys;
  /** The layers that belong to the resource and its account, and to the way of the request. */
  readonly layers: readonly Layer[];
  readonly facts: Facts;
}

/** A principal that is known, with its own policies and what a request of it would carry. */
export interface KnownPrincipal {
  readonly caller: Caller;
  readonly layers: readonly Layer[];
  readonly facts: Facts;
  readonly context: Question['context'];
}

/** Who: a known principal, or a class that a policy of the resource names. */
export type Who =
  | { readonly kind: 'principal'; readonly caller: Caller }
  /** Whoever the account lets. */
  | { readonly kind: 'account'; readonly account: string }
  /** Whoever is of the organization, if its own account lets it. */
  | { readonly kind: 'organization'; readonly organization: string }
  | { readonly kind: 'anyone' }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'group'; readonly id: string }
  /** A service, as far as its attributes are named. */
  | { readonly kind: 'service'; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: 'federated'; readonly provider: string };

export type Finding = { readonly who: Who; readonly outside: boolean } & Exclude<Answer, { answer: 'no' }>;

/**
 * Everyone who can. `inside` tells the accounts of the resource's own organization or enterprise; findings of others
 * are marked `outside`. Known principals come first, in the order given.
 */
export function whoCan(
  access: Access,
  principals: readonly KnownPrincipal[],
  inside: (account: string) => boolean,
): readonly Finding[] {
  const findings: Finding[] = [];
  const about = onlyAbout(access);
  for (const principal of principals) {
    const found = answerFor(about, principal);
    const { caller } = principal;
    if (found.answer !== 'no') {
      findings.push({ who: { kind: 'principal', caller }, outside: !inside(caller.account), ...found });
    }
  }
  const listed = new Set(
    principals.flatMap(({ caller }) => [caller.id, caller.role ?? caller.id, caller.uniqueId ?? caller.id]),
  );
  for (const { who, stand } of classesOf(about, listed)) {
    const found = answerFor(about, stand);
    if (found.answer !== 'no') findings.push({ who, outside: isOutside(who, inside), ...found });
  }
  return findings;
}

/** Of questions about one caller, with the layers of each, those that are allowed or may be. */
export function whatCan(
  caller: Caller,
  accesses: readonly Access[],
  own: Omit<KnownPrincipal, 'caller'>,
): readonly { readonly access: Access; readonly found: Exclude<Answer, { answer: 'no' }> }[] {
  return accesses.flatMap((access) => {
    const found = answerFor(access, { caller, ...own });
    return found.answer === 'no' ? [] : [{ access, found }];
  });
}

function answerFor(access: Access, { caller, layers, facts, context }: KnownPrincipal): Answer {
  const question: Question = {
    caller,
    action: access.action,
    resource: access.resource,
    context: { ...access.context, ...context },
  };
  const open: OpenKeys = (key) => !Object.hasOwn(question.context, key) && access.open(key);
  return answer(question, [...layers, ...access.layers], { ...access.facts, ...facts }, open);
}

function isOutside(who: Who, inside: (account: string) => boolean): boolean {
  switch (who.kind) {
    case 'principal':
      return !inside(who.caller.account);
    case 'account':
      return !inside(who.account);
    case 'service': {
      const account = who.attributes['accountId'];
      return account !== undefined && !inside(account);
    }
    case 'anyone':
    case 'anonymous':
    case 'organization':
      return true;
    case 'group':
    case 'federated':
      return false;
  }
}

interface Class {
  readonly who: Who;
  /** A principal that stands for the class: its own account is taken to allow everything. */
  readonly stand: KnownPrincipal;
}

/** The same with only those statements that can be about the action and the resource: there may be very many others. */
function onlyAbout(access: Access): Access {
  const action = access.action.toLowerCase();
  const layers = access.layers.map((layer) => ({
    ...layer,
    statements: allStatements(layer)
      .filter((compiled) => isAbout(compiled, action, access.resource))
      .map(({ statement }) => statement),
  }));
  return { ...access, layers };
}

/** The classes that allows of the resource's layers name, or that a deny for everyone else spares. */
function classesOf(access: Access, listed: ReadonlySet<string>): readonly Class[] {
  const classes = new Map<string, Class>();
  for (const { statements } of access.layers) {
    for (const { effect, principals, conditions } of statements) {
      const patterns = effect === 'allow' ? [principals] : sparedIn(principals);
      for (const one of patterns.flatMap((pattern) => classesIn(pattern, conditions, access, listed))) {
        classes.set(JSON.stringify(one.who), one);
      }
    }
  }
  return [...classes.values()];
}

function sparedIn(pattern: PrincipalPattern): readonly PrincipalPattern[] {
  if (pattern.kind === 'any-of') return pattern.of.flatMap(sparedIn);
  return pattern.kind === 'not' ? [pattern.of] : [];
}

/**
 * Whether a statement can be about an action (lower case) on a resource. Names with variables may be about any: they are
 * left to the answer.
 */
export function isAbout(compiled: CompiledStatement, action: string, resource: Target): boolean {
  return compiled.action(action) && (compiled.statement.variables === true || compiled.resource(resource, {}));
}

function allStatements(layer: Layer): readonly CompiledStatement[] {
  const { allows, denies } = compileStatements(layer.statements);
  return [...allows.all, ...denies.all];
}

function classesIn(
  pattern: PrincipalPattern,
  conditions: readonly Condition[],
  access: Access,
  listed: ReadonlySet<string>,
): readonly Class[] {
  switch (pattern.kind) {
    case 'any-of':
      return pattern.of.flatMap((one) => classesIn(one, conditions, access, listed));
    case 'anyone':
    case 'not':
      return [...organizationsIn(conditions).map(ofOrganization), anyone, anonymous];
    // The principals of the resource's own account are known: a name that is not among them is nobody's.
    case 'account':
      return pattern.account === access.resource.ref.account ? [] : [ofAccount(pattern.account)];
    case 'exact':
    case 'role':
      return listed.has(pattern.id) || accountOf(pattern.id) === access.resource.ref.account ? [] : named(pattern.id);
    case 'group':
      return [
        stands(
          { kind: 'group', id: pattern.id },
          { kind: 'user', id: '', account: access.resource.ref.account, groups: [pattern.id] },
        ),
      ];
    case 'service':
      return [ofService(pattern)];
    case 'federated':
      return [
        stands(
          { kind: 'federated', provider: pattern.provider },
          { kind: 'federated', id: pattern.provider, account: '' },
        ),
      ];
    case 'unique':
      return listed.has(pattern.id) ? [] : identified(pattern, access.resource.ref.account);
    case 'canonical':
    case 'bounded':
      return [];
  }
}

/** An account that no world has: whoever comes from outside. */
const ELSEWHERE = '000000000000';

const anyone = stands({ kind: 'anyone' }, { kind: 'user', id: '', account: ELSEWHERE });
const anonymous = stands({ kind: 'anonymous' }, { kind: 'anonymous', id: 'anonymous', account: '' });
const ofAccount = (account: string) => stands({ kind: 'account', account }, { kind: 'user', id: '', account });

function ofOrganization(organization: string): Class {
  const one = stands({ kind: 'organization', organization }, { kind: 'user', id: '', account: ELSEWHERE });
  return { ...one, stand: { ...one.stand, context: { 'aws:principalorgid': organization } } };
}

function ofService(pattern: Extract<PrincipalPattern, { kind: 'service' }>): Class {
  // What must be there, whatever it is, is `*`.
  const tests = pattern.tests.filter((test) => test.operator !== 'stringExists' || test.value === 'true');
  const standIn = ({ operator, value }: AttributeTest) => (operator === 'stringExists' ? '*' : value);
  const attributes = Object.fromEntries(tests.map((test) => [test.name, standIn(test)]));
  const name = pattern.name ?? attributes['serviceName'] ?? 'any service';
  const caller: Caller = {
    kind: 'service',
    id: pattern.name ?? name,
    account: attributes['accountId'] ?? '',
    attributes,
  };
  return stands({ kind: 'service', name, attributes }, caller);
}

const accountOf = (id: string) => parsePrincipal(id)?.account;

/** A user, role or session that is named but not known: it stands for itself. */
function named(id: string): readonly Class[] {
  const principal = parsePrincipal(id);
  if (!principal) return [stands(principalWho({ kind: 'user', id, account: '' }), { kind: 'user', id, account: '' })];
  const { account, kind } = principal;
  const role = kind === 'role' ? id : kind === 'assumed-role' ? roleArnOf(id) : undefined;
  const callerKind = role !== undefined ? 'role-session' : kind === 'root' ? 'root' : 'user';
  const caller: Caller = { kind: callerKind, id, account, ...(role ? { role } : {}) };
  return [stands(principalWho(caller), caller)];
}

/** Whom an id names that is not known: somebody of any account, unless the pattern says of which, or nobody any more. */
function identified({ id, within }: Extract<PrincipalPattern, { kind: 'unique' }>, own: string): readonly Class[] {
  return [...(within ?? [''])]
    .filter((account) => account !== own)
    .map((account) => {
      const kind = id.startsWith('AROA') ? 'role-session' : 'user';
      const caller: Caller = { kind, id, account, uniqueId: id };
      return stands(principalWho(caller), caller);
    });
}

const principalWho = (caller: Caller): Who => ({ kind: 'principal', caller });

function stands(who: Who, caller: Caller): Class {
  const origin = { account: caller.account, policy: 'assumed', statement: '0', text: 'what its own account allows' };
  const everything: Statement = {
    effect: 'allow',
    principals: { kind: 'anyone' },
    actions: { kind: 'wildcard', patterns: ['*'] },
    resources: { kind: 'any' },
    conditions: [],
    origin,
  };
  const layers: readonly Layer[] = [
    { kind: 'identity', account: caller.account, statements: [everything], may: 'both' },
  ];
  return { who, stand: { caller, layers, facts: {}, context: {} } };
}

/** Organizations that the conditions name by id. */
function organizationsIn(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((condition) =>
    condition.kind === 'test' && condition.key === 'aws:principalorgid' && condition.operator === 'StringEquals'
      ? condition.values.filter((value) => !value.includes('$'))
      : [],
  );
}
