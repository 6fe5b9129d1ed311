/** Questions as AWS policies can test them. Whoever asks the engine builds the target and the context here. */
import type { ContextValue, Target } from '../model.ts';
import { arnOf, type ResourceRef } from '../names.ts';

/**
 * The resource of a question. `own` are its context keys, in lower case: `aws:resourcetag/team`, `kms:keyspec`; those of
 * `lists` have several values.
 */
export function awsTarget(
  ref: ResourceRef,
  own: Readonly<Record<string, string>> = {},
  lists?: Target['lists'],
): Target {
  return { ref, name: arnOf(ref), attributes: own, ...(lists ? { lists } : {}) };
}

/**
 * The keys that follow from the resource and the moment (ISO date-time).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function awsTargetContext(
  { ref, attributes, lists }: Target,
  moment: string | undefined,
): Record<string, ContextValue> {
  const context: Record<string, ContextValue> = { ...attributes, ...lists };
  if (ref.account !== '') context['aws:resourceaccount'] = ref.account;
  if (moment !== undefined) {
    context['aws:currenttime'] = moment;
    context['aws:epochtime'] = String(Math.floor(Date.parse(moment) / 1000));
  }
  return context;
}
