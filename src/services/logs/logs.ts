/** CloudWatch Logs: log groups under the plane's key or under KMS keys of any account that lends them. */
import type { Service } from '../../service.ts';
import { LogAccount, LogContent, LogGroup } from './access.ts';
import { logsFace } from './aws.ts';
import { batchKeys, LOGS, logContents, logEvents, logGroups, logStreams } from './documents.ts';
import { ERASE, eraseContent } from './erase.ts';
import { EXPIRE, expireEvents } from './retention.ts';

export const logsService: Service = {
  name: 'logs',
  collections: [logGroups, logStreams, logContents, batchKeys],
  rows: [logEvents],
  actions: [LogGroup, LogContent, LogAccount].flatMap(({ type: _type, ...actions }) => Object.values(actions)),
  operations: [...logsFace.operations.values(), eraseContent, expireEvents],
  jobs: {
    [ERASE]: { service: LOGS, operation: eraseContent },
    [EXPIRE]: { service: LOGS, operation: expireEvents },
  },
  aws: [logsFace],
};
