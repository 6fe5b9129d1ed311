/** Sessions of every kind. */
import type { Step } from './steps.ts';
import { AWS_A, AWS_B, type AwsGolden, keyOf } from './world.ts';

const Tags = [{ Key: 'team', Value: 'blue' }];

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: AWS_A },
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    },
  ],
});

export function stsSteps(world: AwsGolden): Step[] {
  const RoleName = `golden-${world.unique()}`;
  const RoleArn = `arn:aws:iam::${AWS_A}:role/${RoleName}`;
  let refused = '';
  const RoleSessionName = 'golden';
  const asserted = { RoleArn, PrincipalArn: `arn:aws:iam::${AWS_A}:saml-provider/none`, SAMLAssertion: 'bm9uZQ==' };
  const calls: readonly (readonly [string, () => object])[] = [
    ['GetCallerIdentity', () => ({})],
    ['GetAccessKeyInfo', () => ({ AccessKeyId: keyOf('root').accessKeyId })],
    ['AssumeRole', () => ({ RoleArn, RoleSessionName })],
    ['AssumeRole', () => ({ RoleArn, RoleSessionName, SourceIdentity: 'golden', Tags })],
    ['GetSessionToken', () => ({})],
    ['GetFederationToken', () => ({ Name: 'golden' })],
    ['GetFederationToken', () => ({ Name: 'golden', Tags })],
    ['DecodeAuthorizationMessage', () => ({ EncodedMessage: refused })],
    ['GetWebIdentityToken', () => ({ Audience: ['golden'], SigningAlgorithm: 'RS256' })],
    ['GetWebIdentityToken', () => ({ Audience: ['golden'], SigningAlgorithm: 'RS256', Tags })],
    ['GetDelegatedAccessToken', () => ({ TradeInToken: 'none' })],
    ['AssumeRoot', () => ({ TargetPrincipal: AWS_B, TaskPolicyArn: { arn: TASK } })],
    ['AssumeRoleWithSAML', () => asserted],
    ['AssumeRoleWithWebIdentity', () => ({ RoleArn, RoleSessionName, WebIdentityToken: 'none.of.it' })],
  ];
  const made: Step = {
    service: 'iam',
    operation: 'CreateRole',
    input: () => ({ RoleName, AssumeRolePolicyDocument: trust }),
  };
  const federation = (operation: string): Step => ({ service: 'iam', operation, input: () => ({}) });
  const steps: Step[] = [
    federation('EnableOutboundWebIdentityFederation'),
    federation('GetOutboundWebIdentityFederationInfo'),
    ...calls.map(([operation, input]): Step => ({ service: 'sts', operation, input })),
    federation('DisableOutboundWebIdentityFederation'),
  ];
  void world.send('iam', 'ListUsers', {}, 'no policy').then(({ body }) => {
    refused = body.$metadata?.requestId ?? '';
  });
  return [made, ...steps];
}

const TASK = 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials';
