/** What can somebody do? Every action on every resource of an account that is there, and the grants behind it. */
import { z } from 'zod';
import type { ResourceType } from '../access.ts';
import { Fault } from '../faults.ts';
import { targetOf } from '../policy/ibm/question.ts';
import type { Caller, Statement } from '../policy/model.ts';
import { describePrincipal, NONE, principalMatcher } from '../policy/principal.ts';
import { accounts, EVERY_ACCOUNT } from '../services/accounts/access.ts';
import { identityKey } from '../services/policies/documents.ts';
import type { Document, Unit } from '../store/store.ts';
import { type ShownCaller, sees, type Viewer } from '../why/record.ts';
import { authorizationsOf, everyDocument, statementsUnder } from './account.ts';
import { liveCaller, readCaller } from './caller.ts';
import { shownCaller } from './decide.ts';
import { givenContext, type NamedAction, namedAction, reading, type World } from './live.ts';
import { answerLive, type Known, openQuestion } from './open.ts';
import { conditionText, type ShownGrant } from './words.ts';

/** Resources asked about for a page, however few of them can be reached. */
const LOOKED_AT = 500;

export const whatCanSchema = z.strictObject({
  /** As `readCaller` reads texts. */
  principal: z.string().min(1).max(1000),
  /** Whose resources: by default those of the identity's account, for a service those that the viewer sees. */
  account: z.string().optional(),
  /** What is known of the request; everything else is left open. */
  context: z.record(z.string().max(200), z.string().max(2000)).default({}),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.string().optional(),
});

export type WhatCanInput = z.infer<typeof whatCanSchema>;

/** One resource with what can be done to it, in the cloud's words. */
export interface Reach {
  readonly resource: string;
  readonly account: string;
  readonly can: readonly string[];
  /** Allowed under conditions. */
  readonly depends: readonly { readonly action: string; readonly by: readonly ShownGrant[] }[];
}

/** A policy about the principal: also what it opens that is not there yet. */
export interface Granted {
  readonly account: string;
  readonly policy: string;
  /** The access group or the attributes of the service that it names. */
  readonly to: readonly string[];
  readonly roles: readonly string[];
  /** Attributes of the resources that it opens. */
  readonly on: readonly string[];
  readonly when: readonly string[];
}

export interface WhatCan {
  readonly caller: ShownCaller;
  readonly accounts: readonly string[];
  /** On the first page alone. */
  readonly grants: readonly Granted[];
  readonly found: readonly Reach[];
  /** There are more: ask again with it as `after`. */
  readonly next?: string;
}

/** Throws `invalid`, `not-found` for an identity that is none, and `denied` for other accounts than the viewer's. */
export async function whatCanLive(world: World, input: WhatCanInput, viewer: Viewer): Promise<WhatCan> {
  const known = givenContext(input.context);
  return reading(world, async (unit) => {
    const caller = await callerOf(unit, input, viewer);
    const where = await accountsFor(unit, caller, input.account, viewer);
    const grants = input.after === undefined ? await grantsTo(unit, caller, where) : [];
    const found: Reach[] = [];
    let last: string | undefined;
    let looked = 0;
    for await (const [place, document, kind] of resourcesAfter(unit, world, where, input.after)) {
      if (last !== undefined && (found.length === input.limit || looked === LOOKED_AT)) {
        return { caller: shownCaller(caller), accounts: where, grants, found, next: last };
      }
      last = place;
      looked += 1;
      const reach = await reachOf({ unit, world, caller, known }, document, kind);
      if (reach) found.push(reach);
    }
    return { caller: shownCaller(caller), accounts: where, grants, found };
  });
}

async function callerOf(unit: Unit, { principal, account }: WhatCanInput, viewer: Viewer): Promise<Caller> {
  const described = readCaller(principal);
  if (described.kind === 'service') return described.caller;
  const home = described.account ?? account ?? (viewer.kind === 'administrator' ? viewer.account : undefined);
  if (home === undefined) {
    throw new Fault('invalid', 'account', `in which account? write \`${principal}@ACCOUNT\``);
  }
  return liveCaller(unit, `${described.iamId}@${home}`, home, viewer);
}

/** An identity acts in one account; services are authorized by any. */
async function accountsFor(
  unit: Unit,
  caller: Caller,
  account: string | undefined,
  viewer: Viewer,
): Promise<readonly string[]> {
  const wanted = account ?? (caller.kind === 'service' ? undefined : caller.account);
  if (wanted === undefined && viewer.kind === 'operator') {
    return (await unit.find(accounts, 'every', EVERY_ACCOUNT, 10_000)).map(({ id }) => id);
  }
  const one = wanted ?? (viewer.kind === 'administrator' ? viewer.account : caller.account);
  if (sees(viewer, one)) return [one];
  throw new Fault('denied', 'other-account', 'what can be done in an account is told to its administrators');
}

/** The policies that name the caller or a group of his. */
async function grantsTo(unit: Unit, caller: Caller, where: readonly string[]): Promise<readonly Granted[]> {
  const granted: Granted[] = [];
  for (const account of where) {
    for (const statement of await statementsAbout(unit, caller, account))
      granted.push(shownGranted(account, statement));
  }
  return granted;
}

async function statementsAbout(unit: Unit, caller: Caller, account: string): Promise<readonly Statement[]> {
  if (caller.kind === 'service') {
    const statements = await authorizationsOf(unit, account);
    return statements.filter(({ principals }) => principalMatcher(principals)(caller, false) !== NONE);
  }
  if (caller.account !== account) return [];
  const subjects = [
    identityKey('iam_id', caller.id),
    ...(caller.groups ?? []).map((group) => identityKey('access_group_id', group)),
  ];
  const found = await Promise.all(
    subjects.map((subject) => statementsUnder(unit, account, 'subject', `active ${subject}`)),
  );
  return found.flat();
}

function shownGranted(account: string, { principals, actions, resources, conditions, origin }: Statement): Granted {
  const tests = resources.kind === 'attributes' ? resources.tests : [];
  return {
    account,
    policy: origin.policy,
    to: describePrincipal(principals),
    roles: actions.kind === 'exact' ? (actions.roles ?? []) : [],
    on: tests.map(({ name, operator, value }) => `${name} ${operator} ${value}`),
    when: conditions.map(conditionText),
  };
}

/** Resources that are kept in one collection, and what may be asked of them. */
interface Kind {
  readonly type: ResourceType<never>;
  readonly actions: readonly NamedAction[];
}

/** What policies can grant, by the collection of what it is granted on. */
function kindsOf(world: World): readonly Kind[] {
  const byCollection = new Map<string, { type: ResourceType<never>; words: Set<string> }>();
  for (const { resource, ibm } of world.actions) {
    if (ibm === undefined) continue;
    const known = byCollection.get(resource.collection.name) ?? { type: resource, words: new Set() };
    known.words.add(ibm);
    byCollection.set(resource.collection.name, known);
  }
  return [...byCollection.values()].map(({ type, words }) => ({
    type,
    actions: [...words].sort().map((text) => namedAction(world, text)),
  }));
}

/** Resources in a fixed order, each with its place in it. */
async function* resourcesAfter(
  unit: Unit,
  world: World,
  where: readonly string[],
  after: string | undefined,
): AsyncGenerator<readonly [place: string, Document<object>, Kind]> {
  const [fromAccount = '', fromKind = '', fromId] = after === undefined ? [] : after.split('\n');
  let reached = after === undefined;
  for (const account of where) {
    for (const kind of kindsOf(world)) {
      const { name } = kind.type.collection;
      const here = account === fromAccount && name === fromKind;
      if (!reached && !here) continue;
      reached = true;
      const query = here && fromId !== undefined ? { after: fromId } : {};
      for await (const document of everyDocument(unit, kind.type.collection, account, query)) {
        yield [`${account}\n${name}\n${document.id}`, document, kind];
      }
    }
  }
}

interface Reaching {
  readonly unit: Unit;
  readonly world: World;
  readonly caller: Caller;
  readonly known: Known;
}

async function reachOf(
  { unit, world, caller, known }: Reaching,
  document: Document<object>,
  { type, actions }: Kind,
): Promise<Reach | undefined> {
  const ref = type.refOf(document as Document<never>);
  const target = targetOf(ref, type.attributes(ref, document.value as never));
  const can: string[] = [];
  const depends: { action: string; by: readonly ShownGrant[] }[] = [];
  for (const action of actions) {
    const found = await answerLive(unit, world, action, openQuestion(caller, action.words, target, known));
    if (found?.answer === 'yes') can.push(action.words);
    if (found?.answer === 'depends') depends.push({ action: action.words, by: found.by });
  }
  return can.length + depends.length === 0 ? undefined : { resource: target.name, account: ref.account, can, depends };
}
