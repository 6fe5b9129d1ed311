/** Authorization policies as `ibmcloud` writes and prints them. */
import { parseCrn } from '../policy/names.ts';
import { printable } from './output.ts';

export interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly operator?: string;
}

/** A policy as version 1 of the API shows it. */
export interface Authorization {
  readonly id: string;
  readonly subjects: readonly { readonly attributes: readonly Attribute[] }[];
  readonly resources: readonly { readonly attributes: readonly Attribute[] }[];
  readonly roles: readonly { readonly role_id: string; readonly display_name?: string }[];
}

export interface Role {
  readonly crn: string;
  readonly display_name: string;
}

export interface RoleList {
  readonly system_roles: readonly Role[];
  readonly service_roles: readonly Role[];
}

export interface Described {
  readonly source: string;
  readonly target: string;
  /** Role CRNs. */
  readonly roles: readonly string[];
  /** The account that owns the target. */
  readonly account: string;
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
}

/** The body of `POST /v1/policies` for what was typed. */
export function authorizationBody({ source, target, roles, account, flags }: Described): object {
  const text = (flag: string): string | undefined => {
    const value = flags[flag];
    return typeof value === 'string' ? value : undefined;
  };
  const subject = attributes({
    accountId: text('source-service-account') ?? account,
    serviceName: source,
    serviceInstance: guid(text('source-service-instance-id')),
    resourceGroupId: text('source-resource-group-id'),
    resourceType: text('source-resource-type'),
    resource: text('source-resource'),
  });
  const resource = attributes({
    accountId: account,
    serviceName: target,
    serviceInstance: guid(text('target-service-instance-id')),
    resourceGroupId: text('target-resource-group-id'),
    resourceType: text('target-resource-type'),
    resource: text('target-resource'),
  });
  return {
    type: 'authorization',
    subjects: [{ attributes: subject }],
    roles: roles.map((role_id) => ({ role_id })),
    resources: [{ attributes: resource.map((attribute) => ({ ...attribute, operator: 'stringEquals' })) }],
  };
}

function attributes(values: Readonly<Record<string, string | undefined>>): Attribute[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** Instances are named by GUID in policies; people paste their CRN. */
function guid(id: string | undefined): string | undefined {
  return id === undefined ? undefined : (parseCrn(id)?.instance ?? id);
}

const LABEL_WIDTH = 27;

/** One policy as the command line shows it. `account`: the one that owns it, which is not worth a line. */
export function describe({ id, subjects, resources, roles }: Authorization, account: string): string {
  const of = (list: readonly { readonly attributes: readonly Attribute[] }[]) => {
    const found = new Map(list.flatMap((one) => one.attributes.map(({ name, value }) => [name, value] as const)));
    return (name: string): string | undefined => found.get(name);
  };
  const source = of(subjects);
  const target = of(resources);
  const sourceAccount = source('accountId');
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['ID', id],
    ['Source service account', sourceAccount === account ? undefined : sourceAccount],
    ['Source service name', source('serviceName') ?? 'All services'],
    ['Source service instance', source('serviceInstance') ?? 'All instances'],
    ['Source resource group', source('resourceGroupId')],
    ['Source resource type', source('resourceType')],
    ['Source resource', source('resource')],
    ['Target service name', target('serviceName') ?? 'All services'],
    ['Target service instance', target('serviceInstance') ?? 'All instances'],
    ['Target resource group', target('resourceGroupId')],
    ['Target resource type', target('resourceType')],
    ['Target resource', target('resource')],
    ['Roles', roles.map(({ role_id, display_name }) => display_name ?? role_id).join(', ')],
  ];
  return lines
    .flatMap(([label, value]) =>
      value === undefined ? [] : [`${`${label}:`.padEnd(LABEL_WIDTH)}${printable(value)}\n`],
    )
    .join('');
}
