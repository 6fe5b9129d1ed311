/** AWS KMS: what it answers. https://docs.aws.amazon.com/kms/latest/APIReference/ */
import type * as Kms from '@aws-sdk/client-kms';
import { awsFace } from '../../wire/aws/face.ts';
import { createKmsKey } from './aws/create.ts';
import { describeKmsKey } from './aws/describe.ts';
import { decryptData, encryptData } from './aws/encrypt.ts';

export const kmsFace = awsFace<typeof Kms>({
  service: 'kms',
  client: '@aws-sdk/client-kms',
  operations: {
    CreateKey: createKmsKey,
    DescribeKey: describeKmsKey,
    Encrypt: encryptData,
    Decrypt: decryptData,
  },
});
