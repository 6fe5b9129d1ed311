/** Imported key material: gone, brought again, and rotated. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  EncryptCommand,
  type KMSClient,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { importMaterial, now } from './aws-kms-imports.ts';
import { kmsClient, kmsWorld, outcomeOf, ownerAdmin } from './aws-kms-world.ts';
import { eventually, startPlane, type TestPlane } from './plane.ts';

const HOUR = 3600_000;
const TEXT = Buffer.from('under a key of my own');

let plane: TestPlane;
let kms: KMSClient;

before(async () => {
  plane = await startPlane({ world: kmsWorld() });
  kms = kmsClient(plane, ownerAdmin);
});
after(() => plane.stop());

async function make(input: CreateKeyCommandInput = {}): Promise<string> {
  return (await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL', ...input }))).KeyMetadata!.KeyId!;
}

const describeKey = async (KeyId: string) => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!;
const stateOf = async (KeyId: string) => (await describeKey(KeyId)).KeyState;
const encrypt = (KeyId: string) => kms.send(new EncryptCommand({ KeyId, Plaintext: TEXT }));
const remove = (KeyId: string, KeyMaterialId?: string) =>
  kms.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId }));

/** What is known of each material: id, state, whether it is there. */
async function materials(KeyId: string) {
  const { Rotations } = await kms.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }));
  return Rotations!.map(({ KeyMaterialId, KeyMaterialState, ImportState }) => [
    KeyMaterialId,
    KeyMaterialState,
    ImportState,
  ]);
}

describe('material that goes', () => {
  test('goes when it is deleted, and only the same comes back', async () => {
    const KeyId = await make();
    const material = randomBytes(32);
    const { KeyMaterialId } = await importMaterial(kms, KeyId, material, { KeyMaterialDescription: 'from the safe' });
    const { CiphertextBlob } = await encrypt(KeyId);
    assert.equal((await remove(KeyId)).KeyMaterialId, KeyMaterialId);
    const described = await describeKey(KeyId);
    assert.deepEqual([described.KeyState, described.ExpirationModel], ['PendingImport', undefined]);
    assert.equal(await outcomeOf(kms.send(new DecryptCommand({ CiphertextBlob }))), 'KMSInvalidStateException');
    assert.deepEqual(await materials(KeyId), [[KeyMaterialId, 'CURRENT', 'PENDING_IMPORT']]);
    assert.equal(await outcomeOf(remove(KeyId)), 'done');
    assert.equal(await outcomeOf(importMaterial(kms, KeyId, randomBytes(32))), 'IncorrectKeyMaterialException');
    const wrong = { KeyMaterialId: 'b'.repeat(64) };
    assert.equal(await outcomeOf(importMaterial(kms, KeyId, material, wrong)), 'IncorrectKeyMaterialException');
    const again = await importMaterial(kms, KeyId, material);
    assert.equal(again.KeyMaterialId, KeyMaterialId);
    assert.deepEqual(Buffer.from((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext!), TEXT);
    const { Rotations } = await kms.send(
      new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
    );
    assert.equal(Rotations![0]?.KeyMaterialDescription, 'from the safe');
  });

  test('goes when its time is over', async () => {
    const KeyId = await make();
    const material = randomBytes(32);
    const ValidTo = new Date((await now(kms)) + 2 * HOUR);
    ValidTo.setMilliseconds(0);
    await importMaterial(kms, KeyId, material, { ValidTo });
    const { ExpirationModel, ValidTo: shown } = await describeKey(KeyId);
    assert.deepEqual([ExpirationModel, shown], ['KEY_MATERIAL_EXPIRES', ValidTo]);
    await plane.advance(2 * HOUR - 60_000);
    assert.equal(await stateOf(KeyId), 'Enabled');
    await plane.advance(61_000);
    await eventually('the material has expired', async () => (await stateOf(KeyId)) === 'PendingImport');
    await importMaterial(kms, KeyId, material);
    assert.equal(await stateOf(KeyId), 'Enabled');
  });

  test('stays when it is imported for longer', async () => {
    const [KeyId, witness] = [await make(), await make()];
    const material = randomBytes(32);
    const start = await now(kms);
    await importMaterial(kms, KeyId, material, { ValidTo: new Date(start + HOUR) });
    await importMaterial(kms, KeyId, material);
    await importMaterial(kms, witness, randomBytes(32), { ValidTo: new Date(start + HOUR + 1000) });
    await plane.advance(2 * HOUR);
    await eventually('other material has expired', async () => (await stateOf(witness)) === 'PendingImport');
    assert.equal(await stateOf(KeyId), 'Enabled');
  });

  test('leaves a key that was to go without what it needs', async () => {
    const KeyId = await make();
    await importMaterial(kms, KeyId, randomBytes(32));
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    assert.equal(await outcomeOf(importMaterial(kms, KeyId, randomBytes(32))), 'KMSInvalidStateException');
    await remove(KeyId);
    assert.equal(await stateOf(KeyId), 'PendingDeletion');
    await kms.send(new CancelKeyDeletionCommand({ KeyId }));
    assert.equal(await stateOf(KeyId), 'PendingImport');
  });
});

describe('new material for a key', () => {
  test('waits for a rotation, and both decrypt', async () => {
    const KeyId = await make();
    const [old, young] = [randomBytes(32), randomBytes(32)];
    const first = (await importMaterial(kms, KeyId, old)).KeyMaterialId;
    const before = (await encrypt(KeyId)).CiphertextBlob;
    assert.equal(await outcomeOf(kms.send(new RotateKeyOnDemandCommand({ KeyId }))), 'KMSInvalidStateException');
    const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const;
    const second = (await importMaterial(kms, KeyId, young, NEW)).KeyMaterialId;
    assert.deepEqual(await materials(KeyId), [
      [first, 'CURRENT', 'IMPORTED'],
      [second, 'PENDING_ROTATION', 'IMPORTED'],
    ]);
    assert.equal((await describeKey(KeyId)).CurrentKeyMaterialId, first);
    assert.equal(await outcomeOf(importMaterial(kms, KeyId, randomBytes(32), NEW)), 'KMSInvalidStateException');
    assert.equal(await outcomeOf(importMaterial(kms, KeyId, old, NEW)), 'IncorrectKeyMaterialException');
    await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
    assert.deepEqual(await materials(KeyId), [
      [first, 'NON_CURRENT', 'IMPORTED'],
      [second, 'CURRENT', 'IMPORTED'],
    ]);
    const after = (await encrypt(KeyId)).CiphertextBlob;
    const used: (string | undefined)[] = [];
    for (const CiphertextBlob of [before, after]) {
      used.push((await kms.send(new DecryptCommand({ CiphertextBlob }))).KeyMaterialId);
    }
    assert.deepEqual(used, [first, second]);

    // All that belongs to the key must be there for it to be used.
    await remove(KeyId, first);
    assert.equal(await outcomeOf(encrypt(KeyId)), 'KMSInvalidStateException');
    await remove(KeyId, second);
    await importMaterial(kms, KeyId, young);
    assert.equal(await stateOf(KeyId), 'PendingImport');
    await importMaterial(kms, KeyId, old, { KeyMaterialId: first });
    assert.equal(await stateOf(KeyId), 'Enabled');
  });

  test('can be taken back before the rotation', async () => {
    const KeyId = await make();
    const first = (await importMaterial(kms, KeyId, randomBytes(32))).KeyMaterialId;
    const second = (await importMaterial(kms, KeyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' }))
      .KeyMaterialId;
    await remove(KeyId, second);
    assert.deepEqual(await materials(KeyId), [[first, 'CURRENT', 'IMPORTED']]);
    assert.equal(await stateOf(KeyId), 'Enabled');
    assert.equal(await outcomeOf(remove(KeyId, second)), 'NotFoundException');
    assert.equal(
      await outcomeOf(importMaterial(kms, KeyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' })),
      'done',
    );
  });

  test('is for symmetric keys alone', async () => {
    const KeyId = await make({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    const material = randomBytes(32);
    const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const;
    assert.equal(await outcomeOf(importMaterial(kms, KeyId, material, NEW)), 'ValidationException');
    await importMaterial(kms, KeyId, material);
    assert.equal(await outcomeOf(importMaterial(kms, KeyId, randomBytes(32))), 'IncorrectKeyMaterialException');
    assert.equal(await outcomeOf(importMaterial(kms, KeyId, material)), 'done');
  });
});
