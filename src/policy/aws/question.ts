/** Questions as AWS policies can test them. Whoever asks the engine builds the target and the context here. */
import type { Target } from '../model.ts';
import { arnOf, type ResourceRef } from '../names.ts';

/** The resource of a question. `own` are its context keys, in lower case: `aws:resourcetag/team`, `kms:keyspec`. */
export function awsTarget(ref: ResourceRef, own: Readonly<Record<string, string>> = {}): Target {
  return { ref, name: arnOf(ref), attributes: own };
}

/**
 * The keys that follow from the resource and the moment (ISO date-time).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function awsTargetContext({ ref, attributes }: Target, moment: string | undefined): Record<string, string> {
  const context: Record<string, string> = { ...attributes };
  if (ref.account !== '') context['aws:resourceaccount'] = ref.account;
  if (moment !== undefined) {
    context['aws:currenttime'] = moment;
    context['aws:epochtime'] = String(Math.floor(Date.parse(moment) / 1000));
  }
  return context;
}
