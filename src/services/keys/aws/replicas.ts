/**
 * The keys of a multi-Region key: a primary key and its replicas in other Regions. What they share is the same in all of
 * them from one commit to the next.
 * https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html#multi-region-concepts
 */
import type { Context } from '../../../context.ts';
import type { Fault } from '../../../faults.ts';
import { type Allowed, operation } from '../../../operation.ts';
import { arnOf, type ResourceRef } from '../../../policy/names.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { KmsKey, PRINCIPAL } from './access.ts';
import type { KmsKeyDocument } from './documents.ts';

type Replica = Allowed<KmsKeyDocument, 'kms-key.synchronize'>;

export const isPrimary = ({ region, primaryRegion }: KmsKeyDocument): boolean => region === primaryRegion;

export const isReplica = (key: KmsKeyDocument): boolean => key.primaryRegion !== undefined && !isPrimary(key);

/** The replicas of a primary key; none of any other. */
export async function replicasOf(
  cx: Context,
  { ref, value }: Allowed<KmsKeyDocument>,
): Promise<readonly ResourceRef[]> {
  if (!isPrimary(value)) return [];
  const related = (await cx.locate(KmsKey.type, 'related', value.id)).map((one) => one.ref);
  return related.filter(({ account, location }) => account === ref.account && location !== value.region);
}

/** For what can be done with the primary key alone. */
export function notPrimary(ref: ResourceRef): Fault {
  return awsFault('UnsupportedOperationException', `${arnOf(ref)} is not a multi-Region primary key.`);
}

/** How one replica is brought in line with its primary key. */
interface Synchronization {
  readonly replica: ResourceRef;
  readonly apply: (cx: Context, replica: Replica) => void | Promise<void>;
}

/** KMS acting for a primary key. The vendor's own role for this needs no policy of the replica either. */
export const synchronizeReplica = operation(
  'kms.SynchronizeMultiRegionKey',
  async (cx, { replica, apply }: Synchronization): Promise<void> =>
    apply(cx, await cx.allow(KmsKey.synchronize, replica)),
);

/** Brings the replicas of a key in line with it, in the commit that changes the key. Does nothing for other keys. */
export async function synchronize(
  cx: Context,
  key: Allowed<KmsKeyDocument>,
  apply: Synchronization['apply'],
): Promise<void> {
  const replicas = await replicasOf(cx, key);
  if (replicas.length === 0) return;
  const kms = cx.actAs({ kind: 'service-principal', service: PRINCIPAL }, key);
  for (const replica of replicas) await kms.perform(synchronizeReplica, { replica, apply });
}
