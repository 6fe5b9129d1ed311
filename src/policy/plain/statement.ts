/**
 * Does a statement apply? Written apart from the engine, straight from the pages and for reading, not for speed: it
 * takes a document as it stands, shares no code with what it checks, and has one function for each rule.
 */
import { conditionHolds } from './condition.ts';
import { fill, like, literalParts, matchesParts } from './pattern.ts';
import type { PlainStatement, PlainWorld } from './world.ts';

/** How a Principal element covers the caller. */
export type Cover = 'no' | 'account' | 'role' | 'caller';

export interface Asker {
  readonly arn: string;
  readonly kind: 'root' | 'user' | 'role-session' | 'federated-session' | 'service' | 'anonymous';
  readonly account: string;
  /** The role of a role session, the user of a federated session. */
  readonly behind: string;
  /** Of the user, or of the role or user behind a session; empty for everyone else. */
  readonly uniqueId: string;
  readonly bounded: boolean;
}

export function askerOf({ request, policies, facts }: PlainWorld): Asker {
  const arn = request.principal;
  const account = arn.split(':')[4] ?? '';
  const name = arn.split(':')[5] ?? '';
  const bounded = policies.boundary !== undefined && policies.boundary !== null && name !== 'root';
  const nobodyBehind = { behind: '', uniqueId: '', bounded };
  if (arn === 'anonymous') return { arn, kind: 'anonymous', account: '', ...nobodyBehind };
  if (!arn.startsWith('arn:')) return { arn, kind: 'service', account: '', ...nobodyBehind };
  if (name === 'root') return { arn, kind: 'root', account, ...nobodyBehind };
  const uniqueId = facts?.principalUniqueId ?? '';
  if (name.startsWith('user/')) return { arn, kind: 'user', account, behind: '', uniqueId, bounded };
  if (name.startsWith('federated-user/')) {
    return { arn, kind: 'federated-session', account, behind: facts?.federatingUser ?? '', uniqueId, bounded };
  }
  const role = `arn:aws:iam::${account}:role${facts?.principalRolePath ?? '/'}${name.split('/')[1]}`;
  return { arn, kind: 'role-session', account, behind: role, uniqueId, bounded };
}

/** Action, resource and conditions; the principal is asked apart because how it covers the caller matters. */
export function applies(statement: PlainStatement, world: PlainWorld, variables: boolean): boolean {
  return (
    actionApplies(statement, world.request.action) &&
    resourceApplies(statement, world, variables) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) =>
        conditionHolds(operator, key, listOf(values), world.request.context, variables),
      ),
    )
  );
}

export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

function actionApplies(statement: PlainStatement, action: string): boolean {
  const listed = (names: string | readonly string[]) =>
    listOf(names).some((name) => like(name.toLowerCase(), action.toLowerCase()));
  if (statement.NotAction !== undefined) return !listed(statement.NotAction);
  return listed(statement.Action ?? []);
}

function resourceApplies(statement: PlainStatement, world: PlainWorld, variables: boolean): boolean {
  const listed = (names: string | readonly string[]) =>
    listOf(names).some((name) => nameApplies(name, world, variables));
  if (statement.NotResource !== undefined) return !listed(statement.NotResource);
  // Left out in a policy of a resource: the resource it is attached to.
  return statement.Resource === undefined || listed(statement.Resource);
}

/** Variables count behind the fifth colon; one without a value matches nothing. */
function nameApplies(name: string, { request }: PlainWorld, variables: boolean): boolean {
  if (name === '*') return true;
  const parts = name.split(':');
  while (parts.length < 6 && parts[0] === 'arn') parts.push('*');
  const head = parts.slice(0, 5).join(':');
  const tail = parts.slice(5).join(':');
  if (!variables || parts.length < 6) return like(parts.join(':'), request.resource);
  const filled = fill(tail, request.context);
  return filled !== undefined && matchesParts([...literalParts(head), { literal: ':' }, ...filled], request.resource);
}

/** How the statement's Principal or NotPrincipal covers the caller. */
export function principalCovers(statement: PlainStatement, asker: Asker): Cover {
  if (statement.NotPrincipal !== undefined) return notPrincipalCovers(statement, asker);
  const { Principal: principal } = statement;
  if (principal === undefined || principal === '*') return 'caller';
  return strongest(entriesOf(principal).map(([type, name]) => nameCovers(type, name, asker)));
}

function entriesOf(principal: Readonly<Record<string, string | readonly string[]>>): readonly [string, string][] {
  return Object.entries(principal).flatMap(([type, names]) =>
    listOf(names).map((name): [string, string] => [type, name]),
  );
}

function strongest(covers: readonly Cover[]): Cover {
  if (covers.includes('caller')) return 'caller';
  if (covers.includes('role')) return 'role';
  return covers.includes('account') ? 'account' : 'no';
}

function nameCovers(type: string, name: string, asker: Asker): Cover {
  if (type === 'Service') return asker.kind === 'service' && asker.arn === name ? 'caller' : 'no';
  if (name === '*') return 'caller';
  if (accountOf(name) !== undefined)
    return asker.account !== '' && accountOf(name) === asker.account ? 'account' : 'no';
  if (name === asker.arn) return 'caller';
  if (/^A(IDA|ROA)/.test(name)) return name !== asker.uniqueId ? 'no' : asker.kind === 'user' ? 'caller' : 'role';
  return name === asker.behind ? 'role' : 'no';
}

/** The account that an account id or a root ARN names. */
function accountOf(name: string): string | undefined {
  if (/^\d{12}$/.test(name)) return name;
  return name.endsWith(':root') ? name.split(':')[4] : undefined;
}

/** Deny spares only who is named together with the account, never one with a boundary; Allow reaches everyone else. */
function notPrincipalCovers(statement: PlainStatement, asker: Asker): Cover {
  const entries = entriesOf(statement.NotPrincipal!);
  if (statement.Effect === 'Allow') {
    return strongest(entries.map(([type, name]) => nameCovers(type, name, asker))) === 'no' ? 'caller' : 'no';
  }
  if (asker.bounded) return 'caller';
  if (entries.some(([type, name]) => type === 'AWS' && name === '*')) return 'no';
  const account = entries.some(([, name]) => accountOf(name) === asker.account && asker.account !== '');
  if (asker.kind === 'root') return account ? 'no' : 'caller';
  const named = entries.some(([type, name]) => accountOf(name) === undefined && nameCovers(type, name, asker) !== 'no');
  return named && (account || asker.kind === 'service') ? 'no' : 'caller';
}
