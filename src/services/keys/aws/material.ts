/** Key material of KMS keys: kept sealed, and opened only for who may use the key. */
import type { KeyObject } from 'node:crypto';
import type { Context } from '../../../context.ts';
import type { Allowed } from '../../../operation.ts';
import type { Document } from '../../../store/store.ts';
import { materialId, materialKey } from './crypto/material.ts';
import { documentIdOf, type KmsKeyDocument, keyMaterials, type MaterialDocument } from './documents.ts';

type Use =
  | 'encrypt'
  | 'decrypt'
  | 'reEncryptFrom'
  | 'reEncryptTo'
  | 'generateDataKey'
  | 'generateDataKeyWithoutPlaintext'
  | 'generateDataKeyPair'
  | 'generateDataKeyPairWithoutPlaintext'
  | 'sign'
  | 'verify'
  | 'generateMac'
  | 'verifyMac'
  | 'deriveSharedSecret'
  | 'getPublicKey'
  | 'replicateKey';
type Addition = 'createKey' | 'importKeyMaterial' | 'rotateKeyOnDemand' | 'rotateOnSchedule' | 'synchronize';

/** Who may work with material. */
export type MayUse = Allowed<KmsKeyDocument, `kms-key.${Use}`>;
/** Who may add material. */
export type MayAdd = Allowed<KmsKeyDocument, `kms-key.${Addition}`>;

/** Keeps new material of a key; returns its id. */
export function addMaterial(
  cx: Context,
  key: MayAdd,
  bytes: Buffer,
  how: Pick<MaterialDocument, 'rotatedBy' | 'imported'> = {},
): string {
  const id = materialId(key.value.id, bytes);
  const document = { ...how, id, key: documentIdOf(key.ref), since: cx.now, material: bytes.toString('base64') };
  cx.putPart(key, keyMaterials, id, document);
  return id;
}

const PAGE = 1000;

/** All material of a key, oldest first; none of it opened. */
export async function listMaterials(cx: Context, key: Allowed<KmsKeyDocument>): Promise<readonly MaterialDocument[]> {
  const found: MaterialDocument[] = [];
  let after: string | undefined;
  do {
    const query = { index: 'key', key: documentIdOf(key.ref), limit: PAGE, ...(after === undefined ? {} : { after }) };
    const page = await cx.parts(key, keyMaterials, query);
    found.push(...page.items.map(({ value }) => value));
    after = page.next;
  } while (after !== undefined);
  return found.sort((a, b) => a.since - b.since);
}

/** Whether material that belongs to a key is not there: not yet imported, or no longer. */
export async function lacksMaterial(cx: Context, key: Allowed<KmsKeyDocument>): Promise<boolean> {
  if (key.value.material === undefined) return true;
  if (key.value.origin === 'AWS_KMS') return false;
  return (await listMaterials(cx, key)).some(({ pending, material }) => !pending && material === undefined);
}

/** Opening sealed material costs more than using it: kept for as long as the store keeps the document. */
const opened = new WeakMap<object, KeyObject>();

/** The material of this id. Undefined when the key has no such material (any more). */
export async function findMaterial(cx: Context, key: MayUse, id: string): Promise<KeyObject | undefined> {
  const document = await cx.part(key, keyMaterials, id);
  return document?.value.material === undefined ? undefined : openMaterial(cx, key, document);
}

/** The material that encrypts and signs. A key in a state that may be used has one. */
export async function currentMaterial(cx: Context, key: MayUse): Promise<KeyObject> {
  const { id, material } = key.value;
  const found = material === undefined ? undefined : await findMaterial(cx, key, material);
  if (found === undefined) throw new Error(`the key ${id} has lost its material`);
  return found;
}

function openMaterial(cx: Context, key: MayUse, document: Document<MaterialDocument>): KeyObject {
  let material = opened.get(document.value);
  if (material === undefined) {
    material = materialKey(key.value.spec, cx.open(key, keyMaterials, document, 'material'));
    opened.set(document.value, material);
  }
  return material;
}
