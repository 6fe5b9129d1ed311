/** Secrets that two holders of elliptic curve keys share without sending them. */
import type { DeriveSharedSecretCommandInput, DeriveSharedSecretCommandOutput } from '@aws-sdk/client-kms';
import { operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { KmsKey } from './access.ts';
import { allowKey } from './address.ts';
import { bytesOf, refuseRecipient } from './ciphertext.ts';
import { deriveSharedSecret } from './crypto/agreement.ts';
import { currentMaterial } from './material.ts';
import { endDryRun, recordKey, requireGrantTokens, requireUsable } from './use.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_DeriveSharedSecret.html */
export const agreeOnSecret = operation(
  'kms.DeriveSharedSecret',
  async (cx, input: Input<DeriveSharedSecretCommandInput>): Promise<Output<DeriveSharedSecretCommandOutput>> => {
    refuseRecipient(input.Recipient);
    requireGrantTokens(cx, input.GrantTokens);
    const key = await allowKey(cx, KmsKey.deriveSharedSecret, input.KeyId, {
      'kms:keyagreementalgorithm': input.KeyAgreementAlgorithm,
    });
    const algorithm = requireUsable(key, {
      usage: 'KEY_AGREEMENT',
      operation: 'DeriveSharedSecret',
      algorithm: input.KeyAgreementAlgorithm,
    });
    const secret = deriveSharedSecret(await currentMaterial(cx, key), bytesOf(input.PublicKey));
    endDryRun(input.DryRun);
    return {
      KeyId: arnOf(key.ref),
      SharedSecret: secret,
      KeyAgreementAlgorithm: algorithm,
      KeyOrigin: key.value.origin,
    };
  },
  { recorded: recordKey },
);
