/**
 * Verifies AWS Signature Version 4: in the `Authorization` header and in presigned URLs.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 *
 * `readSignature` refuses what is wrong whoever signed; `checkScope` what was signed for another service or Region;
 * `matches` needs the secret. Codes are those of the query protocol, except that S3 has words of its own for some.
 * The order of the checks and their texts are what the services answer, one mistake at a time:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { canonicalRequest, sentHeaders } from './canonical.ts';
import { awsFault } from './fault.ts';
import { basicIso, type Presented, readPresented } from './presented.ts';
import { isSignedWith } from './signing-key.ts';

export interface SignedRequest {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Read rather than `headers` when it is there: node drops some repeated headers from those. */
  readonly rawHeaders?: readonly string[];
  readonly body: Buffer;
}

export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly sessionToken: string | undefined;
  readonly presigned: boolean;
  readonly algorithm: string;
  /** Whether this secret made the signature. Timing safe. */
  matches(secret: string): boolean;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const UNSIGNED = 'UNSIGNED-PAYLOAD';
const SKEW_MINUTES = 15;
const SKEW = SKEW_MINUTES * 60_000;
const LONGEST_EXPIRY = 604_800;

/**
 * Undefined: the request is not signed at all. Throws for what is wrong before any secret is known
 * (`IncompleteSignature`, `SignatureDoesNotMatch`, ...; see the top). `now`: milliseconds.
 */
export function readSignature(request: SignedRequest, now: number): Signature | undefined {
  const presented = readPresented(request);
  if (presented === undefined) return undefined;
  const time = timeOf(presented.date);
  const [accessKeyId = '', day = '', region = '', service = '', terminator = '', ...more] =
    presented.credential.split('/');
  checkTime(presented, time, now, service);
  const headers = sentHeaders(request);
  const signed = presented.signedHeaders.split(';');
  checkSignedHeaders(headers, signed, service);
  if (presented.algorithm !== ALGORITHM) {
    throw awsFault(
      'IncompleteSignature',
      `Unsupported AWS 'algorithm': '${presented.algorithm}' (only ${ALGORITHM} for now). `,
    );
  }
  if (terminator === '' || more.length > 0) {
    throw awsFault(
      'IncompleteSignature',
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${presented.credential}'`,
    );
  }
  checkOwnScope(presented.date, day, terminator);
  const payloadHash = payloadHashOf(request.body, presented, service);
  const declared = service === 's3' ? undefined : presented.contentSha256;
  const asSigned = (declared ?? payloadHash) === payloadHash && signed.every((name) => headers.has(name));
  const signing = {
    accessKeyId,
    day,
    region,
    service,
    date: presented.date,
    canonicalRequest: canonicalRequest(
      request,
      service,
      presented.signedHeaders,
      headers,
      payloadHash,
      presented.presigned,
    ),
  };
  return {
    accessKeyId,
    region,
    service,
    sessionToken: presented.sessionToken,
    presigned: presented.presigned,
    algorithm: presented.algorithm,
    matches: (secret) => asSigned && isSignedWith(secret, signing, presented.signature),
  };
}

/** What to throw when `matches` says no. */
export function signatureMismatch(): Error {
  return awsFault(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}

/**
 * Throws `SignatureDoesNotMatch` for a signature made for another service, or for a Region where the service that was
 * addressed does not answer. The blank at the end of each sentence is the vendor's.
 */
export function checkScope(
  signature: Signature,
  expected: { readonly service: string; readonly isRegion: (name: string) => boolean },
): void {
  let text = '';
  if (!expected.isRegion(signature.region)) text += 'Credential should be scoped to a valid region. ';
  if (signature.service !== expected.service) {
    text += `Credential should be scoped to correct service: '${expected.service}'. `;
  }
  if (text !== '') throw awsFault('SignatureDoesNotMatch', text);
}

function timeOf(date: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  if (year === undefined) {
    throw awsFault(
      'IncompleteSignature',
      `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

function checkTime(presented: Presented, time: number, now: number, service: string): void {
  const lifetime = presented.presigned ? lifetimeOf(presented.expires, service) : undefined;
  if (service === 's3') {
    if (lifetime !== undefined) checkLifetime(time, lifetime, now);
    else if (Math.abs(now - time) > SKEW) {
      throw awsFault(
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
      );
    }
    return;
  }
  // Services other than S3 do not look at X-Amz-Expires: STS answers a presigned URL for 15 minutes, which EKS tokens
  // (signed with 60 seconds, used for 14 minutes) rely on.
  // https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/master/pkg/token/token.go
  if (now - time > SKEW) {
    const limit = `${basicIso(now - SKEW)} (${basicIso(now)} - ${SKEW_MINUTES} min.)`;
    throw awsFault('SignatureDoesNotMatch', `Signature expired: ${presented.date} is now earlier than ${limit}`);
  }
  if (time - now > SKEW) {
    const limit = `${basicIso(now + SKEW)} (${basicIso(now)} + ${SKEW_MINUTES} min.)`;
    throw awsFault(
      'SignatureDoesNotMatch',
      `Signature not yet current: ${presented.date} is still later than ${limit}`,
    );
  }
}

function checkLifetime(time: number, lifetime: number, now: number): void {
  if (now > time + lifetime * 1000) throw awsFault('AccessDenied', 'Request has expired');
  if (now < time - SKEW) throw awsFault('AccessDenied', 'Request is not valid yet');
}

/** Seconds. Optional outside S3. */
function lifetimeOf(expires: string | undefined, service: string): number | undefined {
  if (expires === undefined && service !== 's3') return undefined;
  const code = service === 's3' ? 'AuthorizationQueryParametersError' : 'IncompleteSignature';
  if (expires === undefined) {
    const names =
      'X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires';
    throw awsFault(code, `Query-string authentication version 4 requires the ${names} parameters.`);
  }
  if (!/^-?\d+$/.test(expires)) throw awsFault(code, 'X-Amz-Expires should be a number');
  const seconds = Number(expires);
  if (seconds < 1) throw awsFault(code, 'X-Amz-Expires must be non-negative');
  if (seconds > LONGEST_EXPIRY) {
    const text = `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${LONGEST_EXPIRY} seconds`;
    throw awsFault(code, text);
  }
  return seconds;
}

/** The host and every `x-amz-*` header must be under the signature: they say where a request goes and what it does. */
function checkSignedHeaders(headers: ReadonlyMap<string, string>, signed: readonly string[], service: string): void {
  if (!signed.includes('host')) {
    const text = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
    throw awsFault('SignatureDoesNotMatch', text);
  }
  for (const name of headers.keys()) {
    if (!name.startsWith('x-amz-') || signed.includes(name)) continue;
    if (service === 's3') {
      throw awsFault('AccessDenied', 'There were headers present in the request which were not signed');
    }
    throw awsFault('SignatureDoesNotMatch', `'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
}

function checkOwnScope(date: string, day: string, terminator: string): void {
  let text = '';
  if (terminator !== 'aws4_request') {
    text += `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `;
  }
  if (!date.startsWith(`${day}T`)) {
    text += `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${date.slice(0, 8)}', from '${date}'.`;
  }
  if (text !== '') throw awsFault('SignatureDoesNotMatch', text);
}

/** What stands for the body in the canonical request. Only S3 lets the signer say that the body is not signed. */
function payloadHashOf(body: Buffer, presented: Presented, service: string): string {
  const computed = hash('sha256', body);
  if (service !== 's3') return computed;
  const declared = presented.contentSha256 ?? (presented.presigned ? UNSIGNED : undefined);
  if (declared === UNSIGNED || declared === computed) return declared;
  if (declared === undefined) {
    throw awsFault('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  if (declared.startsWith('STREAMING-')) {
    throw awsFault('NotImplemented', 'A header you provided implies functionality that is not implemented.');
  }
  throw awsFault(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}
