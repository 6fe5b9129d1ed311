/**
 * What clients hold for the plane and must not read or change: session tokens, marks of listings, tokens of grants.
 * Keys come from the root key, one for each purpose: a home under a new root key takes none of them any more.
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { freshBytes } from './random.ts';

export interface Seals {
  /** HMAC-SHA-256: for what may be read. */
  mac(purpose: string, text: string): Buffer;
  /** AES-256-GCM, as base64: for what may not. */
  seal(purpose: string, text: string): string;
  /** The text; undefined when it was not sealed here for this purpose, or was changed. */
  unseal(purpose: string, sealed: string): string | undefined;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function createSeals(rootKey: Buffer): Seals {
  const keys = new Map<string, KeyObject>();
  const keyFor = (purpose: string): KeyObject => {
    let key = keys.get(purpose);
    if (key === undefined) {
      key = createSecretKey(Buffer.from(hkdfSync('sha256', rootKey, '', `easement/seals/${purpose}`, 32)));
      keys.set(purpose, key);
    }
    return key;
  };
  return {
    mac: (purpose, text) =>
      createHmac('sha256', keyFor(`mac ${purpose}`))
        .update(text)
        .digest(),
    seal: (purpose, text) => {
      const nonce = freshBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyFor(`seal ${purpose}`), nonce);
      const body = Buffer.concat([cipher.update(text), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    unseal: (purpose, sealed) => {
      const bytes = Buffer.from(sealed, 'base64');
      const start = NONCE_BYTES + TAG_BYTES;
      if (bytes.length <= start || bytes.toString('base64') !== sealed) return undefined;
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', keyFor(`seal ${purpose}`), nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, start));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(start)), decipher.final()]).toString();
      } catch {
        return undefined;
      }
    },
  };
}
