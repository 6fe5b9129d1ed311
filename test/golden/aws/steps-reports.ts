/** Reports and simulations. */
import { eventually } from '../../plane.ts';
import type { Step } from './steps.ts';
import { AWS_A, type AwsGolden } from './world.ts';

const POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';

const TRUST =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';

export function reportSteps(world: AwsGolden): Step[] {
  const Arn = `arn:aws:iam::${AWS_A}:user/administrator`;
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const name = `reported-${world.unique()}`;
  let job = '';
  const step = (operation: string, input: () => object, more: Partial<Step> = {}): Step => ({
    service: 'iam',
    operation,
    input,
    ...more,
  });
  const always = (operation: string, input: object): Step => step(operation, () => input);
  return [
    always('CreateGroup', { GroupName: name }),
    always('CreateRole', { RoleName: name, AssumeRolePolicyDocument: TRUST }),
    always('CreatePolicy', { PolicyName: name, PolicyDocument: POLICY }),
    always('SimulateCustomPolicy', { PolicyInputList: [POLICY], ActionNames: ['s3:GetObject'] }),
    always('SimulatePrincipalPolicy', { PolicySourceArn: Arn, ActionNames: ['s3:GetObject'] }),
    always('GetContextKeysForCustomPolicy', { PolicyInputList: [POLICY] }),
    always('GetContextKeysForPrincipalPolicy', { PolicySourceArn: Arn }),
    always('GetAccountSummary', {}),
    always('GetAccountAuthorizationDetails', {}),
    always('GenerateCredentialReport', {}),
    step('GetCredentialReport', () => ({}), {
      before: async () => {
        await eventually('the credential report is there', async () => {
          const { error } = await world.send('iam', 'GetCredentialReport', {}, 'root');
          return error === undefined;
        });
      },
    }),
    ...[`group/${name}`, `role/${name}`].flatMap((entity) => {
      const PolicySourceArn = `arn:aws:iam::${AWS_A}:${entity}`;
      return [
        always('SimulatePrincipalPolicy', { PolicySourceArn, ActionNames: ['s3:GetObject'] }),
        always('GetContextKeysForPrincipalPolicy', { PolicySourceArn }),
        always('GenerateServiceLastAccessedDetails', { Arn: PolicySourceArn }),
        always('ListPoliciesGrantingServiceAccess', { Arn: PolicySourceArn, ServiceNamespaces: ['iam'] }),
      ];
    }),
    always('GenerateServiceLastAccessedDetails', { Arn: `arn:aws:iam::${AWS_A}:policy/${name}` }),
    always('GenerateServiceLastAccessedDetails', { Arn: PolicyArn }),
    always('GetPolicy', { PolicyArn }),
    always('GetPolicyVersion', { PolicyArn, VersionId: 'v1' }),
    always('ListPolicyVersions', { PolicyArn }),
    always('ListPolicyTags', { PolicyArn }),
    always('ListEntitiesForPolicy', { PolicyArn }),
    step('GenerateServiceLastAccessedDetails', () => ({ Arn }), {
      learn: ({ JobId }) => {
        job = JobId;
      },
    }),
    step('GetServiceLastAccessedDetails', () => ({ JobId: job })),
    step('GetServiceLastAccessedDetailsWithEntities', () => ({ JobId: job, ServiceNamespace: 'iam' })),
    always('ListPoliciesGrantingServiceAccess', { Arn, ServiceNamespaces: ['iam'] }),
  ];
}
