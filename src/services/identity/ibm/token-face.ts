/** The token endpoint and what verifies tokens without calling it. https://cloud.ibm.com/apidocs/iam-identity-token-api#gettoken-apikey */
import { Fault } from '../../../faults.ts';
import type { Credential } from '../../../operation.ts';
import { iamTokenFamily } from '../../../wire/ibm/families.ts';
import { type Face, route, type VendorError, type WireReply, type WireRequest } from '../../../wire/ibm/route.ts';
import { ISSUER } from './claims.ts';
import { readSigningKeys } from './signing.ts';
import { type IssuedToken, issueToken, type TokenInput } from './tokens.ts';

const APIKEY_GRANT = 'urn:ibm:params:oauth:grant-type:apikey';
const REFRESH_GRANT = 'refresh_token';

const unknownKey: VendorError = { status: 400, code: 'BXNIM0415E', message: 'Provided API key could not be found.' };

/** Codes that clients know (facts: ibm-cloud.md 2.1). A disabled or expired key is told from an unknown one in the records. */
const faults: Readonly<Record<string, VendorError>> = {
  'api-key-unknown': unknownKey,
  'api-key-disabled': unknownKey,
  'api-key-expired': unknownKey,
  'not-a-member': { status: 400, code: 'BXNIM0141E', message: 'User is not member of the selected account' },
  'refresh-token-invalid': { status: 400, code: 'BXNIM0407E', message: 'Provided refresh token is invalid' },
  'refresh-token-expired': { status: 400, code: 'BXNIM0408E', message: 'Provided refresh token is expired' },
  'property-missing': { status: 400, code: 'BXNIM0109E', message: 'Property missing or empty.' },
  'client-invalid': { status: 401, code: 'BXNIM0106E', message: 'Client authentication failed.' },
};

function field(request: WireRequest, name: string): string {
  const body = request.body as Readonly<Record<string, unknown>> | undefined;
  const value = body?.[name];
  return typeof value === 'string' ? value : '';
}

function required(request: WireRequest, name: string): string {
  const value = field(request, name);
  if (value !== '') return value;
  throw new Fault('invalid', 'property-missing', `the property \`${name}\` is missing`, {
    details: { errorDetails: `Property '${name}' either missing or empty.` },
  });
}

/** The grant is the credential: who holds the API key is its identity. */
function credentialOf(request: WireRequest): Credential {
  const selected = request.query.get('account') || field(request, 'account') || field(request, 'bss_account');
  const account = selected ? { account: selected } : {};
  const grant = required(request, 'grant_type');
  if (grant === APIKEY_GRANT) return { kind: 'api-key', apiKey: required(request, 'apikey'), ...account };
  if (grant === REFRESH_GRANT) return { kind: 'refresh-token', token: required(request, 'refresh_token'), ...account };
  throw new Fault('invalid', 'grant-unsupported', `the grant type \`${grant}\` is not supported: use ${APIKEY_GRANT}`, {
    details: { errorDetails: `Property 'grant_type' has the unsupported value '${grant}'.` },
  });
}

/** Clients register nowhere: an id and a secret make one (`bx:bx` is the CLI's and the Terraform provider's). */
function clientOf(request: WireRequest): { clientId?: string } {
  const header = request.headers.authorization;
  if (header === undefined) return {};
  const match = /^basic\s+([A-Za-z0-9+/=]+)$/i.exec(header);
  const pair = match && /^([^:]+):(.+)$/.exec(Buffer.from(match[1]!, 'base64').toString());
  if (!pair) throw new Fault('unauthenticated', 'client-invalid', 'the Authorization header names no client');
  return { clientId: pair[1]! };
}

function tokenInput(request: WireRequest): TokenInput {
  const grantType = field(request, 'grant_type');
  const refresh = grantType === REFRESH_GRANT ? { refreshToken: field(request, 'refresh_token') } : {};
  return { grantType, ...clientOf(request), ...refresh };
}

function tokenReply(token: IssuedToken): WireReply {
  return {
    status: 200,
    headers: { 'cache-control': 'no-cache, no-store' },
    body: {
      access_token: token.accessToken,
      refresh_token: token.refreshToken ?? 'not_supported',
      token_type: 'Bearer',
      expires_in: token.lifetime,
      expiration: token.expires,
      scope: 'ibm openid',
    },
  };
}

const tokenRoute = (path: string) =>
  route({
    method: 'POST',
    path,
    operation: issueToken,
    credential: credentialOf,
    input: tokenInput,
    output: tokenReply,
  });

const open = (): Credential => ({ kind: 'anonymous' });

/** The issuer is the vendor's, which clients check; the endpoints are the plane's. */
function discovery({ origin }: WireRequest): object {
  return {
    issuer: ISSUER,
    authorization_endpoint: `${origin}/identity/authorize`,
    token_endpoint: `${origin}/identity/token`,
    jwks_uri: `${origin}/identity/keys`,
    grant_types_supported: [APIKEY_GRANT, REFRESH_GRANT],
    response_types_supported: ['cloud_iam'],
    scopes_supported: ['openid', 'email', 'profile', 'ibm'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

export const tokenFace: Face = {
  family: iamTokenFamily,
  faults,
  routes: [
    tokenRoute('/identity/token'),
    // Older Key Protect clients still post here.
    tokenRoute('/oidc/token'),
    ...['/identity/keys', '/oidc/keys'].map((path) =>
      route({
        method: 'GET',
        path,
        operation: readSigningKeys,
        credential: open,
        input: () => null,
        output: (body) => ({ status: 200, body }),
      }),
    ),
    route({
      method: 'GET',
      path: '/identity/.well-known/openid-configuration',
      operation: readSigningKeys,
      credential: open,
      input: () => null,
      output: (_keys, request) => ({ status: 200, body: discovery(request) }),
    }),
  ],
};
