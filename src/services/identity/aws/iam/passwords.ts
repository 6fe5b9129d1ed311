/** Passwords: which ones an account takes, and what is kept of them. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { awsFault } from '../../../../wire/aws/fault.ts';
import type { PasswordRules } from '../documents.ts';

/** 16 MB and some 50 ms of work for each guess. */
const COST: ScryptOptions = { N: 16_384, r: 8, p: 1 };
const SALT_BYTES = 16;
const DIGEST_BYTES = 32;

/** What is kept of a password: salt and digest. */
export async function digestOf(password: string, salt = randomBytes(SALT_BYTES)): Promise<string> {
  const digest = await new Promise<Buffer>((resolve, reject) => {
    scrypt(password, salt, DIGEST_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
  return Buffer.concat([salt, digest]).toString('base64');
}

/** Whether a digest was made of this password. */
export async function isDigestOf(kept: string, password: string): Promise<boolean> {
  const bytes = Buffer.from(kept, 'base64');
  const again = await digestOf(password, bytes.subarray(0, SALT_BYTES));
  return timingSafeEqual(bytes, Buffer.from(again, 'base64'));
}

const KINDS = [
  ['RequireUppercaseCharacters', /[A-Z]/, 'Password should have at least one uppercase letter'],
  ['RequireLowercaseCharacters', /[a-z]/, 'Password should have at least one lowercase letter'],
  ['RequireNumbers', /[0-9]/, 'Password should have at least one number'],
  ['RequireSymbols', /[!@#$%^&*()_+\-=[\]{}|']/, 'Password should have at least one symbol'],
] as const;

const DEFAULT_LENGTH = 8;
/** Of the four kinds of characters; for accounts without a policy of their own. */
const DEFAULT_KINDS = 3;

/**
 * Throws `PasswordPolicyViolation` for what the account's rules, or AWS's where it has none, do not allow.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
 */
export function requireGoodPassword(password: string, rules: PasswordRules | undefined): void {
  const length = rules?.MinimumPasswordLength ?? DEFAULT_LENGTH;
  if (password.length < length) throw violation(`Password should have a minimum length of ${length}`);
  const lacking = KINDS.filter(([, pattern]) => !pattern.test(password));
  if (rules === undefined) {
    const more = lacking.length - (KINDS.length - DEFAULT_KINDS);
    if (more <= 0) return;
    const reasons = lacking.map(([, , reason]) => reason).join(', ');
    throw violation(`Password should meet ${more} more of the following requirements: ${reasons}`);
  }
  const [required] = lacking.filter(([rule]) => rules[rule]);
  if (required) throw violation(required[2]);
}

/** Throws `PasswordPolicyViolation` when the rules say that one of the earlier passwords, newest first, cannot come back. */
export async function requireUnused(
  password: string,
  digests: readonly string[],
  rules: PasswordRules | undefined,
): Promise<void> {
  for (const digest of digests.slice(0, rules?.PasswordReusePrevention ?? 0)) {
    if (await isDigestOf(digest, password)) throw violation('Password was used before and cannot be used again');
  }
}

const violation = (message: string) => awsFault('PasswordPolicyViolation', message);
