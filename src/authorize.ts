/**
 * Puts a question together, gathers what each account's policies say to it and has policy/ answer. The only caller of
 * the engine on the request path.
 */
import type { Action, ResourceType } from './access.ts';
import { decide } from './policy/decide.ts';
import { explain } from './policy/explain.ts';
import type { Caller, ContextValue, Layer, Outcome, Question, Statement, Target, Verdict } from './policy/model.ts';
import type { ResourceRef } from './policy/names.ts';
import { targetContext, targetOf } from './policy/question.ts';
import type { Reader } from './store/store.ts';

/** A reader that may know the policy epoch of an account: what was compiled under the same epoch may be used again. */
export interface PolicyReader extends Reader {
  epoch?(account: string): Promise<number>;
}

/** Adds the layers of one kind that can bear on a question. Services provide them; `main.ts` lists them. */
export type LayerSource = (reader: PolicyReader, question: Question) => Promise<readonly Layer[]>;

/** Context keys in lower case, with the request's values. */
export type Context = Readonly<Record<string, ContextValue>>;

/** One question and how it was answered; what records keep, and what `why` asks again. */
export interface Asked {
  readonly action: string;
  readonly question: Question;
  /** Context keys of this question alone. */
  readonly own: Context;
  readonly outcome: Outcome;
  /** Whether the resource was there: the answer does not depend on it, what the caller is told neither. */
  readonly existed: boolean;
  readonly nature: Action['nature'];
}

/**
 * The question for `action` on a resource. `value` is the resource's document, or the draft of what will be made; `now`
 * is the plane's time, which policies may test.
 */
export function questionFor<R extends object>(
  action: Action<R>,
  caller: Caller,
  { ref, value }: { readonly ref: ResourceRef; readonly value: Readonly<R> | undefined },
  now: number,
  context: Context,
): Question {
  const target = targetFor(action.resource, ref, value);
  return questionAbout(caller, action[ref.cloud] ?? action.name, target, now, context);
}

/** A resource with what policies may test of it: that of its document, or of the draft of what will be made. */
export function targetFor<R extends object>(
  type: Pick<ResourceType<R>, 'attributes' | 'lists'>,
  ref: ResourceRef,
  value: Readonly<R> | undefined,
): Target {
  return targetOf(ref, type.attributes(ref, value), value && type.lists?.(value));
}

/** A question whose words and target are known: as it is put now, or was put at `now`. */
export function questionAbout(caller: Caller, words: string, target: Target, now: number, context: Context): Question {
  const own = targetContext(target, new Date(now).toISOString());
  return { caller, action: words, resource: target, context: Object.assign(own, context) };
}

/**
 * All layers for a question: what the action's standing gives, then every source's. What policies have no word for they
 * neither grant nor refuse: a key policy that denies everything does not keep a key from being erased in time.
 */
export async function gather<R extends object>(
  reader: PolicyReader,
  sources: readonly LayerSource[],
  action: Pick<Action<R>, 'name' | 'standing'>,
  question: Question,
): Promise<readonly Layer[]> {
  const layers: Layer[] = standingLayers(action, question);
  if (action.standing !== undefined && question.action === action.name) return layers;
  for (const source of sources) layers.push(...(await source(reader, question)));
  return layers;
}

/** The answer alone. */
export function answer(question: Question, layers: readonly Layer[]): Outcome {
  return decide(question, layers);
}

/** The answer with its reasons; agrees with `answer`. */
export function reasons(question: Question, layers: readonly Layer[]): Verdict {
  return explain(question, layers);
}

function standingLayers<R extends object>(action: Pick<Action<R>, 'name' | 'standing'>, question: Question): Layer[] {
  if (action.standing === undefined) return [];
  const { caller, resource } = question;
  const layers: Layer[] = [];
  const service = caller.attributes?.['serviceName'];
  if (
    action.standing.includes('service') &&
    caller.kind === 'service' &&
    caller.account === resource.ref.account &&
    service === resource.ref.service
  ) {
    layers.push(standing('service', question, `the ${service} service keeps what it is given`));
  }
  if (action.standing.includes('self') && resource.attributes['iamId'] === caller.id) {
    layers.push(standing('self', question, 'an identity may manage its own credentials'));
  }
  if (action.standing.includes('operator') && caller.kind === 'operator') {
    layers.push(standing('operator', question, 'the person who runs the plane may do this'));
  }
  if (action.standing.includes('anyone')) layers.push(standing('service', question, 'this is for everyone'));
  return layers;
}

function standing(kind: 'service' | 'self' | 'operator', question: Question, text: string): Layer {
  const account = question.resource.ref.account;
  const statement: Statement = {
    effect: 'allow',
    principals: { kind: 'exact', id: question.caller.id },
    actions: { kind: 'exact', names: new Set([question.action.toLowerCase()]) },
    resources: { kind: 'any' },
    conditions: [],
    origin: { account, policy: kind, statement: '0', text },
  };
  return { kind, account, statements: [statement], may: 'grant' };
}
