/** GetAccessKeyInfo: which account an access key is of, whoever's it is. */
import type { GetAccessKeyInfoCommandInput, GetAccessKeyInfoCommandOutput } from '@aws-sdk/client-sts';
import type { Context } from '../../../../context.ts';
import { operation } from '../../../../operation.ts';
import type { Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { Account, accountRef } from '../../../accounts/access.ts';
import { accessKeys } from '../documents.ts';
import { accountOfSessionKey } from '../ids.ts';
import { StsAccount, stsRef } from './access.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html */
export const getAccessKeyInfo = operation(
  'sts.GetAccessKeyInfo',
  async (cx, { AccessKeyId }: Input<GetAccessKeyInfoCommandInput>): Promise<Output<GetAccessKeyInfoCommandOutput>> => {
    await cx.allow(StsAccount.getAccessKeyInfo, stsRef(cx.identity.caller.account));
    const account = (await longTermAccount(cx, AccessKeyId)) ?? (await sessionAccount(cx, AccessKeyId));
    if (account !== undefined) return { Account: account };
    throw awsFault('ValidationError', `The access key ${AccessKeyId} does not exist.`);
  },
  { recorded: ({ AccessKeyId }) => ({ AccessKeyId }) },
);

async function longTermAccount(cx: Context, id: string): Promise<string | undefined> {
  const [key] = await cx.locateParts(accessKeys, 'id', id);
  return key?.account;
}

/** Sessions are not kept: the account is read from the id, and told if there is such an account. */
async function sessionAccount(cx: Context, id: string): Promise<string | undefined> {
  const account = accountOfSessionKey(id);
  const found = account === undefined ? undefined : await cx.locateAt(Account.type, accountRef(account));
  return found?.ref.account;
}
