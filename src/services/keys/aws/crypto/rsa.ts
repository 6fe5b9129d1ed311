/** Encryption under RSA keys. Such a ciphertext names no key, and has no encryption context. */
import { constants, createPublicKey, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { CIPHERTEXT_BYTES, MESSAGE_BYTES, requireLength } from './constraints.ts';
import type { RsaEncryption } from './specs.ts';

/** The hash, also of the mask. */
const OAEP: Readonly<Record<RsaEncryption, { readonly hash: 'sha1' | 'sha256'; readonly hashBytes: number }>> = {
  RSAES_OAEP_SHA_1: { hash: 'sha1', hashBytes: 20 },
  RSAES_OAEP_SHA_256: { hash: 'sha256', hashBytes: 32 },
};

/** The longest plaintext: 190 bytes for RSA_2048 with SHA-256. https://www.rfc-editor.org/rfc/rfc8017#section-7.1.1 */
export function rsaPlaintextBytes(key: KeyObject, algorithm: RsaEncryption): number {
  return modulusBits(key) / 8 - 2 * OAEP[algorithm].hashBytes - 2;
}

/** Encrypts under a private or public RSA key. Throws `ValidationException` when the plaintext is empty or too long. */
export function rsaEncrypt(key: KeyObject, algorithm: RsaEncryption, plaintext: Buffer): Buffer {
  requireLength('plaintext', plaintext, MESSAGE_BYTES);
  const longest = rsaPlaintextBytes(key, algorithm);
  if (plaintext.length > longest) {
    const spec = `RSA_${modulusBits(key)}`;
    throw awsFault(
      'ValidationException',
      `Algorithm ${algorithm} and key spec ${spec} cannot encrypt data larger than ${longest} bytes.`,
    );
  }
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicEncrypt({ key: publicKey, ...padding(algorithm) }, plaintext);
}

/** The plaintext. Undefined when the key, the algorithm or the ciphertext is another one. */
export function rsaDecrypt(key: KeyObject, algorithm: RsaEncryption, ciphertext: Buffer): Buffer | undefined {
  requireLength('ciphertextBlob', ciphertext, CIPHERTEXT_BYTES);
  // OpenSSL would take one without its leading zeros.
  if (ciphertext.length !== modulusBits(key) / 8) return undefined;
  try {
    return privateDecrypt({ key, ...padding(algorithm) }, ciphertext);
  } catch {
    return undefined;
  }
}

function padding(algorithm: RsaEncryption): { padding: number; oaepHash: string } {
  return { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: OAEP[algorithm].hash };
}

function modulusBits(key: KeyObject): number {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits === undefined) throw new Error(`a key of type ${key.asymmetricKeyType} is no RSA key`);
  return bits;
}
