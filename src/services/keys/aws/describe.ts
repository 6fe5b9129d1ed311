/** Looking at keys. */
import type { DescribeKeyCommandInput, DescribeKeyCommandOutput } from '@aws-sdk/client-kms';
import { operation } from '../../../operation.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { KmsKey } from './access.ts';
import { allowKey } from './address.ts';
import { readMetadata } from './metadata.ts';
import { recordKey, requireGrantTokens } from './use.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html */
export const describeKmsKey = operation(
  'kms.DescribeKey',
  async (cx, input: Input<DescribeKeyCommandInput>): Promise<Output<DescribeKeyCommandOutput>> => {
    requireGrantTokens(cx, input.GrantTokens);
    const key = await allowKey(cx, KmsKey.describeKey, input.KeyId);
    return { KeyMetadata: await readMetadata(cx, key) };
  },
  { recorded: recordKey },
);
