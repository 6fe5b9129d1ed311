/** Key material from outside: brought, gone, brought again, and rotated. */
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
  CancelKeyDeletionCommand,
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
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { importMaterial, OAEP, wrap } from './aws-kms-imports.ts';
import { errorOf, kmsClient, kmsWorld, outcomeOf, ownerAdmin, ownerNobody, ownerOther } from './aws-kms-world.ts';
import { eventually, startPlane, type TestPlane } from './plane.ts';

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

/** What is known of each material: id, state, whether it is there. */
async function materials(KeyId: string) {
  const { Rotations } = await kms.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }));
  return Rotations!.map(({ KeyMaterialId, KeyMaterialState, ImportState }) => [
    KeyMaterialId,
    KeyMaterialState,
    ImportState,
  ]);
}

/** The time by the plane's clock, which tests put forward. */
async function now(): Promise<number> {
  const { ParametersValidTo } = await kms.send(
    new GetParametersForImportCommand({ KeyId: await make(), WrappingAlgorithm: OAEP, WrappingKeySpec: 'RSA_2048' }),
  );
  return ParametersValidTo!.getTime() - DAY;
}

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
    const start = await now();
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
    const start = await now();
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
    const ValidTo = new Date((await now()) + 2 * HOUR);
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
    const start = await now();
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
