/** Rotation of KMS keys: on a schedule, on demand; what was encrypted before is decrypted after. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListKeyRotationsCommand,
  PutKeyPolicyCommand,
  paginateListKeyRotations,
  RotateKeyOnDemandCommand,
  type RotationsListEntry,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import {
  borrowerAdmin,
  errorOf,
  kmsClient,
  kmsWorld,
  OWNER,
  outcomeOf,
  ownerAdmin,
  ownerNobody,
  ownerOther,
  policy,
} from './aws-kms-world.ts';
import { eventually, startPlane, type TestPlane } from './plane.ts';

const DAY = 24 * 3600_000;
const TEXT = Buffer.from('older than the key');

let plane: TestPlane;
let kms: KMSClient;
before(async () => {
  const world = kmsWorld([
    {
      Effect: 'Allow',
      Action: 'kms:EnableKeyRotation',
      Resource: '*',
      Condition: { NumericLessThanEquals: { 'kms:RotationPeriodInDays': '180' } },
    },
  ]);
  plane = await startPlane({ world });
  kms = kmsClient(plane, ownerAdmin);
});
after(() => plane.stop());

async function make(input: CreateKeyCommandInput = {}): Promise<string> {
  return (await kms.send(new CreateKeyCommand(input))).KeyMetadata!.KeyId!;
}

async function encrypt(KeyId: string): Promise<Uint8Array> {
  return (await kms.send(new EncryptCommand({ KeyId, Plaintext: TEXT }))).CiphertextBlob!;
}

const status = (KeyId: string) => kms.send(new GetKeyRotationStatusCommand({ KeyId }));
const enable = (KeyId: string, RotationPeriodInDays?: number) =>
  kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays }));
const rotate = (KeyId: string) => kms.send(new RotateKeyOnDemandCommand({ KeyId }));

async function rotations(KeyId: string, all = false): Promise<readonly RotationsListEntry[]> {
  const { Rotations } = await kms.send(
    new ListKeyRotationsCommand({ KeyId, ...(all ? { IncludeKeyMaterial: 'ALL_KEY_MATERIAL' } : {}) }),
  );
  return Rotations!;
}

describe('rotation on demand', () => {
  test('leaves a key that decrypts what it encrypted before', async () => {
    const KeyId = await make();
    const before = await encrypt(KeyId);
    const first = (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!.CurrentKeyMaterialId!;
    assert.equal((await rotate(KeyId)).KeyId, KeyId);
    const current = (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!.CurrentKeyMaterialId!;
    assert.notEqual(current, first);
    const [old, young] = [
      await kms.send(new DecryptCommand({ CiphertextBlob: before })),
      await kms.send(new DecryptCommand({ CiphertextBlob: await encrypt(KeyId) })),
    ];
    assert.deepEqual([old.KeyMaterialId, young.KeyMaterialId], [first, current]);
    assert.deepEqual(
      [old, young].map(({ Plaintext }) => Buffer.from(Plaintext!)),
      [TEXT, TEXT],
    );

    const [made] = await rotations(KeyId);
    assert.ok(made?.RotationDate instanceof Date);
    assert.deepEqual(await rotations(KeyId), [
      {
        KeyId,
        KeyMaterialId: current,
        KeyMaterialState: 'CURRENT',
        RotationType: 'ON_DEMAND',
        RotationDate: made.RotationDate,
      },
    ]);
    const [oldest] = await rotations(KeyId, true);
    assert.deepEqual(oldest, { KeyId, KeyMaterialId: first, KeyMaterialState: 'NON_CURRENT' });
  });

  test('is for those who may', async () => {
    const KeyId = await make();
    const nobody = kmsClient(plane, ownerNobody);
    for (const command of [new RotateKeyOnDemandCommand({ KeyId }), new ListKeyRotationsCommand({ KeyId })]) {
      assert.equal(await outcomeOf(nobody.send(command as RotateKeyOnDemandCommand)), 'AccessDeniedException');
    }
    const { Arn } = (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!;
    const stranger = kmsClient(plane, borrowerAdmin);
    assert.equal(await outcomeOf(stranger.send(new RotateKeyOnDemandCommand({ KeyId: Arn }))), 'AccessDeniedException');
  });

  test('happens twenty-five times', async () => {
    const KeyId = await make();
    for (let n = 0; n < 25; n += 1) await rotate(KeyId);
    assert.equal(await outcomeOf(rotate(KeyId)), 'LimitExceededException');
    const pages: number[] = [];
    const seen = new Set<string>();
    for await (const { Rotations } of paginateListKeyRotations({ client: kms, pageSize: 10 }, { KeyId })) {
      pages.push(Rotations!.length);
      for (const { KeyMaterialId } of Rotations!) seen.add(KeyMaterialId!);
    }
    assert.deepEqual(pages, [10, 10, 5]);
    assert.equal(seen.size, 25);
    const { NextMarker } = await kms.send(new ListKeyRotationsCommand({ KeyId, Limit: 3 }));
    const all = new ListKeyRotationsCommand({ KeyId, Marker: NextMarker!, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
    assert.equal(await outcomeOf(kms.send(all)), 'InvalidMarkerException');
  });

  test('is not for keys that are off, nor for pairs and HMAC keys', async () => {
    const off = await make();
    await kms.send(new DisableKeyCommand({ KeyId: off }));
    assert.equal(await outcomeOf(rotate(off)), 'DisabledException');
    for (const input of [
      { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
      { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
    ] as const) {
      const KeyId = await make(input);
      assert.equal(await outcomeOf(rotate(KeyId)), 'UnsupportedOperationException');
      assert.equal(await outcomeOf(enable(KeyId)), 'UnsupportedOperationException');
      assert.equal(await outcomeOf(rotations(KeyId)), 'UnsupportedOperationException');
      const { KeyRotationEnabled } = await status(KeyId);
      assert.equal(KeyRotationEnabled, false);
    }
  });

  test('waits for imported material', async () => {
    const KeyId = await make({ Origin: 'EXTERNAL' });
    assert.equal((await errorOf(enable(KeyId))).name, 'UnsupportedOperationException');
    assert.match((await errorOf(status(KeyId))).message, /origin is EXTERNAL which is not valid for this operation\.$/);
    assert.equal(await outcomeOf(rotate(KeyId)), 'KMSInvalidStateException');
  });
});

describe('rotation on a schedule', () => {
  test('is a matter of conditions, and of sensible periods', async () => {
    const KeyId = await make();
    const other = kmsClient(plane, ownerOther);
    const asked = (RotationPeriodInDays: number) =>
      outcomeOf(other.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays })));
    assert.equal(await asked(180), 'done');
    assert.equal(await asked(181), 'AccessDeniedException');
    assert.equal(await outcomeOf(enable(KeyId, 89)), 'ValidationException');
    assert.equal(await outcomeOf(enable(KeyId, 2561)), 'ValidationException');
    assert.equal((await status(KeyId)).RotationPeriodInDays, 180);
    assert.equal(await outcomeOf(other.send(new DisableKeyRotationCommand({ KeyId }))), 'AccessDeniedException');
    await kms.send(new DisableKeyRotationCommand({ KeyId }));
    assert.equal((await status(KeyId)).KeyRotationEnabled, false);
  });

  test('happens when it is due, again and again, until it is switched off', async () => {
    const [KeyId, still] = [await make(), await make()];
    const before = await encrypt(KeyId);
    await enable(KeyId);
    await enable(still, 90);
    const { NextRotationDate: first, RotationPeriodInDays } = await status(KeyId);
    assert.equal(RotationPeriodInDays, 365);
    await kms.send(new DisableKeyRotationCommand({ KeyId: still }));

    await plane.advance(364 * DAY);
    assert.deepEqual(await rotations(KeyId), []);
    await plane.advance(1 * DAY);
    const [made] = await eventually('the key is rotated', async () => {
      const list = await rotations(KeyId);
      return list.length > 0 && list;
    });
    assert.equal(made!.RotationType, 'AUTOMATIC');
    assert.equal((await status(KeyId)).NextRotationDate!.getTime(), first!.getTime() + 365 * DAY);
    assert.equal((await kms.send(new DecryptCommand({ CiphertextBlob: before }))).KeyId?.endsWith(KeyId), true);

    await plane.advance(365 * DAY);
    await eventually('the key is rotated again', async () => (await rotations(KeyId)).length === 2);
    assert.deepEqual(await rotations(still), []);
  });

  test('is not done by hand shortly before', async () => {
    const KeyId = await make();
    await enable(KeyId, 90);
    await plane.advance(90 * DAY - 19 * 60_000);
    assert.equal(await outcomeOf(rotate(KeyId)), 'ConflictException');
  });

  test('rests while the key is off, and catches up', async () => {
    const [KeyId, on] = [await make(), await make()];
    await enable(KeyId, 90);
    await enable(on, 91);
    await kms.send(new DisableKeyCommand({ KeyId }));
    assert.equal(await outcomeOf(enable(KeyId, 100)), 'DisabledException');
    await plane.advance(100 * DAY);
    await eventually('a key whose timer ran out later is rotated', async () => (await rotations(on)).length === 1);
    assert.equal((await status(KeyId)).KeyRotationEnabled, true);
    assert.deepEqual(await rotations(KeyId), []);
    await kms.send(new EnableKeyCommand({ KeyId }));
    await eventually('the key is rotated', async () => (await rotations(KeyId)).length === 1);
  });

  test('is not a matter of key policies', async () => {
    const KeyId = await make();
    await enable(KeyId, 90);
    const Policy = policy(
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${OWNER}:root` }, Action: 'kms:*', Resource: '*' },
      { Effect: 'Deny', Principal: '*', NotAction: ['kms:PutKeyPolicy', 'kms:ListKeyRotations'], Resource: '*' },
    );
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    assert.equal(await outcomeOf(rotate(KeyId)), 'AccessDeniedException');
    await plane.advance(90 * DAY);
    await eventually('the key is rotated', async () => (await rotations(KeyId)).length === 1);
  });

  test('is said to be off while the key is about to go', async () => {
    const KeyId = await make();
    await enable(KeyId, 90);
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    assert.equal((await status(KeyId)).KeyRotationEnabled, false);
    assert.equal(await outcomeOf(rotate(KeyId)), 'KMSInvalidStateException');
    await kms.send(new CancelKeyDeletionCommand({ KeyId }));
    assert.equal((await status(KeyId)).KeyRotationEnabled, true);
  });
});
