/**
 * The IBM Cloud part of a decision case: the caller, the resource and the policies of its account.
 * `facts` may say what no policy and no CRN does: `principalAccount` (default: the resource's), `accessGroups` of the
 * caller, `accountOwner` (iam_id), `resourceAttributes` (`keyRing`, `resourceGroupId`, `tag:NAME`).
 */
import { type Fields, fields, isFields, list, text } from '../fields.ts';
import type { Caller, ContextValue, Facts, Layer, Question, Statement, Target } from '../model.ts';
import { formatCrn, ibmRef, parseCrn } from '../names.ts';
import { compile } from './compile.ts';
import type { Problem } from './document.ts';
import { ruleContext, targetOf } from './question.ts';
import { fromBody } from './read.ts';

export interface World {
  readonly question: Question;
  readonly layers: readonly Layer[];
  readonly facts: Facts;
  readonly problems: readonly (Pick<Problem, 'path' | 'message'> & { readonly policy: string })[];
}

/** Reads one case. Throws when the case itself is wrong; policies that cannot be read are reported and allow nothing. */
export function ibmCase(name: string, request: Fields, policies: Fields, facts: Fields): World {
  const crn = text(request['resource'], `${name}: request.resource`);
  const ref = parseCrn(crn);
  if (ref === undefined) throw new Error(`${name}: \`${crn}\` is no crn`);
  const resource = targetOf(ref, texts(facts['resourceAttributes'], `${name}: facts.resourceAttributes`));
  const caller = callerOf(request['principal'], ref.account, facts, name);
  const question: Question = {
    caller,
    action: text(request['action'], `${name}: request.action`),
    resource,
    context: contextOf(fields(request['context'] ?? {}, `${name}: request.context`), resource),
  };
  const problems: { policy: string; path: string; message: string }[] = [];
  const access: Statement[] = [];
  const authorization: Statement[] = [];
  for (const [i, body] of list(policies['ibm']).entries()) {
    const label = `ibm[${i}]`;
    const parsed = fromBody(body);
    problems.push(...parsed.problems.map(({ path, message }) => ({ policy: label, path, message })));
    if (parsed.policy === undefined || parsed.problems.length > 0) continue;
    const { account, statements, skipped } = compile(parsed.policy, label);
    if (skipped !== undefined) problems.push({ policy: label, path: '', message: skipped });
    if (account === ref.account) (parsed.policy.type === 'access' ? access : authorization).push(...statements);
  }
  const owner = facts['accountOwner'];
  const layers: Layer[] = [
    // An identity is given access in the account in which it acts.
    { kind: 'access', account: ref.account, statements: caller.account === ref.account ? access : [], may: 'grant' },
    { kind: 'authorization', account: ref.account, statements: authorization, may: 'grant' },
    ...(typeof owner === 'string' ? [ownerLayer(ref.account, owner)] : []),
  ];
  return { question, layers, facts: {}, problems };
}

/** What an account's owner may do without any policy: everything in that account. */
export function ownerLayer(account: string, iamId: string): Layer {
  const statement: Statement = {
    effect: 'allow',
    principals: { kind: 'exact', id: iamId },
    actions: { kind: 'wildcard', patterns: ['*'] },
    resources: { kind: 'attributes', tests: [{ name: 'accountId', operator: 'stringEquals', value: account }] },
    conditions: [],
    origin: { account, policy: 'account owner', statement: '0', text: 'the owner of the account may do everything' },
  };
  return { kind: 'owner', account, statements: [statement], may: 'grant' };
}

function callerOf(principal: unknown, account: string, facts: Fields, name: string): Caller {
  if (isFields(principal)) return serviceCaller(texts(principal, `${name}: request.principal`), name);
  const id = text(principal, `${name}: request.principal`);
  if (id === 'anonymous') return { kind: 'anonymous', id, account: '' };
  const own = facts['principalAccount'];
  const groups = list(facts['accessGroups']).map(String);
  const kind = id.startsWith('iam-ServiceId-') ? 'service-id' : id.startsWith('iam-Profile-') ? 'profile' : 'user';
  return { kind, id, account: typeof own === 'string' ? own : account, groups };
}

function serviceCaller({ service, account, ...rest }: Record<string, string>, name: string): Caller {
  if (service === undefined) throw new Error(`${name}: a service as principal needs \`service\` and \`account\``);
  const ref = ibmRef({
    service,
    account: account ?? '',
    instance: rest['serviceInstance'] ?? '',
    type: rest['resourceType'] ?? '',
    id: rest['resource'] ?? '',
  });
  const attributes = { serviceName: service, ...(account === undefined ? {} : { accountId: account }), ...rest };
  return { kind: 'service', id: `crn-${formatCrn(ref)}`, account: account ?? '', attributes };
}

/** Keys may stand as policies write them, `{{environment.attributes.current_time}}`. One moment fills the whole clock. */
function contextOf(given: Fields, resource: Target): Question['context'] {
  const context: Record<string, ContextValue> = Object.create(null);
  for (const [key, value] of Object.entries(given)) {
    const name = key.replace(/^\{\{(.*)\}\}$/, '$1').toLowerCase();
    context[name] = Array.isArray(value) ? value.map(String) : String(value);
  }
  const moment = context['environment.attributes.current_date_time'];
  const known = ruleContext(resource, typeof moment === 'string' ? moment : undefined);
  for (const [key, value] of Object.entries(known)) if (!Object.hasOwn(context, key)) context[key] = value;
  return context;
}

function texts(value: unknown, what: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields(value ?? {}, what)).map(([key, one]) => {
      if (typeof one !== 'string') throw new Error(`${what}.${key} must be a text`);
      return [key, one];
    }),
  );
}
