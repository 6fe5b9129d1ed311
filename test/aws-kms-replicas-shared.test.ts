/** Multi-Region keys: what the keys of one share, and how it follows the primary key. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListKeyRotationsCommand,
  ReplicateKeyCommand,
  type ReplicateKeyCommandInput,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import { importMaterial } from './aws-kms-imports.ts';
import { kmsClient, kmsWorld, OWNER, outcomeOf, ownerAdmin } from './aws-kms-world.ts';
import { eventually, startPlane, type TestPlane } from './plane.ts';

const DAY = 24 * 3600_000;
const TEXT = Buffer.from('the same everywhere');
const HOME = 'us-east-1';
const AWAY = 'eu-west-1';
const FAR = 'ap-southeast-2';

let plane: TestPlane;
/** The owner's administrator, in each Region. */
let at: (region: string) => KMSClient;

before(async () => {
  plane = await startPlane({ world: kmsWorld() });
  at = (region) => kmsClient(plane, ownerAdmin, region);
});
after(() => plane.stop());

async function make(input: CreateKeyCommandInput = {}): Promise<string> {
  const { KeyMetadata } = await at(HOME).send(new CreateKeyCommand({ MultiRegion: true, ...input }));
  return KeyMetadata!.KeyId!;
}

const replicate = (
  KeyId: string,
  ReplicaRegion: string,
  more: Partial<ReplicateKeyCommandInput> = {},
  kms = at(HOME),
) => kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion, ...more }));
const arn = (region: string, id: string): string => `arn:aws:kms:${region}:${OWNER}:key/${id}`;
const describeIn = async (region: string, KeyId: string) =>
  (await at(region).send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!;

async function encryptIn(region: string, KeyId: string): Promise<Uint8Array> {
  return (await at(region).send(new EncryptCommand({ KeyId, Plaintext: TEXT }))).CiphertextBlob!;
}

async function decryptIn(region: string, CiphertextBlob: Uint8Array): Promise<string | undefined> {
  const { Plaintext, KeyId } = await at(region).send(new DecryptCommand({ CiphertextBlob }));
  assert.deepEqual(Buffer.from(Plaintext!), TEXT);
  return KeyId;
}

describe('what related keys share', () => {
  test('is new material, on demand and on schedule', async () => {
    const KeyId = await make();
    const before = await encryptIn(HOME, KeyId);
    await at(HOME).send(new RotateKeyOnDemandCommand({ KeyId }));
    await replicate(KeyId, AWAY);
    assert.equal(await decryptIn(AWAY, before), arn(AWAY, KeyId));
    const early = await encryptIn(AWAY, KeyId);
    await at(HOME).send(new RotateKeyOnDemandCommand({ KeyId }));
    const [home, away] = [await describeIn(HOME, KeyId), await describeIn(AWAY, KeyId)];
    assert.equal(home.CurrentKeyMaterialId, away.CurrentKeyMaterialId);
    for (const blob of [before, early, await encryptIn(HOME, KeyId)]) await decryptIn(AWAY, blob);
    const rotationsIn = async (region: string) => {
      const { Rotations } = await at(region).send(new ListKeyRotationsCommand({ KeyId }));
      return Rotations!.map(({ KeyMaterialId, RotationType }) => `${RotationType} ${KeyMaterialId}`);
    };
    assert.equal((await rotationsIn(AWAY)).length, 2);
    assert.deepEqual(await rotationsIn(AWAY), await rotationsIn(HOME));
    assert.equal(
      await outcomeOf(at(AWAY).send(new RotateKeyOnDemandCommand({ KeyId }))),
      'UnsupportedOperationException',
    );

    await at(HOME).send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
    const statusIn = async (region: string) => {
      const { $metadata: _, ...status } = await at(region).send(new GetKeyRotationStatusCommand({ KeyId }));
      return status;
    };
    assert.equal((await statusIn(AWAY)).KeyRotationEnabled, true);
    assert.deepEqual(await statusIn(AWAY), await statusIn(HOME));
    await plane.advance(90 * DAY);
    await eventually('the replica is rotated', async () => (await rotationsIn(AWAY)).length === 3);
    assert.deepEqual(await rotationsIn(AWAY), await rotationsIn(HOME));
    assert.equal(await decryptIn(HOME, await encryptIn(AWAY, KeyId)), arn(HOME, KeyId));
    const off = new DisableKeyRotationCommand({ KeyId });
    assert.equal(await outcomeOf(at(AWAY).send(off)), 'UnsupportedOperationException');
    await at(HOME).send(off);
    assert.equal((await statusIn(AWAY)).KeyRotationEnabled, false);
  });

  test('is imported material that each must be given', async () => {
    const KeyId = await make({ Origin: 'EXTERNAL' });
    const [old, young] = [randomBytes(32), randomBytes(32)];
    await replicate(KeyId, AWAY);
    assert.equal(await outcomeOf(importMaterial(at(AWAY), KeyId, old)), 'UnsupportedOperationException');
    const first = (await importMaterial(at(HOME), KeyId, old)).KeyMaterialId;
    await replicate(KeyId, FAR);
    const statesIn = (...regions: string[]) =>
      Promise.all(regions.map(async (region) => (await describeIn(region, KeyId)).KeyState));
    assert.deepEqual(await statesIn(HOME, AWAY, FAR), ['Enabled', 'PendingImport', 'PendingImport']);
    assert.equal(await outcomeOf(importMaterial(at(AWAY), KeyId, young)), 'IncorrectKeyMaterialException');
    for (const region of [AWAY, FAR]) {
      assert.equal((await importMaterial(at(region), KeyId, old)).KeyMaterialId, first);
    }
    assert.deepEqual(await statesIn(HOME, AWAY, FAR), ['Enabled', 'Enabled', 'Enabled']);
    await decryptIn(FAR, await encryptIn(AWAY, KeyId));

    const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const;
    assert.equal(await outcomeOf(importMaterial(at(AWAY), KeyId, young, NEW)), 'UnsupportedOperationException');
    const second = (await importMaterial(at(HOME), KeyId, young, NEW)).KeyMaterialId;
    const pending = async () => {
      const all = new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
      const { Rotations } = await at(HOME).send(all);
      return Rotations!.find(({ KeyMaterialId }) => KeyMaterialId === second)?.KeyMaterialState;
    };
    const rotate = new RotateKeyOnDemandCommand({ KeyId });
    await importMaterial(at(AWAY), KeyId, young);
    assert.equal(await pending(), 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION');
    assert.equal(await outcomeOf(at(HOME).send(rotate)), 'KMSInvalidStateException');
    await importMaterial(at(FAR), KeyId, young);
    assert.equal(await pending(), 'PENDING_ROTATION');
    await at(HOME).send(rotate);
    assert.equal((await describeIn(FAR, KeyId)).CurrentKeyMaterialId, second);
    await decryptIn(FAR, await encryptIn(HOME, KeyId));
    await at(AWAY).send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    assert.deepEqual(await statesIn(HOME, AWAY, FAR), ['Enabled', 'PendingImport', 'Enabled']);
  });

  test('ends with new material that is taken back', async () => {
    const KeyId = await make({ Origin: 'EXTERNAL' });
    await importMaterial(at(HOME), KeyId, randomBytes(32));
    await replicate(KeyId, AWAY);
    const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const;
    const { KeyMaterialId } = await importMaterial(at(HOME), KeyId, randomBytes(32), NEW);
    const countIn = async (region: string) => {
      const all = new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
      return (await at(region).send(all)).Rotations!.length;
    };
    assert.deepEqual([await countIn(HOME), await countIn(AWAY)], [2, 2]);
    await at(HOME).send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId }));
    assert.deepEqual([await countIn(HOME), await countIn(AWAY)], [1, 1]);
  });
});
