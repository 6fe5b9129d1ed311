/** What time does to KMS keys: jobs that run as the service, set when a key is made or changed. */
import type { Action } from '../../../access.ts';
import type { Context } from '../../../context.ts';
import { isHidden } from '../../../faults.ts';
import type { Allowed } from '../../../operation.ts';
import { arnOf, awsRef, type ResourceRef } from '../../../policy/names.ts';
import type { Json } from '../../../store/store.ts';
import type { KmsKeyDocument } from './documents.ts';

/** Kinds of jobs; each carries `{ key: ARN }`, and what else it needs to know. */
export const JOBS = { erase: 'kms.erase', rotate: 'kms.rotate', expire: 'kms.expireMaterial' } as const;

/** A key has one timer of a kind, or one for each `part` of it: setting it again moves it. */
export function setTimer(cx: Context, kind: string, ref: ResourceRef, due: number, part?: string): void {
  const key = arnOf(ref);
  cx.schedule({
    kind,
    account: ref.account,
    due: Math.max(due, cx.now),
    payload: part === undefined ? { key } : { key, part },
    key: part === undefined ? key : `${key} ${part}`,
  });
}

/** The key that a job is about. Undefined when it is gone by now: then there is nothing to do. */
export function keyOfJob<N extends string>(
  cx: Context,
  action: Action<KmsKeyDocument, N>,
  payload: Json,
): Promise<Allowed<KmsKeyDocument, N> | undefined> {
  return keyStillThere(cx, action, awsRef((payload as { readonly key: string }).key, ''));
}

/** Asks, as the service, for a key that may be gone by now. */
export async function keyStillThere<N extends string>(
  cx: Context,
  action: Action<KmsKeyDocument, N>,
  ref: ResourceRef,
): Promise<Allowed<KmsKeyDocument, N> | undefined> {
  try {
    return await cx.allow(action, ref);
  } catch (error) {
    if (isHidden(error)) return undefined;
    throw error;
  }
}
