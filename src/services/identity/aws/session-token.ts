/**
 * Session tokens: everything a session is, encrypted under a key of the plane. Nothing is kept of a session: as with the
 * vendor, it ends by its time, or by what happens to the identity behind it and to its policies.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Context } from '../../../context.ts';
import { operation, type Plane, perform } from '../../../operation.ts';
import type { ContextValue } from '../../../policy/model.ts';
import { PLANE, type Store, type Unit } from '../../../store/store.ts';
import { SESSION_KEY_ID, SessionKey, type SessionKeyDocument, sessionKeyRef, sessionKeys } from './session-key.ts';

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

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = Buffer.from([1]);

export function sealSession(key: KeyObject, session: AwsSession): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(FORMAT);
  const body = Buffer.concat([cipher.update(JSON.stringify(session)), cipher.final()]);
  return Buffer.concat([FORMAT, nonce, cipher.getAuthTag(), body]).toString('base64');
}

/** What `sealSession` sealed. Undefined when the token was not made here, or was changed. */
export function openSession(key: KeyObject, token: string): AwsSession | undefined {
  const bytes = Buffer.from(token, 'base64');
  const start = FORMAT.length + NONCE_BYTES + TAG_BYTES;
  if (bytes.length <= start || bytes[0] !== FORMAT[0] || bytes.toString('base64') !== token) return undefined;
  const nonce = bytes.subarray(FORMAT.length, FORMAT.length + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(FORMAT);
  decipher.setAuthTag(bytes.subarray(FORMAT.length + NONCE_BYTES, start));
  try {
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(start)), decipher.final()]).toString());
  } catch {
    return undefined;
  }
}

const opened = new WeakMap<object, KeyObject>();

/** The key of session tokens, to check credentials with. */
export async function sessionKeyOf(store: Pick<Store, 'open'>, unit: Unit): Promise<KeyObject> {
  const document = await unit.get(sessionKeys, PLANE, SESSION_KEY_ID);
  if (document === undefined) throw new Error('the plane has no key for session tokens');
  let key = opened.get(document.value);
  if (key === undefined) {
    key = createSecretKey(store.open(sessionKeys, document, 'key'));
    opened.set(document.value, key);
  }
  return key;
}

/** A token for a session; for the token service alone. */
export async function issueSession(cx: Context, session: AwsSession): Promise<string> {
  const allowed = await cx.allow(SessionKey.seal, sessionKeyRef);
  let key = opened.get(allowed.value);
  if (key === undefined) {
    key = createSecretKey(cx.open(allowed, sessionKeys, allowed.document!, 'key'));
    opened.set(allowed.value, key);
  }
  return sealSession(key, session);
}

export const keepSessionKey = operation(
  'identity.keep-session-key',
  async (cx, key: SessionKeyDocument): Promise<void> => {
    cx.create(await cx.allowNew(SessionKey.create, sessionKeyRef, key), key);
  },
);

/** Makes the key of session tokens of an empty home; does nothing when there is one. */
export async function ensureSessionKey(plane: Plane, operatorToken: string): Promise<void> {
  if (await plane.store.begin().get(sessionKeys, PLANE, SESSION_KEY_ID)) return;
  const request = { credential: { kind: 'operator', token: operatorToken }, context: {} } as const;
  await perform(plane, keepSessionKey, request, () => ({
    key: randomBytes(32).toString('base64'),
    createdAt: plane.clock.now(),
  }));
}
