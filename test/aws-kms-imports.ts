/** Bringing key material as its owner does: wrapped under the public key that KMS gives for it. */
import { constants, publicEncrypt } from 'node:crypto';
import {
  type AlgorithmSpec,
  CreateKeyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type ImportKeyMaterialCommandInput,
  type ImportKeyMaterialCommandOutput,
  type KMSClient,
} from '@aws-sdk/client-kms';

/** Under RSA alone, which symmetric and HMAC keys fit in. `publicKey`: DER of a SubjectPublicKeyInfo. */
export function wrap(material: Uint8Array, publicKey: Uint8Array): Buffer {
  const key = { key: Buffer.from(publicKey), format: 'der', type: 'spki' } as const;
  return publicEncrypt({ ...key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, material);
}

export const OAEP: AlgorithmSpec = 'RSAES_OAEP_SHA_256';

/** Asks for a wrapping key and imports; stays for good unless `more` says otherwise. */
export async function importMaterial(
  kms: KMSClient,
  KeyId: string,
  material: Uint8Array,
  more: Partial<ImportKeyMaterialCommandInput> = {},
): Promise<ImportKeyMaterialCommandOutput> {
  const { PublicKey, ImportToken } = await kms.send(
    new GetParametersForImportCommand({ KeyId, WrappingAlgorithm: OAEP, WrappingKeySpec: 'RSA_2048' }),
  );
  return kms.send(
    new ImportKeyMaterialCommand({
      KeyId,
      ImportToken,
      EncryptedKeyMaterial: wrap(material, PublicKey!),
      ExpirationModel: more.ValidTo ? 'KEY_MATERIAL_EXPIRES' : 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      ...more,
    }),
  );
}

const DAY = 24 * 3600_000;

/** The time by the plane's clock, which tests put forward: parameters are good for a day. */
export async function now(kms: KMSClient): Promise<number> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
  const { ParametersValidTo } = await kms.send(
    new GetParametersForImportCommand({
      KeyId: KeyMetadata!.KeyId,
      WrappingAlgorithm: OAEP,
      WrappingKeySpec: 'RSA_2048',
    }),
  );
  return ParametersValidTo!.getTime() - DAY;
}
