/** Who can? Every identity of the resource's account, and the services that its authorizations name, as classes. */
import { z } from 'zod';
import { Fault } from '../faults.ts';
import { compileStatement } from '../policy/match.ts';
import type { Caller, Layer } from '../policy/model.ts';
import { ibmRef, type ResourceRef } from '../policy/names.ts';
import { isAbout, whoCan } from '../policy/who-can.ts';
import { memberships, persons } from '../services/accounts/access.ts';
import { iamIdOf, serviceIds } from '../services/identity/ibm/access.ts';
import { callerIn } from '../services/identity/ibm/identify.ts';
import { PLANE, type Unit } from '../store/store.ts';
import { sees, type Viewer } from '../why/record.ts';
import { authorizationsOf, everyDocument, insideOf } from './account.ts';
import { serviceOf } from './caller.ts';
import {
  givenContext,
  type LiveTarget,
  liveTarget,
  type NamedAction,
  namedAction,
  reading,
  resourceNamed,
  type World,
} from './live.ts';
import { answerLive, answerOpen, type Known, type OpenAnswer, openQuestion } from './open.ts';

const MOST_FOUND = 1000;
/** Identities asked for a page, however few of them can. */
const LOOKED_AT = 2000;

export const whoCanSchema = z.strictObject({
  action: z.string().min(1).max(200),
  /** CRN. */
  resource: z.string().min(1).max(2000),
  /** What is known of the request; everything else is left open. */
  context: z.record(z.string().max(200), z.string().max(2000)).default({}),
  limit: z.coerce.number().int().min(1).max(MOST_FOUND).default(100),
  /** `next` of the page before. */
  after: z.string().optional(),
});

export type WhoCanInput = z.infer<typeof whoCanSchema>;

export type ShownWho =
  | { readonly kind: 'user' | 'service-id'; readonly iamId: string; readonly account: string; readonly name: string }
  /** Each service that has these attributes; `*` and `?` stand for any text and any character. */
  | { readonly kind: 'service'; readonly name: string; readonly attributes: Readonly<Record<string, string>> };

export interface Found extends OpenAnswer {
  readonly who: ShownWho;
  /** Of an account that is neither the resource's nor of its enterprise. */
  readonly outside: boolean;
}

export interface WhoCan {
  readonly action: string;
  readonly words: string;
  readonly resource: { readonly name: string; readonly account: string; readonly existed: boolean };
  readonly found: readonly Found[];
  readonly notes: readonly string[];
  /** There are more: ask again with it as `after`. */
  readonly next?: string;
}

/** What is asked, put together once for all who may be able to. */
interface Asking {
  readonly unit: Unit;
  readonly world: World;
  readonly action: NamedAction;
  readonly ref: ResourceRef;
  readonly live: LiveTarget;
  readonly known: Known;
}

/** Throws `invalid`, and `denied` for a resource that is not of the viewer's account, whatever it is. */
export async function whoCanLive(world: World, input: WhoCanInput, viewer: Viewer): Promise<WhoCan> {
  const ref = resourceNamed(input.resource);
  const action = namedAction(world, input.action);
  if (!sees(viewer, ref.account)) {
    throw new Fault('denied', 'other-account', 'who can use a resource is told to administrators of its account');
  }
  const known = givenContext(input.context);
  return reading(world, async (unit) => {
    const live = await liveTarget(unit, ref, { action, actions: world.actions });
    const asking: Asking = { unit, world, action, ref, live, known };
    const found: Found[] = [];
    let last: string | undefined;
    let looked = 0;
    let next: string | undefined;
    for await (const [id, one] of everyoneAfter(asking, input.after)) {
      if (found.length === input.limit || looked === LOOKED_AT) {
        next = last;
        break;
      }
      if (one) found.push(one);
      looked += 1;
      last = id;
    }
    return {
      action: action.name,
      words: action.words,
      resource: { name: live.target.name, account: ref.account, existed: live.existed },
      found,
      notes: notesOn(asking),
      ...(next === undefined ? {} : { next }),
    };
  });
}

/** Undefined: not able to. */
type Named = readonly [id: string, found: Found | undefined];

/** Identities by id, then services; each with what names it among all. */
async function* everyoneAfter(asking: Asking, after: string | undefined): AsyncGenerator<Named> {
  let skipping = after !== undefined;
  for await (const one of everyone(asking, () => skipping)) {
    if (!skipping) yield one;
    if (one[0] === after) skipping = false;
  }
  if (skipping) throw new Fault('invalid', 'after', 'nothing bears this `after` any more: begin with the first page');
}

async function* everyone(asking: Asking, isSkipped: () => boolean): AsyncGenerator<Named> {
  const { unit, ref } = asking;
  for await (const { id } of everyDocument(unit, memberships, ref.account)) {
    yield [`user ${id}`, isSkipped() ? undefined : await identity(asking, 'user', id, await emailOf(unit, id))];
  }
  for await (const { id, value } of everyDocument(unit, serviceIds, ref.account)) {
    yield [`service-id ${id}`, isSkipped() ? undefined : await identity(asking, 'service-id', iamIdOf(id), value.name)];
  }
  for (const found of await services(asking)) yield [`service ${JSON.stringify(found.who)}`, found];
}

async function emailOf(unit: Unit, iamId: string): Promise<string> {
  return (await unit.get(persons, PLANE, iamId))?.value.email ?? iamId;
}

async function identity(
  { unit, world, action, ref, live, known }: Asking,
  kind: 'user' | 'service-id',
  iamId: string,
  name: string,
): Promise<Found | undefined> {
  const caller = await callerIn(unit, iamId, ref.account);
  const found = await answerLive(unit, world, action, openQuestion(caller, action.words, live.target, known));
  return found && { who: { kind, iamId, account: ref.account, name }, outside: false, ...found };
}

/** The services that authorizations name, and the one that keeps the resource. */
async function services({ unit, world, action, ref, live, known }: Asking): Promise<readonly Found[]> {
  const all = await authorizationsOf(unit, ref.account);
  const statements = all.filter((statement) =>
    isAbout(compileStatement(statement), action.words.toLowerCase(), live.target),
  );
  const layers: readonly Layer[] = [{ kind: 'authorization', account: ref.account, statements, may: 'grant' }];
  const inside = await insideOf(unit, ref.account);
  const question = (caller: Caller) => openQuestion(caller, action.words, live.target, known);
  const classes = whoCan(
    { action: action.words, resource: live.target, context: {}, open: () => true, layers, facts: {} },
    [],
    inside,
  );
  const found: Found[] = [];
  for (const { who, outside } of classes) {
    if (who.kind !== 'service') continue;
    const { name, attributes } = who;
    const account = attributes['accountId'] ?? '';
    const answered = answerOpen(question({ kind: 'service', id: name, account, attributes }), layers);
    if (answered) found.push({ who: { kind: 'service', name, attributes }, outside, ...answered });
  }
  const keeper = serviceOf(ibmRef({ service: ref.service, account: ref.account }));
  const kept = action.standing.includes('service') && (await answerLive(unit, world, action, question(keeper)));
  if (!kept) return found;
  const attributes = keeper.attributes ?? {};
  return [{ who: { kind: 'service', name: ref.service, attributes }, outside: false, ...kept }, ...found];
}

function notesOn({ action, live }: Asking): readonly string[] {
  return [
    ...(live.existed ? [] : ['the resource is not there: policies on its key ring or resource group do not count']),
    ...(action.standing.includes('anyone') ? ['this is for everyone, whatever policies say'] : []),
    ...(action.standing.includes('operator') ? ['the person who runs the plane may do this too'] : []),
  ];
}
