/**
 * Centralized root access: what the management account of an organization may do as the root user of a member.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management
 */
import type { PolicyReader } from '../../../authorize.ts';
import type { Layer, Question } from '../../../policy/model.ts';
import { PLANE } from '../../../store/store.ts';
import { groupings } from '../../accounts/groupings.ts';

const TASKS = 'arn:aws:iam::aws:policy/root-task/';
const TASK_POLICIES: ReadonlySet<string> = new Set(
  [
    'IAMAuditRootUserCredentials',
    'IAMCreateRootUserPassword',
    'IAMDeleteRootUserCredentials',
    'S3UnlockBucketPolicy',
    'SQSUnlockQueuePolicy',
  ].map((name) => TASKS + name),
);

export function isRootTask(arn: string): boolean {
  return TASK_POLICIES.has(arn);
}

/** Members of an organization let its management account in, and nobody else. */
export async function rootAccessLayers(
  reader: PolicyReader,
  { action, resource }: Question,
): Promise<readonly Layer[]> {
  if (action !== 'sts:AssumeRoot') return [];
  const { account } = resource.ref;
  const { items } = await reader.list(groupings, PLANE, { index: 'member', key: account, limit: 1 });
  const management = items[0]?.value.organization?.management;
  if (management === undefined) return [];
  const origin = {
    account,
    policy: 'centralized root access',
    statement: '0',
    text: `account ${management} manages the organization of this account`,
  };
  return [
    {
      kind: 'resource',
      account,
      may: 'both',
      statements: [
        {
          effect: 'allow',
          principals: { kind: 'account', account: management },
          actions: { kind: 'exact', names: new Set(['sts:assumeroot']) },
          resources: { kind: 'attached' },
          conditions: [],
          origin,
        },
      ],
    },
  ];
}
