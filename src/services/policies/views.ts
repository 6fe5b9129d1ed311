/** Policies and roles as the two versions of the API show them. https://cloud.ibm.com/apidocs/iam-policy-management */
import { grants, roleOf } from '../../policy/ibm/catalogue/catalogue.ts';
import { type CustomRoles, scopeOf } from '../../policy/ibm/compile.ts';
import type { ApiVersion } from '../../policy/ibm/document.ts';
import { isV2Only, type RoleLookup, toV1, toV2 } from '../../policy/ibm/views.ts';
import { type CustomRoleDocument, customRoleCrn, type PolicyDocument } from './documents.ts';

/** `display`: roles with the actions that they hold on the policy's resource. */
export type Format = 'display' | 'include_last_permit' | undefined;

export interface ViewOptions {
  readonly version: ApiVersion;
  /** `http://host:port` for hrefs; empty where the caller's address is not known. */
  readonly origin: string;
  /** The account's own roles, as far as the caller may read them. */
  readonly custom: CustomRoles;
  readonly format?: Format;
}

/** One policy. What version 1 cannot express is shown there as a placeholder that points to version 2. */
export function viewOf(document: PolicyDocument, options: ViewOptions): object {
  const { policy, id } = document;
  const version = options.version === 'v1' && isV2Only(policy) ? 'v2' : options.version;
  return {
    id,
    ...(options.version === 'v1' ? v1Body(document, options) : v2Body(document, options)),
    href: `${options.origin}/${version}/policies/${id}`,
    created_at: new Date(document.createdAt).toISOString(),
    created_by_id: document.createdBy,
    last_modified_at: new Date(document.modifiedAt).toISOString(),
    last_modified_by_id: document.modifiedBy,
    state: document.state,
  };
}

function v1Body({ policy }: PolicyDocument, { custom, format }: ViewOptions): object {
  const lookup: RoleLookup = (crn) => roleOf(crn) ?? described(custom, crn);
  const body = toV1(policy, lookup);
  if (format !== 'display' || isV2Only(policy)) return body;
  return { ...body, roles: body.roles.map((role) => ({ ...role, actions: actionsOf(policy, role.role_id, custom) })) };
}

function v2Body({ policy }: PolicyDocument, { custom, format }: ViewOptions): object {
  const body = toV2(policy);
  if (format !== 'display') return body;
  const roles = policy.roles.map((role_id) => {
    const role = roleOf(role_id) ?? described(custom, role_id);
    return {
      role_id,
      ...(role ? { display_name: role.display_name, description: role.description } : {}),
      actions: actionsOf(policy, role_id, custom),
    };
  });
  return { ...body, control: { grant: { roles } } };
}

function described(custom: CustomRoles, crn: string): ReturnType<RoleLookup> {
  const role = custom.get(crn);
  return role && { display_name: role.display_name, description: '' };
}

function actionsOf(policy: PolicyDocument['policy'], crn: string, custom: CustomRoles): object[] {
  const scope = scopeOf(policy);
  const actions = custom.get(crn)?.actions ?? (scope === undefined ? [] : [...grants(crn, scope)]);
  return [...actions].sort().map((id) => ({ id, display_name: id, description: '' }));
}

/** A role that an account made for itself. */
export function roleView(account: string, role: CustomRoleDocument, origin: string): object {
  return {
    id: role.id,
    name: role.name,
    display_name: role.displayName,
    ...(role.description === undefined ? {} : { description: role.description }),
    account_id: account,
    service_name: role.service,
    actions: role.actions,
    crn: customRoleCrn(account, role.name),
    created_at: new Date(role.createdAt).toISOString(),
    created_by_id: role.createdBy,
    last_modified_at: new Date(role.modifiedAt).toISOString(),
    last_modified_by_id: role.modifiedBy,
    href: `${origin}/v2/roles/${role.id}`,
  };
}
