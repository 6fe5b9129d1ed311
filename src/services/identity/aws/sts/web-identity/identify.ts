/** Who an OIDC token speaks for: the provider that the role's account has for its issuer, and what it asserts. */

import type { Fault } from '../../../../../faults.ts';
import type { Credential, Identity } from '../../../../../operation.ts';
import type { Outbound } from '../../../../../outbound.ts';
import { arnOf } from '../../../../../policy/names.ts';
import type { Unit } from '../../../../../store/store.ts';
import { awsFault } from '../../../../../wire/aws/fault.ts';
import { oidcProviderRef, oidcProviders } from '../../documents.ts';
import { roleAt } from '../role-address.ts';
import { audienceOf, carried, checkTimes, invalidToken, readTokenClaims, webContext } from './claims.ts';
import { candidates, isSignedBy, readIdToken } from './id-token.ts';
import { createProviderKeys, isIbmIssuer, noKey } from './provider-keys.ts';

export type WebIdentity = Extract<Credential, { kind: 'web-identity' }>;

/** Access tokens of IBM Cloud end with the identity behind them, not only by their time. */
export type IsAlive = (unit: Unit, token: string, now: number) => Promise<boolean>;

/** Makes the check of web identities. The function throws the vendor's errors of AssumeRoleWithWebIdentity. */
export function createWebIdentify(outbound: Outbound, isAlive: IsAlive) {
  const keysOf = createProviderKeys(outbound);
  return async (unit: Unit, credential: WebIdentity, now: number): Promise<Identity> => {
    const { account } = roleAt(credential.role, 'Request ARN is invalid');
    if (credential.provider !== undefined) throw noOAuth(credential.provider);
    const token = readIdToken(credential.token);
    if (token === undefined) {
      throw invalidToken(
        'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
      );
    }
    const claims = readTokenClaims(token.claims);
    const url = claims.iss.replace(/^https:\/\//, '');
    const provider = await unit.get(oidcProviders, account, url);
    if (provider === undefined || url === claims.iss) {
      throw invalidToken(`No OpenIDConnect provider found in your account for ${claims.iss}`);
    }
    const audience = audienceOf(claims).filter((client) => provider.value.clientIds.includes(client));
    if (audience.length === 0) throw invalidToken('Incorrect token audience');
    const { thumbprints } = provider.value;
    const suffices = (keys: Parameters<typeof candidates>[1]) => candidates(token, keys).length > 0;
    const keys = candidates(token, await keysOf(unit, { issuer: claims.iss, thumbprints, suffices, now }));
    if (keys.length === 0) throw noKey();
    if (!isSignedBy(token, keys)) throw invalidToken('The signature of the token is not that of its provider');
    checkTimes(claims, Math.floor(now / 1000));
    if (isIbmIssuer(claims.iss) && !(await isAlive(unit, credential.token, now))) {
      throw awsFault('IDPRejectedClaim', 'The identity provider no longer knows whom the token speaks for');
    }
    const id = arnOf(oidcProviderRef(account, provider.value.url));
    const context = webContext(provider.value.url, claims, token.claims);
    return {
      caller: { kind: 'federated', id, account: '' },
      name: claims.sub,
      context,
      asserted: {
        subject: claims.sub,
        audience: audience[0]!,
        issuer: claims.iss,
        ...carried(token.claims),
        kept: { 'aws:federatedprovider': id, ...context },
      },
      credential: { kind: 'web-identity' },
    };
  };
}

function noOAuth(provider: string): Fault {
  return awsFault(
    'ValidationError',
    `ProviderId ${provider} is for OAuth 2.0 access tokens, which no provider of this plane gives: leave it out.`,
  );
}
