/** AWS KMS: what it answers. https://docs.aws.amazon.com/kms/latest/APIReference/ */
import type * as Kms from '@aws-sdk/client-kms';
import { awsFace } from '../../wire/aws/face.ts';
import { agreeOnSecret } from './aws/agree.ts';
import { createKmsKey } from './aws/create.ts';
import { makeDataKeyPair, makeDataKeyPairWithoutPlaintext } from './aws/data-key-pairs.ts';
import { describeKmsKey } from './aws/describe.ts';
import { decryptData, encryptData } from './aws/encrypt.ts';
import { makeMac, verifyMac } from './aws/mac.ts';
import { getPublicKey, signMessage, verifySignature } from './aws/sign.ts';

export const kmsFace = awsFace<typeof Kms>({
  service: 'kms',
  client: '@aws-sdk/client-kms',
  operations: {
    CreateKey: createKmsKey,
    DescribeKey: describeKmsKey,
    Encrypt: encryptData,
    Decrypt: decryptData,
    GenerateDataKeyPair: makeDataKeyPair,
    GenerateDataKeyPairWithoutPlaintext: makeDataKeyPairWithoutPlaintext,
    Sign: signMessage,
    Verify: verifySignature,
    GetPublicKey: getPublicKey,
    GenerateMac: makeMac,
    VerifyMac: verifyMac,
    DeriveSharedSecret: agreeOnSecret,
  },
});
