/** Calls of every service, wrongly signed: refused alike, each in its protocol. */
import assert from 'node:assert/strict';
import { ADMIN, type BadWorld } from './aws-bad-world.ts';
import { formCall, jsonCall, type RawAnswer, type Sent, type Signing, send, signed } from './aws-raw.ts';

/** One harmless call of each service, and one that would make something. */
export const CALLS: readonly { readonly service: string; readonly sent: Sent; readonly isJson: boolean }[] = [
  { service: 'sts', sent: formCall('sts', 'GetSessionToken'), isJson: false },
  { service: 'iam', sent: formCall('iam', 'CreateUser', { UserName: 'uninvited' }), isJson: false },
  { service: 'kms', sent: jsonCall('kms', 'CreateKey'), isJson: true },
  { service: 'logs', sent: jsonCall('logs', 'CreateLogGroup', { logGroupName: 'uninvited' }), isJson: true },
];

/** What the protocols call the errors of signing. JSON services answer 400 to all of them. */
const CODES = {
  mismatch: ['SignatureDoesNotMatch', 403, 'InvalidSignatureException'],
  incomplete: ['IncompleteSignature', 400, 'IncompleteSignatureException'],
  stranger: ['InvalidClientTokenId', 403, 'UnrecognizedClientException'],
  expired: ['ExpiredToken', 403, 'ExpiredTokenException'],
  missing: ['MissingAuthenticationToken', 403, 'MissingAuthenticationTokenException'],
  version: ['InvalidRequest', 400, 'InvalidRequestException'],
} as const;

export function assertRefused(
  { code, message, status, text }: RawAnswer,
  isJson: boolean,
  kind: keyof typeof CODES,
  words: RegExp,
): void {
  const [query, queryStatus, json] = CODES[kind];
  assert.deepEqual([code, status], isJson ? [json, 400] : [query, queryStatus], text);
  assert.match(message, words);
}

export type Change = (sent: Sent) => Sent;

export type RefusedToAll = (
  kind: keyof typeof CODES,
  words: RegExp,
  signing?: Partial<Signing>,
  change?: Change,
) => Promise<void>;

/** A check that every call, with other credentials or another scope, or changed after it was signed, is refused. */
export function refuser(world: () => BadWorld): RefusedToAll {
  return (kind, words, signing = {}, change = (sent) => sent) =>
    world().withoutChange(async () => {
      const { plane } = world();
      for (const { service, sent, isJson } of CALLS) {
        const ready = change(await signed(plane, sent, { keys: ADMIN, service, ...signing }));
        assertRefused(await send(plane, ready), isJson, kind, words);
      }
    });
}

export const inAuthorization =
  (from: RegExp | string, to: string): Change =>
  (sent) => {
    const authorization = sent.headers['authorization']!.replace(from, to);
    assert.notEqual(authorization, sent.headers['authorization']);
    return { ...sent, headers: { ...sent.headers, authorization } };
  };

export const without =
  (name: string): Change =>
  (sent) => {
    const { [name]: _gone, ...headers } = sent.headers;
    return { ...sent, headers };
  };

export const WRONG = /^The request signature we calculated does not match the signature you provided\./;
export const INVALID_TOKEN = 'The security token included in the request is invalid.';
