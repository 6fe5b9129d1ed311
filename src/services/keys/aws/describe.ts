/** Looking at keys. */
import type {
  DescribeKeyCommandInput,
  DescribeKeyCommandOutput,
  ListKeysCommandInput,
  ListKeysCommandOutput,
} from '@aws-sdk/client-kms';
import { operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { KmsAccount, KmsKey } from './access.ts';
import { allowKey } from './address.ts';
import { allKeysRef, kmsKeys } from './documents.ts';
import { readPaging, showEnd } from './listing.ts';
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

const KEYS = { size: 100, most: 1000 };

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html */
export const listKmsKeys = operation(
  'kms.ListKeys',
  async (cx, input: Input<ListKeysCommandInput>): Promise<Output<ListKeysCommandOutput>> => {
    const account = await cx.allow(KmsAccount.listKeys, allKeysRef(cx.identity.caller.account, cx.region));
    const page = readPaging(cx, 'kms.ListKeys', input, KEYS);
    const { items, next } = await cx.parts(account, kmsKeys, { index: 'region', key: cx.region, ...page });
    const keys = items.map((document) => ({ KeyId: document.value.id, KeyArn: arnOf(KmsKey.type.refOf(document)) }));
    return { Keys: keys, ...showEnd(cx, 'kms.ListKeys', next) };
  },
);
