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

/** An ARN by its six components. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything behind the fifth colon. */
  readonly resource: string;
}

/** The components of an ARN or of a part of one, whatever they say: at most `most`, of which the last keeps its colons. */
export function arnComponents(text: string, most = 6): readonly string[] {
  const parts = text.split(':');
  return parts.length <= most ? parts : [...parts.slice(0, most - 1), parts.slice(most - 1).join(':')];
}

/** Reads an ARN, or a pattern of ARNs. Undefined when it has fewer than six components. */
export function parseArn(text: string): Arn | undefined {
  const parts = text.split(':');
  if (parts.length < 6 || parts[0] !== 'arn') return undefined;
  const [, partition, service, region, account] = parts as [string, string, string, string, string];
  return { partition, service, region, account, resource: parts.slice(5).join(':') };
}

/** Writes an ARN. */
export function formatArn(arn: Arn): string {
  return `arn:${arn.partition}:${arn.service}:${arn.region}:${arn.account}:${arn.resource}`;
}

/**
 * A pattern with fewer than six components, completed with `*`: `arn:aws:s3` is every S3 resource. What does not
 * begin with `arn:` stays as it is.
 */
export function completeArn(pattern: string): string {
  const parts = pattern.split(':');
  if (!pattern.startsWith('arn:') || parts.length >= 6) return pattern;
  return [...parts, ...new Array<string>(6 - parts.length).fill('*')].join(':');
}

/** Where the resource of an ARN or pattern begins: behind the fifth colon, or at the end when there are fewer. */
export function resourceOffset(arn: string): number {
  let at = 0;
  for (let colons = 0; colons < 5; colons += 1) {
    const next = arn.indexOf(':', at);
    if (next < 0) return arn.length;
    at = next + 1;
  }
  return at;
}

/** ARN of another user of the account of a user, and of another session of the role of a session. */
export function siblingOf(principal: string): string | undefined {
  const arn = parseArn(principal);
  const named = parsePrincipal(principal);
  if (arn && named?.kind === 'user') return formatArn({ ...arn, resource: 'user/another-user' });
  if (arn && named?.kind === 'assumed-role') {
    return formatArn({ ...arn, resource: `assumed-role/${named.role}/another-session` });
  }
  return undefined;
}

/** The parts of the resource that an ARN names; `account` where the ARN carries none (S3). */
export function awsRef(text: string, account: string): ResourceRef {
  const arn = parseArn(text);
  if (!arn) return { cloud: 'aws', account, service: '', location: '', instance: '', type: '', id: text };
  const found = /^([^:/]+)[:/](.*)$/s.exec(arn.resource);
  return {
    cloud: 'aws',
    account: arn.account === '' ? account : arn.account,
    service: arn.service,
    location: arn.region,
    instance: '',
    type: found ? found[1]! : '',
    id: found ? found[2]! : arn.resource,
  };
}

/** An AWS resource by its parts. A resource of the account as a whole has neither type nor id. */
export function awsResource(parts: Partial<ResourceRef> & { account: string; service: string }): ResourceRef {
  return { cloud: 'aws', location: '', instance: '', type: '', id: '', ...parts };
}

/** Types whose ARNs put a colon between type and id. */
const COLON_TYPES: ReadonlySet<string> = new Set(['log-group']);

/**
 * In place of `instance`: AWS's own, which is the same in every account. Each account asks for it as for one of its own;
 * in the ARN `aws` stands for the account.
 */
export const AWS_OWNED = 'aws-owned';

/**
 * The ARN of a resource; `*` for actions that name none. The plane is partition `aws`.
 */
export function arnOf({ service, location, account: keeper, instance, type, id }: ResourceRef): string {
  if (type === '' && id === '') return '*';
  const separator = COLON_TYPES.has(type) ? ':' : '/';
  const account = instance === AWS_OWNED ? 'aws' : keeper;
  const resource = type === '' ? id : `${type}${separator}${id}`;
  return formatArn({ partition: PARTITION, service, region: location, account, resource });
}

/** The log group that an id names or is in: `orders:log-stream:web-1` is in `orders`. */
export function logGroupIn(id: string): string {
  const colon = id.indexOf(':');
  return colon < 0 ? id : id.slice(0, colon);
}

/** The partition that the plane's AWS accounts are of. */
export const PARTITION = 'aws';

/**
 * In place of `instance`: the name comes without the path that its ARN has. IAM addresses users, groups, roles and
 * instance profiles by name alone, whatever their path.
 */
export const ANY_PATH = 'any-path';

/** The last part of a name with a path: `eng/bob` is `bob`. */
export function nameWithoutPath(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** The path of a name, with a slash at both ends: that of `eng/bob` is `/eng/`. */
export function pathOfName(id: string): string {
  return `/${id.slice(0, id.lastIndexOf('/') + 1)}`;
}

/** Whether `asked` names the resource that is really at `actual`. */
export function isSameResource(asked: ResourceRef, actual: ResourceRef): boolean {
  if (actual.service !== asked.service || actual.location !== asked.location || actual.type !== asked.type)
    return false;
  if (asked.cloud === 'ibm') return actual.instance === asked.instance;
  return asked.instance === ANY_PATH || actual.id === asked.id;
}

/** What kind of principal an ARN names, with its name (a path included). */
export type PrincipalName =
  | { readonly kind: 'root' | 'user' | 'role' | 'federated-user'; readonly account: string; readonly name: string }
  | { readonly kind: 'assumed-role'; readonly account: string; readonly role: string; readonly session: string };

/** Reads the ARN of a root user, user, role, role session or federated user. */
export function parsePrincipal(text: string): PrincipalName | undefined {
  const arn = parseArn(text);
  if (!arn) return undefined;
  const { account, region, resource } = arn;
  if (region !== '' || cloudOf(account) !== 'aws') return undefined;
  if (arn.service === 'iam' && resource === 'root') return { kind: 'root', account, name: 'root' };
  const found = /^([a-z-]+)\/(.+)$/s.exec(resource);
  const [, kind, name] = found ?? [];
  if (name === undefined) return undefined;
  if (arn.service === 'iam' && (kind === 'user' || kind === 'role')) return { kind, account, name };
  if (arn.service !== 'sts') return undefined;
  if (kind === 'federated-user') return { kind, account, name };
  const [role, session, ...more] = name.split('/');
  if (kind !== 'assumed-role' || !role || !session || more.length > 0) return undefined;
  return { kind, account, role, session };
}

/** ARN of the role behind a role session; `path` begins and ends with `/`. */
export function roleArnOf(session: string, path = '/'): string | undefined {
  const principal = parsePrincipal(session);
  const arn = parseArn(session);
  if (!arn || principal?.kind !== 'assumed-role') return undefined;
  return formatArn({ ...arn, service: 'iam', resource: `role${path}${principal.role}` });
}
