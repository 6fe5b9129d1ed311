/** Key pairs for use outside; the private key comes encrypted under a symmetric key. */
import type {
  GenerateDataKeyPairCommandInput,
  GenerateDataKeyPairCommandOutput,
  GenerateDataKeyPairWithoutPlaintextCommandInput,
  GenerateDataKeyPairWithoutPlaintextCommandOutput,
} from '@aws-sdk/client-kms';
import type { Action } from '../../../access.ts';
import type { Context } from '../../../context.ts';
import { operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { KmsKey } from './access.ts';
import { allowKey } from './address.ts';
import { makeCiphertext, refuseRecipient, requireWay, SYMMETRIC, wayKeys } from './ciphertext.ts';
import { generateDataKeyPair } from './crypto/datakeys.ts';
import { requireOffered } from './crypto/specs.ts';
import type { KmsKeyDocument } from './documents.ts';
import { endDryRun, recordKey, requireGrantTokens } from './use.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html */
export const makeDataKeyPair = operation(
  'kms.GenerateDataKeyPair',
  async (cx, input: Input<GenerateDataKeyPairCommandInput>): Promise<Output<GenerateDataKeyPairCommandOutput>> => {
    refuseRecipient(input.Recipient);
    const { privateKey, ...shown } = await dataKeyPair(cx, KmsKey.generateDataKeyPair, input, 'GenerateDataKeyPair');
    return { PrivateKeyPlaintext: privateKey, ...shown };
  },
  { recorded: recordKey },
);

type WithoutPlaintextInput = Input<GenerateDataKeyPairWithoutPlaintextCommandInput>;

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPairWithoutPlaintext.html */
export const makeDataKeyPairWithoutPlaintext = operation(
  'kms.GenerateDataKeyPairWithoutPlaintext',
  async (cx, input: WithoutPlaintextInput): Promise<Output<GenerateDataKeyPairWithoutPlaintextCommandOutput>> => {
    const action = KmsKey.generateDataKeyPairWithoutPlaintext;
    const { privateKey: _, ...shown } = await dataKeyPair(cx, action, input, 'GenerateDataKeyPairWithoutPlaintext');
    return shown;
  },
  { recorded: recordKey },
);

type Generating = 'kms-key.generateDataKeyPair' | 'kms-key.generateDataKeyPairWithoutPlaintext';

async function dataKeyPair<N extends Generating>(
  cx: Context,
  action: Action<KmsKeyDocument, N>,
  input: WithoutPlaintextInput,
  name: string,
) {
  const { KeyPairSpec: spec } = input;
  const way = { algorithm: SYMMETRIC, context: input.EncryptionContext };
  requireGrantTokens(cx, input.GrantTokens);
  const key = await allowKey(cx, action, input.KeyId, { ...wayKeys(way), 'kms:datakeypairspec': spec });
  requireWay(key, name, way);
  requireOffered('KeyPairSpec', spec);
  // A large RSA pair takes a second to make: not for a trial.
  endDryRun(input.DryRun);
  const { privateKey, publicKey } = await generateDataKeyPair(spec);
  return {
    privateKey,
    PublicKey: publicKey,
    PrivateKeyCiphertextBlob: await makeCiphertext(cx, key, way, privateKey),
    KeyId: arnOf(key.ref),
    KeyPairSpec: spec,
    KeyMaterialId: key.value.material,
  };
}
