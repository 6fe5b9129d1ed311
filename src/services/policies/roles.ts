/** The roles that a policy may grant, and those that an account makes for itself. https://cloud.ibm.com/docs/account?topic=account-custom-roles */
import type { Context } from '../../context.ts';
import { Fault } from '../../faults.ts';
import { operation } from '../../operation.ts';
import { actionsOf, type RoleView, rolesFor, serviceNamed } from '../../policy/ibm/catalogue/catalogue.ts';
import { CustomRole, customRoleRef, Policy } from './access.ts';
import { actionsKey, type CustomRoleDocument, customRoleCrn, nextEtag } from './documents.ts';

/** https://cloud.ibm.com/docs/account?topic=account-known-issues#iam_limits */
const ROLES_PER_ACCOUNT = 40;
const LONGEST_NAME = 30;
const LONGEST_DISPLAY_NAME = 50;
const LONGEST_DESCRIPTION = 250;

export interface RoleFilter {
  readonly account?: string;
  /** A service's name, or `alliamserviceroles` for the roles that all services have. */
  readonly service?: string;
  readonly source?: string;
  readonly policyType?: 'access' | 'authorization';
  /** `IAM`. */
  readonly serviceGroup?: string;
}

export interface RoleList {
  /** Of whose custom roles. */
  readonly account: string;
  readonly system: readonly RoleView[];
  readonly service: readonly RoleView[];
  readonly custom: readonly CustomRoleDocument[];
}

/** A custom role and the account that made it. */
export interface OwnRole {
  readonly account: string;
  readonly role: CustomRoleDocument;
}

/** What a custom role is made of. */
export interface RoleDraft {
  readonly displayName: string;
  readonly description?: string;
  readonly actions: readonly string[];
}

/** The roles that a policy may name. A pair of source and target that no service supports has none. */
export const listRoles = operation('policies.list-roles', async (cx, filter: RoleFilter): Promise<RoleList> => {
  const account = filter.account ?? cx.identity.caller.account;
  const index = filter.service === undefined ? {} : { index: 'service', key: filter.service };
  const own = await cx.allowEach(CustomRole.read, account, { ...index, limit: ROLES_PER_ACCOUNT });
  const isAccess = filter.source === undefined && filter.policyType !== 'authorization';
  const roles = rolesFor({
    service: filter.serviceGroup === undefined ? filter.service : `group:${filter.serviceGroup}`,
    source: filter.source,
    policyType: filter.policyType,
  });
  return {
    account,
    system: roles.system_roles,
    service: roles.service_roles,
    custom: filter.account !== undefined && isAccess ? own.items.map(({ value }) => value) : [],
  };
});

/** Throws `invalid`, `denied`, `conflict` (`role-conflict`) and `quota`. */
export const createRole = operation(
  'policies.create-role',
  async (
    cx,
    { account, service, name, ...draft }: RoleDraft & { account: string; service: string; name: string },
  ): Promise<OwnRole> => {
    refuseName(name);
    refuseDraft(service, draft);
    const author = { by: cx.identity.caller.id, at: cx.now };
    const document: CustomRoleDocument = {
      ...draft,
      id: cx.newId().replaceAll('-', ''),
      name,
      service,
      etag: nextEtag(undefined, draft),
      createdAt: author.at,
      createdBy: author.by,
      modifiedAt: author.at,
      modifiedBy: author.by,
    };
    const allowed = await cx.allowNew(CustomRole.create, customRoleRef(account, document.id), document);
    await refuseTwins(cx, account, document);
    if (
      (await cx.allowEach(CustomRole.read, account, { limit: ROLES_PER_ACCOUNT })).items.length >= ROLES_PER_ACCOUNT
    ) {
      throw new Fault('quota', 'too-many-roles', `an account has at most ${ROLES_PER_ACCOUNT} custom roles`);
    }
    cx.create(allowed, document);
    return { account, role: document };
  },
  { recorded: ({ account, service, name, actions }) => ({ account, service, name, actions }) },
);

export const getRole = operation('policies.get-role', async (cx, { id }: { id: string }): Promise<OwnRole> => {
  const { account } = cx.identity.caller;
  const allowed = await cx.allow(CustomRole.read, customRoleRef(account, id));
  return { account, role: allowed.value };
});

/** Changes a role; policies that name it grant what it holds from now on. Throws `precondition` when it was changed since. */
export const replaceRole = operation(
  'policies.replace-role',
  async (cx, { id, ifMatch, ...draft }: RoleDraft & { id: string; ifMatch: string }): Promise<OwnRole> => {
    const { account, id: by } = cx.identity.caller;
    const allowed = await cx.allow(CustomRole.update, customRoleRef(account, id));
    const { description: _replaced, ...before } = allowed.value;
    if (before.etag !== ifMatch) {
      throw new Fault('precondition', 'stale-etag', 'the role has been changed since: read it again, then change it', {
        target: { type: 'header', name: 'If-Match', value: ifMatch },
      });
    }
    refuseDraft(before.service, draft);
    const document = { ...before, ...draft, etag: nextEtag(before.etag, draft), modifiedAt: cx.now, modifiedBy: by };
    await refuseTwins(cx, account, document);
    cx.update(allowed, document);
    return { account, role: document };
  },
  { recorded: ({ id, actions }) => ({ id, actions }) },
);

/** Deletes a role. Throws `conflict` while a policy grants it: the policy would grant nothing any more. */
export const deleteRole = operation(
  'policies.delete-role',
  async (cx, { id }: { id: string }): Promise<void> => {
    const { account } = cx.identity.caller;
    const allowed = await cx.allow(CustomRole.delete, customRoleRef(account, id));
    if (await cx.isTaken(Policy.type, account, 'customRole', customRoleCrn(account, allowed.value.name))) {
      throw new Fault('conflict', 'role-conflict', 'a policy grants this role: delete or change the policy first');
    }
    cx.remove(allowed);
  },
  { recorded: ({ id }) => ({ id }) },
);

function refuseName(name: string): void {
  if (/^[A-Z][A-Za-z0-9]*$/.test(name) && name.length <= LONGEST_NAME) return;
  throw invalid('name', `a capital, then letters and digits, ${LONGEST_NAME} at most`);
}

function refuseDraft(service: string, { displayName, description, actions }: RoleDraft): void {
  if (serviceNamed(service) === undefined) throw invalid('service_name', `there is no service \`${service}\``);
  if (displayName.length < 1 || displayName.length > LONGEST_DISPLAY_NAME) {
    throw invalid('display_name', `1 to ${LONGEST_DISPLAY_NAME} characters`);
  }
  if (description !== undefined && description.length > LONGEST_DESCRIPTION) {
    throw invalid('description', `${LONGEST_DESCRIPTION} characters at most`);
  }
  if (actions.length === 0) throw invalid('actions', 'at least one action');
  const known = new Set(actionsOf(service));
  const unknown = actions.find((action) => !known.has(action));
  if (unknown !== undefined) throw invalid('actions', `\`${service}\` has no action \`${unknown}\``);
  if (new Set(actions).size < actions.length) throw invalid('actions', 'an action is given twice');
}

function invalid(field: string, message: string): Fault {
  return new Fault('invalid', 'invalid-field', `\`${field}\`: ${message}`, { target: { type: 'field', name: field } });
}

/** Throws `conflict` when another role of the account has the name, the display name or the very same actions. */
async function refuseTwins(cx: Context, account: string, role: CustomRoleDocument): Promise<void> {
  const twins: readonly (readonly [string, string, string])[] = [
    ['name', role.name, `the name \`${role.name}\``],
    ['display', `${role.service} ${role.displayName}`, `the display name \`${role.displayName}\``],
    ['actions', actionsKey(role.service, role.actions), 'the same actions'],
  ];
  for (const [index, key, what] of twins) {
    const keep = ({ id }: { id: string }) => id !== role.id;
    const twin = (await cx.allowEach(CustomRole.read, account, { index, key, limit: 1, keep })).items[0]?.value;
    if (twin === undefined) continue;
    const details = { conflicts_with: { etag: twin.etag, role: twin.id } };
    throw new Fault('conflict', 'role-conflict', `another custom role has ${what}`, { details });
  }
}
