/**
 * Rotation: new material under the same key id, on a schedule or when asked for. Old material goes on decrypting.
 * https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
 */
import type {
  DisableKeyRotationCommandInput,
  EnableKeyRotationCommandInput,
  GetKeyRotationStatusCommandInput,
  GetKeyRotationStatusCommandOutput,
  RotateKeyOnDemandCommandInput,
  RotateKeyOnDemandCommandOutput,
} from '@aws-sdk/client-kms';
import type { Context } from '../../../context.ts';
import { type Allowed, operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Json } from '../../../store/store.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { KmsKey } from './access.ts';
import { allowOwnKey, callerContext, readKeyName } from './address.ts';
import { generateMaterial } from './crypto/material.ts';
import { canRotate } from './crypto/specs.ts';
import type { KmsKeyDocument } from './documents.ts';
import { addMaterial, listMaterials, type MayAdd } from './material.ts';
import { requirePendingMaterial, takeIntoUse } from './pending.ts';
import { isReplica, notPrimary, synchronize } from './replicas.ts';
import { requireState } from './states.ts';
import { JOBS, keyOfJob, setTimer } from './timers.ts';
import { recordKey, requireOrigin } from './use.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const USUAL_DAYS = 365;
/** https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
const MOST_ON_DEMAND = 25;
/** Nobody rotates a key by hand so shortly before its schedule does. */
const CLOSE = 20 * MINUTE;

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html */
export const enableKeyRotation = operation(
  'kms.EnableKeyRotation',
  async (cx, input: Input<EnableKeyRotationCommandInput>): Promise<object> => {
    const days = input.RotationPeriodInDays ?? USUAL_DAYS;
    const key = await allowOwnKey(cx, KmsKey.enableKeyRotation, input.KeyId, {
      'kms:rotationperiodindays': String(days),
    });
    requireSchedulable(key);
    if (key.value.rotation?.days === days) return {};
    const rotation = { days, enabledAt: cx.now, nextAt: cx.now + days * DAY };
    const enable = (at: Context, one: Allowed<KmsKeyDocument>): void => at.update(one, { ...one.value, rotation });
    enable(cx, key);
    await synchronize(cx, key, enable);
    setTimer(cx, JOBS.rotate, key.ref, rotation.nextAt);
    return {};
  },
  { recorded: ({ KeyId, RotationPeriodInDays: days = null }) => ({ KeyId, RotationPeriodInDays: days }) },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKeyRotation.html */
export const disableKeyRotation = operation(
  'kms.DisableKeyRotation',
  async (cx, input: Input<DisableKeyRotationCommandInput>): Promise<object> => {
    const key = await allowOwnKey(cx, KmsKey.disableKeyRotation, input.KeyId);
    requireSchedulable(key);
    disable(cx, key);
    await synchronize(cx, key, disable);
    return {};
  },
  { recorded: recordKey },
);

function disable(cx: Context, key: Allowed<KmsKeyDocument>): void {
  const { rotation: _, ...kept } = key.value;
  cx.update<KmsKeyDocument>(key, kept);
}

/**
 * Keys that cannot be rotated are said not to be, but for those with imported material.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
 */
export const getKeyRotationStatus = operation(
  'kms.GetKeyRotationStatus',
  async (cx, input: Input<GetKeyRotationStatusCommandInput>): Promise<Output<GetKeyRotationStatusCommandOutput>> => {
    const key = await cx.allow(KmsKey.getKeyRotationStatus, readKeyName(cx, input.KeyId), callerContext(cx));
    requireOrigin(key, 'AWS_KMS');
    const { id, rotation, state } = key.value;
    if (rotation === undefined || state === 'PendingDeletion' || state === 'PendingReplicaDeletion') {
      return { KeyId: id, KeyRotationEnabled: false };
    }
    return {
      KeyId: id,
      KeyRotationEnabled: true,
      RotationPeriodInDays: rotation.days,
      NextRotationDate: new Date(rotation.nextAt),
    };
  },
  { recorded: recordKey },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html */
export const rotateKeyOnDemand = operation(
  'kms.RotateKeyOnDemand',
  async (cx, input: Input<RotateKeyOnDemandCommandInput>): Promise<Output<RotateKeyOnDemandCommandOutput>> => {
    const key = await allowOwnKey(cx, KmsKey.rotateKeyOnDemand, input.KeyId);
    const { id, origin, rotation } = key.value;
    requireRotatable(key);
    requireState(arnOf(key.ref), key.value.state, 'use');
    const earlier = (await listMaterials(cx, key)).filter(({ rotatedBy }) => rotatedBy === 'ON_DEMAND');
    if (earlier.length >= MOST_ON_DEMAND) {
      throw awsFault('LimitExceededException', `${arnOf(key.ref)} has been rotated on demand ${MOST_ON_DEMAND} times.`);
    }
    if (rotation !== undefined && rotation.nextAt - cx.now <= CLOSE) {
      throw awsFault('ConflictException', `An automatic rotation of ${arnOf(key.ref)} is about to begin.`);
    }
    if (origin === 'EXTERNAL') {
      const pending = await requirePendingMaterial(cx, key);
      await takeIntoUse(cx, key, pending);
      await synchronize(cx, key, (at, replica) => takeIntoUse(at, replica, pending));
    } else {
      await rotate(cx, key, 'ON_DEMAND', (one) => one);
    }
    return { KeyId: id };
  },
  { recorded: recordKey },
);

/** Rotates a key that is due. The job may come late, twice, or for nothing. */
export const rotateKmsKeyOnSchedule = operation('kms.rotateOnSchedule', async (cx, payload: Json): Promise<void> => {
  const key = await keyOfJob(cx, KmsKey.rotateOnSchedule, payload);
  const rotation = key?.value.rotation;
  if (!key || rotation === undefined || rotation.nextAt > cx.now) return;
  // What is off is not rotated: `resumeRotation` sets the timer again. Of related keys the primary sets the pace.
  if (key.value.state !== 'Enabled' || isReplica(key.value)) return;
  const period = rotation.days * DAY;
  const scheduled = rotation.nextAt + period;
  const nextAt = scheduled > cx.now ? scheduled : cx.now + period;
  await rotate(cx, key, 'AUTOMATIC', (one) => ({ ...one, rotation: { ...rotation, nextAt } }));
  setTimer(cx, JOBS.rotate, key.ref, nextAt);
});

/** Sets the timer of a key that is on again, or has become the primary: what was missed is done at once. */
export function resumeRotation(cx: Context, { ref, value }: Allowed<KmsKeyDocument>): void {
  if (value.rotation !== undefined) setTimer(cx, JOBS.rotate, ref, value.rotation.nextAt);
}

async function rotate(
  cx: Context,
  key: Allowed<KmsKeyDocument, 'kms-key.rotateKeyOnDemand' | 'kms-key.rotateOnSchedule'>,
  rotatedBy: 'AUTOMATIC' | 'ON_DEMAND',
  change: (key: KmsKeyDocument) => KmsKeyDocument,
): Promise<void> {
  const bytes = await generateMaterial(key.value.spec);
  const renew = (at: Context, one: MayAdd): void => {
    const material = addMaterial(at, one, bytes, { rotatedBy });
    at.update<KmsKeyDocument>(one, { ...change(one.value), material });
  };
  renew(cx, key);
  await synchronize(cx, key, renew);
}

/** Throws for a key whose rotation cannot be put on a schedule, or not now. */
function requireSchedulable(key: Allowed<KmsKeyDocument>): void {
  requireOrigin(key, 'AWS_KMS');
  requireRotatable(key);
  requireState(arnOf(key.ref), key.value.state, 'rotate');
}

function requireRotatable({ ref, value }: Allowed<KmsKeyDocument>): void {
  if (!canRotate(value.spec)) {
    throw awsFault(
      'UnsupportedOperationException',
      `${arnOf(ref)} key spec is ${value.spec} which is not valid for this operation.`,
    );
  }
  if (isReplica(value)) throw notPrimary(ref);
}
