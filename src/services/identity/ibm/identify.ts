/**
 * Who a credential belongs to. A verified signature may be remembered; that the identity, its membership and its
 * account still are what they were is looked up on every call.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { Fault } from '../../../faults.ts';
import type { Credential, Identity } from '../../../operation.ts';
import { type Document, PLANE, type Reader, type Unit } from '../../../store/store.ts';
import { accounts, memberships, persons } from '../../accounts/access.ts';
import { digestOf } from '../identity.ts';
import {
  type ApiKeyDocument,
  apiKeys,
  groupMembers,
  serviceIdOf,
  serviceIds,
  sessions,
  signingKeys,
} from './access.ts';
import { readClaims, type VerifiedToken } from './claims.ts';
import { splitToken, verifiedClaims } from './jwt.ts';

/** About 1.5 KB each. */
const REMEMBERED_TOKENS = 4_000;
/** Groups per identity that count; an account has at most 500. */
const GROUPS = 500;

type Identify = (unit: Unit, credential: Credential, now: number) => Promise<Identity>;

interface RememberedToken {
  readonly token: VerifiedToken;
  readonly kid: string;
  /** The key that verified it: another one under the same name verifies nothing. */
  readonly publicKey: string;
}

const ANONYMOUS: Identity = {
  caller: { kind: 'anonymous', id: 'anonymous', account: '' },
  name: 'anonymous',
  credential: { kind: 'anonymous' },
};

/**
 * Makes the check of IBM Cloud credentials: bearer tokens, API keys, refresh tokens, and none. The function throws
 * `unauthenticated`, with a reason that says what was wrong.
 */
export function createIdentify(): Identify {
  const verify = createVerifier();
  return async (unit, credential, now) => {
    switch (credential.kind) {
      case 'bearer':
        return byToken(unit, await verify(unit, credential.token), now);
      case 'api-key':
        return byApiKey(unit, credential.apiKey, credential.account, now);
      case 'refresh-token':
        return byRefreshToken(unit, credential.token, credential.account, now);
      case 'anonymous':
        return ANONYMOUS;
      default:
        throw invalid('no-credential', 'the request has no valid credential');
    }
  };
}

function createVerifier(): (unit: Unit, token: string) => Promise<VerifiedToken> {
  const remembered = new Map<string, RememberedToken>();
  const keys = new Map<string, KeyObject>();

  const keyFor = (publicKey: string): KeyObject => {
    let key = keys.get(publicKey);
    if (!key) {
      key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
      keys.set(publicKey, key);
    }
    return key;
  };

  return async (unit, text) => {
    const known = remembered.get(text);
    if (known && (await unit.get(signingKeys, PLANE, known.kid))?.value.publicKey === known.publicKey) {
      return known.token;
    }
    const parts = splitToken(text);
    const publicKey = parts && (await unit.get(signingKeys, PLANE, parts.kid))?.value.publicKey;
    const token = publicKey && readClaims(verifiedClaims(parts, keyFor(publicKey)));
    if (!token) throw invalid('token-invalid', 'the token is not valid');
    if (remembered.size >= REMEMBERED_TOKENS) remembered.delete(remembered.keys().next().value!);
    remembered.set(text, { token, kid: parts.kid, publicKey });
    return token;
  };
}

/** A token outlives the API key it was had for, as the vendor's does, but not the identity. */
async function byToken(unit: Unit, token: VerifiedToken, now: number): Promise<Identity> {
  if (now >= token.until) throw invalid('token-expired', 'the token has expired: ask for a new one');
  if (now < token.from) throw invalid('token-invalid', 'the token is not valid yet');
  return {
    caller: await callerIn(unit, token.iamId, token.account),
    name: token.name,
    credential: { kind: 'bearer', id: token.id },
  };
}

async function byApiKey(unit: Unit, apiKey: string, account: string | undefined, now: number): Promise<Identity> {
  const key = (await unit.find(apiKeys, 'digest', digestOf(apiKey)))[0];
  if (!key) throw invalid('api-key-unknown', 'the API key could not be found');
  checkUsable(key, now);
  return {
    caller: await callerIn(unit, key.value.iamId, account ?? key.account),
    name: await nameOf(unit, key.value.iamId, key.account),
    credential: { kind: 'api-key', id: key.id },
  };
}

function checkUsable({ value }: Document<ApiKeyDocument>, now: number): void {
  if (value.disabled) throw invalid('api-key-disabled', 'the API key is disabled');
  if (value.expiresAt !== undefined && now >= value.expiresAt)
    throw invalid('api-key-expired', 'the API key has expired');
}

async function byRefreshToken(unit: Unit, token: string, account: string | undefined, now: number): Promise<Identity> {
  const session = (await unit.find(sessions, 'digest', digestOf(token)))[0];
  if (!session) throw invalid('refresh-token-invalid', 'the refresh token is not valid');
  if (now >= session.value.expiresAt) throw invalid('refresh-token-expired', 'the refresh token has expired');
  return {
    caller: await callerIn(unit, session.value.iamId, account ?? session.account),
    name: await nameOf(unit, session.value.iamId, session.account),
    credential: { kind: 'refresh-token', id: session.id },
  };
}

/** The caller that an identity is in an account it belongs to, with the access groups it is in. */
export async function callerIn(unit: Reader, iamId: string, account: string): Promise<Identity['caller']> {
  const serviceId = serviceIdOf(iamId);
  const belongs =
    (await unit.get(accounts, account, account)) !== undefined &&
    (serviceId === undefined
      ? (await unit.get(memberships, account, iamId))?.value.state === 'ACTIVE'
      : (await unit.get(serviceIds, account, serviceId)) !== undefined);
  if (!belongs) throw invalid('not-a-member', 'the identity is not a member of the account');
  const member = await unit.list(groupMembers, account, { index: 'member', key: iamId, limit: GROUPS });
  return {
    kind: serviceId === undefined ? 'user' : 'service-id',
    id: iamId,
    account,
    groups: member.items.map((item) => item.value.group),
  };
}

async function nameOf(unit: Unit, iamId: string, account: string): Promise<string> {
  const serviceId = serviceIdOf(iamId);
  if (serviceId !== undefined) return (await unit.get(serviceIds, account, serviceId))?.value.name ?? iamId;
  return (await unit.get(persons, PLANE, iamId))?.value.email ?? iamId;
}

function invalid(reason: string, message: string): Fault {
  return new Fault('unauthenticated', reason, message);
}
