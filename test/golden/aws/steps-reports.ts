/** Reports and simulations. */
import type { Step } from './steps.ts';
import { AWS_A } from './world.ts';

const POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';

export function reportSteps(): Step[] {
  const PolicySourceArn = `arn:aws:iam::${AWS_A}:user/administrator`;
  const calls: readonly (readonly [string, object])[] = [
    ['SimulateCustomPolicy', { PolicyInputList: [POLICY], ActionNames: ['s3:GetObject'] }],
    ['SimulatePrincipalPolicy', { PolicySourceArn, ActionNames: ['s3:GetObject'] }],
    ['GetContextKeysForCustomPolicy', { PolicyInputList: [POLICY] }],
    ['GetContextKeysForPrincipalPolicy', { PolicySourceArn }],
  ];
  return calls.map(([operation, input]) => ({ service: 'iam', operation, input: () => input }));
}
