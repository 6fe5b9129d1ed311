/** A key of one account used by another: both sides must allow, and a stranger learns nothing of what there is. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  type KMSClient,
  PutKeyPolicyCommand,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import {
  BORROWER,
  borrowerAdmin,
  borrowerNobody,
  borrowerRoot,
  errorOf,
  everything,
  kmsClient,
  kmsWorld,
  OWNER,
  outcomeOf,
  ownerAdmin,
  ownerNobody,
  ownerRoot,
  policy,
  userArn,
} from './aws-kms-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

const TEXT = Buffer.from('lent');
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });
const own = { ...everything, Principal: root(OWNER), Resource: '*' };
const USE = ['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey', 'kms:ReEncrypt*'];
const lend = (more: object = {}) => ({
  Effect: 'Allow',
  Principal: root(BORROWER),
  Action: USE,
  Resource: '*',
  ...more,
});

describe('keys across accounts', () => {
  let plane: TestPlane;
  let owner: KMSClient;
  let borrower: KMSClient;
  before(async () => {
    plane = await startPlane({ world: kmsWorld() });
    owner = kmsClient(plane, ownerAdmin);
    borrower = kmsClient(plane, borrowerAdmin);
  });
  after(() => plane.stop());

  const makeKey = async (...statements: object[]): Promise<string> => {
    const { KeyMetadata } = await owner.send(new CreateKeyCommand({ Policy: policy(own, ...statements) }));
    return KeyMetadata!.Arn!;
  };
  const encrypt = (kms: KMSClient, KeyId: string, EncryptionContext?: Record<string, string>) =>
    kms.send(new EncryptCommand({ KeyId, Plaintext: TEXT, ...(EncryptionContext ? { EncryptionContext } : {}) }));

  test('both halves are needed', async () => {
    const lent = await makeKey(lend());
    const { CiphertextBlob } = await encrypt(borrower, lent);
    const { Plaintext, KeyId } = await owner.send(new DecryptCommand({ CiphertextBlob }));
    assert.deepEqual([Buffer.from(Plaintext!), KeyId], [TEXT, lent]);

    const notLent = await makeKey();
    assert.equal((await errorOf(encrypt(borrower, notLent))).name, 'AccessDeniedException');
    const withoutIdentity = await errorOf(encrypt(kmsClient(plane, borrowerNobody), lent));
    assert.deepEqual(withoutIdentity, {
      name: 'AccessDeniedException',
      message: `User: ${userArn(BORROWER, 'nobody')} is not authorized to perform: kms:Encrypt on resource: ${lent} because no identity-based policy allows the kms:Encrypt action`,
    });
    assert.equal(await outcomeOf(encrypt(kmsClient(plane, borrowerRoot), lent)), 'done');
    assert.equal(await outcomeOf(encrypt(kmsClient(plane, borrowerRoot), notLent)), 'AccessDeniedException');
  });

  test('naming the foreign user in the key policy does not replace his identity policy', async () => {
    const lent = await makeKey(lend({ Principal: { AWS: userArn(BORROWER, 'nobody') } }));
    assert.equal(await outcomeOf(encrypt(kmsClient(plane, borrowerNobody), lent)), 'AccessDeniedException');
    const toAdmin = await makeKey(lend({ Principal: { AWS: userArn(BORROWER, 'admin') } }));
    assert.equal(await outcomeOf(encrypt(borrower, toAdmin)), 'done');
    assert.equal(await outcomeOf(encrypt(borrower, lent)), 'AccessDeniedException');
  });

  test('naming a user of its own account is enough, delegating to the account is not', async () => {
    const named = await makeKey({ ...own, Principal: { AWS: userArn(OWNER, 'nobody') }, Action: 'kms:Encrypt' });
    assert.equal(await outcomeOf(encrypt(kmsClient(plane, ownerNobody), named)), 'done');
    const delegated = await makeKey();
    assert.equal(await outcomeOf(encrypt(kmsClient(plane, ownerNobody), delegated)), 'AccessDeniedException');
    assert.equal(await outcomeOf(encrypt(owner, delegated)), 'done');
  });

  test('without a statement for the account, neither its policies nor its root user count', async () => {
    const { KeyMetadata } = await owner.send(
      new CreateKeyCommand({
        Policy: policy({ ...everything, Principal: { AWS: userArn(OWNER, 'nobody') } }),
        BypassPolicyLockoutSafetyCheck: true,
      }),
    );
    const key = KeyMetadata!.Arn!;
    assert.equal(await outcomeOf(encrypt(owner, key)), 'AccessDeniedException');
    assert.equal(await outcomeOf(encrypt(kmsClient(plane, ownerRoot), key)), 'AccessDeniedException');
    assert.equal(await outcomeOf(encrypt(kmsClient(plane, ownerNobody), key)), 'done');
  });

  test('conditions of the key policy bind the borrower', async () => {
    const lent = await makeKey(
      lend({ Condition: { StringEquals: { 'kms:EncryptionContext:team': 'red', 'kms:CallerAccount': BORROWER } } }),
    );
    assert.equal(await outcomeOf(encrypt(borrower, lent, { team: 'red' })), 'done');
    assert.equal(await outcomeOf(encrypt(borrower, lent, { team: 'blue' })), 'AccessDeniedException');
    assert.equal(await outcomeOf(encrypt(borrower, lent)), 'AccessDeniedException');
    const byKeys = await makeKey(
      lend({ Condition: { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['team', 'stage'] } } }),
    );
    assert.equal(await outcomeOf(encrypt(borrower, byKeys, { team: 'red', stage: 'test' })), 'done');
    assert.equal(await outcomeOf(encrypt(borrower, byKeys, { team: 'red', other: '1' })), 'AccessDeniedException');
  });

  test('a deny in the key policy wins over everything', async () => {
    const denied = { ...own, Effect: 'Deny', Action: 'kms:Encrypt' };
    const key = await makeKey({ ...denied, Principal: { AWS: userArn(OWNER, 'admin') } });
    assert.equal(await outcomeOf(encrypt(owner, key)), 'AccessDeniedException');
    assert.equal(await outcomeOf(encrypt(kmsClient(plane, ownerRoot), key)), 'done');
  });

  test('a policy that is replaced counts with the next call', async () => {
    const key = await makeKey(lend());
    assert.equal(await outcomeOf(encrypt(borrower, key)), 'done');
    await owner.send(new PutKeyPolicyCommand({ KeyId: key, Policy: policy(own) }));
    assert.equal(await outcomeOf(encrypt(borrower, key)), 'AccessDeniedException');
  });

  test('absent and forbidden keys and aliases read the same from outside', async () => {
    const forbidden = await makeKey();
    const alias = `alias/${randomUUID()}`;
    await owner.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: forbidden }));
    const absent = `arn:aws:kms:us-east-1:${OWNER}:key/${randomUUID()}`;
    const aliases = (name: string) => `arn:aws:kms:us-east-1:${OWNER}:${name}`;
    const words = {
      name: 'AccessDeniedException',
      message: `User: ${userArn(BORROWER, 'admin')} is not authorized to perform: kms:DescribeKey on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
    };
    const describeAs = (kms: KMSClient, KeyId: string) => errorOf(kms.send(new DescribeKeyCommand({ KeyId })));
    for (const name of [forbidden, absent, aliases(alias), aliases(`alias/${randomUUID()}`)]) {
      assert.deepEqual(await describeAs(borrower, name), words);
    }
    const unknown = aliases(`alias/${randomUUID()}`);
    const nobody = kmsClient(plane, borrowerNobody);
    const blank = (message: string) => message.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');
    const [there, not] = [await describeAs(nobody, aliases(alias)), await describeAs(nobody, unknown)];
    assert.equal(blank(there.message), blank(not.message));
    assert.deepEqual(await describeAs(nobody, unknown), not);
  });

  test('of its own account, who may use a key learns that it is not there', async () => {
    const absent = `arn:aws:kms:us-east-1:${OWNER}:key/${randomUUID()}`;
    const describeAs = (kms: KMSClient) => errorOf(kms.send(new DescribeKeyCommand({ KeyId: absent })));
    assert.deepEqual(await describeAs(owner), { name: 'NotFoundException', message: `Key '${absent}' does not exist` });
    assert.equal((await describeAs(kmsClient(plane, ownerNobody))).name, 'AccessDeniedException');
  });

  test('operations that know no other account refuse it whatever policies say', async () => {
    const key = await makeKey(lend({ Action: 'kms:*' }));
    const disable = (KeyId: string) => errorOf(borrower.send(new DisableKeyCommand({ KeyId })));
    const refused = await disable(key);
    assert.equal(refused.name, 'AccessDeniedException');
    assert.deepEqual(await disable(`arn:aws:kms:us-east-1:${OWNER}:key/${randomUUID()}`), refused);
    assert.equal(await outcomeOf(owner.send(new DisableKeyCommand({ KeyId: key }))), 'done');
  });

  test('re-encryption asks for both keys', async () => {
    const lent = await makeKey(lend());
    const { CiphertextBlob } = await encrypt(owner, lent);
    const { KeyMetadata: mine } = await borrower.send(new CreateKeyCommand({}));
    const bring = (kms: KMSClient, DestinationKeyId: string) =>
      kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId }));
    const moved = await bring(borrower, mine!.Arn!);
    assert.deepEqual([moved.SourceKeyId, moved.KeyId], [lent, mine!.Arn]);
    const { Plaintext } = await borrower.send(new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob }));
    assert.deepEqual(Buffer.from(Plaintext!), TEXT);

    assert.equal(await outcomeOf(bring(owner, mine!.Arn!)), 'AccessDeniedException', 'not its key to encrypt to');
    const onlyFrom = await makeKey(lend({ Action: 'kms:ReEncryptFrom' }));
    assert.equal(await outcomeOf(bring(borrower, onlyFrom)), 'AccessDeniedException');
    const onlyTo = await makeKey(lend({ Action: 'kms:ReEncryptTo' }));
    assert.equal(await outcomeOf(bring(borrower, onlyTo)), 'done');
    const from = (await encrypt(owner, onlyTo)).CiphertextBlob;
    const back = new ReEncryptCommand({ CiphertextBlob: from, DestinationKeyId: mine!.Arn! });
    assert.equal(await outcomeOf(borrower.send(back)), 'AccessDeniedException');
  });
});
