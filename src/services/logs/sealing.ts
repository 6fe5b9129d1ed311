/** Messages at rest: AES-256-GCM under the data key of their batch, bound to where they stand. */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a message is bound to: the content that the event is in (a document id), and its key there. */
export function placeOf(content: string, key: Uint8Array): Buffer {
  return Buffer.concat([key, Buffer.from(content)]);
}

/** Base64 of nonce, tag and ciphertext. */
export function sealMessage(key: KeyObject, message: string, where: Uint8Array): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(where);
  const body = Buffer.concat([cipher.update(message, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

/** Throws when the key or the place is another one, or the text was changed. */
export function openMessage(key: KeyObject, sealed: string, where: Uint8Array): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(where)
    .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}
