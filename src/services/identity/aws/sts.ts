/** The Security Token Service. https://docs.aws.amazon.com/STS/latest/APIReference/ */
import type * as Sts from '@aws-sdk/client-sts';
import { awsFace } from '../../../wire/aws/face.ts';
import { assumeRole } from './sts/assume-role.ts';
import { assumeRoleWithSaml, samlCredential } from './sts/assume-role-with-saml.ts';
import { assumeRoleWithWebIdentity, webIdentityCredential } from './sts/assume-role-with-web-identity.ts';
import { assumeRoot } from './sts/assume-root.ts';
import { getCallerIdentity } from './sts/caller-identity.ts';
import { decodeAuthorizationMessage } from './sts/decode-authorization-message.ts';
import { getAccessKeyInfo } from './sts/get-access-key-info.ts';
import { getDelegatedAccessToken } from './sts/get-delegated-access-token.ts';
import { getFederationToken } from './sts/get-federation-token.ts';
import { getSessionToken } from './sts/get-session-token.ts';
import { getWebIdentityToken } from './sts/get-web-identity-token.ts';

export const stsFace = awsFace<typeof Sts>({
  service: 'sts',
  client: '@aws-sdk/client-sts',
  operations: {
    AssumeRole: assumeRole,
    AssumeRoleWithSAML: assumeRoleWithSaml,
    AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
    AssumeRoot: assumeRoot,
    DecodeAuthorizationMessage: decodeAuthorizationMessage,
    GetAccessKeyInfo: getAccessKeyInfo,
    GetCallerIdentity: getCallerIdentity,
    GetDelegatedAccessToken: getDelegatedAccessToken,
    GetFederationToken: getFederationToken,
    GetSessionToken: getSessionToken,
    GetWebIdentityToken: getWebIdentityToken,
  },
  credentials: {
    AssumeRoleWithSAML: samlCredential,
    AssumeRoleWithWebIdentity: webIdentityCredential,
  },
});
