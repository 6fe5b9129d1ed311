/** Creating, reading, changing and deleting policies. https://cloud.ibm.com/apidocs/iam-policy-management */
import type { Context } from '../../context.ts';
import { Fault } from '../../faults.ts';
import { type Allowed, operation } from '../../operation.ts';
import type { ApiVersion, IbmPolicy } from '../../policy/ibm/document.ts';
import { toV2 } from '../../policy/ibm/views.ts';
import type { Json } from '../../store/store.ts';
import { Policy, policyRef } from './access.ts';
import { endDelegationsOf } from './delegation.ts';
import { type Author, changedPolicy, grantKey, newPolicy, type PolicyDocument } from './documents.ts';
import { customRolesAmong, refuseTooMany, refuseTwin, type Shown, validOwner } from './rules.ts';

/** A policy as it was sent, and in which version of the API: faults name the places of that body. */
export interface Written {
  readonly policy: IbmPolicy;
  readonly version: ApiVersion;
}

export interface Change {
  readonly id: string;
  /** The entity tag that the caller saw last. */
  readonly ifMatch: string;
}

/**
 * Creates a policy in the account that its resource names. The caller must administer the target there. Throws
 * `invalid`, `denied`, `conflict` (`policy-conflict`), `quota`.
 */
export const createPolicy = operation(
  'policies.create',
  async (cx, { policy, version }: Written): Promise<Shown> => {
    const account = await validOwner(cx, policy, version);
    const document = newPolicy(cx.newId(), policy, author(cx));
    const allowed = await cx.allowNew(Policy.create, policyRef(account, document.id), document);
    await cx.allowChange(Policy.assign, allowed, document);
    await refuseTwin(cx, account, document, version);
    await refuseTooMany(cx, account, policy);
    cx.create(allowed, document);
    return shown(cx, account, document);
  },
  { recorded: ({ policy }) => toV2(policy) as unknown as Json },
);

/** One policy of the caller's account, deleted ones included. Throws `denied`, `not-found`. */
export const getPolicy = operation('policies.get', async (cx, { id }: { id: string }): Promise<Shown> => {
  const { account } = cx.identity.caller;
  const allowed = await cx.allow(Policy.read, policyRef(account, id));
  return shown(cx, account, allowed.value);
});

/**
 * Replaces a policy; one that version 1 wrote becomes what version 2 sends. The caller must administer the target that
 * it had and the one that it gets. Throws `precondition` when somebody else has changed it since.
 */
export const replacePolicy = operation(
  'policies.replace',
  async (cx, { id, ifMatch, policy, version }: Written & Change): Promise<Shown> => {
    const { account } = cx.identity.caller;
    const allowed = await cx.allow(Policy.update, policyRef(account, id));
    const before = matching(inForce(allowed.value), ifMatch);
    const owner = await validOwner(cx, policy, version);
    if (policy.type !== before.policy.type) {
      throw new Fault('invalid', 'type-changed', `the type of a policy cannot be changed; it is ${before.policy.type}`);
    }
    const document = changedPolicy(before, { policy }, author(cx));
    // Nobody acts in two accounts at once, so nobody may give away what is another account's.
    if (owner !== account) throw new Fault('denied', 'owner-changed', 'you are not authorized to do this');
    await mayGrant(cx, allowed, document);
    if (grantKey(policy) !== grantKey(before.policy)) await refuseTwin(cx, account, document, version);
    cx.update(allowed, document);
    await endDelegationsOf(cx, account, document);
    return shown(cx, account, document);
  },
  { recorded: ({ id, policy }) => ({ id, ...toV2(policy) }) as unknown as Json },
);

/** Brings a deleted policy back as it was. Whoever does so gives access anew, and must be allowed to. */
export const restorePolicy = operation(
  'policies.restore',
  async (cx, { id, ifMatch }: Change): Promise<Shown> => {
    const { account } = cx.identity.caller;
    const allowed = await cx.allow(Policy.update, policyRef(account, id));
    const before = matching(allowed.value, ifMatch);
    if (before.state === 'active') return shown(cx, account, before);
    await validOwner(cx, before.policy, 'v2');
    const document = changedPolicy(before, { state: 'active' }, author(cx));
    await mayGrant(cx, allowed, document);
    await refuseTwin(cx, account, document, 'v1');
    await refuseTooMany(cx, account, document.policy);
    cx.update(allowed, document);
    return shown(cx, account, document);
  },
  { recorded: ({ id }) => ({ id }) },
);

/** Deletes a policy: it stays readable, and allows nothing from now on. What services built on it ends with it. */
export const deletePolicy = operation(
  'policies.delete',
  async (cx, { id }: { id: string }): Promise<void> => {
    const { account } = cx.identity.caller;
    const allowed = await cx.allow(Policy.delete, policyRef(account, id));
    const document = changedPolicy(inForce(allowed.value), { state: 'deleted' }, author(cx));
    cx.update(allowed, document);
    await endDelegationsOf(cx, account, document);
  },
  { recorded: ({ id }) => ({ id }) },
);

function author(cx: Context): Author {
  return { by: cx.identity.caller.id, at: cx.now };
}

/** May the caller give away what an existing policy gives after a change, as if it were a new one? */
async function mayGrant(cx: Context, allowed: Allowed<PolicyDocument>, document: PolicyDocument): Promise<void> {
  await cx.allowChange(Policy.create, allowed, document);
  await cx.allowChange(Policy.assign, allowed, document);
}

/** A deleted policy can only be read and restored. */
function inForce(document: Readonly<PolicyDocument>): PolicyDocument {
  if (document.state === 'active') return document;
  throw new Fault('not-found', 'policy-not-found', 'the policy is deleted: restore it first');
}

function matching(document: Readonly<PolicyDocument>, ifMatch: string): PolicyDocument {
  if (document.etag === ifMatch) return document;
  throw new Fault('precondition', 'stale-etag', 'the policy has been changed since: read it again, then change it', {
    target: { type: 'header', name: 'If-Match', value: ifMatch },
  });
}

async function shown(cx: Context, account: string, document: PolicyDocument): Promise<Shown> {
  return { document, custom: await customRolesAmong(cx, account, document.policy.roles) };
}
