/**
 * Imported material that waits for a rotation on demand. A primary key and each of its replicas must have it first.
 * https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-on-demand.html
 */
import type { KeyMaterialState } from '@aws-sdk/client-kms';
import type { Context } from '../../../context.ts';
import type { Allowed } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { documentIdOf, type KmsKeyDocument, keyMaterials, type MaterialDocument } from './documents.ts';
import { listMaterials, type MayAdd } from './material.ts';
import { replicasOf } from './replicas.ts';

/** What a material of a key is good for now. */
export async function stateOfMaterial(
  cx: Context,
  key: Allowed<KmsKeyDocument>,
  { id, pending }: MaterialDocument,
): Promise<KeyMaterialState> {
  if (!pending) return id === key.value.material ? 'CURRENT' : 'NON_CURRENT';
  const present = new Set((await cx.locateParts(keyMaterials, 'present', id)).map((part) => part.id));
  const isEverywhere = (await replicasOf(cx, key)).every((ref) => present.has(`${documentIdOf(ref)}/${id}`));
  return isEverywhere ? 'PENDING_ROTATION' : 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
}

/** The id of the material that is ready to be taken into use. Throws `KMSInvalidStateException` when there is none. */
export async function requirePendingMaterial(cx: Context, key: Allowed<KmsKeyDocument>): Promise<string> {
  const pending = (await listMaterials(cx, key)).find((one) => one.pending);
  if (pending?.material === undefined) {
    throw awsFault('KMSInvalidStateException', `${arnOf(key.ref)} has no key material pending rotation.`);
  }
  if ((await stateOfMaterial(cx, key, pending)) !== 'PENDING_ROTATION') {
    throw awsFault('KMSInvalidStateException', `${arnOf(key.ref)} has replica keys without the new key material.`);
  }
  return pending.id;
}

/** Makes pending material the one that encrypts. */
export async function takeIntoUse(cx: Context, key: MayAdd, id: string): Promise<void> {
  const { pending: _, ...material } = (await cx.part(key, keyMaterials, id))!.value;
  cx.putPart<MaterialDocument>(key, keyMaterials, id, { ...material, rotatedBy: 'ON_DEMAND', since: cx.now });
  cx.update<KmsKeyDocument>(key, { ...key.value, material: id });
}
