/** Identity and Access Management. https://docs.aws.amazon.com/IAM/latest/APIReference/ */
import type * as Iam from '@aws-sdk/client-iam';
import { awsFace } from '../../../wire/aws/face.ts';
import { userOperations } from './iam/users.ts';

export const iamOperations = {
  ...userOperations,
};

export const iamFace = awsFace<typeof Iam>({
  service: 'iam',
  client: '@aws-sdk/client-iam',
  isGlobal: true,
  operations: iamOperations,
});
