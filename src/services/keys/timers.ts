/** What time does to keys: the jobs that are set when a key is made or changed. */
import type { Action } from '../../access.ts';
import type { Context } from '../../context.ts';
import { isHidden } from '../../faults.ts';
import type { Allowed } from '../../operation.ts';
import { formatCrn, parseCrn, type ResourceRef } from '../../policy/names.ts';
import type { Json } from '../../store/store.ts';
import type { KeyDocument } from './access.ts';
import { addMonths, WAITS } from './states.ts';

/** Kinds of the service's jobs; each carries `{ key: CRN }`. */
export const JOBS = {
  notify: 'keys.notify',
  expire: 'keys.expire',
  rotate: 'keys.rotate',
  retire: 'keys.retire',
} as const;

/** Expires a key at its date. */
export function scheduleExpiry(cx: Context, ref: ResourceRef, { expiresAt }: KeyDocument): void {
  if (expiresAt !== undefined) schedule(cx, JOBS.expire, ref, Math.max(expiresAt, cx.now));
}

/** Rotates a key by its policy: the interval runs from its newest version, or from `since`. */
export function scheduleRotation(cx: Context, ref: ResourceRef, key: KeyDocument, since?: number): void {
  const due = rotationDue(key, since);
  if (due !== undefined) schedule(cx, JOBS.rotate, ref, Math.max(due, cx.now));
}

/** When a key's policy wants it rotated; undefined when none does. */
export function rotationDue(key: KeyDocument, since = key.version.createdAt): number | undefined {
  const { rotation } = key.policies;
  return rotation?.enabled ? addMonths(since, rotation.months) : undefined;
}

/** Purges a deleted key when its time has come. */
export function scheduleRetirement(cx: Context, ref: ResourceRef): void {
  schedule(cx, JOBS.retire, ref, cx.now + WAITS.retire);
}

/** The key that a job is about. Undefined when it is gone by now: then there is nothing to do. */
export async function askForJob<N extends string>(
  cx: Context,
  action: Action<KeyDocument, N>,
  payload: Json,
): Promise<Allowed<KeyDocument, N> | undefined> {
  const ref = parseCrn((payload as { readonly key: string }).key);
  if (ref === undefined) throw new Error(`a job of the keys service names no key: ${JSON.stringify(payload)}`);
  try {
    return await cx.allow(action, ref);
  } catch (error) {
    if (isHidden(error)) return undefined;
    throw error;
  }
}

function schedule(cx: Context, kind: string, ref: ResourceRef, due: number): void {
  const crn = formatCrn(ref);
  cx.schedule({ kind, account: ref.account, due, payload: { key: crn }, key: crn });
}
