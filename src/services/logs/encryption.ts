/**
 * Data keys of batches of events: under a KMS key, of the group's account or of another one, or under the plane's own.
 * The service asks the KMS key as itself, for the log group; whoever writes or reads events needs no right to the key.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Context } from '../../context.ts';
import { Fault } from '../../faults.ts';
import type { Allowed } from '../../operation.ts';
import { arnOf, awsRef } from '../../policy/names.ts';
import type { Document } from '../../store/store.ts';
import { awsFault } from '../../wire/aws/fault.ts';
import { makeDataKey } from '../keys/aws/data-keys.ts';
import { decryptData } from '../keys/aws/encrypt.ts';
import { LOGS_SERVICE } from './access.ts';
import { type BatchKeyDocument, batchKeys, groupOf, type LogGroupDocument } from './documents.ts';

type MayWrite = Allowed<
  LogGroupDocument,
  'log-group.putLogEvents' | 'log-group.createLogGroup' | 'log-group.associateKmsKey'
>;
type MayRead = Allowed<LogGroupDocument, 'log-group.getLogEvents'>;

const KEY_BYTES = 32;

/** What KMS binds a data key to. */
function encryptionContext({ ref }: Allowed<LogGroupDocument>): Record<string, string> {
  return { 'aws:logs:arn': arnOf(groupOf(ref)) };
}

/** Throws unless the service may use the KMS key for this group now. */
export async function requireKmsKey(cx: Context, group: MayWrite, kmsKey: string): Promise<void> {
  const { service, type } = awsRef(kmsKey, '');
  if (service !== 'kms' || type !== 'key') {
    throw awsFault('InvalidParameterException', `The specified KMS Key Id could not be found. '${group.value.name}'`);
  }
  await wrappedDataKey(cx, group, kmsKey);
}

/** A data key for a batch of events, and how it is kept: under the group's KMS key, or sealed by the store. */
export async function newBatchKey(
  cx: Context,
  group: MayWrite,
): Promise<{ readonly key: KeyObject; readonly kept: Omit<BatchKeyDocument, 'content'> }> {
  const { kmsKey } = group.value;
  if (kmsKey !== undefined) return wrappedDataKey(cx, group, kmsKey);
  const bytes = randomBytes(KEY_BYTES);
  return { key: createSecretKey(bytes), kept: { key: bytes.toString('base64') } };
}

async function wrappedDataKey(cx: Context, group: MayWrite, kmsKey: string) {
  const made = await usable(group, () =>
    cx.actAs(LOGS_SERVICE, group).perform(makeDataKey, {
      KeyId: kmsKey,
      KeySpec: 'AES_256',
      EncryptionContext: encryptionContext(group),
    }),
  );
  const wrapped = { blob: Buffer.from(made.CiphertextBlob!).toString('base64'), by: made.KeyId! };
  return { key: createSecretKey(made.Plaintext!), kept: { wrapped } };
}

/** The data key of a batch. Throws when the service may not use the KMS key it is under (any more). */
export async function openBatchKey(cx: Context, group: MayRead, kept: Document<BatchKeyDocument>): Promise<KeyObject> {
  const { wrapped } = kept.value;
  if (wrapped === undefined) return createSecretKey(cx.open(group, batchKeys, kept, 'key'));
  const { Plaintext } = await usable(group, () =>
    cx.actAs(LOGS_SERVICE, group).perform(decryptData, {
      KeyId: wrapped.by,
      CiphertextBlob: Buffer.from(wrapped.blob, 'base64'),
      EncryptionContext: encryptionContext(group),
    }),
  );
  return createSecretKey(Plaintext!);
}

/**
 * A key that is not there and one that the service may not use are refused in the same words; they are the vendor's:
 * https://github.com/hashicorp/terraform-provider-aws/issues/29282
 */
async function usable<T>({ ref }: Allowed<LogGroupDocument>, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const arn = arnOf(groupOf(ref));
    if (error.kind === 'denied' || error.kind === 'not-found') {
      throw awsFault(
        'AccessDeniedException',
        `The specified KMS key does not exist or is not allowed to be used with Arn '${arn}'`,
      );
    }
    throw awsFault(
      'InvalidParameterException',
      `The specified KMS key cannot be used with Arn '${arn}': ${error.message}`,
    );
  }
}
