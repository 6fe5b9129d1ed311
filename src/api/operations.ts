/** Asking for reports: each operation says through whose eyes the caller may look; what he then sees, `why/` decides. */
import type { Action } from '../access.ts';
import type { Context } from '../context.ts';
import { Fault } from '../faults.ts';
import { type Operation, operation } from '../operation.ts';
import { cloudOf } from '../policy/names.ts';
import type { Service } from '../service.ts';
import { PLANE } from '../store/store.ts';
import type { Viewer } from '../why/record.ts';
import { Report, reportCollections, reportRef } from './access.ts';

/** `as`: the operator may look through the eyes of an account's administrator. */
export interface ReportInput {
  readonly as?: string | undefined;
}

/** Explains a call. Denied to all but administrators, in the same way whether or not there is such a call. */
export const explainCall: Operation<ReportInput & { id: string }, Viewer> = operation(
  'api.explain',
  (cx, { as }) => viewer(cx, Report.explain, as),
  { recorded: ({ id, as }) => ({ id, as }) },
);

/** Reads records: the operator those of the plane, an administrator those of his account. */
export const readRecords: Operation<ReportInput, Viewer> = operation(
  'api.records',
  (cx, { as }) => viewer(cx, Report.records, as),
  { recorded: ({ as }) => ({ as }) },
);

/** Checks the chains of all records. */
export const verifyRecords: Operation<null, void> = operation('api.verify', async (cx) => {
  await cx.allowNew(Report.verify, reportRef(PLANE), {});
});

/** Makes a link that opens the page once, and opens the page. */
export const openPage: Operation<null, Viewer> = operation('api.page', async (cx) => {
  await cx.allowNew(Report.page, reportRef(PLANE), {});
  return { kind: 'operator' };
});

/** Throws away all that the plane holds. */
export const resetPlane: Operation<null, void> = operation('api.reset', async (cx) => {
  await cx.allowNew(Report.reset, reportRef(PLANE), {});
});

/** Asks for a report on an account, as whose administrator the caller then sees it. */
export async function viewer<N extends string>(
  cx: Context,
  action: Action<Record<string, never>, N>,
  as: string | undefined,
): Promise<Viewer> {
  const { caller } = cx.identity;
  if (as !== undefined && as !== caller.account && caller.kind !== 'operator') {
    throw new Fault('denied', 'other-account', 'only the operator may look through the eyes of another account');
  }
  if (as !== undefined && cloudOf(as) === undefined) {
    throw new Fault('invalid', 'account', `\`${as}\` is no account id: it has 32 hex digits or 12 digits`);
  }
  const account = as ?? caller.account;
  await cx.allowNew(action, reportRef(account), {});
  return account === PLANE ? { kind: 'operator' } : { kind: 'administrator', account };
}

export const apiService: Service = {
  name: 'api',
  collections: reportCollections,
  actions: [Report.explain, Report.records, Report.verify, Report.page, Report.reset],
  operations: [explainCall, readRecords, verifyRecords, openPage, resetPlane],
};
