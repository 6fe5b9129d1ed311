/**
 * Session policies: what a caller passes along to make a session less than the identity behind it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
 */
import { deflateRawSync } from 'node:zlib';
import type { Context } from '../../../../context.ts';
import { faultSentence, validatePolicy } from '../../../../policy/aws/validate.ts';
import { awsRef, PARTITION } from '../../../../policy/names.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { Policy } from '../access.ts';
import { IAM } from '../documents.ts';
import { isAwsManaged, managedPolicy } from '../managed-policies/managed-policies.ts';

const MOST_MANAGED = 10;

export interface SessionPolicies {
  readonly policies: readonly string[];
  readonly policyArns: readonly string[];
}

export const NO_POLICIES: SessionPolicies = { policies: [], policyArns: [] };

interface Given {
  readonly Policy?: string | undefined;
  readonly PolicyArns?: readonly { readonly arn?: string | undefined }[] | undefined;
}

/**
 * The policies of a request: the document checked, and each managed policy there, in `account` or AWS's own. To be
 * called once the caller may have the session: what `account` has is told to nobody else.
 */
export async function readSessionPolicies(cx: Context, account: string, given: Given): Promise<SessionPolicies> {
  const [fault] = given.Policy === undefined ? [] : validatePolicy(given.Policy, 'session');
  if (fault) throw awsFault(fault.code, faultSentence(fault));
  const policyArns = (given.PolicyArns ?? []).map(({ arn }) => arn ?? '');
  if (policyArns.length > MOST_MANAGED) {
    throw awsFault(
      'ValidationError',
      `1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to ${MOST_MANAGED}`,
    );
  }
  for (const arn of policyArns) {
    if (!(await isThere(cx, account, arn)))
      throw awsFault('ValidationError', `Policy ${arn} does not exist or is not attachable.`);
  }
  return { policies: given.Policy === undefined ? [] : [given.Policy], policyArns };
}

async function isThere(cx: Context, account: string, arn: string): Promise<boolean> {
  if (isAwsManaged(arn)) return (await managedPolicy(arn)) !== undefined;
  const ref = awsRef(arn, '');
  if (!arn.startsWith(`arn:${PARTITION}:${IAM}::`) || ref.account !== account || ref.type !== 'policy') return false;
  return (await cx.locateAt(Policy.type, ref)) !== undefined;
}

/** AWS does not tell how large the packed form may be; this is the size that the plain form may have. */
const PACKED_BYTES = 2048;

/**
 * How much of the room for policies and tags together is used, in percent; undefined when there is neither. Throws
 * `PackedPolicyTooLarge`.
 */
export function packedSize(
  { policies, policyArns }: SessionPolicies,
  tags: Readonly<Record<string, string>>,
): number | undefined {
  const hasPolicies = policies.length + policyArns.length > 0;
  const isTagged = Object.keys(tags).length > 0;
  if (!hasPolicies && !isTagged) return undefined;
  const plain = [...policies, ...policyArns, ...(isTagged ? [JSON.stringify(tags)] : [])].join('\n');
  const percent = Math.ceil((deflateRawSync(plain).length * 100) / PACKED_BYTES);
  if (percent <= 100) return percent;
  const what = [...(hasPolicies ? ['policies'] : []), ...(isTagged ? ['tags'] : [])].join(' and ');
  throw awsFault('PackedPolicyTooLarge', `Packed size of session ${what} consumes ${percent}% of allotted space.`);
}
