/** Who am I? Everybody with valid credentials may ask, whatever policies say. */
import type { GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import { operation } from '../../../../operation.ts';
import type { Input, Output } from '../../../../wire/aws/face.ts';
import { StsAccount, stsRef } from './access.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const getCallerIdentity = operation(
  'sts.GetCallerIdentity',
  async (cx, _input: Input<GetCallerIdentityCommandInput>): Promise<Output<GetCallerIdentityCommandOutput>> => {
    const { caller, context } = cx.identity;
    await cx.allow(StsAccount.getCallerIdentity, stsRef(caller.account));
    return { Account: caller.account, Arn: caller.id, UserId: String(context?.['aws:userid'] ?? '') };
  },
);
