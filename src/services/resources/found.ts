/** Asking for what was found by an id that is unique over the plane, without telling what others have. */
import type { Action } from '../../access.ts';
import type { Context } from '../../context.ts';
import { isHidden } from '../../faults.ts';
import type { Allowed } from '../../operation.ts';
import type { ResourceRef } from '../../policy/names.ts';

/**
 * Asks for the resource at one of `refs`. One of another account that the caller may not use answers like one that does
 * not exist: as a question about `absent`, a name in his own account that nothing bears.
 */
export async function allowFound<R extends object, N extends string>(
  cx: Context,
  action: Action<R, N>,
  refs: readonly ResourceRef[],
  absent: ResourceRef,
): Promise<Allowed<R, N>> {
  for (const ref of refs) {
    if (ref.account === absent.account) return cx.allow(action, ref);
    try {
      return await cx.allow(action, ref);
    } catch (error) {
      if (!isHidden(error)) throw error;
    }
  }
  return cx.allow(action, absent);
}
