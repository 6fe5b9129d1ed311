/** Constraints on what callers send, refused in the words of the vendor's request validation. */
import { awsFault } from '../../../../wire/aws/fault.ts';

/** What KMS encrypts, signs and authenticates. https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
export const MESSAGE_BYTES = 4096;
/** Ciphertexts, signatures and codes. */
export const CIPHERTEXT_BYTES = 6144;
export const PUBLIC_KEY_BYTES = 8192;
/** What GenerateRandom and GenerateDataKey give at most. */
export const RANDOM_BYTES = 1024;

/** Throws `ValidationException` unless `bytes` holds 1 to `max` bytes. `member`: as the request calls it, `plaintext`. */
export function requireLength(member: string, bytes: Buffer, max: number): void {
  requireRange(`Value at '${member}'`, 'length', bytes.length, max);
}

/** Throws `ValidationException` unless `value` is 1 to `max`. */
export function requireCount(member: string, value: number, max: number): void {
  requireRange(`Value '${value}' at '${member}'`, 'value', value, max);
}

/** The value, known to be one of those. Throws `ValidationException` when it is not. */
export function requireOneOf<T extends string>(member: string, value: string, allowed: readonly T[]): T {
  const known = allowed.find((one) => one === value);
  if (known !== undefined) return known;
  throw broken(`Value '${value}' at '${member}'`, `satisfy enum value set: [${allowed.join(', ')}]`);
}

function requireRange(what: string, measure: 'length' | 'value', size: number, max: number): void {
  if (size >= 1 && size <= max) return;
  throw broken(what, `have ${measure} ${size < 1 ? 'greater than or equal to 1' : `less than or equal to ${max}`}`);
}

function broken(what: string, constraint: string): Error {
  return awsFault(
    'ValidationException',
    `1 validation error detected: ${what} failed to satisfy constraint: Member must ${constraint}`,
  );
}
