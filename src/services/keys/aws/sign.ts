/** Signatures of asymmetric keys, and the public keys with which anyone can check them. */
import type {
  GetPublicKeyCommandInput,
  GetPublicKeyCommandOutput,
  SignCommandInput,
  SignCommandOutput,
  VerifyCommandInput,
  VerifyCommandOutput,
} from '@aws-sdk/client-kms';
import type { Context as AskContext } from '../../../authorize.ts';
import { operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { KmsKey } from './access.ts';
import { allowKey } from './address.ts';
import { bytesOf } from './ciphertext.ts';
import { publicKeyOf } from './crypto/material.ts';
import { requireSignature, sign } from './crypto/signing.ts';
import { currentMaterial } from './material.ts';
import { showAlgorithms } from './metadata.ts';
import { requireState } from './states.ts';
import { endDryRun, recordKey, requireGrantTokens, requireUsable } from './use.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
export const signMessage = operation(
  'kms.Sign',
  async (cx, input: Input<SignCommandInput>): Promise<Output<SignCommandOutput>> => {
    requireGrantTokens(cx, input.GrantTokens);
    const key = await allowKey(cx, KmsKey.sign, input.KeyId, signingKeys(input));
    const algorithm = requireUsable(key, {
      usage: 'SIGN_VERIFY',
      operation: 'Sign',
      algorithm: input.SigningAlgorithm,
    });
    const material = await currentMaterial(cx, key);
    const signature = sign(material, algorithm, bytesOf(input.Message), input.MessageType);
    endDryRun(input.DryRun);
    return { KeyId: arnOf(key.ref), Signature: signature, SigningAlgorithm: algorithm };
  },
  { recorded: recordKey },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Verify.html */
export const verifySignature = operation(
  'kms.Verify',
  async (cx, input: Input<VerifyCommandInput>): Promise<Output<VerifyCommandOutput>> => {
    requireGrantTokens(cx, input.GrantTokens);
    const key = await allowKey(cx, KmsKey.verify, input.KeyId, signingKeys(input));
    const algorithm = requireUsable(key, {
      usage: 'SIGN_VERIFY',
      operation: 'Verify',
      algorithm: input.SigningAlgorithm,
    });
    const material = await currentMaterial(cx, key);
    requireSignature(material, algorithm, bytesOf(input.Message), bytesOf(input.Signature), input.MessageType);
    endDryRun(input.DryRun);
    return { KeyId: arnOf(key.ref), SignatureValid: true, SigningAlgorithm: algorithm };
  },
  { recorded: recordKey },
);

/** Context keys of a question about signing or verifying. */
function signingKeys({
  SigningAlgorithm: algorithm,
  MessageType: type = 'RAW',
}: Pick<Input<SignCommandInput>, 'SigningAlgorithm' | 'MessageType'>): AskContext {
  return { 'kms:signingalgorithm': algorithm, 'kms:messagetype': type };
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html */
export const getPublicKey = operation(
  'kms.GetPublicKey',
  async (cx, input: Input<GetPublicKeyCommandInput>): Promise<Output<GetPublicKeyCommandOutput>> => {
    requireGrantTokens(cx, input.GrantTokens);
    const key = await allowKey(cx, KmsKey.getPublicKey, input.KeyId);
    const arn = arnOf(key.ref);
    const { spec, usage, state } = key.value;
    requireState(arn, state, 'use');
    const material = await currentMaterial(cx, key);
    if (material.type !== 'private') {
      throw awsFault(
        'UnsupportedOperationException',
        `${arn} key spec is ${spec} which is not valid for GetPublicKey.`,
      );
    }
    return {
      KeyId: arn,
      PublicKey: publicKeyOf(material),
      KeySpec: spec,
      CustomerMasterKeySpec: spec as NonNullable<GetPublicKeyCommandOutput['CustomerMasterKeySpec']>,
      KeyUsage: usage,
      ...showAlgorithms(key.value),
    };
  },
  { recorded: recordKey },
);
