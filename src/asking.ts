/** How one question of an operation is looked up, put and answered. */
import type { Action, ResourceType } from './access.ts';
import { type Asked, answer, type Context, gather, questionFor, reasons } from './authorize.ts';
import type { Call, Entry } from './call.ts';
import { Fault } from './faults.ts';
import { settledWords } from './policy/aws/exceptions.ts';
import { refusalMessage } from './policy/aws/refusal.ts';
import { isSameResource, type ResourceRef } from './policy/names.ts';
import type { Document, Unit } from './store/store.ts';

/** What a question is asked with besides the resource. */
export interface About {
  readonly existed: boolean;
  /** Context keys of this question alone. */
  readonly own: Context;
}

export const NO_CONTEXT: Context = {};

/** The document of a resource. A name that is wrong in another part (service, region, instance, path) names nothing. */
export async function lookUp<R extends object>(
  unit: Unit,
  type: ResourceType<R>,
  ref: ResourceRef,
): Promise<Document<R> | undefined> {
  const document = await unit.get(type.collection, ref.account, type.documentId(ref));
  if (document === undefined) return undefined;
  return type.wide || isSameResource(ref, type.refOf(document)) ? document : undefined;
}

/** Where a resource is, and what policies may test of it. */
export interface Located {
  readonly ref: ResourceRef;
  readonly attributes: Readonly<Record<string, string>>;
  /** Names this one and no successor of the same name, where its type has such names. */
  readonly uniqueId?: string;
}

export function located<R extends object>(type: ResourceType<R>, document: Document<R>): Located {
  const ref = type.refOf(document);
  const uniqueId = type.uniqueId?.(document.value);
  return { ref, attributes: type.attributes(ref, document.value), ...(uniqueId === undefined ? {} : { uniqueId }) };
}

/** Asks, as the entry's identity; notes as of when it was answered. */
export async function askFor<R extends object>(
  { plane, unit, now }: Call,
  entry: Entry,
  action: Action<R>,
  { ref, value, existed, own }: About & { readonly ref: ResourceRef; readonly value: Readonly<R> | undefined },
): Promise<Asked> {
  const { caller } = entry.identity;
  const context = own === NO_CONTEXT ? entry.context : { ...entry.context, ...own };
  const question = questionFor(action, caller, { ref, value }, now, context);
  entry.hasAsked = true;
  entry.asOf = plane.store.lastCommit;
  const layers = await gather(unit, plane.sources, action, question);
  // An epoch is the number of the commit that last changed the account's policies.
  entry.asOf = Math.max(entry.asOf, await unit.epoch(ref.account));
  if (ref.cloud === 'aws' && caller.account !== ref.account && caller.account !== '') {
    entry.asOf = Math.max(entry.asOf, await unit.epoch(caller.account));
  }
  return { action: action.name, question, own, outcome: answer(question, layers), existed, nature: action.nature };
}

/** What a refused caller is told: AWS names the kind of policy that was in the way, IBM Cloud does not. */
export async function refusalOf(
  { plane, unit }: Call,
  action: Pick<Action, 'name' | 'standing'>,
  { question }: Asked,
): Promise<Fault> {
  if (question.resource.ref.cloud === 'ibm') return new Fault('denied', 'denied', 'you are not authorized to do this');
  const verdict = reasons(question, await gather(unit, plane.sources, action, question));
  return new Fault('denied', settledWords(question)?.code ?? 'denied', refusalMessage(question, verdict));
}
