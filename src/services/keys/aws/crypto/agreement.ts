/** Shared secrets. https://docs.aws.amazon.com/kms/latest/APIReference/API_DeriveSharedSecret.html */
import { createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { PUBLIC_KEY_BYTES, requireLength } from './constraints.ts';

/**
 * The raw ECDH secret of an elliptic curve key and a peer's public key (DER of a SubjectPublicKeyInfo): as long as a
 * coordinate of the curve. Throws `ValidationException` when the public key is none, or is of another curve.
 */
export function deriveSharedSecret(key: KeyObject, peer: Buffer): Buffer {
  requireLength('publicKey', peer, PUBLIC_KEY_BYTES);
  const publicKey = readPublicKey(peer);
  if (publicKey === undefined) throw refused('is not a DER-encoded X.509 public key');
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (publicKey.asymmetricKeyDetails?.namedCurve !== curve) {
    throw refused('is not on the curve of the KMS key');
  }
  return diffieHellman({ privateKey: key, publicKey });
}

function readPublicKey(der: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function refused(why: string): Error {
  return awsFault('ValidationException', `The PublicKey ${why}.`);
}
