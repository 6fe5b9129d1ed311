/**
 * GetDelegatedAccessToken: exchanges what a partner got for an approved delegation request. The plane has no delegation
 * requests, so that no such token was ever given and every one is refused.
 */
import type { GetDelegatedAccessTokenCommandInput, GetDelegatedAccessTokenCommandOutput } from '@aws-sdk/client-sts';
import { operation } from '../../../../operation.ts';
import type { Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { StsAccount, stsRef } from './access.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetDelegatedAccessToken.html */
export const getDelegatedAccessToken = operation(
  'sts.GetDelegatedAccessToken',
  async (
    cx,
    _input: Input<GetDelegatedAccessTokenCommandInput>,
  ): Promise<Output<GetDelegatedAccessTokenCommandOutput>> => {
    await cx.allow(StsAccount.getDelegatedAccessToken, stsRef(cx.identity.caller.account));
    throw awsFault(
      'ExpiredTradeInTokenException',
      'The trade-in token was not given by this plane, which has no delegation requests, or has expired.',
    );
  },
);
