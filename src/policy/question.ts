/** Targets and contexts of questions, in the words of the cloud that the resource belongs to. */
import { awsTarget, awsTargetContext } from './aws/question.ts';
import { targetOf as ibmTarget, ruleContext } from './ibm/question.ts';
import type { ContextValue, Target } from './model.ts';
import type { ResourceRef } from './names.ts';

/** The resource of a question; `own`, `lists`: what its policies may test of it beyond its name. */
export function targetOf(
  ref: ResourceRef,
  own: Readonly<Record<string, string>> = {},
  lists?: Target['lists'],
): Target {
  return ref.cloud === 'ibm' ? ibmTarget(ref, own) : awsTarget(ref, own, lists);
}

/** Context keys that follow from the resource and the moment (ISO date-time), if there is one. */
export function targetContext(target: Target, moment: string | undefined): Record<string, ContextValue> {
  return target.ref.cloud === 'ibm' ? ruleContext(target, moment) : awsTargetContext(target, moment);
}
