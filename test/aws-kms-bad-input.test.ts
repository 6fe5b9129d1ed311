/** What KMS refuses, in the vendor's words where they are known. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DescribeKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateRandomCommand,
  type KMSClient,
  ListAliasesCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  TagResourceCommand,
} from '@aws-sdk/client-kms';
import {
  errorOf,
  everything,
  kmsClient,
  kmsWorld,
  OWNER,
  outcomeOf,
  ownerAdmin,
  policy,
  userArn,
} from './aws-kms-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

const TEXT = Buffer.from('input');

describe('bad input', () => {
  let plane: TestPlane;
  let kms: KMSClient;
  let key: string;
  let rsa: string;
  let blob: Uint8Array;
  before(async () => {
    plane = await startPlane({ world: kmsWorld() });
    kms = kmsClient(plane, ownerAdmin);
    key = await makeKey();
    rsa = await makeKey({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
    blob = (await kms.send(new EncryptCommand({ KeyId: key, Plaintext: TEXT }))).CiphertextBlob!;
  });
  after(() => plane.stop());

  const makeKey = async (input: CreateKeyCommandInput = {}): Promise<string> =>
    (await kms.send(new CreateKeyCommand(input))).KeyMetadata!.Arn!;
  const encrypt = (KeyId: string, more: object = {}) =>
    errorOf(kms.send(new EncryptCommand({ KeyId, Plaintext: TEXT, ...more })));
  const decrypt = async (CiphertextBlob: Uint8Array | undefined, more: object = {}) =>
    (await errorOf(kms.send(new DecryptCommand({ CiphertextBlob, ...more })))).name;

  test('names that mean no key', async () => {
    const absent = randomUUID();
    const arn = (text: string) => `arn:aws:kms:us-east-1:${OWNER}:${text}`;
    const refusals: [string, string, string][] = [
      ['nonsense', 'NotFoundException', "Invalid keyId 'nonsense'"],
      [absent, 'NotFoundException', `Key '${arn(`key/${absent}`)}' does not exist`],
      ['alias/none', 'NotFoundException', `Alias ${arn('alias/none')} is not found.`],
      [key.replace('us-east-1', 'eu-west-1'), 'NotFoundException', 'Invalid arn eu-west-1'],
      [
        key.replace('arn:aws:', 'arn:aws-cn:'),
        'InvalidArnException',
        `Invalid arn ${key.replace('arn:aws:', 'arn:aws-cn:')}`,
      ],
      [arn('key/short'), 'InvalidArnException', `Invalid arn ${arn('key/short')}`],
      [arn('other/thing'), 'InvalidArnException', `Invalid arn ${arn('other/thing')}`],
      [userArn(OWNER, 'admin'), 'InvalidArnException', `Invalid arn ${userArn(OWNER, 'admin')}`],
    ];
    for (const [KeyId, name, message] of refusals) {
      assert.deepEqual(await errorOf(kms.send(new DescribeKeyCommand({ KeyId }))), { name, message });
    }
    const enable = (KeyId: string) => errorOf(kms.send(new EnableKeyCommand({ KeyId })));
    assert.equal((await enable('alias/none')).message, "Invalid keyId 'alias/none'");
    assert.equal((await enable(arn('alias/none'))).name, 'InvalidArnException');
  });

  test('keys that cannot be made', async () => {
    const refused = async (input: CreateKeyCommandInput) => (await errorOf(kms.send(new CreateKeyCommand(input)))).name;
    const tag = (TagKey: string) => ({ TagKey, TagValue: 'x' });
    const refusals: [CreateKeyCommandInput, string][] = [
      [{ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' }, 'UnsupportedOperationException'],
      [{ KeySpec: 'RSA_2048' }, 'ValidationException'],
      [{ KeySpec: 'HMAC_256', KeyUsage: 'SIGN_VERIFY' }, 'ValidationException'],
      [{ KeySpec: 'SYMMETRIC_DEFAULT', CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' }, 'ValidationException'],
      [{ Origin: 'AWS_CLOUDHSM' }, 'UnsupportedOperationException'],
      [{ Origin: 'EXTERNAL_KEY_STORE' }, 'UnsupportedOperationException'],
      [{ Tags: [tag('aws:mine')] }, 'TagException'],
      [{ Tags: [tag('twice'), tag('twice')] }, 'TagException'],
      [{ Tags: Array.from({ length: 51 }, (_, n) => tag(`t${n}`)) }, 'LimitExceededException'],
      [{ Policy: '{' }, 'MalformedPolicyDocumentException'],
      [{ Policy: policy(everything) }, 'MalformedPolicyDocumentException'],
    ];
    for (const [input, name] of refusals) assert.equal(await refused(input), name, JSON.stringify(input));
  });

  test('keys of each kind are made', async () => {
    const specs: [NonNullable<CreateKeyCommandInput['KeySpec']>, NonNullable<CreateKeyCommandInput['KeyUsage']>][] = [
      ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'],
      ['HMAC_224', 'GENERATE_VERIFY_MAC'],
      ['HMAC_512', 'GENERATE_VERIFY_MAC'],
      ['RSA_2048', 'SIGN_VERIFY'],
      ['ECC_NIST_P256', 'KEY_AGREEMENT'],
      ['ECC_NIST_P521', 'SIGN_VERIFY'],
      ['ECC_SECG_P256K1', 'SIGN_VERIFY'],
      ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY'],
      ['ML_DSA_65', 'SIGN_VERIFY'],
    ];
    for (const [KeySpec, KeyUsage] of specs) {
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage }));
      assert.deepEqual([KeyMetadata?.KeySpec, KeyMetadata?.KeyUsage], [KeySpec, KeyUsage]);
    }
  });

  test('policies with principals that there are not', async () => {
    const put = (Policy: string) => errorOf(kms.send(new PutKeyPolicyCommand({ KeyId: key, Policy })));
    const own = { ...everything, Principal: { AWS: `arn:aws:iam::${OWNER}:root` } };
    const missing = { ...everything, Principal: { AWS: userArn(OWNER, 'missing') } };
    assert.deepEqual(await put(policy(own, missing)), {
      name: 'MalformedPolicyDocumentException',
      message: 'Policy contains a statement with one or more invalid principals.',
    });
    const large = { ...own, Condition: { StringEquals: { 'aws:UserAgent': 'x'.repeat(33_000) } } };
    assert.equal((await put(policy(large))).name, 'LimitExceededException');
    assert.equal(await outcomeOf(kms.send(new EncryptCommand({ KeyId: key, Plaintext: TEXT }))), 'done');
  });

  test('plaintexts and ways of encrypting that a key does not know', async () => {
    const mac = await makeKey({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    assert.deepEqual(await encrypt(mac), {
      name: 'InvalidKeyUsageException',
      message: `${mac} key usage is GENERATE_VERIFY_MAC which is not valid for Encrypt.`,
    });
    assert.equal((await encrypt(rsa)).name, 'InvalidKeyUsageException');
    assert.equal((await encrypt(key, { EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' })).name, 'InvalidKeyUsageException');
    const oaep = { EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' as const };
    assert.equal((await encrypt(rsa, { ...oaep, Plaintext: Buffer.alloc(191) })).name, 'ValidationException');
    assert.equal((await encrypt(rsa, { ...oaep, EncryptionContext: { a: 'b' } })).name, 'ValidationException');
    assert.equal((await encrypt(key, { Plaintext: Buffer.alloc(4097) })).name, 'ValidationException');
    assert.equal((await encrypt(key, { GrantTokens: ['none'] })).name, 'InvalidGrantTokenException');
  });

  test('ciphertexts that cannot be opened', async () => {
    const other = await makeKey();
    const changed = Buffer.from(blob);
    changed[changed.length - 1]! ^= 1;
    assert.equal(await decrypt(Buffer.from('no ciphertext of anybody')), 'InvalidCiphertextException');
    assert.equal(await decrypt(changed), 'InvalidCiphertextException');
    assert.equal(await decrypt(blob, { EncryptionContext: { a: 'b' } }), 'InvalidCiphertextException');
    assert.equal(await decrypt(blob, { KeyId: other }), 'IncorrectKeyException');
    assert.equal(await decrypt(undefined), 'ValidationException');
    assert.equal(await decrypt(blob, { EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }), 'ValidationException');
    assert.equal(
      await decrypt(blob, { KeyId: rsa, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }),
      'InvalidCiphertextException',
    );
    const recipient = {
      Recipient: { AttestationDocument: Buffer.from('x'), KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' },
    };
    assert.equal(await decrypt(blob, recipient), 'UnsupportedOperationException');
    const elsewhere = kmsClient(plane, ownerAdmin, 'eu-west-1').send(new DecryptCommand({ CiphertextBlob: blob }));
    assert.equal((await errorOf(elsewhere)).name, 'NotFoundException');
  });

  test('data keys of no size, aliases that are none, tags and marks that nobody gave', async () => {
    const dataKey = async (more: object) =>
      (await errorOf(kms.send(new GenerateDataKeyCommand({ KeyId: key, ...more })))).name;
    assert.equal(await dataKey({}), 'ValidationException');
    assert.equal(await dataKey({ KeySpec: 'AES_256', NumberOfBytes: 32 }), 'ValidationException');
    assert.equal(await dataKey({ NumberOfBytes: 1025 }), 'ValidationException');
    assert.equal((await errorOf(kms.send(new GenerateRandomCommand({})))).name, 'ValidationException');
    const alias = async (AliasName: string) =>
      (await errorOf(kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: key })))).name;
    assert.equal(await alias('mine'), 'ValidationException');
    assert.equal(await alias('alias/'), 'ValidationException');
    assert.equal(await alias('alias/a:b'), 'InvalidAliasNameException');
    assert.equal(await alias('alias/aws/mine'), 'NotAuthorizedException');
    const tag = new TagResourceCommand({ KeyId: key, Tags: [{ TagKey: 'AWS:x', TagValue: 'y' }] });
    assert.equal((await errorOf(kms.send(tag))).name, 'TagException');
    const mark = new ListAliasesCommand({ Marker: 'bm9uZSBvZiB5b3VycyBhdCBhbGw' });
    assert.equal((await errorOf(kms.send(mark))).name, 'InvalidMarkerException');
  });

  test('a dry run says what would be, and does nothing', async () => {
    const dry = { DryRun: true };
    const WOULD = {
      name: 'DryRunOperationException',
      message: 'The request would have succeeded, but the DryRun option is set.',
    };
    assert.deepEqual(await encrypt(key, dry), WOULD);
    assert.equal((await encrypt(rsa, dry)).name, 'InvalidKeyUsageException');
    assert.equal(await decrypt(blob, dry), WOULD.name);
    assert.equal(await decrypt(blob, { ...dry, EncryptionContext: { a: 'b' } }), 'InvalidCiphertextException');
    const ignoring = { ...dry, DryRunModifiers: ['IGNORE_CIPHERTEXT'], KeyId: key };
    assert.equal(await decrypt(undefined, ignoring), WOULD.name);
    const dataKey = new GenerateDataKeyCommand({ KeyId: key, KeySpec: 'AES_128', ...dry });
    assert.deepEqual(await errorOf(kms.send(dataKey)), WOULD);
    const move = new ReEncryptCommand({ CiphertextBlob: blob, DestinationKeyId: key, ...dry });
    assert.deepEqual(await errorOf(kms.send(move)), WOULD);
  });
});
