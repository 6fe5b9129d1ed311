/** The materials that a key has had. */
import type {
  ListKeyRotationsCommandInput,
  ListKeyRotationsCommandOutput,
  RotationsListEntry,
} from '@aws-sdk/client-kms';
import type { Context } from '../../../context.ts';
import { type Allowed, operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { KmsKey } from './access.ts';
import { allowOwnKey } from './address.ts';
import { canRotate } from './crypto/specs.ts';
import type { KmsKeyDocument, MaterialDocument } from './documents.ts';
import { pageOf, readPaging, showEnd } from './listing.ts';
import { listMaterials } from './material.ts';
import { showExpiry } from './metadata.ts';
import { stateOfMaterial } from './pending.ts';
import { recordKey } from './use.ts';

const SIZES = { size: 100, most: 1000 };

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyRotations.html */
export const listKeyRotations = operation(
  'kms.ListKeyRotations',
  async (cx, input: Input<ListKeyRotationsCommandInput>): Promise<Output<ListKeyRotationsCommandOutput>> => {
    const key = await allowOwnKey(cx, KmsKey.listKeyRotations, input.KeyId);
    const arn = arnOf(key.ref);
    const { spec } = key.value;
    if (!canRotate(spec)) {
      throw awsFault(
        'UnsupportedOperationException',
        `${arn} key spec is ${spec} which is not valid for this operation.`,
      );
    }
    const isAll = input.IncludeKeyMaterial === 'ALL_KEY_MATERIAL';
    const list = `kms.ListKeyRotations ${isAll} ${arn}`;
    const page = readPaging(cx, list, input, SIZES);
    const materials = (await listMaterials(cx, key)).filter(({ rotatedBy }) => isAll || rotatedBy !== undefined);
    const { items, next } = pageOf(materials, positionOf, page);
    const rotations: RotationsListEntry[] = [];
    for (const material of items) rotations.push(await showMaterial(cx, key, material));
    return { Rotations: rotations, ...showEnd(cx, list, next) };
  },
  { recorded: recordKey },
);

/** By age. */
const positionOf = ({ since, id }: MaterialDocument): string => `${String(since).padStart(16, '0')}/${id}`;

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_RotationsListEntry.html */
async function showMaterial(
  cx: Context,
  key: Allowed<KmsKeyDocument>,
  material: MaterialDocument,
): Promise<RotationsListEntry> {
  const { id, since, rotatedBy } = material;
  return {
    KeyId: key.value.id,
    KeyMaterialId: id,
    KeyMaterialState: await stateOfMaterial(cx, key, material),
    ...(rotatedBy === undefined ? {} : { RotationDate: new Date(since), RotationType: rotatedBy }),
    ...(key.value.origin === 'EXTERNAL' ? showImport(material) : {}),
  };
}

function showImport({
  material,
  imported: { description, validTo } = {},
}: MaterialDocument): Partial<RotationsListEntry> {
  return {
    ImportState: material === undefined ? 'PENDING_IMPORT' : 'IMPORTED',
    ...(description === undefined ? {} : { KeyMaterialDescription: description }),
    ...(material === undefined ? {} : showExpiry(validTo)),
  };
}
