/** Questions without their whole context: who can and what can are asked for every moment and every path at once. */
import { gather } from '../authorize.ts';
import { answer } from '../policy/assume.ts';
import { ruleContext } from '../policy/ibm/question.ts';
import type { Caller, Layer, Question, Target } from '../policy/model.ts';
import type { Unit } from '../store/store.ts';
import type { givenContext, NamedAction, World } from './live.ts';
import { grantsOf, grantsOn, type ShownGrant } from './words.ts';

/** What is known of the request besides caller, action and resource. */
export type Known = ReturnType<typeof givenContext>;

/** A question in which nothing stands but what is known: the clock is not, unless a moment was given. */
export function openQuestion(caller: Caller, words: string, resource: Target, { context, moment }: Known): Question {
  const clock = moment === undefined ? undefined : new Date(moment).toISOString();
  return { caller, action: words, resource, context: { ...ruleContext(resource, clock), ...context } };
}

/** Keys of a request that may have any value: what is not known of its moment, its origin and its resource. */
const isOpen = (question: Question) => (key: string) =>
  /^(environment|resource)\.attributes\./.test(key) && !Object.hasOwn(question.context, key);

/** `yes`: whatever the rest of the context. `depends`: on the conditions of what it is allowed `by`. */
export interface OpenAnswer {
  readonly answer: 'yes' | 'depends';
  readonly by: readonly ShownGrant[];
}

/** Answers by these layers; undefined for no. */
export function answerOpen(question: Question, layers: readonly Layer[]): OpenAnswer | undefined {
  const found = answer(question, layers, {}, isOpen(question));
  if (found.answer === 'no') return undefined;
  if (found.answer === 'depends') return { answer: 'depends', by: grantsOn(found.on, question, layers) };
  return { answer: 'yes', by: grantsOf(question, layers) };
}

/** Answers by everything that the live world says to the question. */
export async function answerLive(
  unit: Unit,
  { sources }: Pick<World, 'sources'>,
  action: NamedAction,
  question: Question,
): Promise<OpenAnswer | undefined> {
  return answerOpen(question, await gather(unit, sources, action, question));
}
