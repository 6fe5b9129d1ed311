/** The Security Token Service. https://docs.aws.amazon.com/STS/latest/APIReference/ */
import type * as Sts from '@aws-sdk/client-sts';
import { awsFace } from '../../../wire/aws/face.ts';
import { assumeRole } from './sts/assume-role.ts';
import { getCallerIdentity } from './sts/caller-identity.ts';
import { getFederationToken } from './sts/get-federation-token.ts';
import { getSessionToken } from './sts/get-session-token.ts';

export const stsFace = awsFace<typeof Sts>({
  service: 'sts',
  client: '@aws-sdk/client-sts',
  operations: {
    AssumeRole: assumeRole,
    GetCallerIdentity: getCallerIdentity,
    GetFederationToken: getFederationToken,
    GetSessionToken: getSessionToken,
  },
});
