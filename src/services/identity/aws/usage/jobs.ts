/** What the plane does by itself to keep and report the use of an account. */
import type { Service } from '../../../../service.ts';
import { IAM } from '../documents.ts';
import { FORGET_REPORT, forgetAccessReport, WRITE_REPORT, writeAccessReport } from './access-report.ts';
import { WRITE_CREDENTIALS, writeCredentialReport } from './credential-report.ts';
import { READ_ON, readUsage } from './kept.ts';

export const usageJobs = {
  [READ_ON]: { service: IAM, operation: readUsage },
  [WRITE_REPORT]: { service: IAM, operation: writeAccessReport },
  [FORGET_REPORT]: { service: IAM, operation: forgetAccessReport },
  [WRITE_CREDENTIALS]: { service: IAM, operation: writeCredentialReport },
} satisfies Service['jobs'];
