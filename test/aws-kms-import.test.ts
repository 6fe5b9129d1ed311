/** Key material from outside, brought to keys of every kind. */
import assert from 'node:assert/strict';
import {
  constants,
  createCipheriv,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  type AlgorithmSpec,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateMacCommand,
  GetParametersForImportCommand,
  GetPublicKeyCommand,
  ImportKeyMaterialCommand,
  type ImportKeyMaterialCommandInput,
  type KeySpec,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { importMaterial, now, OAEP, wrap } from './aws-kms-imports.ts';
import { errorOf, kmsClient, kmsWorld, outcomeOf, ownerAdmin, ownerNobody, ownerOther } from './aws-kms-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const TEXT = Buffer.from('under a key of my own');

let plane: TestPlane;
let kms: KMSClient;
/** May import for a while only, under one wrapping algorithm. */
let other: KMSClient;

before(async () => {
  const when = (Action: string, Condition: object) => ({ Effect: 'Allow' as const, Action, Resource: '*', Condition });
  const world = kmsWorld([
    when('kms:GetParametersForImport', {
      StringEquals: { 'kms:WrappingAlgorithm': OAEP, 'kms:WrappingKeySpec': 'RSA_2048' },
    }),
    when('kms:ImportKeyMaterial', {
      StringEquals: { 'kms:ExpirationModel': 'KEY_MATERIAL_EXPIRES' },
      DateLessThan: { 'kms:ValidTo': new Date(Date.now() + 10 * DAY).toISOString() },
    }),
  ]);
  plane = await startPlane({ world });
  kms = kmsClient(plane, ownerAdmin);
  other = kmsClient(plane, ownerOther);
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

describe('imported material', () => {
  test('is what the key then works with', async () => {
    const KeyId = await make();
    assert.equal(await stateOf(KeyId), 'PendingImport');
    assert.equal(await outcomeOf(encrypt(KeyId)), 'KMSInvalidStateException');
    const imported = await importMaterial(kms, KeyId, randomBytes(32));
    const { KeyState, ExpirationModel, Origin, CurrentKeyMaterialId } = await describeKey(KeyId);
    assert.deepEqual(
      [KeyState, ExpirationModel, Origin, CurrentKeyMaterialId],
      ['Enabled', 'KEY_MATERIAL_DOES_NOT_EXPIRE', 'EXTERNAL', imported.KeyMaterialId],
    );
    const { CiphertextBlob } = await encrypt(KeyId);
    const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob }));
    assert.deepEqual(Buffer.from(Plaintext!), TEXT);
  });

  test('of an HMAC key makes the codes that it makes elsewhere', async () => {
    const KeyId = await make({ KeySpec: 'HMAC_384', KeyUsage: 'GENERATE_VERIFY_MAC' });
    const material = randomBytes(48);
    assert.equal('KeyMaterialId' in (await importMaterial(kms, KeyId, material)), false);
    const { Mac } = await kms.send(new GenerateMacCommand({ KeyId, MacAlgorithm: 'HMAC_SHA_384', Message: TEXT }));
    assert.deepEqual(Buffer.from(Mac!), createHmac('sha384', material).update(TEXT).digest());
  });

  const PAIRS = [
    ['RSA_2048', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['ECC_NIST_P521', () => generateKeyPairSync('ec', { namedCurve: 'secp521r1' })],
    ['ECC_NIST_EDWARDS25519', () => generateKeyPairSync('ed25519')],
    ['ML_DSA_65', () => generateKeyPairSync('ml-dsa-65')],
  ] as const;
  for (const [spec, generate] of PAIRS) {
    test(`may be a private key of ${spec}`, async () => {
      const KeyId = await make({ KeySpec: spec as KeySpec, KeyUsage: 'SIGN_VERIFY' });
      const { privateKey, publicKey } = generate();
      const WrappingAlgorithm: AlgorithmSpec = 'RSA_AES_KEY_WRAP_SHA_256';
      const { PublicKey, ImportToken } = await kms.send(
        new GetParametersForImportCommand({ KeyId, WrappingAlgorithm, WrappingKeySpec: 'RSA_4096' }),
      );
      const aesKey = randomBytes(32);
      const cipher = createCipheriv('id-aes256-wrap-pad', aesKey, Buffer.from('a65959a6', 'hex'));
      const wrapped = cipher.update(privateKey.export({ type: 'pkcs8', format: 'der' }));
      cipher.final();
      const EncryptedKeyMaterial = Buffer.concat([wrap(aesKey, PublicKey!), wrapped]);
      const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE';
      await kms.send(new ImportKeyMaterialCommand({ KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel }));
      const shown = await kms.send(new GetPublicKeyCommand({ KeyId }));
      assert.deepEqual(Buffer.from(shown.PublicKey!), publicKey.export({ type: 'spki', format: 'der' }));
    });
  }

  test('is refused when it is not what it should be', async () => {
    const KeyId = await make();
    const asked = { KeyId, WrappingAlgorithm: OAEP, WrappingKeySpec: 'RSA_3072' } as const;
    const { PublicKey, ImportToken } = await kms.send(new GetParametersForImportCommand(asked));
    assert.equal(
      createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' }).asymmetricKeyDetails
        ?.modulusLength,
      3072,
    );
    const EncryptedKeyMaterial = wrap(randomBytes(32), PublicKey!);
    const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE' as const;
    const whole = { KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel };
    const refusal = async (more: Partial<ImportKeyMaterialCommandInput>) =>
      (await errorOf(kms.send(new ImportKeyMaterialCommand({ ...whole, ...more })))).name;
    assert.equal(
      await refusal({ EncryptedKeyMaterial: wrap(randomBytes(31), PublicKey!) }),
      'IncorrectKeyMaterialException',
    );
    assert.equal(await refusal({ EncryptedKeyMaterial: randomBytes(384) }), 'InvalidCiphertextException');
    assert.equal(await refusal({ ImportToken: randomBytes(100) }), 'InvalidImportTokenException');
    assert.equal(await refusal({ ImportToken: Buffer.from('short') }), 'InvalidImportTokenException');
    const changed = Buffer.from(ImportToken!);
    changed[changed.length - 1]! ^= 1;
    assert.equal(await refusal({ ImportToken: changed }), 'InvalidImportTokenException');
    assert.equal(await refusal({ KeyId: await make() }), 'InvalidImportTokenException');
    assert.equal(await refusal({ ExpirationModel: 'KEY_MATERIAL_EXPIRES' }), 'ValidationException');
    const start = await now(kms);
    assert.equal(await refusal({ ValidTo: new Date(start + DAY) }), 'ValidationException');
    for (const days of [-1, 366]) {
      const ValidTo = new Date(start + days * DAY);
      assert.equal(await refusal({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo }), 'ValidationException');
    }
    assert.equal(await refusal({ ImportType: 'EXISTING_KEY_MATERIAL' }), 'IncorrectKeyMaterialException');
    assert.equal(await refusal({ KeyMaterialId: 'a'.repeat(64) }), 'ValidationException');
    const own = await make({ Origin: 'AWS_KMS' });
    assert.equal(await refusal({ KeyId: own }), 'UnsupportedOperationException');
    assert.equal(await outcomeOf(remove(own)), 'UnsupportedOperationException');
    const wrapping = (more: object) => outcomeOf(kms.send(new GetParametersForImportCommand({ ...asked, ...more })));
    assert.equal(await wrapping({ KeyId: own }), 'UnsupportedOperationException');
    assert.equal(await wrapping({ WrappingAlgorithm: 'RSAES_PKCS1_V1_5' }), 'UnsupportedOperationException');
    assert.equal(await wrapping({ WrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_1' }), 'UnsupportedOperationException');

    await plane.advance(DAY);
    assert.equal(await refusal({}), 'ExpiredImportTokenException');
    assert.equal(await stateOf(KeyId), 'PendingImport');
  });

  test('is a matter of conditions', async () => {
    const KeyId = await make();
    const parameters = (WrappingAlgorithm: AlgorithmSpec) =>
      outcomeOf(
        other.send(new GetParametersForImportCommand({ KeyId, WrappingAlgorithm, WrappingKeySpec: 'RSA_2048' })),
      );
    assert.equal(await parameters(OAEP), 'done');
    assert.equal(await parameters('RSAES_OAEP_SHA_1'), 'AccessDeniedException');
    const start = await now(kms);
    const material = randomBytes(32);
    const imports = (more: Partial<ImportKeyMaterialCommandInput>) =>
      outcomeOf(importMaterial(other, KeyId, material, more));
    assert.equal(await imports({}), 'AccessDeniedException');
    assert.equal(await imports({ ValidTo: new Date(start + 20 * DAY) }), 'AccessDeniedException');
    assert.equal(await imports({ ValidTo: new Date(start + 5 * DAY) }), 'done');
    const nobody = kmsClient(plane, ownerNobody);
    const gone = nobody.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    assert.equal(await outcomeOf(gone), 'AccessDeniedException');
  });

  test('can be wrapped with SHA-1 as well', async () => {
    const KeyId = await make();
    const asked = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_1', WrappingKeySpec: 'RSA_2048' } as const;
    const { PublicKey, ImportToken } = await kms.send(new GetParametersForImportCommand(asked));
    const key = { key: Buffer.from(PublicKey!), format: 'der', type: 'spki' } as const;
    const padded = { ...key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
    const EncryptedKeyMaterial = publicEncrypt(padded, randomBytes(32));
    const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE';
    await kms.send(new ImportKeyMaterialCommand({ KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel }));
    assert.equal(await stateOf(KeyId), 'Enabled');
  });
});
