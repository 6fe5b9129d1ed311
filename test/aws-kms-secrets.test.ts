/** Codes, shared secrets and data key pairs of AWS KMS, through the vendor's client; checked with node:crypto. */
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  CreateKeyCommand,
  type DataKeyPairSpec,
  DecryptCommand,
  DeriveSharedSecretCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  type KeySpec,
  type KeyUsageType,
  type KMSClient,
  type MacAlgorithmSpec,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import { errorOf, kmsClient, kmsWorld, outcomeOf, ownerAdmin, ownerNobody, ownerOther } from './aws-kms-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

const MESSAGE = Buffer.from('a word that is to be believed');

let plane: TestPlane;
let kms: KMSClient;
/** The same account, and only what the policy below allows. */
let other: KMSClient;

const only = (Action: string, key: string, value: string) => ({
  Effect: 'Allow' as const,
  Action,
  Resource: '*',
  Condition: { StringEquals: { [key]: value } },
});

before(async () => {
  const world = kmsWorld([
    only('kms:GenerateMac', 'kms:MacAlgorithm', 'HMAC_SHA_256'),
    only('kms:DeriveSharedSecret', 'kms:KeyAgreementAlgorithm', 'ECDH'),
    only('kms:GenerateDataKeyPair*', 'kms:DataKeyPairSpec', 'ECC_NIST_P256'),
  ]);
  plane = await startPlane({ world });
  kms = kmsClient(plane, ownerAdmin);
  other = kmsClient(plane, ownerOther);
});
after(() => plane.stop());

async function make(KeySpec: KeySpec, KeyUsage: KeyUsageType): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage }));
  return KeyMetadata!.KeyId!;
}

async function publicKey(KeyId: string): Promise<KeyObject> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  return createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' });
}

describe('codes', () => {
  for (const [bits, bytes] of [
    [224, 28],
    [256, 32],
    [384, 48],
    [512, 64],
  ] as const) {
    test(`of HMAC_${bits} are verified, and no others`, async () => {
      const KeyId = await make(`HMAC_${bits}`, 'GENERATE_VERIFY_MAC');
      const MacAlgorithm: MacAlgorithmSpec = `HMAC_SHA_${bits}`;
      const { Mac } = await kms.send(new GenerateMacCommand({ KeyId, MacAlgorithm, Message: MESSAGE }));
      assert.equal(Mac!.length, bytes);
      const asked = { KeyId, MacAlgorithm, Message: MESSAGE, Mac };
      assert.equal((await kms.send(new VerifyMacCommand(asked))).MacValid, true);
      const wrong = { ...asked, Message: Buffer.from('another') };
      assert.equal(await outcomeOf(kms.send(new VerifyMacCommand(wrong))), 'KMSInvalidMacException');
      const short = { ...asked, Mac: Mac!.subarray(1) };
      assert.equal(await outcomeOf(kms.send(new VerifyMacCommand(short))), 'KMSInvalidMacException');
    });
  }

  test('are a matter of conditions, and of the key', async () => {
    const [small, large] = [
      await make('HMAC_256', 'GENERATE_VERIFY_MAC'),
      await make('HMAC_512', 'GENERATE_VERIFY_MAC'),
    ];
    const mac = (client: KMSClient, KeyId: string, MacAlgorithm: MacAlgorithmSpec) =>
      outcomeOf(client.send(new GenerateMacCommand({ KeyId, MacAlgorithm, Message: MESSAGE })));
    assert.equal(await mac(other, small, 'HMAC_SHA_256'), 'done');
    assert.equal(await mac(other, large, 'HMAC_SHA_512'), 'AccessDeniedException');
    assert.equal(await mac(kms, small, 'HMAC_SHA_512'), 'InvalidKeyUsageException');
  });
});

describe('shared secrets', () => {
  const CURVES = { ECC_NIST_P256: 'prime256v1', ECC_NIST_P384: 'secp384r1', ECC_NIST_P521: 'secp521r1' } as const;
  for (const [KeySpec, namedCurve] of Object.entries(CURVES) as [KeySpec, string][]) {
    test(`of ${KeySpec} are what the peer finds`, async () => {
      const KeyId = await make(KeySpec, 'KEY_AGREEMENT');
      const peer = generateKeyPairSync('ec', { namedCurve });
      const PublicKey = peer.publicKey.export({ type: 'spki', format: 'der' });
      const asked = { KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey } as const;
      const { SharedSecret, KeyOrigin } = await kms.send(new DeriveSharedSecretCommand(asked));
      const found = diffieHellman({ privateKey: peer.privateKey, publicKey: await publicKey(KeyId) });
      assert.deepEqual(Buffer.from(SharedSecret!), found);
      assert.equal(KeyOrigin, 'AWS_KMS');
      assert.equal(await outcomeOf(other.send(new DeriveSharedSecretCommand(asked))), 'done');
      const nobody = kmsClient(plane, ownerNobody);
      assert.equal(await outcomeOf(nobody.send(new DeriveSharedSecretCommand(asked))), 'AccessDeniedException');
    });
  }

  test('need a peer on the same curve', async () => {
    const KeyId = await make('ECC_NIST_P256', 'KEY_AGREEMENT');
    const peer = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey.export({
      type: 'spki',
      format: 'der',
    });
    for (const PublicKey of [peer, Buffer.from('no key at all')]) {
      const derive = kms.send(new DeriveSharedSecretCommand({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey }));
      assert.equal(await outcomeOf(derive), 'ValidationException');
    }
  });
});

describe('data key pairs', () => {
  const SPECS: readonly DataKeyPairSpec[] = [
    'RSA_2048',
    'RSA_3072',
    'RSA_4096',
    'ECC_NIST_P256',
    'ECC_NIST_P384',
    'ECC_NIST_P521',
    'ECC_SECG_P256K1',
    'ECC_NIST_EDWARDS25519',
  ];
  for (const KeyPairSpec of SPECS) {
    test(`of ${KeyPairSpec} come open and encrypted`, async () => {
      const KeyId = await make('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT');
      const asked = { KeyId, KeyPairSpec, EncryptionContext: { for: 'you' } };
      const pair = await kms.send(new GenerateDataKeyPairCommand(asked));
      const key = createPrivateKey({ key: Buffer.from(pair.PrivateKeyPlaintext!), format: 'der', type: 'pkcs8' });
      assert.deepEqual(createPublicKey(key).export({ type: 'spki', format: 'der' }), Buffer.from(pair.PublicKey!));
      const CiphertextBlob = pair.PrivateKeyCiphertextBlob;
      const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: asked.EncryptionContext }));
      assert.deepEqual(opened.Plaintext, pair.PrivateKeyPlaintext);
      assert.equal(opened.KeyMaterialId, pair.KeyMaterialId);
      assert.equal(await outcomeOf(kms.send(new DecryptCommand({ CiphertextBlob }))), 'InvalidCiphertextException');
    });
  }

  test('may be kept closed, are a matter of conditions, and can be tried', async () => {
    const KeyId = await make('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT');
    const asked = { KeyId, KeyPairSpec: 'ECC_NIST_P256' } as const;
    const closed = await other.send(new GenerateDataKeyPairWithoutPlaintextCommand(asked));
    assert.equal('PrivateKeyPlaintext' in closed, false);
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: closed.PrivateKeyCiphertextBlob }));
    const key = createPrivateKey({ key: Buffer.from(opened.Plaintext!), format: 'der', type: 'pkcs8' });
    assert.deepEqual(createPublicKey(key).export({ type: 'spki', format: 'der' }), Buffer.from(closed.PublicKey!));
    const larger = { ...asked, KeyPairSpec: 'ECC_NIST_P384' } as const;
    assert.equal(await outcomeOf(other.send(new GenerateDataKeyPairCommand(larger))), 'AccessDeniedException');
    const dry = kms.send(new GenerateDataKeyPairCommand({ ...larger, DryRun: true }));
    assert.equal(await outcomeOf(dry), 'DryRunOperationException');
  });

  test('are refused under other keys, of SM2, and for enclaves', async () => {
    const KeyId = await make('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT');
    const rsa = await make('RSA_2048', 'ENCRYPT_DECRYPT');
    const pair = (more: object) =>
      errorOf(kms.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: 'ECC_NIST_P256', ...more })));
    assert.equal((await pair({ KeyId: rsa })).name, 'InvalidKeyUsageException');
    assert.equal((await pair({ KeyPairSpec: 'SM2' })).name, 'UnsupportedOperationException');
    assert.match((await pair({ Recipient: {} })).message, /^Recipient is not supported here/);
  });
});
