/** Message authentication codes of HMAC keys. */
import type {
  GenerateMacCommandInput,
  GenerateMacCommandOutput,
  VerifyMacCommandInput,
  VerifyMacCommandOutput,
} from '@aws-sdk/client-kms';
import { operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { KmsKey } from './access.ts';
import { allowKey } from './address.ts';
import { bytesOf } from './ciphertext.ts';
import { generateMac, requireMac } from './crypto/mac.ts';
import { currentMaterial } from './material.ts';
import { endDryRun, recordKey, requireGrantTokens, requireUsable } from './use.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html */
export const makeMac = operation(
  'kms.GenerateMac',
  async (cx, input: Input<GenerateMacCommandInput>): Promise<Output<GenerateMacCommandOutput>> => {
    requireGrantTokens(cx, input.GrantTokens);
    const key = await allowKey(cx, KmsKey.generateMac, input.KeyId, { 'kms:macalgorithm': input.MacAlgorithm });
    const algorithm = requireUsable(key, {
      usage: 'GENERATE_VERIFY_MAC',
      operation: 'GenerateMac',
      algorithm: input.MacAlgorithm,
    });
    const mac = generateMac(await currentMaterial(cx, key), algorithm, bytesOf(input.Message));
    endDryRun(input.DryRun);
    return { KeyId: arnOf(key.ref), Mac: mac, MacAlgorithm: algorithm };
  },
  { recorded: recordKey },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_VerifyMac.html */
export const verifyMac = operation(
  'kms.VerifyMac',
  async (cx, input: Input<VerifyMacCommandInput>): Promise<Output<VerifyMacCommandOutput>> => {
    requireGrantTokens(cx, input.GrantTokens);
    const key = await allowKey(cx, KmsKey.verifyMac, input.KeyId, { 'kms:macalgorithm': input.MacAlgorithm });
    const algorithm = requireUsable(key, {
      usage: 'GENERATE_VERIFY_MAC',
      operation: 'VerifyMac',
      algorithm: input.MacAlgorithm,
    });
    requireMac(await currentMaterial(cx, key), algorithm, bytesOf(input.Message), bytesOf(input.Mac));
    endDryRun(input.DryRun);
    return { KeyId: arnOf(key.ref), MacValid: true, MacAlgorithm: algorithm };
  },
  { recorded: recordKey },
);
