/** Key policies, read and replaced. A key has one, named `default`. */
import type {
  GetKeyPolicyCommandInput,
  GetKeyPolicyCommandOutput,
  ListKeyPoliciesCommandInput,
  ListKeyPoliciesCommandOutput,
  PutKeyPolicyCommandInput,
} from '@aws-sdk/client-kms';
import { operation } from '../../../operation.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { showPrincipals } from '../../identity/aws/principals.ts';
import { KmsKey } from './access.ts';
import { allowOwnKey } from './address.ts';
import { keyPolicies, POLICY_NAME } from './documents.ts';
import { keptPolicy, requireNoLockout, writePolicy } from './key-policy.ts';
import { recordKey } from './use.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html */
export const getKmsKeyPolicy = operation(
  'kms.GetKeyPolicy',
  async (cx, input: Input<GetKeyPolicyCommandInput>): Promise<Output<GetKeyPolicyCommandOutput>> => {
    const key = await allowOwnKey(cx, KmsKey.getKeyPolicy, input.KeyId);
    requireName(input.PolicyName);
    const policy = await cx.part(key, keyPolicies, POLICY_NAME);
    if (policy === undefined) throw new Error(`the key ${key.value.id} has lost its policy`);
    return { Policy: await showPrincipals(cx, policy.value.text), PolicyName: POLICY_NAME };
  },
  { recorded: recordKey },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
export const putKmsKeyPolicy = operation(
  'kms.PutKeyPolicy',
  async (cx, input: Input<PutKeyPolicyCommandInput>): Promise<object> => {
    const bypass = input.BypassPolicyLockoutSafetyCheck;
    const key = await allowOwnKey(cx, KmsKey.putKeyPolicy, input.KeyId, {
      'kms:bypasspolicylockoutsafetycheck': String(bypass ?? false),
    });
    requireName(input.PolicyName);
    writePolicy(cx, key, await keptPolicy(cx, input.Policy));
    await requireNoLockout(cx, key, bypass);
    return {};
  },
  { recorded: recordKey },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyPolicies.html */
export const listKmsKeyPolicies = operation(
  'kms.ListKeyPolicies',
  async (cx, input: Input<ListKeyPoliciesCommandInput>): Promise<Output<ListKeyPoliciesCommandOutput>> => {
    await allowOwnKey(cx, KmsKey.listKeyPolicies, input.KeyId);
    return { PolicyNames: [POLICY_NAME], Truncated: false };
  },
  { recorded: recordKey },
);

function requireName(name: string | undefined): void {
  if (name !== undefined && name !== POLICY_NAME) throw awsFault('NotFoundException', 'No such policy exists');
}
