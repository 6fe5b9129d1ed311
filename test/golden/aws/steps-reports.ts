/** Reports and simulations. */
import { eventually } from '../../plane.ts';
import type { Step } from './steps.ts';
import { AWS_A, type AwsGolden } from './world.ts';

const POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';

export function reportSteps(world: AwsGolden): Step[] {
  const Arn = `arn:aws:iam::${AWS_A}:user/administrator`;
  let job = '';
  const step = (operation: string, input: () => object, more: Partial<Step> = {}): Step => ({
    service: 'iam',
    operation,
    input,
    ...more,
  });
  const always = (operation: string, input: object): Step => step(operation, () => input);
  return [
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
