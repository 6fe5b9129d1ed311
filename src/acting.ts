/** A service acting for someone: the modes in which it can, and who it is then. */
import type { AnyAllowed, Identity } from './operation.ts';
import { arnOf, formatCrn, type ResourceRef, regionOf } from './policy/names.ts';

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

/** The identity of a service that keeps `allowed`. */
export function actingIdentity(service: string, allowed: AnyAllowed): Identity {
  const { action } = allowed;
  const ref = action.resource.sourceOf?.(allowed.ref) ?? allowed.ref;
  if (!action.resource.actsAs.includes(service)) throw new Error(`no ${service} acts for a ${action.resource.name}`);
  return ref.cloud === 'ibm' ? ibmService(service, ref) : awsService(service, ref);
}

/**
 * An AWS service principal; `{region}` in its name is the resource's Region. Whose resource it acts for is told in the
 * context, and nowhere else.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
 */
function awsService(service: string, ref: ResourceRef): Identity {
  const id = service.replace('{region}', ref.location);
  return {
    caller: { kind: 'service', id, account: ref.account, attributes: { serviceName: ref.service } },
    name: id,
    acts: true,
    context: {
      'aws:sourcearn': arnOf(ref),
      'aws:sourceaccount': ref.account,
      'aws:principalisawsservice': 'true',
      'aws:principalservicename': id,
      'aws:principalservicenameslist': [id],
      'aws:principaltype': 'Service',
      'aws:requestedregion': ref.location,
      'aws:securetransport': 'true',
      'aws:viaawsservice': 'false',
    },
    credential: { kind: 'job' },
  };
}

/** IBM Cloud names a service by the resource's CRN. */
function ibmService(service: string, ref: ResourceRef): Identity {
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
