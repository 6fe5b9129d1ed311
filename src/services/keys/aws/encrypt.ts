/** Encrypting and decrypting small data, mostly keys. The hot path of the service. */
import type {
  DecryptCommandInput,
  DecryptCommandOutput,
  EncryptCommandInput,
  EncryptCommandOutput,
} from '@aws-sdk/client-kms';
import { operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { KmsKey } from './access.ts';
import { allowFound, allowKey } from './address.ts';
import {
  bytesOf,
  findSource,
  makeCiphertext,
  openCiphertext,
  refuseRecipient,
  requireBlob,
  requireWay,
  SYMMETRIC,
  wayKeys,
} from './ciphertext.ts';
import { endDryRun, ignoresCiphertext, recordKey, requireGrantTokens } from './use.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
export const encryptData = operation(
  'kms.Encrypt',
  async (cx, input: Input<EncryptCommandInput>): Promise<Output<EncryptCommandOutput>> => {
    const way = { algorithm: input.EncryptionAlgorithm ?? SYMMETRIC, context: input.EncryptionContext };
    requireGrantTokens(cx, input.GrantTokens);
    const key = await allowKey(cx, KmsKey.encrypt, input.KeyId, wayKeys(way));
    const known = requireWay(key, 'Encrypt', way);
    const blob = await makeCiphertext(cx, key, known, bytesOf(input.Plaintext));
    endDryRun(input.DryRun);
    return { CiphertextBlob: blob, KeyId: arnOf(key.ref), EncryptionAlgorithm: way.algorithm };
  },
  { recorded: recordKey },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html */
export const decryptData = operation(
  'kms.Decrypt',
  async (cx, input: Input<DecryptCommandInput>): Promise<Output<DecryptCommandOutput>> => {
    const way = { algorithm: input.EncryptionAlgorithm ?? SYMMETRIC, context: input.EncryptionContext };
    refuseRecipient(input.Recipient);
    requireGrantTokens(cx, input.GrantTokens);
    const blob = ignoresCiphertext(input) ? undefined : requireBlob(input.CiphertextBlob);
    const source = await findSource(cx, { ...way, blob, key: input.KeyId });
    const key = await allowFound(cx, KmsKey.decrypt, source, wayKeys(way));
    const known = requireWay(key, 'Decrypt', way);
    const opened = blob && (await openCiphertext(cx, key, known, blob));
    endDryRun(input.DryRun);
    return {
      KeyId: arnOf(key.ref),
      EncryptionAlgorithm: way.algorithm,
      ...(opened ? { Plaintext: opened.plaintext } : {}),
      ...(opened?.materialId === undefined ? {} : { KeyMaterialId: opened.materialId }),
    };
  },
  { recorded: recordKey },
);
