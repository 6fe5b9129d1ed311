/** Policy documents on their way in and out. */
import { faultSentence, type PolicyHome, validatePolicy } from '../../../../policy/aws/validate.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';

/** Throws `MalformedPolicyDocument`, or `LimitExceeded`, for what AWS would not keep. */
export function requireGoodPolicy(text: string, home: PolicyHome): void {
  const [fault] = validatePolicy(text, home);
  if (fault === undefined) return;
  throw awsFault(fault.code, fault.code === 'LimitExceeded' ? fault.message : faultSentence(fault));
}

/** Characters that count towards quotas. */
export function policySize(text: string): number {
  return text.replace(/\s+/g, '').length;
}

/** Replies hold policies URL-encoded, as RFC 3986 has it. */
export function encodedPolicy(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
