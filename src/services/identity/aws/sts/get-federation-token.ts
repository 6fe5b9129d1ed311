/** GetFederationToken: a user lets somebody in who is no user, with less than the user may do. */
import type { GetFederationTokenCommandInput, GetFederationTokenCommandOutput } from '@aws-sdk/client-sts';
import { operation } from '../../../../operation.ts';
import { arnOf } from '../../../../policy/names.ts';
import type { Input, Output } from '../../../../wire/aws/face.ts';
import { FederatedUser, federatedUserRef } from './access.ts';
import { giveCredentials } from './credentials.ts';
import { longTermOf, longTermSeconds } from './get-session-token.ts';
import { packedSize, readSessionPolicies } from './session-policies.ts';
import { allTags, hasTags, readSessionTags, tagsContext } from './session-tags.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html */
export const getFederationToken = operation(
  'sts.GetFederationToken',
  async (cx, input: Input<GetFederationTokenCommandInput>): Promise<Output<GetFederationTokenCommandOutput>> => {
    const { caller } = cx.identity;
    const { account } = caller;
    const ref = federatedUserRef(account, input.Name);
    const tags = readSessionTags(input.Tags);
    await cx.allow(FederatedUser.getFederationToken, ref, tagsContext(tags));
    if (hasTags(tags)) await cx.allow(FederatedUser.tagSession, ref, tagsContext(tags));
    const policies = await readSessionPolicies(cx, account, input);
    const PackedPolicySize = packedSize(policies, tags.passed);
    const Credentials = giveCredentials(cx, {
      account,
      of: { kind: 'federated', name: input.Name, by: longTermOf(caller) },
      duration: longTermSeconds(caller, input.DurationSeconds),
      ...policies,
      tags: allTags(tags),
      transitive: [],
    });
    return {
      Credentials,
      FederatedUser: { FederatedUserId: `${account}:${input.Name}`, Arn: arnOf(ref) },
      PackedPolicySize,
    };
  },
  {
    recorded: ({ Name, DurationSeconds, PolicyArns }) => ({
      Name,
      ...(DurationSeconds === undefined ? {} : { DurationSeconds }),
      ...(PolicyArns === undefined ? {} : { PolicyArns: PolicyArns.map(({ arn }) => arn ?? '') }),
    }),
  },
);
