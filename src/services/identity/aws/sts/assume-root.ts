/** AssumeRoot: the management account of an organization becomes the root user of a member, for one task. */
import type { AssumeRootCommandInput, AssumeRootCommandOutput } from '@aws-sdk/client-sts';
import { operation } from '../../../../operation.ts';
import { cloudOf, PARTITION, parseArn, parsePrincipal } from '../../../../policy/names.ts';
import type { Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { User } from '../access.ts';
import { rootRef } from '../documents.ts';
import { isRootTask } from '../root-tasks.ts';
import { giveCredentials } from './credentials.ts';

const DEFAULT_SECONDS = 900;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html */
export const assumeRoot = operation(
  'sts.AssumeRoot',
  async (cx, input: Input<AssumeRootCommandInput>): Promise<Output<AssumeRootCommandOutput>> => {
    const account = accountOf(input.TargetPrincipal);
    const task = input.TaskPolicyArn.arn ?? '';
    if (!isRootTask(task)) {
      throw awsFault('ValidationError', `${task} is not a task policy: use one of arn:aws:iam::aws:policy/root-task/.`);
    }
    await cx.allow(User.assumeRoot, rootRef(account), { 'sts:taskpolicyarn': task });
    const sourceIdentity = cx.identity.session?.sourceIdentity;
    const Credentials = giveCredentials(cx, {
      account,
      of: { kind: 'root' },
      duration: input.DurationSeconds ?? DEFAULT_SECONDS,
      policies: [],
      policyArns: [task],
      tags: {},
      transitive: [],
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
      context: { 'aws:assumedroot': 'true' },
    });
    return { Credentials, ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }) };
  },
  {
    recorded: ({ TargetPrincipal, TaskPolicyArn, DurationSeconds }) => ({
      TargetPrincipal,
      TaskPolicyArn: TaskPolicyArn.arn ?? '',
      ...(DurationSeconds === undefined ? {} : { DurationSeconds }),
    }),
  },
);

/** The member account, by its id or by the ARN of its root user. */
function accountOf(target: string): string {
  if (cloudOf(target) === 'aws') return target;
  const named = parsePrincipal(target);
  if (named?.kind === 'root' && parseArn(target)?.partition === PARTITION) return named.account;
  throw awsFault('ValidationError', `${target} is neither an account id nor the ARN of a root user.`);
}
