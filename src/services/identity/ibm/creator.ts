/** Who makes a service ID administers it, unless he may do all of that anyway. */
import type { Context } from '../../../context.ts';
import type { Allowed } from '../../../operation.ts';
import { SERVICE as ACCESS_MANAGEMENT } from '../../policies/access.ts';
import { giveCreator } from '../../policies/creator.ts';
import { ServiceId, type ServiceIdDocument } from './access.ts';

/** Gives the caller the policy for the service ID that he has just made. */
export async function administerOwn(cx: Context, made: Allowed<ServiceIdDocument, 'serviceid.create'>): Promise<void> {
  const { ref } = made;
  const { name } = made.value;
  const own = { index: 'name', key: name, limit: 1, keep: (document: { id: string }) => document.id === ref.id };
  const mayUpdate = (await cx.allowEach(ServiceId.update, ref.account, own)).items.length > 0;
  const mayDelete = (await cx.allowEach(ServiceId.delete, ref.account, own)).items.length > 0;
  if (mayUpdate && mayDelete) return;
  const service = cx.actAs({ kind: 'service-principal', service: ACCESS_MANAGEMENT }, made);
  await service.perform(giveCreator, { resource: ref, name, creator: cx.identity.caller.id });
}
