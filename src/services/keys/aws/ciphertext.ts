/** Ciphertexts under KMS keys: made and opened, for every operation that has to do with them. */
import type { EncryptionAlgorithmSpec } from '@aws-sdk/client-kms';
import type { Context as AskContext } from '../../../authorize.ts';
import type { Context } from '../../../context.ts';
import type { Fault } from '../../../faults.ts';
import type { Allowed } from '../../../operation.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { findKey, type NamedKey } from './address.ts';
import { rsaDecrypt, rsaEncrypt } from './crypto/rsa.ts';
import type { AlgorithmOf } from './crypto/specs.ts';
import { type CiphertextOrigin, decrypt, type EncryptionContext, encrypt, readCiphertext } from './crypto/symmetric.ts';
import { type KmsKeyDocument, keyRef } from './documents.ts';
import { currentMaterial, findMaterial, type MayUse } from './material.ts';
import { encryptionContextKeys, requireUsable } from './use.ts';

/** What a ciphertext is, or is to be, made with. */
export interface Way {
  readonly algorithm: EncryptionAlgorithmSpec;
  readonly context: EncryptionContext | undefined;
}

export const SYMMETRIC = 'SYMMETRIC_DEFAULT' as const;

/** Context keys of a question about encrypting or decrypting. */
export function wayKeys({ algorithm, context }: Way): AskContext {
  return { ...encryptionContextKeys(context), 'kms:encryptionalgorithm': algorithm };
}

/** A way that a key was found to know. */
export interface KnownWay extends Way {
  readonly algorithm: AlgorithmOf<'ENCRYPT_DECRYPT'>;
}

/** The way. Throws unless the key can be used in it now. `operation`: as the vendor calls it, `Encrypt`. */
export function requireWay(key: Allowed<KmsKeyDocument>, operation: string, { algorithm, context }: Way): KnownWay {
  const known = requireUsable(key, { usage: 'ENCRYPT_DECRYPT', operation, algorithm });
  if (context !== undefined && known !== SYMMETRIC) {
    throw awsFault('ValidationException', 'An encryption context is valid only with a symmetric encryption KMS key.');
  }
  return { algorithm: known, context };
}

/** Encrypts under the key's current material. */
export async function makeCiphertext(
  cx: Context,
  key: MayUse,
  { algorithm, context }: KnownWay,
  plaintext: Buffer,
): Promise<Buffer> {
  const material = await currentMaterial(cx, key);
  if (algorithm !== SYMMETRIC) return rsaEncrypt(material, algorithm, plaintext);
  return encrypt(material, originOf(key), plaintext, context);
}

function originOf({ value, ref }: Allowed<KmsKeyDocument>): CiphertextOrigin {
  return { account: ref.account, keyId: value.id, materialId: value.material! };
}

/** A ciphertext as a request has it, and the key that the request names. */
export interface Source extends Way {
  readonly blob: Buffer | undefined;
  readonly key: string | undefined;
}

/** The key of a ciphertext: the one that is named, else the one that the ciphertext itself names. */
export async function findSource(cx: Context, { key, algorithm, blob }: Source): Promise<NamedKey> {
  if (key !== undefined) return findKey(cx, key);
  if (algorithm !== SYMMETRIC || blob === undefined) {
    throw awsFault('ValidationException', 'KeyId must be given for a ciphertext that does not name its key.');
  }
  const origin = readCiphertext(blob);
  if (origin === undefined) throw invalidCiphertext();
  return { ref: keyRef(origin.account, cx.region, origin.keyId) };
}

export interface Opened {
  readonly plaintext: Buffer;
  /** Of a symmetric key. */
  readonly materialId?: string;
}

/** Decrypts. Throws `InvalidCiphertextException`, and `IncorrectKeyException` for the ciphertext of another key. */
export async function openCiphertext(
  cx: Context,
  key: MayUse,
  { algorithm, context }: KnownWay,
  blob: Buffer,
): Promise<Opened> {
  if (algorithm !== SYMMETRIC) {
    const plaintext = rsaDecrypt(await currentMaterial(cx, key), algorithm, blob);
    if (plaintext === undefined) throw invalidCiphertext();
    return { plaintext };
  }
  const origin = readCiphertext(blob);
  if (origin === undefined) throw invalidCiphertext();
  if (origin.keyId !== key.value.id || origin.account !== key.ref.account) throw incorrectKey();
  const material = await findMaterial(cx, key, origin.materialId);
  const plaintext = material && decrypt(material, blob, context);
  if (plaintext === undefined) throw invalidCiphertext();
  return { plaintext, materialId: origin.materialId };
}

/** The vendor says no more: which part of it is wrong would help who tries ciphertexts. */
function invalidCiphertext(): Fault {
  return awsFault('InvalidCiphertextException', '');
}

function incorrectKey(): Fault {
  return awsFault(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  );
}

/** The bytes of a request. Throws `ValidationException` when they are needed and not there. */
export function requireBlob(blob: Uint8Array | undefined): Buffer {
  if (blob === undefined) {
    throw awsFault(
      'ValidationException',
      "1 validation error detected: Value at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
    );
  }
  return bytesOf(blob);
}

/** The same bytes, not a copy. */
export function bytesOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Nitro enclaves prove themselves with documents that are not read here. */
export function refuseRecipient(recipient: object | undefined): void {
  if (recipient !== undefined) {
    throw awsFault('UnsupportedOperationException', 'Recipient is not supported here: see docs/coverage.md');
  }
}
