/** DecodeAuthorizationMessage: why a call of the account was refused. The message is the id of that call. */
import type {
  DecodeAuthorizationMessageCommandInput,
  DecodeAuthorizationMessageCommandOutput,
} from '@aws-sdk/client-sts';
import { operation } from '../../../../operation.ts';
import { authorizationMessage } from '../../../../policy/aws/authorization-message.ts';
import type { Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { StsAccount, stsRef } from './access.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html */
export const decodeAuthorizationMessage = operation(
  'sts.DecodeAuthorizationMessage',
  async (
    cx,
    { EncodedMessage }: Input<DecodeAuthorizationMessageCommandInput>,
  ): Promise<Output<DecodeAuthorizationMessageCommandOutput>> => {
    const { account } = cx.identity.caller;
    await cx.allow(StsAccount.decodeAuthorizationMessage, stsRef(account));
    const refused = await cx.refused(EncodedMessage);
    if (refused === undefined) {
      throw awsFault(
        'InvalidAuthorizationMessageException',
        'Message is not valid: pass the request id of a call of this account that was not authorized',
      );
    }
    return { DecodedMessage: authorizationMessage(refused.question, refused.verdict, (one) => one === account) };
  },
);
