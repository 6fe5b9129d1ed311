/**
 * Encryption under symmetric KMS keys: AES-256-GCM, with the encryption context as additional authenticated data. The
 * ciphertext says which key and which of its materials it was made under, so that it can be decrypted without naming
 * the key. https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
 *
 *     magic (5) | form of the key id (1) | account (6) | key id (16) | material id (32) | nonce (12) | text | tag (16)
 *
 * All of it is authenticated. The region is not in it: a multi-Region key decrypts in each of its Regions.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { freshBytes } from '../../../../random.ts';
import { CIPHERTEXT_BYTES, MESSAGE_BYTES, requireLength } from './constraints.ts';

/** Under what a ciphertext was made. Nothing in it is secret, nothing in it is to be believed before it was opened. */
export interface CiphertextOrigin {
  /** 12 digits. */
  readonly account: string;
  /** Of a key of one Region `1234abcd-12ab-34cd-56ef-1234567890ab`, of a multi-Region key `mrk-` and 32 hex digits. */
  readonly keyId: string;
  /** 64 hex digits. */
  readonly materialId: string;
}

/** Names and values that decrypting must repeat, in any order. None is the same as an empty one. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** In base64 `AQICAH`, which is how the vendor's own ciphertexts begin and scanners know them. */
const MAGIC = Buffer.from('0102020078', 'hex');
const FORM = MAGIC.length;
const ACCOUNT = FORM + 1;
const KEY_ID = ACCOUNT + 6;
const MATERIAL_ID = KEY_ID + 16;
const NONCE = MATERIAL_ID + 32;
const TEXT = NONCE + 12;
const TAG_BYTES = 16;
/** By how much a ciphertext is longer than its plaintext. */
export const OVERHEAD_BYTES = TEXT + TAG_BYTES;

const SINGLE_REGION = 1;
const MULTI_REGION = 2;

/** Encrypts 1 to 4096 bytes under the material (32 bytes). Throws `ValidationException` for another length. */
export function encrypt(
  material: KeyObject,
  origin: CiphertextOrigin,
  plaintext: Buffer,
  context?: EncryptionContext,
): Buffer {
  requireLength('plaintext', plaintext, MESSAGE_BYTES);
  const blob = Buffer.allocUnsafe(OVERHEAD_BYTES + plaintext.length);
  writeOrigin(blob, origin);
  freshBytes(TEXT - NONCE).copy(blob, NONCE);
  const cipher = createCipheriv('aes-256-gcm', material, blob.subarray(NONCE, TEXT));
  cipher.setAAD(blob.subarray(0, NONCE));
  cipher.setAAD(canonical(context));
  blob.set(cipher.update(plaintext), TEXT);
  cipher.final();
  blob.set(cipher.getAuthTag(), TEXT + plaintext.length);
  return blob;
}

/** What a ciphertext says of itself. Undefined when it was not made here. Throws `ValidationException` if too long. */
export function readCiphertext(blob: Buffer): CiphertextOrigin | undefined {
  requireLength('ciphertextBlob', blob, CIPHERTEXT_BYTES);
  if (blob.length <= OVERHEAD_BYTES || blob.compare(MAGIC, 0, MAGIC.length, 0, MAGIC.length) !== 0) return undefined;
  const form = blob[FORM];
  const id = blob.toString('hex', KEY_ID, MATERIAL_ID);
  if (form !== SINGLE_REGION && form !== MULTI_REGION) return undefined;
  return {
    account: String(blob.readUIntBE(ACCOUNT, 6)).padStart(12, '0'),
    keyId: form === MULTI_REGION ? `mrk-${id}` : id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    materialId: blob.toString('hex', MATERIAL_ID, NONCE),
  };
}

/** The plaintext. Undefined when the material or the context is another one, or the ciphertext is not whole. */
export function decrypt(material: KeyObject, blob: Buffer, context?: EncryptionContext): Buffer | undefined {
  if (blob.length <= OVERHEAD_BYTES) return undefined;
  const end = blob.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', material, blob.subarray(NONCE, TEXT), { authTagLength: TAG_BYTES });
  decipher.setAAD(blob.subarray(0, NONCE));
  decipher.setAAD(canonical(context));
  decipher.setAuthTag(blob.subarray(end));
  const plaintext = decipher.update(blob.subarray(TEXT, end));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return plaintext;
}

function writeOrigin(blob: Buffer, { account, keyId, materialId }: CiphertextOrigin): void {
  const multiRegion = keyId.startsWith('mrk-');
  MAGIC.copy(blob);
  blob[FORM] = multiRegion ? MULTI_REGION : SINGLE_REGION;
  blob.writeUIntBE(Number(account), ACCOUNT, 6);
  const id = multiRegion ? keyId.slice(4) : keyId.replaceAll('-', '');
  const written = blob.write(id, KEY_ID, 'hex') + blob.write(materialId, MATERIAL_ID, 'hex');
  if (written !== NONCE - KEY_ID) throw new Error(`\`${keyId}\` with \`${materialId}\` does not fit a ciphertext`);
}

const NO_CONTEXT = Buffer.from('[]');

/** As sorted JSON, so that the order of the pairs does not matter and no two contexts are written alike. */
function canonical(context: EncryptionContext | undefined): Buffer {
  if (context === undefined) return NO_CONTEXT;
  const pairs = Object.entries(context);
  if (pairs.length > 1) pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(pairs));
}
