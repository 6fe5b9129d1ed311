/** Imported material goes, when it is told to or when its time is over. The same material may come back. */
import type {
  DeleteImportedKeyMaterialCommandInput,
  DeleteImportedKeyMaterialCommandOutput,
} from '@aws-sdk/client-kms';
import type { Context } from '../../../context.ts';
import { type Allowed, operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Json } from '../../../store/store.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { KmsKey } from './access.ts';
import { allowOwnKey } from './address.ts';
import { type KmsKeyDocument, keyMaterials, type MaterialDocument } from './documents.ts';
import { isReplica, synchronize } from './replicas.ts';
import { keyOfJob } from './timers.ts';
import { requireOrigin } from './use.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteImportedKeyMaterial.html */
export const deleteImportedKeyMaterial = operation(
  'kms.DeleteImportedKeyMaterial',
  async (
    cx,
    input: Input<DeleteImportedKeyMaterialCommandInput>,
  ): Promise<Output<DeleteImportedKeyMaterialCommandOutput>> => {
    const key = await allowOwnKey(cx, KmsKey.deleteImportedKeyMaterial, input.KeyId);
    requireOrigin(key, 'EXTERNAL');
    const id = input.KeyMaterialId ?? key.value.material;
    const material = id === undefined ? undefined : (await cx.part(key, keyMaterials, id))?.value;
    if (material) await forget(cx, key, material);
    else if (input.KeyMaterialId !== undefined) {
      throw awsFault('NotFoundException', `${arnOf(key.ref)} has no key material ${input.KeyMaterialId}.`);
    }
    return { KeyId: arnOf(key.ref), ...(id === undefined ? {} : { KeyMaterialId: id }) };
  },
  { recorded: ({ KeyId, KeyMaterialId = null }) => ({ KeyId, KeyMaterialId }) },
);

/** The job may come late, twice, or for nothing: material that has come again may stay longer. */
export const expireKmsMaterial = operation('kms.expireMaterial', async (cx, payload: Json): Promise<void> => {
  const key = await keyOfJob(cx, KmsKey.expireMaterial, payload);
  if (!key) return;
  const material = (await cx.part(key, keyMaterials, (payload as { readonly part: string }).part))?.value;
  const validTo = material?.imported?.validTo;
  if (material && validTo !== undefined && validTo <= cx.now) await forget(cx, key, material);
});

type MayForget = Allowed<KmsKeyDocument, 'kms-key.deleteImportedKeyMaterial' | 'kms-key.expireMaterial'>;

async function forget(cx: Context, key: MayForget, material: MaterialDocument): Promise<void> {
  const { id, pending, imported } = material;
  if (pending && !isReplica(key.value)) {
    // What was never in use does not belong to the key, nor to its replicas.
    cx.removePart(key, keyMaterials, id);
    await synchronize(cx, key, (at, replica) => at.removePart(replica, keyMaterials, id));
    return;
  }
  const { material: _, imported: __, ...kept } = material;
  const description = imported?.description;
  const left = description === undefined ? kept : { ...kept, imported: { description } };
  cx.putPart<MaterialDocument>(key, keyMaterials, id, left);
  const isLeaving = key.value.state === 'PendingDeletion' || key.value.state === 'PendingReplicaDeletion';
  if (!pending && !isLeaving) cx.update<KmsKeyDocument>(key, { ...key.value, state: 'PendingImport' });
}
