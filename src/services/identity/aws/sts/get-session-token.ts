/** GetSessionToken: temporary credentials of the user that asks, or of the root user. */
import type { GetSessionTokenCommandInput, GetSessionTokenCommandOutput } from '@aws-sdk/client-sts';
import { operation } from '../../../../operation.ts';
import type { Caller } from '../../../../policy/model.ts';
import { nameWithoutPath, parsePrincipal } from '../../../../policy/names.ts';
import type { Input, Output } from '../../../../wire/aws/face.ts';
import { keyOf } from '../documents.ts';
import type { SessionUser } from '../session-token.ts';
import { StsAccount, stsRef } from './access.ts';
import { giveCredentials, refuseMfa } from './credentials.ts';
import { NO_POLICIES } from './session-policies.ts';

const DEFAULT_SECONDS = 43_200;
const ROOT_SECONDS = 3600;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
export const getSessionToken = operation(
  'sts.GetSessionToken',
  async (cx, input: Input<GetSessionTokenCommandInput>): Promise<Output<GetSessionTokenCommandOutput>> => {
    const { caller } = cx.identity;
    await cx.allow(StsAccount.getSessionToken, stsRef(caller.account));
    refuseMfa(input);
    const Credentials = giveCredentials(cx, {
      account: caller.account,
      of: longTermOf(caller),
      duration: longTermSeconds(caller, input.DurationSeconds),
      ...NO_POLICIES,
      tags: {},
      transitive: [],
    });
    return { Credentials };
  },
  { recorded: ({ DurationSeconds }) => (DurationSeconds === undefined ? {} : { DurationSeconds }) },
);

/** The user, or the root user, whose own credentials these are. */
export function longTermOf(caller: Caller): SessionUser {
  if (caller.kind === 'root') return { kind: 'root' };
  const named = parsePrincipal(caller.id);
  if (named?.kind !== 'user' || caller.uniqueId === undefined) throw new Error(`\`${caller.id}\` is no user`);
  return { kind: 'user', user: keyOf(nameWithoutPath(named.name)), id: caller.uniqueId };
}

/** How long a session of a user lasts. What the root user asks for beyond an hour is an hour. */
export function longTermSeconds({ kind }: Caller, wanted = DEFAULT_SECONDS): number {
  return kind === 'root' ? Math.min(wanted, ROOT_SECONDS) : wanted;
}
