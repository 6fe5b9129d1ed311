/** Encryption at rest: AES-256-GCM, under keys that are derived from the root key or wrapped by one that is. */
import { type CipherKey, createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The key for one purpose, from the root key (HKDF-SHA256, RFC 5869). 32 bytes. */
export function keyFor(purpose: string, rootKey: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', rootKey, '', `easement/store/${purpose}`, 32));
}

/** Tells root keys apart without telling anything of them. 32 hex digits. */
export function fingerprintOf(rootKey: Buffer): string {
  return keyFor('fingerprint', rootKey).toString('hex', 0, 16);
}

/** Encrypts; `context` is bound to the result as associated data. Base64 of nonce, tag and ciphertext. */
export function seal(key: CipherKey, plain: Uint8Array, context: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

/** Decrypts what `seal` made. Throws when the key or the context differs, or the text was changed. */
export function unseal(key: CipherKey, sealed: string, context: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('sealed text is too short');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const plain = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
  decipher.final();
  return plain;
}

/** What a sealed field is bound to. */
export function fieldContext(collection: string, account: string, id: string, revision: number, field: string): string {
  return JSON.stringify([account, collection, id, revision, field]);
}

export const newDataKey = (): Buffer => randomBytes(32);
