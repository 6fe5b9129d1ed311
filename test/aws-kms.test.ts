/** Keys of AWS KMS through the vendor's client: made, described, used. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CreateKeyCommand, DecryptCommand, DescribeKeyCommand, EncryptCommand } from '@aws-sdk/client-kms';
import { kmsClient, kmsWorld, OWNER, outcomeOf, ownerAdmin, ownerNobody } from './aws-kms-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

const TEXT = Buffer.from('a word between us');

describe('keys', () => {
  let plane: TestPlane;
  before(async () => {
    plane = await startPlane({ world: kmsWorld() });
  });
  after(() => plane.stop());

  test('a key is made, described and used', async () => {
    const kms = kmsClient(plane, ownerAdmin);
    const { KeyMetadata: made } = await kms.send(new CreateKeyCommand({ Description: 'mine' }));
    assert.equal(made?.Arn, `arn:aws:kms:us-east-1:${OWNER}:key/${made?.KeyId}`);
    const { KeyMetadata: described } = await kms.send(new DescribeKeyCommand({ KeyId: made!.Arn }));
    assert.deepEqual(described, made);
    const { CiphertextBlob } = await kms.send(
      new EncryptCommand({ KeyId: made!.KeyId, Plaintext: TEXT, EncryptionContext: { for: 'you' } }),
    );
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { for: 'you' } }));
    assert.deepEqual(Buffer.from(opened.Plaintext!), TEXT);
    assert.equal(await outcomeOf(kms.send(new DecryptCommand({ CiphertextBlob }))), 'InvalidCiphertextException');
    assert.equal(
      await outcomeOf(
        kmsClient(plane, ownerNobody).send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { for: 'you' } })),
      ),
      'AccessDeniedException',
    );
  });
});
