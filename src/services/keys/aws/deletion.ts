/** How keys go: announced, waited for, taken back or done. Nothing that was encrypted under a key survives it. */
import type {
  CancelKeyDeletionCommandInput,
  CancelKeyDeletionCommandOutput,
  ScheduleKeyDeletionCommandInput,
  ScheduleKeyDeletionCommandOutput,
} from '@aws-sdk/client-kms';
import type { Context } from '../../../context.ts';
import { type Allowed, operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Collection, Json } from '../../../store/store.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { KmsAlias, KmsKey } from './access.ts';
import { allowOwnKey } from './address.ts';
import {
  aliasRef,
  documentIdOf,
  grants,
  type KmsKeyDocument,
  keyMaterials,
  keyPolicies,
  POLICY_NAME,
} from './documents.ts';
import { lacksMaterial } from './material.ts';
import { replicasOf } from './replicas.ts';
import { requireState } from './states.ts';
import { JOBS, keyOfJob, keyStillThere, setTimer } from './timers.ts';
import { recordKey } from './use.ts';

const DAY = 24 * 3600_000;
const DAYS = { least: 7, most: 30 };

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
export const scheduleKmsKeyDeletion = operation(
  'kms.ScheduleKeyDeletion',
  async (cx, input: Input<ScheduleKeyDeletionCommandInput>): Promise<Output<ScheduleKeyDeletionCommandOutput>> => {
    const days = input.PendingWindowInDays ?? DAYS.most;
    const key = await allowOwnKey(cx, KmsKey.scheduleKeyDeletion, input.KeyId, {
      'kms:schedulekeydeletionpendingwindowindays': String(days),
    });
    if (days < DAYS.least || days > DAYS.most) {
      throw awsFault('ValidationException', `PendingWindowInDays must be between ${DAYS.least} and ${DAYS.most}`);
    }
    const arn = arnOf(key.ref);
    requireState(arn, key.value.state, 'change');
    if ((await replicasOf(cx, key)).length > 0) {
      cx.update<KmsKeyDocument>(key, { ...key.value, state: 'PendingReplicaDeletion', deletion: { days } });
      return { KeyId: arn, KeyState: 'PendingReplicaDeletion', PendingWindowInDays: days };
    }
    const at = announce(cx, key, days);
    return { KeyId: arn, KeyState: 'PendingDeletion', DeletionDate: new Date(at), PendingWindowInDays: days };
  },
  { recorded: recordKey },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html */
export const cancelKmsKeyDeletion = operation(
  'kms.CancelKeyDeletion',
  async (cx, input: Input<CancelKeyDeletionCommandInput>): Promise<Output<CancelKeyDeletionCommandOutput>> => {
    const key = await allowOwnKey(cx, KmsKey.cancelKeyDeletion, input.KeyId);
    const arn = arnOf(key.ref);
    requireState(arn, key.value.state, 'keep');
    const { deletion: _, ...kept } = key.value;
    const state = (await lacksMaterial(cx, key)) ? 'PendingImport' : 'Disabled';
    cx.update<KmsKeyDocument>(key, { ...kept, state });
    return { KeyId: arn };
  },
  { recorded: recordKey },
);

/** Erases a key whose time has come. The job may come late, twice, or for nothing. */
export const eraseKmsKey = operation('kms.eraseKey', async (cx, payload: Json): Promise<void> => {
  const key = await keyOfJob(cx, KmsKey.erase, payload);
  const { state, deletion } = key?.value ?? {};
  if (!key || state !== 'PendingDeletion' || deletion?.at === undefined || deletion.at > cx.now) return;
  const { primaryRegion, region } = key.value;
  for (const name of key.value.aliases) {
    const alias = await cx.allowIfThere(KmsAlias.erase, aliasRef(key.ref.account, region, name));
    if (alias) cx.remove(alias);
  }
  await removeParts(cx, key, keyMaterials);
  await removeParts(cx, key, grants);
  cx.removePart(key, keyPolicies, POLICY_NAME);
  if (primaryRegion !== undefined && primaryRegion !== region) await announcePrimary(cx, key, primaryRegion);
  cx.remove(key);
});

type MayErase = Allowed<KmsKeyDocument, 'kms-key.erase'>;

/** Sets the day on which a key goes. */
function announce(
  cx: Context,
  key: Allowed<KmsKeyDocument, 'kms-key.scheduleKeyDeletion' | 'kms-key.erase'>,
  days: number,
): number {
  const at = cx.now + days * DAY;
  cx.update<KmsKeyDocument>(key, { ...key.value, state: 'PendingDeletion', deletion: { at, days } });
  setTimer(cx, JOBS.erase, key.ref, at);
  return at;
}

/** The waiting period of a primary key begins when its last replica is gone. */
async function announcePrimary(cx: Context, gone: MayErase, region: string): Promise<void> {
  const primary = await keyStillThere(cx, KmsKey.erase, { ...gone.ref, location: region });
  if (primary?.value.state !== 'PendingReplicaDeletion' || primary.value.deletion === undefined) return;
  const others = (await replicasOf(cx, primary)).filter((ref) => ref.location !== gone.ref.location);
  if (others.length === 0) announce(cx, primary, primary.value.deletion.days);
}

const PAGE = 1000;

async function removeParts<P extends { readonly id: string }>(
  cx: Context,
  key: MayErase,
  from: Collection<P>,
): Promise<void> {
  let after: string | undefined;
  do {
    const query = { index: 'key', key: documentIdOf(key.ref), limit: PAGE, ...(after === undefined ? {} : { after }) };
    const page = await cx.parts(key, from, query);
    for (const { value } of page.items) cx.removePart(key, from, value.id);
    after = page.next;
  } while (after !== undefined);
}
