/** Temporary credentials: made, sealed into their token, and shown once. */
import type { Context } from '../../../../context.ts';
import { freshBytes } from '../../../../random.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { sessionKeyId } from '../ids.ts';
import { type AwsSession, sealSession } from '../session-token.ts';

const SECRET_BYTES = 30;

/** What a session is to be. */
export interface SessionDraft extends Omit<AwsSession, 'accessKeyId' | 'secret' | 'issuedAt' | 'expiresAt'> {
  /** Seconds. */
  readonly duration: number;
}

/** The member `Credentials` of every reply that has one. */
export interface GivenCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  readonly Expiration: Date;
}

/** Gives credentials for a session that the caller may have. */
export function giveCredentials(cx: Context, { duration, ...draft }: SessionDraft): GivenCredentials {
  const secret = freshBytes(SECRET_BYTES).toString('base64');
  const accessKeyId = sessionKeyId(draft.account, cx.newId());
  // The vendor's times are whole seconds.
  const issuedAt = Math.floor(cx.now / 1000) * 1000;
  const expiresAt = issuedAt + duration * 1000;
  const token = sealSession(cx.seals, { ...draft, accessKeyId, secret, issuedAt, expiresAt });
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secret,
    SessionToken: token,
    Expiration: new Date(expiresAt),
  };
}

/** No account of the plane has MFA devices: whoever names one has no code of it. */
export function refuseMfa({
  SerialNumber,
  TokenCode,
}: {
  SerialNumber?: string | undefined;
  TokenCode?: string | undefined;
}): void {
  if (SerialNumber === undefined && TokenCode === undefined) return;
  throw awsFault('AccessDenied', 'MultiFactorAuthentication failed with invalid MFA one time pass code. ');
}
