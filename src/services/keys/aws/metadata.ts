/** A key as the API describes it. https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html */
import type { KeyMetadata, MultiRegionConfiguration } from '@aws-sdk/client-kms';
import type { Context } from '../../../context.ts';
import type { Allowed } from '../../../operation.ts';
import { arnOf, type ResourceRef } from '../../../policy/names.ts';
import { KmsKey } from './access.ts';
import { algorithmsOf, type KeyUsage } from './crypto/specs.ts';
import { type KmsKeyDocument, keyMaterials, keyRef } from './documents.ts';

/** What lists of algorithms are called, by what the key is for. */
const ALGORITHMS = {
  ENCRYPT_DECRYPT: 'EncryptionAlgorithms',
  SIGN_VERIFY: 'SigningAlgorithms',
  GENERATE_VERIFY_MAC: 'MacAlgorithms',
  KEY_AGREEMENT: 'KeyAgreementAlgorithms',
} as const satisfies Record<KeyUsage, keyof KeyMetadata>;

/** The metadata of a key of which nobody knows yet: no replicas, nothing imported. */
export function newMetadata(ref: ResourceRef, key: KmsKeyDocument): KeyMetadata {
  return metadataOf(ref, key, key.primaryRegion === undefined ? [] : [ref]);
}

export async function readMetadata(
  cx: Context,
  allowed: Allowed<KmsKeyDocument>,
  key: KmsKeyDocument = allowed.value,
): Promise<KeyMetadata> {
  const { ref } = allowed;
  const related = key.primaryRegion === undefined ? [] : await cx.locate(KmsKey.type, 'related', key.id);
  const regions = related.map((one) => one.ref).filter(({ account }) => account === ref.account);
  const metadata = metadataOf(ref, key, regions);
  if (key.origin !== 'EXTERNAL' || key.material === undefined) return metadata;
  const current = (await cx.part(allowed, keyMaterials, key.material))?.value;
  return current?.material === undefined ? metadata : { ...metadata, ...showExpiry(current.imported?.validTo) };
}

/** How long imported material stays, as the API says it of keys and of their materials. */
export function showExpiry(validTo: number | undefined): Pick<KeyMetadata, 'ExpirationModel' | 'ValidTo'> {
  if (validTo === undefined) return { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' };
  return { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(validTo) };
}

/** The algorithms of a key, under the name that they have in descriptions of keys of its use. */
export function showAlgorithms({ spec, usage }: KmsKeyDocument): Partial<KeyMetadata> {
  return { [ALGORITHMS[usage]]: algorithmsOf(spec, usage) };
}

function metadataOf(ref: ResourceRef, key: KmsKeyDocument, related: readonly ResourceRef[]): KeyMetadata {
  const { deletion } = key;
  return {
    AWSAccountId: ref.account,
    KeyId: key.id,
    Arn: arnOf(ref),
    CreationDate: new Date(key.createdAt),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: key.state,
    Origin: key.origin,
    KeyManager: 'CUSTOMER',
    KeySpec: key.spec,
    CustomerMasterKeySpec: key.spec as NonNullable<KeyMetadata['CustomerMasterKeySpec']>,
    ...showAlgorithms(key),
    ...(key.spec === 'SYMMETRIC_DEFAULT' && key.material !== undefined ? { CurrentKeyMaterialId: key.material } : {}),
    ...(deletion?.at === undefined ? {} : { DeletionDate: new Date(deletion.at) }),
    ...(key.state === 'PendingReplicaDeletion' && deletion ? { PendingDeletionWindowInDays: deletion.days } : {}),
    MultiRegion: key.primaryRegion !== undefined,
    ...(key.primaryRegion === undefined
      ? {}
      : { MultiRegionConfiguration: configurationOf(ref, key.primaryRegion, related) }),
  };
}

function configurationOf(
  { account, location, id }: ResourceRef,
  primary: string,
  related: readonly ResourceRef[],
): MultiRegionConfiguration {
  const member = (region: string) => ({ Arn: arnOf(keyRef(account, region, id)), Region: region });
  const replicas = related.map((ref) => ref.location).filter((region) => region !== primary);
  return {
    MultiRegionKeyType: location === primary ? 'PRIMARY' : 'REPLICA',
    PrimaryKey: member(primary),
    ReplicaKeys: replicas.map(member),
  };
}
