/** Questions as IBM Cloud policies can test them. Whoever asks the engine builds the target and the context here. */
import type { Caller, Question, Target } from '../model.ts';
import { formatCrn, type ResourceRef, regionOf } from '../names.ts';
import { isIamService, serviceNamed } from './catalogue/catalogue.ts';
import { environmentKeys } from './rule.ts';

/**
 * The resource of a question. `own` are attributes that do not follow from the name: `resourceGroupId`, `keyRing`,
 * `path`, access tags as `tag:NAME`. A resource that does not exist yet has no id: its id attribute (`volumeId`) is there
 * but empty, so that a policy on every volume covers a volume about to be made, and one on a given volume does not.
 */
export function targetOf(ref: ResourceRef, own: Readonly<Record<string, string>> = {}): Target {
  const service = serviceNamed(ref.service);
  const idAttribute = service?.id_attributes?.[ref.type];
  const attributes: Record<string, string> = { accountId: ref.account, serviceName: ref.service };
  if (service !== undefined) attributes['serviceType'] = service.type;
  if (isIamService(ref.service)) attributes['service_group_id'] = 'IAM';
  if (ref.instance !== '') attributes['serviceInstance'] = ref.instance;
  if (ref.location !== '') attributes['region'] = regionOf(ref.location);
  if (ref.type !== '') attributes['resourceType'] = ref.type;
  if (ref.id !== '') attributes['resource'] = ref.id;
  if (idAttribute !== undefined) attributes[idAttribute] = ref.id;
  for (const name in own) attributes[name] = own[name]!;
  return { ref, name: formatCrn(ref), attributes };
}

/**
 * The keys that rules can test: the resource's attributes, and the clock's. All keys of the clock hold the same moment,
 * an ISO date-time: conditions look at it from their own offset. Without a moment there is no clock.
 */
export function ruleContext(resource: Target, moment: string | undefined): Record<string, string> {
  const context: Record<string, string> = {};
  if (moment !== undefined) for (const key of clockKeys) context[key] = moment;
  for (const name in resource.attributes) context[contextKey(name)] = resource.attributes[name]!;
  return context;
}

const clockKeys = environmentKeys.map((key) => `environment.attributes.${key}`);

/** Attribute name -> context key. Names are the catalogue's and services' own: few. */
const contextKeys = new Map<string, string>();

function contextKey(name: string): string {
  let key = contextKeys.get(name);
  if (key === undefined) {
    key = `resource.attributes.${name.toLowerCase()}`;
    if (contextKeys.size < 1000) contextKeys.set(name, key);
  }
  return key;
}

/** A question asked at a moment. */
export function questionOf(caller: Caller, action: string, resource: Target, now: Date): Question {
  return { caller, action, resource, context: ruleContext(resource, now.toISOString()) };
}
