/** Key policies: the default one, and what is asked of one that a caller writes. */
import type { Context } from '../../../context.ts';
import { Fault } from '../../../faults.ts';
import type { Allowed } from '../../../operation.ts';
import { validatePolicy } from '../../../policy/aws/validate.ts';
import { arnOf } from '../../../policy/names.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { rootRef } from '../../identity/aws/documents.ts';
import { bindPrincipals } from '../../identity/aws/principals.ts';
import { KmsKey } from './access.ts';
import { callerContext } from './address.ts';
import { type KmsKeyDocument, keyPolicies, POLICY_NAME } from './documents.ts';

/** The account's own policies decide. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
export function defaultPolicy(account: string): string {
  const statement = {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: arnOf(rootRef(account)) },
    Action: 'kms:*',
    Resource: '*',
  };
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [statement] }, undefined, 2);
}

/** Who may set a key's policy. */
type MayWrite = Allowed<KmsKeyDocument, 'kms-key.createKey' | 'kms-key.putKeyPolicy'>;

export function writePolicy(cx: Context, key: MayWrite, text: string): void {
  cx.putPart(key, keyPolicies, POLICY_NAME, { text });
}

/** The text to keep, its principals bound to who they are now. Throws `MalformedPolicyDocumentException`. */
export async function keptPolicy(cx: Context, text: string): Promise<string> {
  const [fault] = validatePolicy(text, 'key');
  if (fault !== undefined) {
    throw awsFault(fault.code, `${fault.message} (\`${fault.path}\`, line ${fault.line}, column ${fault.column})`);
  }
  const bound = await bindPrincipals(cx, text);
  if ('text' in bound) return bound.text;
  throw awsFault(
    'MalformedPolicyDocumentException',
    'Policy contains a statement with one or more invalid principals.',
  );
}

/**
 * Throws `MalformedPolicyDocumentException` when the policy that was just written would not let the caller write it
 * again: nobody might be left who can.
 */
export async function requireNoLockout(cx: Context, key: MayWrite, bypass: boolean | undefined): Promise<void> {
  if (bypass) return;
  try {
    await cx.allow(KmsKey.putKeyPolicy, key.ref, callerContext(cx));
  } catch (error) {
    if (!(error instanceof Fault && error.kind === 'denied')) throw error;
    throw awsFault(
      'MalformedPolicyDocumentException',
      'The new key policy will not allow you to update the key policy in the future.',
    );
  }
}
