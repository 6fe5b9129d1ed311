/** Signatures of RSA, elliptic curve and ML-DSA keys. https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */

import { constants, sign as cryptoSign, verify as cryptoVerify, type KeyObject } from 'node:crypto';
import type { MessageType } from '@aws-sdk/client-kms';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { CIPHERTEXT_BYTES, MESSAGE_BYTES, requireLength, requireOneOf } from './constraints.ts';
import { ecdsaDigest } from './ecdsa-digest.ts';
import { ed25519ph } from './ed25519ph.ts';
import { mlDsaMu } from './ml-dsa-mu.ts';
import { pkcs1Digest, pssDigest } from './rsa-digest.ts';
import type { Hash, Signer } from './signer.ts';
import type { SigningAlgorithm } from './specs.ts';

const MESSAGE_TYPES: readonly MessageType[] = ['RAW', 'DIGEST', 'EXTERNAL_MU'];

/** The types of message that an algorithm signs. */
type Scheme = Readonly<Partial<Record<MessageType, Signer>>>;

const SCHEMES: Readonly<Record<SigningAlgorithm, Scheme>> = {
  RSASSA_PSS_SHA_256: pss('sha256'),
  RSASSA_PSS_SHA_384: pss('sha384'),
  RSASSA_PSS_SHA_512: pss('sha512'),
  RSASSA_PKCS1_V1_5_SHA_256: pkcs1('sha256'),
  RSASSA_PKCS1_V1_5_SHA_384: pkcs1('sha384'),
  RSASSA_PKCS1_V1_5_SHA_512: pkcs1('sha512'),
  ECDSA_SHA_256: ecdsa('sha256'),
  ECDSA_SHA_384: ecdsa('sha384'),
  ECDSA_SHA_512: ecdsa('sha512'),
  ED25519_SHA_512: { RAW: openssl(null) },
  ED25519_PH_SHA_512: { DIGEST: ed25519ph },
  ML_DSA_SHAKE_256: { RAW: openssl(null), EXTERNAL_MU: mlDsaMu },
};

/**
 * The signature of a message (RAW, up to 4096 bytes) or of a digest of the algorithm's length: RSA as RFC 8017 encodes
 * it (PSS with a salt as long as the digest), ECDSA in DER, Ed25519 and ML-DSA as they are.
 * Throws `ValidationException` for another length, and for a type of message that the algorithm does not sign.
 */
export function sign(
  key: KeyObject,
  algorithm: SigningAlgorithm,
  message: Buffer,
  messageType: MessageType = 'RAW',
): Buffer {
  return signerFor(key, algorithm, message, messageType).sign(key, message);
}

/**
 * `key`: the private key. Throws as `sign` does, and `KMSInvalidSignatureException` (without a message, as the vendor's)
 * when the signature is not the key's.
 */
export function requireSignature(
  key: KeyObject,
  algorithm: SigningAlgorithm,
  message: Buffer,
  signature: Buffer,
  messageType: MessageType = 'RAW',
): void {
  const signer = signerFor(key, algorithm, message, messageType);
  requireLength('signature', signature, CIPHERTEXT_BYTES);
  if (!signer.verify(key, message, signature)) {
    throw awsFault('KMSInvalidSignatureException', '');
  }
}

function signerFor(key: KeyObject, algorithm: SigningAlgorithm, message: Buffer, messageType: MessageType): Signer {
  requireLength('message', message, MESSAGE_BYTES);
  const signer = SCHEMES[algorithm][requireOneOf('messageType', messageType, MESSAGE_TYPES)];
  if (signer === undefined) {
    const one =
      algorithm === 'ML_DSA_SHAKE_256'
        ? `key spec ${key.asymmetricKeyType?.toUpperCase().replaceAll('-', '_')}`
        : `algorithm ${algorithm}`;
    throw awsFault('ValidationException', `Message type ${messageType} is incompatible with ${one}.`);
  }
  if (signer.messageBytes !== undefined && signer.messageBytes !== message.length) {
    const what = messageType === 'EXTERNAL_MU' ? 'External Mu' : 'Digest';
    throw awsFault('ValidationException', `${what} is invalid length for algorithm ${algorithm}.`);
  }
  return signer;
}

function pss(hash: Hash): Scheme {
  const options = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return { RAW: openssl(hash, options), DIGEST: pssDigest(hash) };
}

function pkcs1(hash: Hash): Scheme {
  return { RAW: openssl(hash, { padding: constants.RSA_PKCS1_PADDING }), DIGEST: pkcs1Digest(hash) };
}

function ecdsa(hash: Hash): Scheme {
  return { RAW: openssl(hash), DIGEST: ecdsaDigest(hash) };
}

/** What node:crypto does itself: it always hashes first, so digests are signed elsewhere. */
function openssl(hash: Hash | null, options: { padding?: number; saltLength?: number } = {}): Signer {
  return {
    sign: (key, message) => cryptoSign(hash, message, { key, ...options }),
    verify: (key, message, signature) =>
      isWhole(key, signature) && cryptoVerify(hash, message, { key, ...options }, signature),
  };
}

/** OpenSSL takes an RSA signature without its leading zeros. https://www.rfc-editor.org/rfc/rfc8017#section-8.1.2 does not. */
function isWhole(key: KeyObject, signature: Buffer): boolean {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  return bits === undefined || signature.length === bits / 8;
}
