/** Message authentication codes of HMAC keys. https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html */

import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { MacAlgorithmSpec } from '@aws-sdk/client-kms';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { CIPHERTEXT_BYTES, MESSAGE_BYTES, requireLength } from './constraints.ts';

const HASHES: Readonly<Record<MacAlgorithmSpec, string>> = {
  HMAC_SHA_224: 'sha224',
  HMAC_SHA_256: 'sha256',
  HMAC_SHA_384: 'sha384',
  HMAC_SHA_512: 'sha512',
};

/** The code of 1 to 4096 bytes. Throws `ValidationException` for another length. */
export function generateMac(key: KeyObject, algorithm: MacAlgorithmSpec, message: Buffer): Buffer {
  requireLength('message', message, MESSAGE_BYTES);
  return createHmac(HASHES[algorithm], key).update(message).digest();
}

/**
 * Throws `KMSInvalidMacException` (without a message, as the vendor's) when `mac` is not the one of the message under
 * the key, `ValidationException` for lengths.
 */
export function requireMac(key: KeyObject, algorithm: MacAlgorithmSpec, message: Buffer, mac: Buffer): void {
  requireLength('mac', mac, CIPHERTEXT_BYTES);
  const right = generateMac(key, algorithm, message);
  if (mac.length !== right.length || !timingSafeEqual(mac, right)) {
    throw awsFault('KMSInvalidMacException', '');
  }
}
