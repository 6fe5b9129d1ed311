/**
 * Material that is brought from outside: wrapped under a public key that is given for it, for a while or for good.
 * https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
 */
import type {
  GetParametersForImportCommandInput,
  GetParametersForImportCommandOutput,
  ImportKeyMaterialCommandInput,
  ImportKeyMaterialCommandOutput,
} from '@aws-sdk/client-kms';
import type { Context } from '../../../context.ts';
import { type Allowed, operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { KmsKey } from './access.ts';
import { allowOwnKey } from './address.ts';
import { bytesOf } from './ciphertext.ts';
import { readWrapping, unwrapMaterial } from './crypto/importing.ts';
import { generateMaterial, materialId, materialKey, publicKeyOf, readMaterial } from './crypto/material.ts';
import { canRotate } from './crypto/specs.ts';
import { documentIdOf, type KmsKeyDocument, keyMaterials, type MaterialDocument } from './documents.ts';
import { readImportToken, writeImportToken } from './import-token.ts';
import { listMaterials } from './material.ts';
import { isReplica, notPrimary, synchronize } from './replicas.ts';
import { requireState } from './states.ts';
import { JOBS, setTimer } from './timers.ts';
import { requireOrigin } from './use.ts';

const DAY = 24 * 3600_000;
const LONGEST = 365 * DAY;

type ImportInput = Input<ImportKeyMaterialCommandInput>;
type Importing = Allowed<KmsKeyDocument, 'kms-key.importKeyMaterial'>;

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html */
export const getParametersForImport = operation(
  'kms.GetParametersForImport',
  async (
    cx,
    input: Input<GetParametersForImportCommandInput>,
  ): Promise<Output<GetParametersForImportCommandOutput>> => {
    const key = await allowOwnKey(cx, KmsKey.getParametersForImport, input.KeyId, {
      'kms:wrappingalgorithm': input.WrappingAlgorithm,
      'kms:wrappingkeyspec': input.WrappingKeySpec,
    });
    requireOrigin(key, 'EXTERNAL');
    const arn = arnOf(key.ref);
    requireState(arn, key.value.state, 'change');
    const { algorithm, keySpec } = readWrapping(key.value.spec, input.WrappingAlgorithm, input.WrappingKeySpec);
    const wrappingKey = await generateMaterial(keySpec);
    const validTo = cx.now + DAY;
    const token = { key: arn, algorithm, validTo, wrappingKey: wrappingKey.toString('base64') };
    return {
      KeyId: arn,
      ImportToken: writeImportToken(cx, token),
      PublicKey: publicKeyOf(materialKey(keySpec, wrappingKey)),
      ParametersValidTo: new Date(validTo),
    };
  },
  { recorded: ({ KeyId, WrappingAlgorithm, WrappingKeySpec }) => ({ KeyId, WrappingAlgorithm, WrappingKeySpec }) },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html */
export const importKeyMaterial = operation(
  'kms.ImportKeyMaterial',
  async (cx, input: ImportInput): Promise<Output<ImportKeyMaterialCommandOutput>> => {
    const key = await allowOwnKey(cx, KmsKey.importKeyMaterial, input.KeyId, {
      'kms:expirationmodel': input.ExpirationModel ?? 'KEY_MATERIAL_EXPIRES',
      ...(input.ValidTo === undefined ? {} : { 'kms:validto': input.ValidTo.toISOString() }),
    });
    requireOrigin(key, 'EXTERNAL');
    const arn = arnOf(key.ref);
    requireState(arn, key.value.state, 'change');
    const validTo = readExpiry(cx, input);
    const bytes = unwrapped(cx, key, input);
    const id = materialId(key.value.id, bytes);
    const materials = await listMaterials(cx, key);
    requireExpected(key, materials, id, input);
    const known = materials.find((one) => one.id === id);
    const description = input.KeyMaterialDescription ?? known?.imported?.description;
    const imported = {
      ...(description === undefined ? {} : { description }),
      ...(validTo === undefined ? {} : { validTo }),
    };
    const associated = known ?? newMaterial(cx, key, id);
    cx.putPart<MaterialDocument>(key, keyMaterials, id, {
      ...associated,
      material: bytes.toString('base64'),
      imported,
    });
    if (validTo !== undefined) setTimer(cx, JOBS.expire, key.ref, validTo, id);
    const isWhole = materials.every((one) => one.id === id || one.pending || one.material !== undefined);
    const state = key.value.state === 'PendingImport' && isWhole ? 'Enabled' : key.value.state;
    cx.update<KmsKeyDocument>(key, { ...key.value, material: key.value.material ?? id, state });
    if (known === undefined) await announce(cx, key, associated);
    return { KeyId: arn, ...(canRotate(key.value.spec) ? { KeyMaterialId: id } : {}) };
  },
  {
    recorded: ({ KeyId, ImportType = null, ExpirationModel = null, KeyMaterialId = null }) => ({
      KeyId,
      ImportType,
      ExpirationModel,
      KeyMaterialId,
    }),
  },
);

/** The first material is in use at once, later ones wait for a rotation. */
function newMaterial(cx: Context, { ref, value }: Importing, id: string): MaterialDocument {
  const material = { id, key: documentIdOf(ref), since: cx.now };
  return value.material === undefined ? material : { ...material, pending: true };
}

/** Related keys belong to the same material; they have to be given it one by one. */
async function announce(cx: Context, key: Importing, material: MaterialDocument): Promise<void> {
  await synchronize(cx, key, (at, replica) => {
    at.putPart<MaterialDocument>(replica, keyMaterials, material.id, { ...material, key: documentIdOf(replica.ref) });
    if (!material.pending) at.update<KmsKeyDocument>(replica, { ...replica.value, material: material.id });
  });
}

/** What came wrapped, in the form in which material is kept. */
function unwrapped(
  cx: Context,
  key: Importing,
  { ImportToken: given, EncryptedKeyMaterial: wrapped }: ImportInput,
): Buffer {
  const token = readImportToken(cx, bytesOf(given));
  if (token?.key !== arnOf(key.ref)) {
    throw awsFault('InvalidImportTokenException', 'The import token is invalid, or was given for another KMS key.');
  }
  if (token.validTo <= cx.now) throw awsFault('ExpiredImportTokenException', 'The import token has expired.');
  const wrappingKey = materialKey('RSA_4096', Buffer.from(token.wrappingKey, 'base64'));
  return readMaterial(key.value.spec, unwrapMaterial(wrappingKey, token.algorithm, bytesOf(wrapped)));
}

/** When the material goes; undefined for material that stays. */
function readExpiry(cx: Context, { ExpirationModel: model, ValidTo: date }: ImportInput): number | undefined {
  if (model === 'KEY_MATERIAL_DOES_NOT_EXPIRE') {
    if (date === undefined) return undefined;
    throw awsFault('ValidationException', 'ValidTo is not valid with ExpirationModel KEY_MATERIAL_DOES_NOT_EXPIRE.');
  }
  if (date === undefined) {
    throw awsFault('ValidationException', 'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES');
  }
  const validTo = date.getTime();
  if (validTo > cx.now && validTo <= cx.now + LONGEST) return validTo;
  throw awsFault('ValidationException', 'ValidTo must be in the future, and within 365 days.');
}

/** Throws unless the material is what the caller says it is: new to the key, or one that belongs to it. */
function requireExpected(
  { ref, value }: Importing,
  materials: readonly MaterialDocument[],
  id: string,
  { ImportType: type, KeyMaterialId: named, KeyMaterialDescription: description }: ImportInput,
): void {
  const isKnown = materials.some((one) => one.id === id);
  if (!canRotate(value.spec) && (type ?? named ?? description) !== undefined) {
    throw awsFault(
      'ValidationException',
      'ImportType, KeyMaterialId and KeyMaterialDescription are valid only for symmetric encryption KMS keys.',
    );
  }
  const isNew = (type ?? (materials.length === 0 ? 'NEW_KEY_MATERIAL' : undefined)) === 'NEW_KEY_MATERIAL';
  if (!isNew) {
    if (isKnown && (named ?? id) === id) return;
    throw awsFault('IncorrectKeyMaterialException', 'This is not the key material that was imported before.');
  }
  if (named !== undefined) {
    throw awsFault('ValidationException', 'KeyMaterialId cannot be specified for ImportType NEW_KEY_MATERIAL.');
  }
  if (isReplica(value)) throw notPrimary(ref);
  if (isKnown) throw awsFault('IncorrectKeyMaterialException', 'The key material belongs to the KMS key already.');
  if (materials.some((one) => one.pending)) {
    throw awsFault('KMSInvalidStateException', `${arnOf(ref)} has key material pending rotation.`);
  }
}
