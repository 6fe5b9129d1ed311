/** Questions as IBM Cloud policies can test them. Whoever asks the engine builds the target and the context here. */
import type { Caller, ContextValue, Question, Target } from '../model.ts';
import { formatCrn, type ResourceRef, regionOf } from '../names.ts';
import { isIamService, serviceNamed } from './catalogue/catalogue.ts';
import { environmentKeys } from './rule.ts';

export interface TargetFacts {
  readonly resourceGroupId?: string;
  /** Access tags, name -> value. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Attributes of the service itself: `keyRing`, `path`, `prefix`, ... */
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * The resource of a question. A resource that does not exist yet has no id: give its type, and the id attribute is
 * there but empty, so that a policy on every volume covers a volume about to be made, and one on a given volume does not.
 */
export function targetOf(ref: ResourceRef, facts: TargetFacts = {}): Target {
  const service = serviceNamed(ref.service);
  const idAttribute = service?.id_attributes?.[ref.type];
  const attributes: Record<string, string> = { accountId: ref.account, serviceName: ref.service };
  const set = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') attributes[name] = value;
  };
  set('serviceType', service?.type);
  if (isIamService(ref.service)) attributes['service_group_id'] = 'IAM';
  set('serviceInstance', ref.instance);
  set('region', regionOf(ref.location));
  set('resourceType', ref.type);
  set('resource', ref.id);
  if (idAttribute !== undefined) attributes[idAttribute] = ref.id;
  set('resourceGroupId', facts.resourceGroupId);
  for (const [name, value] of Object.entries(facts.attributes ?? {})) attributes[name] = value;
  for (const [name, value] of Object.entries(facts.tags ?? {})) attributes[`tag:${name}`] = value;
  return { ref, name: formatCrn(ref), attributes };
}

/** A question asked at a moment. `context` may add keys; those of the clock and of the resource are set here. */
export function questionOf(
  caller: Caller,
  action: string,
  resource: Target,
  now: Date,
  context: Readonly<Record<string, ContextValue>> = {},
): Question {
  return { caller, action, resource, context: { ...context, ...environment(now), ...resourceKeys(resource) } };
}

/** The clock's context keys. All hold the same moment: conditions look at it from their own offset. */
export function environment(now: Date): Record<string, string> {
  const moment = now.toISOString();
  return Object.fromEntries(environmentKeys.map((key) => [`environment.attributes.${key}`, moment]));
}

function resourceKeys(resource: Target): Record<string, string> {
  return Object.fromEntries(
    Object.entries(resource.attributes).map(([name, value]) => [`resource.attributes.${name.toLowerCase()}`, value]),
  );
}
