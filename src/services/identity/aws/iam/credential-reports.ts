/** Asking for the report on an account's credentials, and reading it. */
import type * as Iam from '@aws-sdk/client-iam';
import { operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { IamAccount } from '../access.ts';
import { allRef } from '../documents.ts';
import {
  CREDENTIALS,
  type CredentialReport,
  credentialReports,
  WRITE_CREDENTIALS,
} from '../usage/credential-report.ts';
import { allowUsage, Usage } from '../usage/kept.ts';

/** A report is good for so long; until then no other one is written. */
const GOOD_FOR = 4 * 3600_000;

const isGood = ({ result }: CredentialReport, now: number): boolean =>
  result !== undefined && now - result.writtenAt < GOOD_FOR;

export const generateCredentialReport = operation(
  'iam.GenerateCredentialReport',
  async (
    cx,
    _input: Input<Iam.GenerateCredentialReportCommandInput>,
  ): Promise<Output<Iam.GenerateCredentialReportCommandOutput>> => {
    const { account } = cx.identity.caller;
    const usage = await allowUsage(cx, Usage.generateCredentialReport, allRef(account));
    const report = (await cx.part(usage, credentialReports, CREDENTIALS))?.value;
    if (report && isGood(report, cx.now)) return { State: 'COMPLETE' };
    if (report && report.result === undefined) return { State: 'INPROGRESS' };
    cx.putPart(usage, credentialReports, CREDENTIALS, { requestedAt: cx.now });
    cx.schedule({ kind: WRITE_CREDENTIALS, account, due: cx.now, payload: null, key: WRITE_CREDENTIALS });
    return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' };
  },
);

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html */
export const getCredentialReport = operation(
  'iam.GetCredentialReport',
  async (
    cx,
    _input: Input<Iam.GetCredentialReportCommandInput>,
  ): Promise<Output<Iam.GetCredentialReportCommandOutput>> => {
    const { account } = cx.identity.caller;
    const allowed = await cx.allow(IamAccount.getCredentialReport, allRef(account));
    const kept = await cx.accountOf(allowed).get(credentialReports, account, `${account}/${CREDENTIALS}`);
    if (kept === undefined) {
      throw awsFault('ReportNotPresent', 'There is no credential report: ask for one with GenerateCredentialReport.');
    }
    const { result } = kept.value;
    if (result === undefined) throw awsFault('ReportInProgress', 'The credential report is still being generated.');
    if (!isGood(kept.value, cx.now)) {
      throw awsFault('ReportExpired', 'The credential report has expired: ask for one with GenerateCredentialReport.');
    }
    return {
      Content: Buffer.from(result.content),
      ReportFormat: 'text/csv',
      GeneratedTime: new Date(result.writtenAt),
    };
  },
);

export const credentialReportOperations = {
  GenerateCredentialReport: generateCredentialReport,
  GetCredentialReport: getCredentialReport,
} satisfies Answered<typeof Iam>;
