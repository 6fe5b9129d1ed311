/** Keys and random bytes for use outside. */
import type {
  GenerateDataKeyCommandInput,
  GenerateDataKeyCommandOutput,
  GenerateDataKeyWithoutPlaintextCommandInput,
  GenerateDataKeyWithoutPlaintextCommandOutput,
  GenerateRandomCommandInput,
  GenerateRandomCommandOutput,
} from '@aws-sdk/client-kms';
import type { Action } from '../../../access.ts';
import type { Context } from '../../../context.ts';
import { operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { KmsAccount, KmsKey } from './access.ts';
import { allowKey } from './address.ts';
import { makeCiphertext, refuseRecipient, requireWay, SYMMETRIC, wayKeys } from './ciphertext.ts';
import { generateDataKey, generateRandom } from './crypto/datakeys.ts';
import { allKeysRef, type KmsKeyDocument } from './documents.ts';
import { endDryRun, recordKey, requireGrantTokens } from './use.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html */
export const makeDataKey = operation(
  'kms.GenerateDataKey',
  async (cx, input: Input<GenerateDataKeyCommandInput>): Promise<Output<GenerateDataKeyCommandOutput>> => {
    refuseRecipient(input.Recipient);
    const { plaintext, ...encrypted } = await dataKey(cx, KmsKey.generateDataKey, input, 'GenerateDataKey');
    return { Plaintext: plaintext, ...encrypted };
  },
  { recorded: recordKey },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html */
export const makeDataKeyWithoutPlaintext = operation(
  'kms.GenerateDataKeyWithoutPlaintext',
  async (
    cx,
    input: Input<GenerateDataKeyWithoutPlaintextCommandInput>,
  ): Promise<Output<GenerateDataKeyWithoutPlaintextCommandOutput>> => {
    const action = KmsKey.generateDataKeyWithoutPlaintext;
    const { plaintext: _, ...encrypted } = await dataKey(cx, action, input, 'GenerateDataKeyWithoutPlaintext');
    return encrypted;
  },
  { recorded: recordKey },
);

type Generating = 'kms-key.generateDataKey' | 'kms-key.generateDataKeyWithoutPlaintext';

/** A data key, and the same under the key that was named: always a symmetric one. */
async function dataKey<N extends Generating>(
  cx: Context,
  action: Action<KmsKeyDocument, N>,
  input: Input<GenerateDataKeyWithoutPlaintextCommandInput>,
  name: string,
) {
  const way = { algorithm: SYMMETRIC, context: input.EncryptionContext };
  requireGrantTokens(cx, input.GrantTokens);
  const key = await allowKey(cx, action, input.KeyId, wayKeys(way));
  const known = requireWay(key, name, way);
  const plaintext = generateDataKey(input);
  const blob = await makeCiphertext(cx, key, known, plaintext);
  endDryRun(input.DryRun);
  return { plaintext, CiphertextBlob: blob, KeyId: arnOf(key.ref), KeyMaterialId: key.value.material };
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html */
export const makeRandom = operation(
  'kms.GenerateRandom',
  async (cx, input: Input<GenerateRandomCommandInput>): Promise<Output<GenerateRandomCommandOutput>> => {
    await cx.allow(KmsAccount.generateRandom, allKeysRef(cx.identity.caller.account, cx.region));
    refuseRecipient(input.Recipient);
    if (input.CustomKeyStoreId !== undefined) {
      throw awsFault('CustomKeyStoreNotFoundException', `Custom key store ${input.CustomKeyStoreId} does not exist`);
    }
    return { Plaintext: generateRandom(input.NumberOfBytes) };
  },
);
