/**
 * Session tokens: everything a session is, encrypted under a key of the plane. Nothing is kept of a session: as with the
 * vendor, it ends by its time, or by what happens to the identity behind it and to its policies.
 */
import type { ContextValue } from '../../../policy/model.ts';
import type { Seals } from '../../../seals.ts';

/** The root user, or a user: document id, and the id that no successor of the same name has. */
export type SessionUser =
  | { readonly kind: 'root' }
  | { readonly kind: 'user'; readonly user: string; readonly id: string };

/** Whose session it is: a user's, a role's (by its name), or that of somebody whom a user lets in. */
export type SessionOf =
  | SessionUser
  | { readonly kind: 'role'; readonly role: string; readonly id: string; readonly name: string }
  | { readonly kind: 'federated'; readonly name: string; readonly by: SessionUser };

export interface AwsSession {
  readonly accessKeyId: string;
  readonly secret: string;
  readonly account: string;
  readonly of: SessionOf;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Session policies: documents, and ARNs of managed policies. */
  readonly policies: readonly string[];
  readonly policyArns: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Keys of tags that go on to sessions made from this one. */
  readonly transitive: readonly string[];
  readonly sourceIdentity?: string;
  /** Further context keys in lower case (`aws:federatedprovider`, `saml:sub`). */
  readonly context?: Readonly<Record<string, ContextValue>>;
}

const PURPOSE = 'aws-session';

export function sealSession(seals: Seals, session: AwsSession): string {
  return seals.seal(PURPOSE, JSON.stringify(session));
}

/** What `sealSession` sealed. Undefined when the token was not made here, or was changed. */
export function openSession(seals: Seals, token: string): AwsSession | undefined {
  const text = seals.unseal(PURPOSE, token);
  return text === undefined ? undefined : (JSON.parse(text) as AwsSession);
}
