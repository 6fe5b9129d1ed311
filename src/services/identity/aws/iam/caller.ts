/** Whose user an operation is about. */
import type { Context } from '../../../../context.ts';
import { nameWithoutPath, parsePrincipal, type ResourceRef } from '../../../../policy/names.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { ROOT_USER, rootRef, userNamed } from '../documents.ts';

/** The user with this name; without one the caller, who is a user or the root user then. */
export function userAsked(cx: Context, name: string | undefined): ResourceRef {
  const { account, kind, id } = cx.identity.caller;
  if (name !== undefined) return userNamed(account, name);
  if (kind === 'root') return rootRef(account);
  const principal = parsePrincipal(id);
  if (principal?.kind !== 'user') {
    throw awsFault('ValidationError', 'Must specify userName when calling with non-User credentials');
  }
  return userNamed(account, nameWithoutPath(principal.name));
}

/** The name in replies: the root user has none. */
export function shownName({ name }: { readonly name: string }): string | undefined {
  return name === ROOT_USER ? undefined : name;
}
