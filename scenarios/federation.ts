/** Sessions without a role: of a user, of somebody whom a user lets in; and a role for who has a token of another cloud. */
import assert from 'node:assert/strict';
import { STS } from '@aws-sdk/client-sts';
import { makeKey, makeRole, makeUser } from './aws-cast.ts';
import type { AwsClients } from './aws-clients.ts';
import { may, policyOf, type Statement } from './aws-policies.ts';
import type { AwsStory } from './aws-story.ts';
import { bearerFor } from './clients.ts';

export async function userSessions(story: AwsStory): Promise<void> {
  const { b, run, endpoint } = story;
  story.say('\n8. Sessions of a user, and of somebody whom the user lets in');
  const inB = { account: b.account };
  const KeyId = await makeKey(b);
  const guest = `arn:aws:sts::${b.account}:federated-user/guest`;
  const user = await makeUser(
    endpoint,
    b,
    `host-${run}`,
    may('Look', 'kms:DescribeKey', KeyId),
    may('SeeOneself', 'iam:GetUser'),
    may('LetIn', 'sts:GetFederationToken', guest),
  );
  const look =
    ({ kms }: AwsClients) =>
    () =>
      kms.describeKey({ KeyId });
  const own = story.as(
    await story.allowed('a user of B takes a session of its own', () => user.sts.getSessionToken({})),
  );
  await story.allowed('which looks at a key as the user may', look(own));
  await story.refused('but calls nothing of IAM without MFA', 'InvalidClientTokenId', () => own.iam.getUser({}));

  const letIn = (Policy?: string) => () =>
    user.sts.getFederationToken({ Name: 'guest', ...(Policy ? { Policy } : {}) });
  const given = policyOf(may('Look', ['kms:DescribeKey', 'kms:ListKeys']));
  const visitor = story.as(await story.allowed('the user lets a guest in, to look at keys', letIn(given)));
  const { Arn } = await visitor.sts.getCallerIdentity({});
  assert.equal(Arn, guest);
  await story.allowed('the guest looks at the key', look(visitor));
  await story.denied('the guest lists keys, as the user may not', { ...inB, layer: 'identity' }, () =>
    visitor.kms.listKeys({}),
  );
  const bare = story.as(await letIn()());
  await story.denied('a guest without a policy looks at the key', { ...inB, layer: 'session' }, look(bare));
}

/** The issuer of this plane's IBM Cloud tokens, and the client that tokens for an API key are made for. */
const ISSUER = 'iam.cloud.ibm.com/identity';
const CLIENT = 'default';

/** People of the IBM Cloud accounts of this plane, by their API keys. */
export interface IbmPeople {
  readonly friend: { readonly email: string; readonly apiKey: string };
  readonly other: { readonly email: string; readonly apiKey: string };
}

export async function webIdentity(story: AwsStory, ibm: string, { friend, other }: IbmPeople): Promise<void> {
  const { a, run, endpoint } = story;
  story.say('\n9. A role for who has a token of IBM Cloud');
  const provider = `arn:aws:iam::${a.account}:oidc-provider/${ISSUER}`;
  const RoleName = `Federated-${run}`;
  const RoleArn = `arn:aws:iam::${a.account}:role/${RoleName}`;
  const trust: Statement = {
    Sid: 'Friend',
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${ISSUER}:aud`]: CLIENT, [`${ISSUER}:sub`]: friend.email } },
  };
  await makeRole(a, RoleName, [trust], may('See', 'iam:GetRole', RoleArn));
  // Nobody signs these calls.
  const sts = new STS({ endpoint, region: 'us-east-1', maxAttempts: 1 });
  const enter = (WebIdentityToken: string) => () =>
    sts.assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: 'from-ibm', WebIdentityToken });
  const token = await bearerFor(ibm, friend.apiKey);
  await withoutProvider(story, provider, async () => {
    await story.refused('a token of a provider that A does not know', 'InvalidIdentityTokenException', enter(token));
    await a.admin.iam.createOpenIDConnectProvider({
      Url: `https://${ISSUER}`,
      ClientIDList: [CLIENT],
      ThumbprintList: ['0'.repeat(40)],
    });
    const entered = await story.allowed('with the provider, the friend enters A by a token of IBM Cloud', enter(token));
    assert.deepEqual([entered.Provider, entered.SubjectFromWebIdentityToken], [provider, friend.email]);
    await story.allowed('and sees the role', () => story.as(entered).iam.getRole({ RoleName }));
    const another = await bearerFor(ibm, other.apiKey);
    await story.denied('somebody else of IBM Cloud', { account: a.account, key: `${ISSUER}:sub` }, enter(another));
    const broken = `${token.slice(0, -8)}AAAAAAAA`;
    await story.refused('a token that IBM Cloud did not sign', 'InvalidIdentityTokenException', enter(broken));
  });
}

/** An account has one provider for an issuer: one that is there already is set aside for as long as `play` takes. */
async function withoutProvider({ a }: AwsStory, arn: string, play: () => Promise<void>): Promise<void> {
  const { iam } = a.admin;
  const OpenIDConnectProviderArn = arn;
  const known = (await iam.listOpenIDConnectProviders({})).OpenIDConnectProviderList ?? [];
  const before = known.some(({ Arn }) => Arn === arn)
    ? await iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn })
    : undefined;
  if (before) await iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn });
  try {
    await play();
  } finally {
    await iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn });
    if (before) {
      const { ClientIDList, ThumbprintList, Tags } = before;
      await iam.createOpenIDConnectProvider({ Url: `https://${ISSUER}`, ClientIDList, ThumbprintList, Tags });
    }
  }
}
