/** Calls of every AWS operation that is answered, in an order in which all of them work. */
import { callsIn } from '../../aws-iam-calls.ts';
import { roleCallsIn } from '../../aws-iam-role-calls.ts';
import { kmsSteps } from './steps-kms.ts';
import { logsSteps } from './steps-logs.ts';
import { reportSteps } from './steps-reports.ts';
import { stsSteps } from './steps-sts.ts';
import { AWS_A, type AwsGolden, type AwsService } from './world.ts';

export interface Step {
  readonly service: AwsService;
  readonly operation: string;
  /** Asked for when its turn comes: it may name what an earlier step has made. */
  input(): object;
  /** What has to come about first. */
  before?(): Promise<void>;
  /** What the step answered, for later ones. */
  // biome-ignore lint/suspicious/noExplicitAny: steps look into replies of every shape
  learn?(output: any): void;
}

/** Calls that nobody can make as things are; what they answer to who may is told in docs/divergences.md. */
export const NEVER_DONE: ReadonlySet<string> = new Set([
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'ChangePassword',
  'GetDelegatedAccessToken',
]);

export function stepsOf(world: AwsGolden): readonly Step[] {
  return [
    ...userSteps(),
    ...roleSteps(),
    ...reportSteps(world),
    ...kmsSteps(world),
    ...logsSteps(world),
    ...stsSteps(world),
  ];
}

function userSteps(): Step[] {
  let keyId = '';
  return callsIn(AWS_A, () => keyId).map(({ operation, input }) => ({
    service: 'iam',
    operation,
    input: () => input,
    ...(operation === 'CreateAccessKey'
      ? {
          learn: (output) => {
            keyId = output.AccessKey.AccessKeyId;
          },
        }
      : {}),
  }));
}

function roleSteps(): Step[] {
  let task = '';
  return roleCallsIn(AWS_A, () => task).map(([operation, input]) => ({
    service: 'iam',
    operation,
    input: () => input,
    ...(operation === 'DeleteServiceLinkedRole'
      ? {
          learn: (output) => {
            task = output.DeletionTaskId;
          },
        }
      : {}),
  }));
}
