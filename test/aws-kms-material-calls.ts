/** The operations on what keys are made of: each once, for every client. */
import type { CallOf, Made, Output } from './aws-kms-calls.ts';
import { wrap } from './aws-kms-imports.ts';

/** What calls here leave for those after them. */
export interface MaterialMade {
  /** ARNs. */
  signing: string;
  mac: string;
  agreeing: string;
  related: string;
  external: string;
  signature: Uint8Array;
  code: Uint8Array;
  peer: Uint8Array;
  wrappingKey: Uint8Array;
  importToken: Uint8Array;
}

export const noMaterialMade = (): MaterialMade => ({
  signing: '',
  mac: '',
  agreeing: '',
  related: '',
  external: '',
  signature: Buffer.alloc(1),
  code: Buffer.alloc(1),
  peer: Buffer.alloc(1),
  wrappingKey: Buffer.alloc(1),
  importToken: Buffer.alloc(1),
});

const Message = Buffer.from('a message for every client');
/** The same in both accounts; of each key it has an id of its own. */
const MATERIAL = Buffer.alloc(32, 7);
const REPLICA = 'eu-west-1';

type Kind = 'signing' | 'mac' | 'agreeing' | 'related' | 'external';

function make(kind: Kind, input: Readonly<Record<string, unknown>>): CallOf {
  return {
    operation: 'CreateKey',
    input: () => input,
    keep: (output, made) => {
      made[kind] = (output['KeyMetadata'] as { Arn: string }).Arn;
    },
  };
}

function of(kind: Kind, more: (made: Made) => object = () => ({})): Pick<CallOf, 'input'> {
  return { input: (made) => ({ KeyId: made[kind], ...more(made) }) };
}

const bytes = (output: Output, member: string): Uint8Array => output[member] as Uint8Array;

const signing = { SigningAlgorithm: 'RSASSA_PSS_SHA_384', Message };
const coding = { MacAlgorithm: 'HMAC_SHA_512', Message };
const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
const pair = { KeyPairSpec: 'ECC_NIST_P256' };

export const materialCalls: readonly CallOf[] = [
  make('signing', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
  make('mac', { KeySpec: 'HMAC_512', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  make('agreeing', { KeySpec: 'ECC_NIST_P384', KeyUsage: 'KEY_AGREEMENT' }),
  make('related', { MultiRegion: true }),
  make('external', { Origin: 'EXTERNAL' }),
  {
    operation: 'Sign',
    ...of('signing', () => signing),
    keep: (output, made) => {
      made.signature = bytes(output, 'Signature');
    },
  },
  { operation: 'Verify', ...of('signing', ({ signature }) => ({ ...signing, Signature: signature })) },
  { operation: 'GetPublicKey', ...of('signing') },
  {
    operation: 'GenerateMac',
    ...of('mac', () => coding),
    keep: (output, made) => {
      made.code = bytes(output, 'Mac');
    },
  },
  { operation: 'VerifyMac', ...of('mac', ({ code }) => ({ ...coding, Mac: code })) },
  {
    operation: 'GetPublicKey',
    ...of('agreeing'),
    keep: (output, made) => {
      made.peer = bytes(output, 'PublicKey');
    },
  },
  {
    operation: 'DeriveSharedSecret',
    ...of('agreeing', ({ peer }) => ({ KeyAgreementAlgorithm: 'ECDH', PublicKey: peer })),
  },
  { operation: 'GenerateDataKeyPair', ...of('related', () => pair) },
  { operation: 'GenerateDataKeyPairWithoutPlaintext', ...of('related', () => pair) },
  { operation: 'EnableKeyRotation', ...of('related', () => ({ RotationPeriodInDays: 100 })) },
  { operation: 'GetKeyRotationStatus', ...of('related') },
  { operation: 'DisableKeyRotation', ...of('related') },
  { operation: 'RotateKeyOnDemand', ...of('related') },
  { operation: 'ListKeyRotations', ...of('related', () => ({ IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })) },
  {
    operation: 'ReplicateKey',
    actions: ['ReplicateKey', 'CreateKey', 'TagResource'],
    ...of('related', () => ({ ReplicaRegion: REPLICA, Tags: [{ TagKey: 'stage', TagValue: 'test' }] })),
  },
  { operation: 'UpdatePrimaryRegion', ...of('related', () => ({ PrimaryRegion: REPLICA })) },
  {
    operation: 'GetParametersForImport',
    ...of('external', () => wrapping),
    keep: (output, made) => {
      made.wrappingKey = bytes(output, 'PublicKey');
      made.importToken = bytes(output, 'ImportToken');
    },
  },
  {
    operation: 'ImportKeyMaterial',
    ...of('external', ({ wrappingKey, importToken }) => ({
      ImportToken: importToken,
      EncryptedKeyMaterial: wrap(MATERIAL, wrappingKey),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      KeyMaterialDescription: 'for every client',
    })),
  },
  { operation: 'ListKeyRotations', ...of('external', () => ({ IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })) },
  { operation: 'DeleteImportedKeyMaterial', ...of('external') },
];
