/**
 * What wrapping makes: AES-GCM under a key's material, in a small JSON document that says which version it was, as text
 * in base64 (facts: ibm-cloud.md 5.5). Opaque to callers.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { freshBytes } from '../../random.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = '4.0.0';

/** A ciphertext that has been read, not yet opened. */
export interface Envelope {
  /** Ciphertext and tag. */
  readonly body: Buffer;
  readonly nonce: Buffer;
  /** Id of the key version. */
  readonly handle: string;
}

/** Wraps `plaintext` under 16, 24 or 32 bytes of material. `aad`: additional data that unwrapping must repeat. */
export function sealEnvelope(material: KeyObject, handle: string, plaintext: Buffer, aad: readonly string[]): string {
  const nonce = freshBytes(NONCE_BYTES);
  const cipher = createCipheriv(algorithmFor(material), material, nonce);
  cipher.setAAD(associated(handle, aad));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  const document = { ciphertext: body.toString('base64'), iv: nonce.toString('base64'), version: FORMAT, handle };
  return Buffer.from(JSON.stringify(document)).toString('base64');
}

/** Reads a ciphertext. Undefined when it was not made here. */
export function readEnvelope(text: string): Envelope | undefined {
  const document = parse(text);
  if (document === undefined) return undefined;
  const { ciphertext, iv, version, handle } = document;
  if (version !== FORMAT || typeof ciphertext !== 'string' || typeof iv !== 'string' || typeof handle !== 'string') {
    return undefined;
  }
  const body = Buffer.from(ciphertext, 'base64');
  const nonce = Buffer.from(iv, 'base64');
  if (nonce.length !== NONCE_BYTES || body.length < TAG_BYTES || !/^[0-9a-f-]{36}$/.test(handle)) return undefined;
  return { body, nonce, handle };
}

/** The plaintext. Undefined when the material, the additional data or the ciphertext is another one. */
export function openEnvelope(material: KeyObject, envelope: Envelope, aad: readonly string[]): Buffer | undefined {
  const { body, nonce, handle } = envelope;
  const decipher = createDecipheriv(algorithmFor(material), material, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associated(handle, aad));
  decipher.setAuthTag(body.subarray(body.length - TAG_BYTES));
  const plaintext = decipher.update(body.subarray(0, body.length - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return plaintext;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const document: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    return typeof document === 'object' && document !== null ? (document as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function algorithmFor(material: KeyObject): 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm' {
  switch (material.symmetricKeySize) {
    case 16:
      return 'aes-128-gcm';
    case 24:
      return 'aes-192-gcm';
    case 32:
      return 'aes-256-gcm';
    default:
      throw new Error(`no root key has ${material.symmetricKeySize} bytes`);
  }
}

/** As JSON, so that ["a", "b"] is not ["ab"]; with the handle, so that an envelope cannot be moved to another version. */
function associated(handle: string, aad: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify([handle, ...aad]));
}
