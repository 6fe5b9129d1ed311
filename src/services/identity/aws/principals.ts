/**
 * Whom a policy of a resource means: the very user or role that bore the name when the policy was written. ARNs are kept
 * as unique ids, so that whoever is made anew under a name gets nothing of it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
import type { ResourceType } from '../../../access.ts';
import type { Context } from '../../../context.ts';
import { type PrincipalInText, principalsIn, withPrincipals } from '../../../policy/aws/principals.ts';
import { arnOf, awsRef, PARTITION, parseArn, parsePrincipal } from '../../../policy/names.ts';
import { IamAccount, Role, User } from './access.ts';
import { allRef, roleNamed } from './documents.ts';

const UNIQUE_ID = /^A(IDA|ROA)[A-Z0-9]+$/;

/** A service as policies name it; which of them exist is told nowhere completely. */
const SERVICE = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)$/i;

/**
 * The text to keep: unique ids in place of the ARNs of users and roles. `invalid`: the first principal that does not
 * exist, as the vendor's messages quote it (`"AWS":"arn:aws:iam::..."`).
 */
export async function bindPrincipals(
  cx: Context,
  text: string,
): Promise<{ readonly text: string } | { readonly invalid: string }> {
  const bound: (PrincipalInText & { readonly as: string })[] = [];
  for (const principal of principalsIn(text)) {
    const as = await boundName(cx, principal);
    if (as === undefined) return { invalid: `"${principal.type.toUpperCase()}":"${principal.name}"` };
    if (as !== principal.name) bound.push({ ...principal, as });
  }
  return { text: withPrincipals(text, bound) };
}

/** The text as it is shown: ARNs of users and roles that are still there, bare ids of those that are not. */
export async function showPrincipals(cx: Context, text: string): Promise<string> {
  const shown: (PrincipalInText & { readonly as: string })[] = [];
  for (const principal of principalsIn(text)) {
    if (principal.type !== 'AWS' || !UNIQUE_ID.test(principal.name)) continue;
    const arn = await arnOfId(cx, principal.name);
    if (arn !== undefined) shown.push({ ...principal, as: arn });
  }
  return withPrincipals(text, shown);
}

/** How a principal is kept: users and roles by their unique ids. Undefined when there is none such. */
export async function boundName(
  cx: Context,
  { type, name }: Pick<PrincipalInText, 'type' | 'name'>,
): Promise<string | undefined> {
  if (type === 'Service') return SERVICE.test(name) ? name : undefined;
  if (type !== 'AWS' || name === '*') return name;
  if (UNIQUE_ID.test(name)) return (await arnOfId(cx, name)) === undefined ? undefined : name;
  if (/^\d{12}$/.test(name)) return (await accountExists(cx, name)) ? name : undefined;
  const named = parsePrincipal(name);
  if (named === undefined || parseArn(name)?.partition !== PARTITION) return undefined;
  switch (named.kind) {
    case 'user':
      return (await cx.locateAt(User.type, awsRef(name, named.account)))?.uniqueId;
    case 'role':
      return (await cx.locateAt(Role.type, awsRef(name, named.account)))?.uniqueId;
    case 'assumed-role':
      return (await cx.locateAt(Role.type, roleNamed(named.account, named.role))) ? name : undefined;
    case 'root':
    case 'federated-user':
      return (await accountExists(cx, named.account)) ? name : undefined;
  }
}

async function accountExists(cx: Context, account: string): Promise<boolean> {
  return (await cx.locateAt(IamAccount.type, allRef(account))) !== undefined;
}

/** The ARN of the user or role with a unique id, wherever it is; undefined when it was deleted. */
async function arnOfId(cx: Context, id: string): Promise<string | undefined> {
  return id.startsWith('AROA') ? arnUnder(cx, Role.type, id) : arnUnder(cx, User.type, id);
}

async function arnUnder<R extends object>(cx: Context, type: ResourceType<R>, id: string): Promise<string | undefined> {
  const [found] = await cx.locate(type, 'uniqueId', id, 1);
  return found && arnOf(found.ref);
}
