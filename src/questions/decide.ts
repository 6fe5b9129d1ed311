/** May it? Puts a question to the live world, without doing what it asks about. */
import { z } from 'zod';
import { gather, questionAbout, reasons } from '../authorize.ts';
import { Fault } from '../faults.ts';
import { CATALOGUE } from '../policy/ibm/catalogue/catalogue.ts';
import { targetOf } from '../policy/ibm/question.ts';
import type { Caller, Question } from '../policy/model.ts';
import type { ResourceRef } from '../policy/names.ts';
import { outline, type ShownQuestion, showWeighed } from '../why/question.ts';
import { type ShownCaller, sees, type Viewer } from '../why/record.ts';
import { remedyForAsker } from '../why/remedy.ts';
import { callerSchema, liveCaller } from './caller.ts';
import { givenContext, liveTarget, type NamedAction, namedAction, reading, resourceNamed, type World } from './live.ts';

const attributes = z.record(z.string().max(200), z.string().max(2000));

export const decideSchema = z.strictObject({
  caller: callerSchema,
  action: z.string().min(1).max(200),
  /** CRN. */
  resource: z.string().min(1).max(2000),
  context: z.record(z.string().max(200), z.union([z.string().max(2000), z.array(z.string().max(2000))])).optional(),
  /** What the resource will have that is not there yet: `keyRing`, `resourceGroupId`. */
  attributes: attributes.optional(),
  /** The account in which an identity acts, where the caller does not say; by default the resource's. */
  account: z.string().optional(),
  /** As whose administrator the operator wants to see it. */
  as: z.string().optional(),
});

export type DecideInput = z.infer<typeof decideSchema>;

export interface Decision extends Omit<ShownQuestion, 'outcome'> {
  readonly caller: ShownCaller;
  /** `untold`: another account decides, and what it would answer is not for the viewer to know. */
  readonly outcome: 'allowed' | 'denied' | 'untold';
}

/** Answers by the policies, groups and attributes of now. Throws `invalid`, `not-found` and `denied`. */
export async function decideLive(world: World, input: DecideInput, viewer: Viewer): Promise<Decision> {
  const ref = resourceNamed(input.resource);
  const action = namedAction(world, input.action);
  const { context, moment } = givenContext(input.context ?? {});
  return reading(world, async (unit) => {
    const caller = await liveCaller(unit, input.caller, input.account ?? ref.account, viewer);
    if (!sees(viewer, ref.account)) return fromOutside(caller, action, ref, viewer);
    const { target, existed } = await liveTarget(unit, ref, {
      action,
      actions: world.actions,
      ...(input.attributes ? { given: input.attributes } : {}),
    });
    const question = questionAbout(caller, action.words, target, moment ?? world.now(), context);
    const layers = await gather(unit, world.sources, action, question);
    const weighed = { question, layers, verdict: reasons(question, layers) };
    const shown = showWeighed(weighed, viewer, { action: action.name, existed });
    return {
      ...shown,
      outcome: weighed.verdict.outcome === 'allow' ? 'allowed' : 'denied',
      caller: shownCaller(caller),
    };
  });
}

/**
 * What another account allows, its administrators tell. Answering here would let anybody learn its policies and what it
 * has, question by question, with no record of it on its side; making the call leaves one.
 */
function fromOutside(caller: Caller, { name, words }: NamedAction, ref: ResourceRef, viewer: Viewer): Decision {
  if (!sees(viewer, caller.account)) {
    throw new Fault(
      'denied',
      'other-account',
      'neither the caller nor the resource is of your account: you are not authorized to ask this',
    );
  }
  const resource = targetOf(ref);
  const question: Question = { caller, action: words, resource, context: {} };
  return {
    action: name,
    words,
    caller: shownCaller(caller),
    resource: { name: resource.name, account: ref.account, attributes: resource.attributes },
    outcome: 'untold',
    sides: [outline(ref.account, 'resource', UNTOLD)],
    notes: [],
    catalogue: CATALOGUE,
    remedy: remedyForAsker(question),
  };
}

const UNTOLD =
  'this account alone decides: whether it would allow this, or has such a resource, its administrators tell';

export function shownCaller({ kind, id, account, attributes, groups }: Caller): ShownCaller {
  return { kind, id, account, ...(attributes ? { attributes } : {}), ...(groups ? { groups } : {}) };
}
