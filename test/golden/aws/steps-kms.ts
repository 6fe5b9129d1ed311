/** Keys: made, used, shared, rotated and given up. */
import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import type { Step } from './steps.ts';
import { AWS_A, type AwsGolden } from './world.ts';

const Plaintext = Buffer.from('golden');
const Message = Buffer.from('golden');
const ECDH = 'ECC_NIST_P256';

export function kmsSteps(world: AwsGolden): Step[] {
  const steps: Step[] = [];
  const made: Record<string, string> = {};
  let blob: Uint8Array | undefined;
  let signature: Uint8Array | undefined;
  let mac: Uint8Array | undefined;
  let publicKey: Uint8Array | undefined;
  let grant = { GrantId: '', GrantToken: '' };

  const step = (operation: string, input: () => object, learn?: Step['learn']): void => {
    steps.push({ service: 'kms', operation, input, ...(learn ? { learn } : {}) });
  };
  const make = (name: string, input: object): void =>
    step(
      'CreateKey',
      () => input,
      ({ KeyMetadata }) => {
        made[name] = KeyMetadata.Arn;
      },
    );
  const on =
    (name: string, more: object = {}) =>
    () => ({ KeyId: made[name], ...more });

  make('symmetric', { Tags: [{ TagKey: 'team', TagValue: 'blue' }] });
  make('signing', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  make('mac', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  make('agreement', { KeySpec: ECDH, KeyUsage: 'KEY_AGREEMENT' });
  step('DescribeKey', on('symmetric'));
  step('ListKeys', () => ({}));
  step('UpdateKeyDescription', on('symmetric', { Description: 'golden' }));
  step('TagResource', on('symmetric', { Tags: [{ TagKey: 'stage', TagValue: 'test' }] }));
  step('ListResourceTags', on('symmetric'));
  step('UntagResource', on('symmetric', { TagKeys: ['stage'] }));
  step('GetKeyPolicy', on('symmetric'));
  step('ListKeyPolicies', on('symmetric'));
  step('CreateAlias', () => ({ AliasName: 'alias/golden', TargetKeyId: made['symmetric'] }));
  step('ListAliases', () => ({}));
  step('UpdateAlias', () => ({ AliasName: 'alias/golden', TargetKeyId: made['symmetric'] }));
  step('DeleteAlias', () => ({ AliasName: 'alias/golden' }));
  step('Encrypt', on('symmetric', { Plaintext }), ({ CiphertextBlob }) => {
    blob = CiphertextBlob;
  });
  step(
    'Decrypt',
    on('symmetric', {
      get CiphertextBlob() {
        return blob;
      },
    }),
  );
  step('ReEncrypt', () => ({ CiphertextBlob: blob, DestinationKeyId: made['symmetric'] }));
  step('GenerateDataKey', on('symmetric', { KeySpec: 'AES_256' }));
  step('GenerateDataKeyWithoutPlaintext', on('symmetric', { KeySpec: 'AES_256' }));
  step('GenerateDataKeyPair', on('symmetric', { KeyPairSpec: 'ECC_NIST_P256' }));
  step('GenerateDataKeyPairWithoutPlaintext', on('symmetric', { KeyPairSpec: 'ECC_NIST_P256' }));
  step('GenerateRandom', () => ({ NumberOfBytes: 16 }));
  const signing = { Message, SigningAlgorithm: 'ECDSA_SHA_256' };
  step('Sign', on('signing', signing), ({ Signature }) => {
    signature = Signature;
  });
  step('Verify', () => ({ KeyId: made['signing'], ...signing, Signature: signature }));
  step('GetPublicKey', on('agreement'), ({ PublicKey }) => {
    publicKey = PublicKey;
  });
  step('DeriveSharedSecret', () => ({ KeyId: made['agreement'], KeyAgreementAlgorithm: 'ECDH', PublicKey: publicKey }));
  const macked = { Message, MacAlgorithm: 'HMAC_SHA_256' };
  step('GenerateMac', on('mac', macked), ({ Mac }) => {
    mac = Mac;
  });
  step('VerifyMac', () => ({ KeyId: made['mac'], ...macked, Mac: mac }));
  const wanted = { GranteePrincipal: 'arn:aws:iam::444455556666:user/administrator', Operations: ['Decrypt'] };
  step('CreateGrant', on('symmetric', wanted), (output) => {
    grant = output;
  });
  step('ListGrants', on('symmetric'));
  step('ListRetirableGrants', () => ({ RetiringPrincipal: `arn:aws:iam::${AWS_A}:user/administrator` }));
  step('RetireGrant', () => ({ GrantToken: grant.GrantToken }));
  step('CreateGrant', on('symmetric', wanted), (output) => {
    grant = output;
  });
  step('RevokeGrant', () => ({ KeyId: made['symmetric'], GrantId: grant.GrantId }));
  // Goes with its key.
  step('CreateAlias', () => ({ AliasName: `alias/leaving-${world.unique()}`, TargetKeyId: made['mac'] }));
  step('DisableKey', on('symmetric'));
  step('EnableKey', on('symmetric'));
  step('PutKeyPolicy', () => ({ KeyId: made['symmetric'], Policy: keyPolicy(made['symmetric'] ?? '') }));
  step('EnableKeyRotation', on('symmetric', { RotationPeriodInDays: 90 }));
  step('GetKeyRotationStatus', on('symmetric'));
  step('DisableKeyRotation', on('symmetric'));
  step('RotateKeyOnDemand', on('symmetric'));
  step('ListKeyRotations', on('symmetric'));
  make('imported', { Origin: 'EXTERNAL' });
  const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
  let parameters = { PublicKey: Buffer.alloc(0), ImportToken: Buffer.alloc(0) };
  step('GetParametersForImport', on('imported', wrapping), (output) => {
    parameters = output;
  });
  step('ImportKeyMaterial', () => ({
    KeyId: made['imported'],
    ImportToken: parameters.ImportToken,
    EncryptedKeyMaterial: wrapped(parameters.PublicKey),
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  }));
  step('DeleteImportedKeyMaterial', on('imported'));
  // Ends when the clock is put forward.
  step('ImportKeyMaterial', () => ({
    KeyId: made['imported'],
    ImportToken: parameters.ImportToken,
    EncryptedKeyMaterial: wrapped(parameters.PublicKey),
    ValidTo: new Date(Date.now() + 24 * 3600 * 1000),
  }));
  make('primary', { MultiRegion: true });
  step('ReplicateKey', on('primary', { ReplicaRegion: 'us-west-2' }));
  step('UpdatePrimaryRegion', on('primary', { PrimaryRegion: 'us-west-2' }));
  step('ScheduleKeyDeletion', on('symmetric', { PendingWindowInDays: 7 }));
  step('CancelKeyDeletion', on('symmetric'));
  step('ScheduleKeyDeletion', on('mac', { PendingWindowInDays: 7 }));
  return steps;
}

/** A key takes the same material alone once it has had some. */
const MATERIAL = randomBytes(32);

/** Material of a symmetric key, as an import takes it. */
function wrapped(publicKey: Uint8Array): Buffer {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: 'sha256' }, MATERIAL);
}

/** The default one again. */
function keyPolicy(arn: string): string {
  const AWS = `arn:aws:iam::${arn.split(':')[4]}:root`;
  const Statement = [{ Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', Resource: '*' }];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}
