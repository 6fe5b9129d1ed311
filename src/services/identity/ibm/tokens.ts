/** Issuing access tokens, and the sessions behind refresh tokens. */
import type { Context } from '../../../context.ts';
import { Fault } from '../../../faults.ts';
import { operation } from '../../../operation.ts';
import type { Json } from '../../../store/store.ts';
import { Person, personRef } from '../../accounts/access.ts';
import { digestOf, newSecret } from '../identity.ts';
import {
  ServiceId,
  Session,
  type SessionDocument,
  Settings,
  serviceIdOf,
  serviceIdRef,
  sessionRef,
  settingsRef,
} from './access.ts';
import { type TokenSubject, tokenClaims } from './claims.ts';
import { signToken } from './jwt.ts';
import { ACCESS_TOKEN_SECONDS, REFRESH_TOKEN_SECONDS } from './settings.ts';
import { signingKey } from './signing.ts';

export const END_SESSION = 'identity.end-session';
/** How long after its end a session is still told from one that never was. */
const REMEMBERED = 7 * 24 * 3600 * 1000;

export interface TokenInput {
  readonly grantType: string;
  /** Of the OAuth client that asks; only clients get refresh tokens. */
  readonly clientId?: string;
  /** The token to refresh by. */
  readonly refreshToken?: string;
}

export interface IssuedToken {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Seconds. */
  readonly lifetime: number;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** An access token for the caller, in the account that they have been identified for. */
export const issueToken = operation(
  'identity.issue-token',
  async (cx, input: TokenInput): Promise<IssuedToken> => {
    const { account } = cx.identity.caller;
    const { value: settings } = await cx.allow(Settings.follow, settingsRef(account));
    const refreshToken = await session(cx, input, settings.refreshTokenExpiration ?? REFRESH_TOKEN_SECONDS);
    const subject = await subjectOf(cx);
    const { kid, key } = await signingKey(cx);
    const lifetime = settings.accessTokenExpiration ?? ACCESS_TOKEN_SECONDS;
    const issuedAt = Math.floor(cx.now / 1000);
    const facts = {
      subject,
      account,
      issuedAt,
      lifetime,
      id: cx.newId(),
      ...input,
      clientId: input.clientId ?? 'default',
    };
    return {
      accessToken: await signToken(tokenClaims(facts), kid, key),
      refreshToken,
      lifetime,
      expires: issuedAt + lifetime,
    };
  },
  { recorded: ({ grantType, clientId }) => ({ grantType, clientId }) },
);

/** Begins a session, or goes on with one. The refresh token to hand out: none without a client. */
async function session(cx: Context, input: TokenInput, lifetime: number): Promise<string | undefined> {
  if (input.refreshToken !== undefined) {
    const [found] = await cx.locate(Session.type, 'digest', digestOf(input.refreshToken));
    if (!found) throw new Fault('unauthenticated', 'refresh-token-invalid', 'the refresh token is not valid');
    await cx.allow(Session.refresh, found.ref);
    return input.refreshToken;
  }
  const { caller } = cx.identity;
  const token = newSecret();
  const id = `Session-${cx.newId()}`;
  const draft: SessionDocument = {
    iamId: caller.id,
    digest: digestOf(token),
    clientId: input.clientId ?? 'default',
    createdAt: cx.now,
    expiresAt: cx.now + lifetime * 1000,
  };
  const allowed = await cx.allowNew(Session.open, sessionRef(caller.account, id), draft);
  if (input.clientId === undefined) return undefined;
  cx.create(allowed, draft);
  cx.schedule({ kind: END_SESSION, account: caller.account, due: draft.expiresAt + REMEMBERED, payload: { id } });
  return token;
}

async function subjectOf(cx: Context): Promise<TokenSubject> {
  const { id: iamId, account } = cx.identity.caller;
  const serviceId = serviceIdOf(iamId);
  if (serviceId === undefined) {
    const { email, name } = (await cx.allow(Person.read, personRef(iamId))).value;
    return { kind: 'user', iamId, email, name };
  }
  const { name, uniqueInstanceCrns } = (await cx.allow(ServiceId.read, serviceIdRef(account, serviceId))).value;
  return { kind: 'service-id', iamId, name, uniqueInstanceCrns };
}

/** Removes a session that cannot be refreshed any more. */
export const endSession = operation('identity.end-session', async (cx, payload: Json): Promise<void> => {
  const { id } = payload as { id: string };
  cx.remove(await cx.allow(Session.end, sessionRef(cx.identity.caller.account, id)));
});
