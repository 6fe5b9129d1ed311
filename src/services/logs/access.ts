/**
 * CloudWatch Logs: what can be asked of log groups, their streams, and an account as a whole.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 */
import { awsActions, resource } from '../../access.ts';
import { awsFault } from '../../wire/aws/fault.ts';
import { type AccountDocument, accounts } from '../accounts/access.ts';
import {
  allGroupsRef,
  contentRef,
  groupIdOf,
  groupOf,
  groupRef,
  LOGS,
  type LogContentDocument,
  type LogGroupDocument,
  logContents,
  logGroups,
} from './documents.ts';

/** The service as it acts for a log group. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
export const LOGS_SERVICE = { kind: 'service-principal', service: 'logs.{region}.amazonaws.com' } as const;

/**
 * A log group. What is asked is named as the vendor does: `log-group:NAME:log-stream:STREAM`, for the group itself with
 * an empty stream; for tags `log-group:NAME`. A stream has its group's tags.
 */
export const LogGroup = resource<LogGroupDocument>()(
  'log-group',
  {
    collection: logGroups,
    documentId: groupIdOf,
    refOf: ({ account, value }) => groupRef(account, value.region, value.name),
    wide: true,
    attributes: (_ref, value) =>
      Object.fromEntries(
        Object.entries(value?.tags ?? {}).map(([name, tag]) => [`aws:resourcetag/${name.toLowerCase()}`, tag]),
      ),
    absent: () => awsFault('ResourceNotFoundException', 'The specified log group does not exist.'),
    taken: () => awsFault('ResourceAlreadyExistsException', 'The specified log group already exists'),
    actsAs: [LOGS_SERVICE.service],
    sourceOf: groupOf,
  },
  {
    ...awsActions(LOGS, 'write', [
      'CreateLogGroup',
      'DeleteLogGroup',
      'AssociateKmsKey',
      'DisassociateKmsKey',
      'CreateLogStream',
      'DeleteLogStream',
      'PutLogEvents',
      'TagResource',
      'UntagResource',
      'PutRetentionPolicy',
      'DeleteRetentionPolicy',
    ]),
    ...awsActions(LOGS, 'read', ['GetLogEvents', 'Unmask']),
    ...awsActions(LOGS, 'list', ['DescribeLogStreams', 'ListTagsForResource']),
    /** What time does to events: the service alone can ask for it. */
    expire: { nature: 'write', standing: ['service'] },
  },
);

/** What a deleted stream has left: the service erases it. */
export const LogContent = resource<LogContentDocument>()(
  'log-content',
  {
    collection: logContents,
    refOf: ({ account, id }) => contentRef(account, '', id),
    wide: true,
  },
  { erase: { nature: 'write', standing: ['service'] } },
);

/** The account's log groups as a whole. */
export const LogAccount = resource<AccountDocument>()(
  'logs-account',
  {
    collection: accounts,
    documentId: (ref) => ref.account,
    refOf: ({ account }) => allGroupsRef(account, ''),
    wide: true,
  },
  { ...awsActions(LOGS, 'list', ['DescribeLogGroups']) },
);
