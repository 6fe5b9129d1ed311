/** Policies that are part of a user, group or role. */
import type { Fault } from '../../../../faults.ts';
import type { PolicyHome } from '../../../../policy/aws/validate.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import type { PolicyHolder } from '../documents.ts';
import { type EntriesAfter, namedEntries } from './listing.ts';
import { encodedPolicy, policySize, requireGoodPolicy } from './policy-text.ts';

type Inline = PolicyHolder['inline'];

/** What has inline policies, as replies name it. */
export type HolderKind = 'user' | 'group' | 'role';

/** Characters without white space of all inline policies together. */
const LIMITS: Readonly<Record<HolderKind, number>> = { user: 2048, group: 5120, role: 10_240 };
const HOMES: Readonly<Record<HolderKind, PolicyHome>> = {
  user: 'user-inline',
  group: 'group-inline',
  role: 'role-inline',
};

interface Given {
  readonly PolicyName: string;
  readonly PolicyDocument: string;
}

/** The policies with this one put. Throws `MalformedPolicyDocument`, and `LimitExceeded` when they are too long. */
export function withInline(
  holder: PolicyHolder & { readonly name: string },
  { PolicyName, PolicyDocument }: Given,
  kind: HolderKind,
): Inline {
  const inline = { ...holder.inline, [PolicyName]: PolicyDocument };
  const size = Object.values(inline).reduce((sum, text) => sum + policySize(text), 0);
  if (size > LIMITS[kind]) {
    throw awsFault('LimitExceeded', `Maximum policy size of ${LIMITS[kind]} bytes exceeded for ${kind} ${holder.name}`);
  }
  requireGoodPolicy(PolicyDocument, HOMES[kind]);
  return inline;
}

/** The policies without this one. Throws `NoSuchEntity` when it is not there. */
export function withoutInline({ inline }: PolicyHolder, name: string, kind: HolderKind): Inline {
  if (!Object.hasOwn(inline, name)) throw noSuchInline(name, kind);
  const { [name]: _removed, ...rest } = inline;
  return rest;
}

/** A policy as replies show it. Throws `NoSuchEntity` when it is not there. */
export function shownInline(
  { inline }: PolicyHolder,
  name: string,
  kind: HolderKind,
): { readonly PolicyName: string; readonly PolicyDocument: string } {
  const text = Object.hasOwn(inline, name) ? inline[name] : undefined;
  if (text === undefined) throw noSuchInline(name, kind);
  return { PolicyName: name, PolicyDocument: encodedPolicy(text) };
}

export function inlineNames({ inline }: PolicyHolder): EntriesAfter<string> {
  return namedEntries(Object.keys(inline).map((name) => [name, name] as const));
}

function noSuchInline(name: string, kind: HolderKind): Fault {
  return awsFault('NoSuchEntity', `The ${kind} policy with name ${name} cannot be found.`);
}
