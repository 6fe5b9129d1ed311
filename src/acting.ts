/** A service acting for someone: the modes in which it can, and who it is then. */
import type { AnyAllowed, Identity } from './operation.ts';
import { formatCrn, type ResourceRef, regionOf } from './policy/names.ts';

/**
 * The modes in which a service acts for someone.
 * `service-principal`: as itself, for the account of the resource it keeps (IBM Cloud service-to-service).
 * `forwarded-caller`: with the caller's own right (S3 using the caller's right to a KMS key).
 * `passed-role`, `linked-role`: as a role that was passed to it, or that the cloud made for it.
 */
export type Mode =
  | { readonly kind: 'service-principal'; readonly service: string }
  | { readonly kind: 'forwarded-caller'; readonly via: string }
  | { readonly kind: 'passed-role'; readonly role: ResourceRef }
  | { readonly kind: 'linked-role'; readonly service: string };

/** The identity of a service that keeps `allowed`: IBM Cloud names it by the resource's CRN. */
export function actingIdentity(service: string, allowed: AnyAllowed): Identity {
  const { ref } = allowed;
  if (!allowed.action.resource.actsAs.includes(service)) {
    throw new Error(`no ${service} acts for a ${allowed.action.resource.name}`);
  }
  const attributes: Record<string, string> = { serviceName: service, accountId: ref.account, resourceType: ref.type };
  if (ref.location !== '') attributes['region'] = regionOf(ref.location);
  if (ref.instance !== '') attributes['serviceInstance'] = ref.instance;
  if (ref.id !== '') attributes['resource'] = ref.id;
  const id = `crn-${formatCrn({ ...ref, service })}`;
  return {
    caller: { kind: 'service', id, account: ref.account, attributes },
    name: service,
    credential: { kind: 'job' },
  };
}
