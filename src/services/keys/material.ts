/** Key material: made, kept sealed with its version, and opened only for who may use or read the key. */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Context } from '../../context.ts';
import type { Allowed } from '../../operation.ts';
import type { Document } from '../../store/store.ts';
import { type KeyDocument, keyVersions, type Version, type VersionDocument } from './access.ts';
import { badField } from './faults.ts';

/** Who may open material. */
export type MayOpen = Allowed<KeyDocument, 'key.read' | 'key.wrap' | 'key.unwrap' | 'key.rewrap' | 'key.restore'>;
/** Who may add a version. */
export type MayAdd = Allowed<
  KeyDocument,
  'key.create' | 'key.createWithPolicies' | 'key.rotate' | 'key.rotateOnSchedule'
>;

const GENERATED_BYTES = 32;
const ROOT_KEY_BYTES = [16, 24, 32];
/** https://cloud.ibm.com/docs/key-protect?topic=key-protect-import-standard-keys */
const STANDARD_KEY_BYTES = 7500;

export function generateMaterial(): Buffer {
  return randomBytes(GENERATED_BYTES);
}

/** Imported material, from base64. Throws `invalid` when it is no such text, or of a size that the kind cannot have. */
export function readMaterial(kind: KeyDocument['kind'], payload: string): Buffer {
  const material = decodeBase64(payload);
  if (material === undefined) throw badField('payload', 'must be base64');
  if (kind === 'root' && !ROOT_KEY_BYTES.includes(material.length)) {
    throw badField('payload', 'the material of a root key has 16, 24 or 32 bytes');
  }
  if (material.length === 0 || material.length > STANDARD_KEY_BYTES) {
    throw badField('payload', `the material of a standard key has 1 to ${STANDARD_KEY_BYTES} bytes`);
  }
  return material;
}

export function addVersion(cx: Context, key: MayAdd, version: Version, material: Buffer): void {
  const { instance, id } = key.value;
  cx.putPart(key, keyVersions, version.id, {
    ...version,
    key: `${instance}/${id}`,
    material: material.toString('base64'),
  });
}

/** A version of the key. Undefined when it has none by that id. */
export function findVersion(cx: Context, key: MayOpen, id: string): Promise<Document<VersionDocument> | undefined> {
  return cx.part(key, keyVersions, id);
}

export function openMaterial(cx: Context, key: MayOpen, version: Document<VersionDocument>): Buffer {
  return cx.open(key, keyVersions, version, 'material');
}

/** Opening sealed material costs more than using it: kept for as long as the store keeps the version's document. */
const opened = new WeakMap<object, KeyObject>();

/** A version's material, to encrypt and decrypt with. */
export function materialKey(cx: Context, key: MayOpen, version: Document<VersionDocument>): KeyObject {
  let material = opened.get(version.value);
  if (!material) {
    material = createSecretKey(openMaterial(cx, key, version));
    opened.set(version.value, material);
  }
  return material;
}

/** The key's newest version. */
export async function newestVersion(cx: Context, key: MayOpen): Promise<Document<VersionDocument>> {
  const version = await findVersion(cx, key, key.value.version.id);
  if (version === undefined) throw new Error(`key ${key.value.id} has lost its newest version`);
  return version;
}

/** Bytes of a base64 text. Undefined when it is not exactly that. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
