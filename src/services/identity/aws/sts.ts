/** The Security Token Service. https://docs.aws.amazon.com/STS/latest/APIReference/ */
import type * as Sts from '@aws-sdk/client-sts';
import { awsFace } from '../../../wire/aws/face.ts';
import { getCallerIdentity } from './sts/caller-identity.ts';

export const stsFace = awsFace<typeof Sts>({
  service: 'sts',
  client: '@aws-sdk/client-sts',
  operations: {
    GetCallerIdentity: getCallerIdentity,
  },
});
