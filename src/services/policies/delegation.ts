/**
 * A source service that was authorized with AuthorizationDelegator authorizes the services that depend on it, on the
 * same target, one hop far. What it made ends with the authorization that let it, with the source and with the
 * dependent. https://cloud.ibm.com/docs/account?topic=account-serviceauth#dependent-services
 */
import { answer, questionFor } from '../../authorize.ts';
import type { Context } from '../../context.ts';
import { Fault } from '../../faults.ts';
import { operation } from '../../operation.ts';
import { bucketsFor } from '../../policy/ibm/buckets.ts';
import { DELEGATOR, dependentsOf } from '../../policy/ibm/catalogue/catalogue.ts';
import { compile } from '../../policy/ibm/compile.ts';
import type { IbmPolicy, PolicyAttribute } from '../../policy/ibm/document.ts';
import type { Caller, Question } from '../../policy/model.ts';
import type { Document, Json } from '../../store/store.ts';
import { Policy, policyRef } from './access.ts';
import {
  changedPolicy,
  type Delegation,
  dependentKey,
  grantKey,
  newPolicy,
  type PolicyDocument,
  sourceKey,
} from './documents.ts';
import { refuseTooMany, validOwner } from './rules.ts';

/** What a source service passes on. */
export interface Delegated {
  /** The dependent: `serviceName`, and what narrows it. Its account is that of the source, never input. */
  readonly dependent: readonly PolicyAttribute[];
  /** The target, `accountId` and `serviceName` included: within what the source was given. */
  readonly target: readonly PolicyAttribute[];
  /** Role CRNs, of those that the source was given. */
  readonly roles: readonly string[];
}

/** The job that deletes one delegated policy: `{ id }`, in the account that owns it. */
export const DROP_DELEGATED = 'policies.drop-delegated';
const BATCH = 500;

/**
 * Authorizes a dependent of the calling service on a target that the caller was authorized for with
 * AuthorizationDelegator. Answers with the policy, an existing one when it grants the same. Called as the service:
 * `cx.actAs({ kind: 'service-principal', service }, resource).perform(delegateAuthorization, ...)`. Throws `denied`
 * for what is no declared dependent, for more than the source has itself, and for passing the delegation itself on.
 */
export const delegateAuthorization = operation(
  'policies.delegate',
  async (cx, { dependent, target, roles }: Delegated): Promise<PolicyDocument> => {
    const { caller } = cx.identity;
    const own: PolicyAttribute = { name: 'accountId', operator: 'stringEquals', value: caller.account };
    const subject = [own, ...dependent.filter(({ name }) => name !== 'accountId')];
    const policy: IbmPolicy = { type: 'authorization', subject, resource: target, tags: [], roles };
    const account = await validOwner(cx, policy, 'v2');
    const draft = newPolicy(cx.newId(), policy, { by: caller.id, at: cx.now });
    const allowed = await cx.allowNew(Policy.delegate, policyRef(account, draft.id), draft);
    refuseStranger(caller, policy);
    const parent = await parentOf(cx, account, draft);
    if (parent === undefined) {
      throw new Fault('denied', 'not-delegable', 'no authorization lets the service pass these roles on');
    }
    // Another source's stays that one's: it ends with it.
    const keep = ({ value: { delegation } }: Document<PolicyDocument>) =>
      delegation === undefined || delegation.source.id === caller.id;
    const twins = { index: 'grant', key: grantKey(policy), limit: 1, keep };
    const twin = (await cx.allowEach(Policy.delegate, account, twins)).items[0];
    if (twin) return twin.value;
    await refuseTooMany(cx, account, policy);
    const source = { id: caller.id, account: caller.account, attributes: caller.attributes ?? {} };
    const document = { ...draft, delegation: { source, parent } };
    cx.create(allowed, document);
    return document;
  },
  { recorded: (input) => input as unknown as Json },
);

/** Only what the source declares as its dependents can be given anything, and only by a service. */
function refuseStranger(caller: Caller, { subject, roles }: IbmPolicy): void {
  const declared = dependentsOf(caller.attributes?.['serviceName'] ?? '');
  const named = subject.filter(({ name }) => name === 'serviceName');
  const isDeclared = ({ operator, value }: PolicyAttribute) =>
    operator === 'stringEquals' && declared.includes(String(value));
  if (caller.kind !== 'service' || named.length !== 1 || !named.every(isDeclared)) {
    throw new Fault('denied', 'not-a-dependent', 'a service passes its right on to services that depend on it alone');
  }
  if (roles.includes(DELEGATOR)) {
    throw new Fault('denied', 'one-hop', 'what was passed on cannot be passed on again');
  }
}

/** The id of an authorization of the caller that covers a draft. */
async function parentOf(cx: Context, account: string, draft: PolicyDocument): Promise<string | undefined> {
  const question = delegationQuestion(cx, account, draft, cx.identity.caller);
  const keep = ({ value }: Document<PolicyDocument>) => covers(value, draft, question);
  for (const key of bucketsFor(question)) {
    const page = await cx.allowEach(Policy.delegate, account, { index: 'match', key, limit: 1, keep });
    if (page.items[0]) return page.items[0].value.id;
  }
  return undefined;
}

function delegationQuestion(cx: Context, account: string, child: PolicyDocument, source: Caller): Question {
  return questionFor(Policy.delegate, source, { ref: policyRef(account, child.id), value: child }, cx.now, {});
}

/** Whether an authorization by itself lets a source create a policy: its roles are among those given, its target within. */
function covers(parent: Readonly<PolicyDocument>, child: Readonly<PolicyDocument>, question: Question): boolean {
  const { id, policy, state } = parent;
  if (state !== 'active' || policy.type !== 'authorization' || !policy.roles.includes(DELEGATOR)) return false;
  if (!child.policy.roles.every((role) => policy.roles.includes(role))) return false;
  const { account, statements } = compile(policy, id);
  return answer(question, [{ kind: 'authorization', account, statements, may: 'grant' }]) === 'allow';
}

/** After an authorization was changed or deleted: of what services made by it, only what it still covers stays. */
export async function endDelegationsOf(cx: Context, account: string, parent: PolicyDocument): Promise<void> {
  const author = { by: cx.identity.caller.id, at: cx.now };
  const keep = ({ value }: Document<PolicyDocument>): boolean =>
    !covers(parent, value, delegationQuestion(cx, account, value, callerOf(value.delegation)));
  let more = true;
  while (more) {
    const page = await cx.allowEach(Policy.delete, account, { index: 'parent', key: parent.id, limit: BATCH, keep });
    for (const child of page.items) cx.update(child, changedPolicy(child.value, { state: 'deleted' }, author));
    more = page.next !== undefined;
  }
}

function callerOf(delegation: Delegation | undefined): Caller {
  return { kind: 'service', id: '', account: '', ...delegation?.source };
}

/**
 * Ends what the calling service has passed on, and what was passed on to it, for the resource that it acts for: for a
 * source or a dependent that is removed. Its own policies are deleted in this commit; those of others by jobs there.
 */
export const endDelegations = operation('policies.end-delegations', async (cx, _input: null): Promise<void> => {
  const { caller } = cx.identity;
  const author = { by: caller.id, at: cx.now };
  const key = sourceKey(caller.id);
  const made = await cx.locate(Policy.type, 'delegation', key, BATCH);
  for (const account of new Set([caller.account, ...made.map(({ ref }) => ref.account)])) {
    const page = await cx.allowEach(Policy.withdraw, account, { index: 'delegation', key, limit: BATCH });
    for (const own of page.items) cx.update(own, changedPolicy(own.value, { state: 'deleted' }, author));
  }
  const { serviceName, serviceInstance } = caller.attributes ?? {};
  if (serviceName === undefined || serviceInstance === undefined) return;
  const received = await cx.locate(
    Policy.type,
    'delegation',
    dependentKey(caller.account, serviceName, serviceInstance),
  );
  for (const { ref } of received) {
    cx.schedule({ kind: DROP_DELEGATED, account: ref.account, due: cx.now, payload: { id: ref.id }, key: ref.id });
  }
});

/** Deletes a policy that a service made, as the service that keeps policies. */
export const dropDelegated = operation('policies.drop-delegated', async (cx, { id }: { id: string }): Promise<void> => {
  const { caller } = cx.identity;
  const allowed = await cx.allow(Policy.withdraw, policyRef(caller.account, id));
  if (allowed.value.state === 'deleted' || allowed.value.delegation === undefined) return;
  cx.update(allowed, changedPolicy(allowed.value, { state: 'deleted' }, { by: caller.id, at: cx.now }));
});
