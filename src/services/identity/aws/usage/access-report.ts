/** Reports on who last used which service, as they are kept, and the job that writes them. */
import { operation } from '../../../../operation.ts';
import { collection, type Json } from '../../../../store/store.ts';
import { allowKept, readOn, usage, uses } from './kept.ts';
import { type Described, subjectOf } from './report-subject.ts';
import { type Use, type Uses, withinPeriod } from './uses.ts';

/** A user or role that has the permissions which a report is about, and what it last used of them. */
export interface ReportedEntity extends Described {
  /** By namespace. */
  readonly services: Readonly<Record<string, Use>>;
  /** By name as policies have it; absent from reports on services alone. */
  readonly actions?: Readonly<Record<string, Use>>;
}

export interface AccessReport {
  /** Of a user, group, role or managed policy. */
  readonly arn: string;
  readonly granularity: 'SERVICE_LEVEL' | 'ACTION_LEVEL';
  /** Who may read it: the unique id of the user or role that asked for it, or the ARN of who has none. */
  readonly by: string;
  readonly createdAt: number;
  readonly result?: {
    readonly completedAt: number;
    /** What it is about was gone by then. */
    readonly failed?: true;
    /** Namespaces that the policies give access to, sorted. */
    readonly services: readonly string[];
    readonly entities: readonly ReportedEntity[];
  };
}

/** Part of the account's use: id `{account}/{job id}`. */
export const accessReports = collection<AccessReport>('aws-access-reports', { partOf: usage });

/** Jobs; each carries `{ job }`, the report's id. */
export const WRITE_REPORT = 'iam.writeAccessReport';
export const FORGET_REPORT = 'iam.forgetAccessReport';
export const REPORT_KEPT = 7 * 24 * 3600_000;

const jobOf = (payload: Json): string => (payload as { readonly job: string }).job;

/** Writes a report once all records up to when it was asked for have been read. */
export const writeAccessReport = operation(WRITE_REPORT, async (cx, payload: Json): Promise<void> => {
  const { account } = cx.identity.caller;
  const job = jobOf(payload);
  const { allowed, until } = await readOn(cx);
  const report = (await cx.part(allowed, accessReports, job))?.value;
  if (report === undefined || report.result) return;
  if (until < report.createdAt) {
    cx.schedule({ kind: WRITE_REPORT, account, due: cx.now, payload: { job } });
    return;
  }
  const found = await subjectOf(cx.accountOf(allowed), account, report.arn);
  const entities: ReportedEntity[] = [];
  for (const entity of found?.entities ?? []) {
    const known = (await cx.part(allowed, uses, entity.id))?.value;
    entities.push({ ...entity, ...usesReported(known, found!.services, report, cx.now) });
  }
  cx.putPart(allowed, accessReports, job, {
    ...report,
    result: { completedAt: cx.now, services: found?.services ?? [], entities, ...(found ? {} : { failed: true }) },
  });
});

export const forgetAccessReport = operation(FORGET_REPORT, async (cx, payload: Json): Promise<void> => {
  cx.removePart(await allowKept(cx), accessReports, jobOf(payload));
});

/** What an entity used of the services that a report is about. */
function usesReported(
  known: Uses | undefined,
  services: readonly string[],
  { granularity }: AccessReport,
  now: number,
): Pick<ReportedEntity, 'services' | 'actions'> {
  const reported = new Set(services);
  const kept = (all: Readonly<Record<string, Use>> = {}) =>
    Object.fromEntries(
      Object.entries(all).filter(([name, use]) => reported.has(name.split(':', 1)[0]!) && withinPeriod(use, now)),
    );
  const used = { services: kept(known?.services) };
  return granularity === 'ACTION_LEVEL' ? { ...used, actions: kept(known?.actions) } : used;
}
