/** Signatures and public keys of AWS KMS, through the vendor's client; checked with node:crypto and openssl. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, createHash, createPublicKey, type KeyObject, verify as nodeVerify } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  GetPublicKeyCommand,
  type KeySpec,
  type KeyUsageType,
  type KMSClient,
  type MessageType,
  SignCommand,
  type SigningAlgorithmSpec,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import {
  kmsClient,
  kmsWorld,
  OWNER,
  outcomeOf,
  ownerAdmin,
  ownerNobody,
  ownerOther,
  userArn,
} from './aws-kms-world.ts';
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
    only('kms:Sign', 'kms:MessageType', 'DIGEST'),
    only('kms:Verify', 'kms:SigningAlgorithm', 'RSASSA_PSS_SHA_256'),
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

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

/** Whether a signature of a raw message is the key's, by node:crypto. */
function isSignature(algorithm: SigningAlgorithmSpec, key: KeyObject, signature: Uint8Array): boolean {
  const hash = /_SHA_(\d+)$/.exec(algorithm)?.[1];
  const isHashed = /^(RSA|ECDSA)/.test(algorithm);
  const options = algorithm.startsWith('RSASSA_PSS') ? pss : {};
  return nodeVerify(isHashed ? `sha${hash}` : null, MESSAGE, { key, ...options }, signature);
}

const RSA = ['256', '384', '512'].flatMap(
  (bits) => [`RSASSA_PKCS1_V1_5_SHA_${bits}`, `RSASSA_PSS_SHA_${bits}`] as SigningAlgorithmSpec[],
);
const SIGNERS: Partial<Record<KeySpec, readonly SigningAlgorithmSpec[]>> = {
  RSA_2048: RSA,
  RSA_3072: RSA,
  RSA_4096: RSA,
  ECC_NIST_P256: ['ECDSA_SHA_256'],
  ECC_NIST_P384: ['ECDSA_SHA_384'],
  ECC_NIST_P521: ['ECDSA_SHA_512'],
  ECC_SECG_P256K1: ['ECDSA_SHA_256'],
  ECC_NIST_EDWARDS25519: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'],
  ML_DSA_44: ['ML_DSA_SHAKE_256'],
  ML_DSA_65: ['ML_DSA_SHAKE_256'],
  ML_DSA_87: ['ML_DSA_SHAKE_256'],
};

/** What an algorithm signs, and as which type of message. */
function messagesFor(algorithm: SigningAlgorithmSpec): readonly (readonly [MessageType, Buffer])[] {
  if (algorithm === 'ML_DSA_SHAKE_256') {
    return [
      ['RAW', MESSAGE],
      ['EXTERNAL_MU', createHash('sha512').update(MESSAGE).digest()],
    ];
  }
  const digest = createHash(`sha${/_SHA_(\d+)$/.exec(algorithm)![1]}`)
    .update(MESSAGE)
    .digest();
  if (algorithm === 'ED25519_SHA_512') return [['RAW', MESSAGE]];
  if (algorithm === 'ED25519_PH_SHA_512') return [['DIGEST', digest]];
  return [
    ['RAW', MESSAGE],
    ['DIGEST', digest],
  ];
}

describe('signatures', () => {
  for (const [KeySpec, algorithms] of Object.entries(SIGNERS) as [KeySpec, readonly SigningAlgorithmSpec[]][]) {
    test(`of ${KeySpec} are what its algorithms say`, async () => {
      const KeyId = await make(KeySpec, 'SIGN_VERIFY');
      const key = await publicKey(KeyId);
      for (const SigningAlgorithm of algorithms) {
        for (const [type, Message] of messagesFor(SigningAlgorithm)) {
          const asked = { KeyId, Message, MessageType: type, SigningAlgorithm };
          const { Signature, ...signed } = await kms.send(new SignCommand(asked));
          assert.equal(signed.SigningAlgorithm, SigningAlgorithm);
          assert.equal(signed.KeyId, `arn:aws:kms:us-east-1:${OWNER}:key/${KeyId}`);
          const verified = await kms.send(new VerifyCommand({ ...asked, Signature }));
          assert.equal(verified.SignatureValid, true);
          // A digest of the message is signed like the message.
          const isOfMessage = type === 'RAW' || /^(RSA|ECDSA)/.test(SigningAlgorithm);
          if (isOfMessage) assert.ok(isSignature(SigningAlgorithm, key, Signature!), `${SigningAlgorithm} ${type}`);
          const changed = Buffer.from(Signature!);
          changed[changed.length - 1]! ^= 1;
          const refused = kms.send(new VerifyCommand({ ...asked, Signature: changed }));
          assert.equal(await outcomeOf(refused), 'KMSInvalidSignatureException');
        }
      }
    });
  }

  test('are good for openssl', async () => {
    const KeyId = await make('ECC_NIST_P384', 'SIGN_VERIFY');
    const asked = { KeyId, Message: MESSAGE, SigningAlgorithm: 'ECDSA_SHA_384' } as const;
    const { Signature } = await kms.send(new SignCommand(asked));
    const pem = (await publicKey(KeyId)).export({ type: 'spki', format: 'pem' });
    const [keyFile, signatureFile, messageFile] = ['key.pem', 'signature', 'message'].map((name) =>
      join(plane.home, '..', name),
    ) as [string, string, string];
    await writeFile(keyFile, pem);
    await writeFile(signatureFile, Signature!);
    await writeFile(messageFile, MESSAGE);
    const said = execFileSync('openssl', [
      ...['dgst', '-sha384', '-verify', keyFile, '-signature', signatureFile, messageFile],
    ]);
    assert.equal(said.toString().trim(), 'Verified OK');
  });

  test('are refused where the request makes no sense', async () => {
    const rsa = await make('RSA_2048', 'SIGN_VERIFY');
    const encrypting = await make('RSA_2048', 'ENCRYPT_DECRYPT');
    const sign = (KeyId: string, SigningAlgorithm: SigningAlgorithmSpec, MessageType: MessageType = 'RAW') =>
      outcomeOf(kms.send(new SignCommand({ KeyId, Message: MESSAGE, SigningAlgorithm, MessageType })));
    assert.equal(await sign(encrypting, 'RSASSA_PSS_SHA_256'), 'InvalidKeyUsageException');
    assert.equal(await sign(rsa, 'ECDSA_SHA_256'), 'InvalidKeyUsageException');
    assert.equal(await sign(rsa, 'SM2DSA'), 'InvalidKeyUsageException');
    assert.equal(await sign(rsa, 'RSASSA_PSS_SHA_256', 'DIGEST'), 'ValidationException');
    assert.equal(await sign(rsa, 'RSASSA_PSS_SHA_256', 'EXTERNAL_MU'), 'ValidationException');
    assert.equal(await sign('alias/of/nobody', 'RSASSA_PSS_SHA_256'), 'NotFoundException');
    await kms.send(new DisableKeyCommand({ KeyId: rsa }));
    assert.equal(await sign(rsa, 'RSASSA_PSS_SHA_256'), 'DisabledException');
    assert.equal(await outcomeOf(kms.send(new GetPublicKeyCommand({ KeyId: rsa }))), 'DisabledException');
  });

  test('are a matter of conditions', async () => {
    const KeyId = await make('RSA_2048', 'SIGN_VERIFY');
    const Message = createHash('sha256').update(MESSAGE).digest();
    const digest = { KeyId, Message, MessageType: 'DIGEST', SigningAlgorithm: 'RSASSA_PSS_SHA_256' } as const;
    const raw = { KeyId, Message, SigningAlgorithm: 'RSASSA_PSS_SHA_256' } as const;
    const { Signature } = await other.send(new SignCommand(digest));
    assert.equal(await outcomeOf(other.send(new SignCommand(raw))), 'AccessDeniedException');
    assert.equal(await outcomeOf(other.send(new VerifyCommand({ ...digest, Signature }))), 'done');
    const another = { ...digest, SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' } as const;
    assert.equal(await outcomeOf(other.send(new VerifyCommand({ ...another, Signature }))), 'AccessDeniedException');
  });

  test('are what a grant may be for', async () => {
    const KeyId = await make('ECC_NIST_P256', 'SIGN_VERIFY');
    const nobody = kmsClient(plane, ownerNobody);
    const asked = { KeyId, Message: MESSAGE, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    assert.equal(await outcomeOf(nobody.send(new SignCommand(asked))), 'AccessDeniedException');
    await kms.send(
      new CreateGrantCommand({
        KeyId,
        GranteePrincipal: userArn(OWNER, 'nobody'),
        Operations: ['Sign', 'GetPublicKey'],
      }),
    );
    const { Signature } = await nobody.send(new SignCommand(asked));
    assert.equal(await outcomeOf(nobody.send(new GetPublicKeyCommand({ KeyId }))), 'done');
    assert.equal(await outcomeOf(nobody.send(new VerifyCommand({ ...asked, Signature }))), 'AccessDeniedException');
  });

  test('can be tried', async () => {
    const KeyId = await make('ECC_NIST_P256', 'SIGN_VERIFY');
    const asked = { KeyId, Message: MESSAGE, SigningAlgorithm: 'ECDSA_SHA_256', DryRun: true } as const;
    assert.equal(await outcomeOf(kms.send(new SignCommand(asked))), 'DryRunOperationException');
    const nobody = kmsClient(plane, ownerNobody);
    assert.equal(await outcomeOf(nobody.send(new SignCommand(asked))), 'AccessDeniedException');
  });
});

describe('public keys', () => {
  test('come with what they are for', async () => {
    const KeyId = await make('RSA_3072', 'ENCRYPT_DECRYPT');
    const { PublicKey: _, $metadata: __, ...shown } = await kms.send(new GetPublicKeyCommand({ KeyId }));
    assert.deepEqual(shown, {
      KeyId: `arn:aws:kms:us-east-1:${OWNER}:key/${KeyId}`,
      KeySpec: 'RSA_3072',
      CustomerMasterKeySpec: 'RSA_3072',
      KeyUsage: 'ENCRYPT_DECRYPT',
      EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
    });
  });

  test('are not to be had of what has none', async () => {
    for (const KeyId of [
      await make('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'),
      await make('HMAC_256', 'GENERATE_VERIFY_MAC'),
    ]) {
      assert.equal(await outcomeOf(kms.send(new GetPublicKeyCommand({ KeyId }))), 'UnsupportedOperationException');
    }
  });
});
