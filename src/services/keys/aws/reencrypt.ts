/** Bringing a ciphertext under another key, or another context, without its plaintext leaving. */
import type { ReEncryptCommandInput, ReEncryptCommandOutput } from '@aws-sdk/client-kms';
import { operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { KmsKey } from './access.ts';
import { allowFound, findKey } from './address.ts';
import {
  findSource,
  makeCiphertext,
  openCiphertext,
  requireBlob,
  requireWay,
  SYMMETRIC,
  wayKeys,
} from './ciphertext.ts';
import { documentIdOf } from './documents.ts';
import { endDryRun, ignoresCiphertext, requireGrantTokens } from './use.ts';

/**
 * Both keys are asked for, each by its own account's policies.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html
 */
export const reEncryptData = operation(
  'kms.ReEncrypt',
  async (cx, input: Input<ReEncryptCommandInput>): Promise<Output<ReEncryptCommandOutput>> => {
    const from = { algorithm: input.SourceEncryptionAlgorithm ?? SYMMETRIC, context: input.SourceEncryptionContext };
    const to = {
      algorithm: input.DestinationEncryptionAlgorithm ?? SYMMETRIC,
      context: input.DestinationEncryptionContext,
    };
    requireGrantTokens(cx, input.GrantTokens);
    const blob = ignoresCiphertext(input) ? undefined : requireBlob(input.CiphertextBlob);
    const foundSource = await findSource(cx, { ...from, blob, key: input.SourceKeyId });
    const foundTarget = await findKey(cx, input.DestinationKeyId);
    const same = {
      'kms:reencryptonsamekey': String(
        foundSource.ref.account === foundTarget.ref.account &&
          documentIdOf(foundSource.ref) === documentIdOf(foundTarget.ref),
      ),
    };
    const source = await allowFound(cx, KmsKey.reEncryptFrom, foundSource, { ...wayKeys(from), ...same });
    const target = await allowFound(cx, KmsKey.reEncryptTo, foundTarget, { ...wayKeys(to), ...same });
    const knownFrom = requireWay(source, 'ReEncrypt', from);
    const knownTo = requireWay(target, 'ReEncrypt', to);
    const opened = blob && (await openCiphertext(cx, source, knownFrom, blob));
    const made = opened && (await makeCiphertext(cx, target, knownTo, opened.plaintext));
    endDryRun(input.DryRun);
    const { material } = target.value;
    return {
      SourceKeyId: arnOf(source.ref),
      KeyId: arnOf(target.ref),
      SourceEncryptionAlgorithm: from.algorithm,
      DestinationEncryptionAlgorithm: to.algorithm,
      ...(made ? { CiphertextBlob: made } : {}),
      ...(opened?.materialId === undefined ? {} : { SourceKeyMaterialId: opened.materialId }),
      ...(to.algorithm === SYMMETRIC && material !== undefined ? { DestinationKeyMaterialId: material } : {}),
    };
  },
  {
    recorded: ({ SourceKeyId: source = null, DestinationKeyId: target }) => ({
      SourceKeyId: source,
      DestinationKeyId: target,
    }),
  },
);
