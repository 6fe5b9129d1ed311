/** What a policy must fulfil beyond its form before it is written: its roles, its twins, its number. */
import type { Context } from '../../context.ts';
import { Fault } from '../../faults.ts';
import type { CustomRole as CompiledRole, CustomRoles } from '../../policy/ibm/compile.ts';
import { type ApiVersion, type IbmPolicy, literal, type Problem } from '../../policy/ibm/document.ts';
import { validate } from '../../policy/ibm/validate.ts';
import { parseCrn } from '../../policy/names.ts';
import { CustomRole, Policy } from './access.ts';
import { customRoleCrn, grantKey, isCustomRole, type PolicyDocument, subjectKey } from './documents.ts';
import { viewOf } from './views.ts';

/** https://cloud.ibm.com/docs/account?topic=account-known-issues#iam_limits */
const POLICIES_PER_ACCOUNT = 4020;
const POLICIES_PER_SUBJECT = 1000;

/** A policy, with the account's own roles that it names as far as the caller may read them. */
export interface Shown {
  readonly document: PolicyDocument;
  readonly custom: CustomRoles;
}

/** Throws `invalid` with everything that is wrong with a policy, each at its place in the body that was sent. */
export function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const messages = problems.map(({ path, message }) => (path === '' ? message : `\`${path}\`: ${message}`));
  throw new Fault('invalid', 'invalid-policy', messages.join('; '), { details: { messages } });
}

/** The account that owns a policy: that of its target. Throws `invalid` when the policy cannot be stored. */
export async function validOwner(cx: Context, policy: IbmPolicy, version: ApiVersion): Promise<string> {
  const account = literal(policy.resource, 'accountId');
  const custom = account === undefined ? NO_ROLES : await customRolesAmong(cx, account, policy.roles);
  refuse([...validate(policy, version, custom), ...foreignRoles(policy, custom)]);
  if (account === undefined) throw new Fault('invalid', 'invalid-policy', 'the resource lacks `accountId`');
  return account;
}

const NO_ROLES: ReadonlyMap<string, ServiceRole> = new Map();

/** A custom role is made for one service, and holds nothing on others. */
function foreignRoles(policy: IbmPolicy, custom: ReadonlyMap<string, ServiceRole>): Problem[] {
  const service = literal(policy.resource, 'serviceName');
  return policy.roles.flatMap((crn): Problem[] => {
    const role = custom.get(crn);
    if (role === undefined || role.service === service) return [];
    const message = `role \`${crn}\` is for the service \`${role.service}\`; name that as \`serviceName\` of the resource`;
    return [{ code: 'invalid_body', message, path: 'roles' }];
  });
}

interface ServiceRole extends CompiledRole {
  readonly service: string;
}

/** The custom roles of an account among some role CRNs, as far as the caller may read them. */
export async function customRolesAmong(
  cx: Context,
  account: string,
  roles: readonly string[],
): Promise<ReadonlyMap<string, ServiceRole>> {
  const found = new Map<string, ServiceRole>();
  for (const crn of new Set(roles.filter(isCustomRole))) {
    const name = parseCrn(crn)?.id ?? '';
    if (crn !== customRoleCrn(account, name)) continue;
    const page = await cx.allowEach(CustomRole.read, account, { index: 'name', key: name, limit: 1 });
    for (const { value } of page.items) {
      found.set(crn, { crn, display_name: value.displayName, actions: value.actions, service: value.service });
    }
  }
  return found;
}

/** Throws `conflict` when an active policy of the account grants the same, showing it to who may read it. */
export async function refuseTwin(cx: Context, account: string, written: PolicyDocument, version: ApiVersion) {
  const key = grantKey(written.policy);
  const readable = await cx.allowEach(Policy.read, account, { index: 'grant', key, limit: 1 });
  const twin = readable.items[0]?.value;
  if (twin === undefined && !(await cx.isTaken(Policy.type, account, 'grant', key))) return;
  const message = 'a policy with the same subject, resource and roles exists already';
  const custom = twin ? await customRolesAmong(cx, account, twin.policy.roles) : NO_ROLES;
  const conflict = twin && { etag: twin.etag, policy: viewOf(twin, { version, origin: '', custom }) };
  throw new Fault('conflict', 'policy-conflict', message, conflict ? { details: { conflicts_with: conflict } } : {});
}

/** Throws `quota` when the account, or the policy's subject, has as many active policies as it may. */
export async function refuseTooMany(cx: Context, account: string, policy: IbmPolicy): Promise<void> {
  const ofAccount = { index: 'state', key: 'active', most: POLICIES_PER_ACCOUNT };
  if ((await cx.count(Policy.type, account, ofAccount)) >= POLICIES_PER_ACCOUNT) {
    throw tooMany(`an account has at most ${POLICIES_PER_ACCOUNT} policies`);
  }
  const ofSubject = { index: 'subject', key: `active ${subjectKey(policy)}`, most: POLICIES_PER_SUBJECT };
  if ((await cx.count(Policy.type, account, ofSubject)) >= POLICIES_PER_SUBJECT) {
    throw tooMany(`a subject has at most ${POLICIES_PER_SUBJECT} policies`);
  }
}

function tooMany(limit: string): Fault {
  return new Fault('quota', 'too-many', `${limit}: delete one that is not needed, or use access groups`);
}
