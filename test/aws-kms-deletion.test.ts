/** How a key goes, and that nothing else makes it go. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  type KMSClient,
  ListAliasesCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
} from '@aws-sdk/client-kms';
import { errorOf, kmsClient, kmsWorld, OWNER, outcomeOf, ownerAdmin } from './aws-kms-world.ts';
import { eventually, startPlane, type TestPlane } from './plane.ts';

const TEXT = Buffer.from('kept');
const DAY = 24 * 3600_000;

describe('deletion', () => {
  let plane: TestPlane;
  let kms: KMSClient;
  before(async () => {
    plane = await startPlane({ world: kmsWorld() });
    kms = kmsClient(plane, ownerAdmin);
  });
  after(() => plane.stop());

  const makeKey = async (): Promise<string> => (await kms.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!;
  const describeKey = async (KeyId: string) => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!;
  const encrypt = (KeyId: string) => kms.send(new EncryptCommand({ KeyId, Plaintext: TEXT }));
  /** The client's clock goes with the plane's: signatures are good for minutes. */
  const advance = async (days: number): Promise<void> => {
    await plane.advance(days * DAY);
  };

  test('a deletion is announced, can be taken back, and happens when its day has come', async () => {
    const key = await makeKey();
    const alias = 'alias/leaving';
    await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: key }));
    const window = (PendingWindowInDays: number) =>
      kms.send(new ScheduleKeyDeletionCommand({ KeyId: key, PendingWindowInDays }));
    assert.equal((await errorOf(window(6))).name, 'ValidationException');
    assert.equal((await errorOf(window(31))).name, 'ValidationException');
    const notYet = { name: 'KMSInvalidStateException', message: `${key} is not pending deletion.` };
    assert.deepEqual(await errorOf(kms.send(new CancelKeyDeletionCommand({ KeyId: key }))), notYet);

    const scheduled = await window(7);
    assert.equal(scheduled.KeyState, 'PendingDeletion');
    const pending = { name: 'KMSInvalidStateException', message: `${key} is pending deletion.` };
    assert.deepEqual(await errorOf(encrypt(key)), pending);
    assert.deepEqual(await errorOf(kms.send(new EnableKeyCommand({ KeyId: key }))), pending);
    assert.deepEqual(await errorOf(window(7)), pending);
    const tag = { KeyId: key, Tags: [{ TagKey: 'a', TagValue: 'b' }] };
    assert.deepEqual(await errorOf(kms.send(new TagResourceCommand(tag))), pending);
    const { DeletionDate } = await describeKey(key);
    assert.deepEqual(DeletionDate, scheduled.DeletionDate);
    await kms.send(new CancelKeyDeletionCommand({ KeyId: key }));
    assert.equal((await describeKey(key)).KeyState, 'Disabled');
    await advance(8);
    assert.equal((await describeKey(key)).KeyState, 'Disabled', 'it was taken back');

    await window(7);
    await advance(7);
    await eventually('the key is gone', async () => (await outcomeOf(describeKey(key))) === 'NotFoundException');
    const gone = await errorOf(kms.send(new DescribeKeyCommand({ KeyId: alias })));
    assert.equal(gone.message, `Alias arn:aws:kms:us-east-1:${OWNER}:${alias} is not found.`);
    const { Aliases } = await kms.send(new ListAliasesCommand({}));
    assert.deepEqual(
      Aliases?.filter(({ AliasName }) => AliasName === alias),
      [],
    );
    assert.equal(plane.log(), '');
  });
});

test('a key that was made and used outlives a crash', async () => {
  const first = await startPlane({ world: kmsWorld() });
  const kms = kmsClient(first, ownerAdmin);
  const { KeyMetadata: made } = await kms.send(new CreateKeyCommand({ Tags: [{ TagKey: 'a', TagValue: 'b' }] }));
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/kept', TargetKeyId: made!.Arn }));
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'alias/kept', Plaintext: TEXT }));
  await first.kill();
  const second = await startPlane({ home: first.home });
  try {
    const again = kmsClient(second, ownerAdmin);
    const { Plaintext, KeyId } = await again.send(new DecryptCommand({ CiphertextBlob }));
    assert.deepEqual([Buffer.from(Plaintext!), KeyId], [TEXT, made!.Arn]);
    const { KeyMetadata } = await again.send(new DescribeKeyCommand({ KeyId: 'alias/kept' }));
    assert.deepEqual(KeyMetadata, made);
  } finally {
    await second.stop();
  }
});
