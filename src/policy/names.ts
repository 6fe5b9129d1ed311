/**
 * ARN <-> CRN <-> ResourceRef. The only code that takes names apart.
 * CRN segments: https://cloud.ibm.com/docs/account?topic=account-crn
 * ARN format: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */

export type Cloud = 'ibm' | 'aws';

/** A resource by its parts. A part that a resource does not have is empty. */
export interface ResourceRef {
  readonly cloud: Cloud;
  /** 32 hex digits (IBM Cloud) or 12 decimal digits (AWS). */
  readonly account: string;
  readonly service: string;
  /** Region, zone or `global`. */
  readonly location: string;
  /** GUID of the service instance (IBM Cloud). */
  readonly instance: string;
  /** `key`, `volume`, ...; empty for an instance itself. */
  readonly type: string;
  readonly id: string;
}

/** The cloud that an account id belongs to; undefined when it is no account id. */
export function cloudOf(account: string): Cloud | undefined {
  if (/^[0-9a-f]{32}$/.test(account)) return 'ibm';
  if (/^[0-9]{12}$/.test(account)) return 'aws';
  return undefined;
}

/** Reads a CRN (ten segments). Undefined when the text is not one. */
export function parseCrn(text: string): ResourceRef | undefined {
  const segments = text.split(':');
  if (segments.length < 10) return undefined;
  const [scheme, version, cname, ctype, service, location, scope, instance, type] = segments as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (scheme !== 'crn' || version !== 'v1' || cname !== 'bluemix' || ctype !== 'public') return undefined;
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(service)) return undefined;
  if (scope !== '' && !/^a\/[0-9a-f]{32}$/.test(scope)) return undefined;
  const account = scope.slice(2);
  // A resource may itself hold colons: everything behind the ninth belongs to it.
  return { cloud: 'ibm', account, service, location, instance, type, id: segments.slice(9).join(':') };
}

/** Writes a CRN. */
export function formatCrn(ref: ResourceRef): string {
  const scope = ref.account === '' ? '' : `a/${ref.account}`;
  return `crn:v1:bluemix:public:${ref.service}:${ref.location}:${scope}:${ref.instance}:${ref.type}:${ref.id}`;
}

/** An IBM Cloud resource by its parts. */
export function ibmRef(parts: Partial<ResourceRef> & { account: string; service: string }): ResourceRef {
  return { cloud: 'ibm', location: '', instance: '', type: '', id: '', ...parts };
}

/** The region of a location: a zone `us-south-3` lies in `us-south`. */
export function regionOf(location: string): string {
  return location.replace(/^([a-z]+-[a-z]+)-[0-9]+$/, '$1');
}
