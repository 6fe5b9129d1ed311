/** What every use of a key has in common: its context keys, and what is checked before its material is touched. */
import type { Context as AskContext } from '../../../authorize.ts';
import type { Context } from '../../../context.ts';
import type { Allowed } from '../../../operation.ts';
import type { ContextValue } from '../../../policy/model.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Json } from '../../../store/store.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { type AlgorithmOf, type KeyUsage, requireAlgorithm, requireUsage } from './crypto/specs.ts';
import type { EncryptionContext } from './crypto/symmetric.ts';
import type { KmsKeyDocument } from './documents.ts';
import { readGrantToken } from './grant-token.ts';
import { requireState } from './states.ts';

/** Context keys of an encryption context. Pairs whose names differ in case alone are one key with several values. */
export function encryptionContextKeys(pairs: EncryptionContext | undefined): AskContext {
  const names = pairs === undefined ? [] : Object.keys(pairs);
  if (names.length === 0) return {};
  const context: Record<string, ContextValue> = { 'kms:encryptioncontextkeys': names };
  for (const name of names) {
    const key = `kms:encryptioncontext:${name.toLowerCase()}`;
    const before = context[key];
    context[key] = before === undefined ? pairs![name]! : [before, pairs![name]!].flat();
  }
  return context;
}

interface Use<U extends KeyUsage> {
  readonly usage: U;
  /** As the vendor calls it: `Encrypt`. */
  readonly operation: string;
  readonly algorithm: string;
}

/** The algorithm. Throws unless the key is made for this use, knows the algorithm and is in a state to be used. */
export function requireUsable<U extends KeyUsage>(
  { ref, value }: Allowed<KmsKeyDocument>,
  { usage, operation, algorithm }: Use<U>,
): AlgorithmOf<U> {
  const arn = arnOf(ref);
  requireState(arn, value.state, 'use');
  requireUsage(arn, value.usage, usage, operation);
  return requireAlgorithm(value.spec, usage, algorithm);
}

/** Throws `UnsupportedOperationException` for a key whose material comes from elsewhere. */
export function requireOrigin({ ref, value }: Allowed<KmsKeyDocument>, origin: KmsKeyDocument['origin']): void {
  if (value.origin === origin) return;
  throw awsFault(
    'UnsupportedOperationException',
    `${arnOf(ref)} origin is ${value.origin} which is not valid for this operation.`,
  );
}

/** Grants count from the moment they are made, so tokens add nothing; but they must be some. */
export function requireGrantTokens(cx: Context, tokens: readonly string[] | undefined): void {
  for (const token of tokens ?? []) {
    if (readGrantToken(cx, token) === undefined) {
      throw awsFault('InvalidGrantTokenException', 'The grant token is not valid.');
    }
  }
}

/** Ends a call that was only to be tried. https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html */
export function endDryRun(dryRun: boolean | undefined): void {
  if (dryRun) {
    throw awsFault('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
  }
}

/** A trial of the permissions alone. */
export function ignoresCiphertext(input: {
  readonly DryRun?: boolean | undefined;
  readonly DryRunModifiers?: readonly string[] | undefined;
}): boolean {
  return input.DryRun === true && (input.DryRunModifiers ?? []).includes('IGNORE_CIPHERTEXT');
}

/** What records keep of an input: the key as it was named. */
export function recordKey({ KeyId: key }: { readonly KeyId?: string | undefined }): Json {
  return key === undefined ? null : { KeyId: key };
}
