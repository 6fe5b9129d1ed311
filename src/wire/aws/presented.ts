/**
 * What a request says of its own signature: the `Authorization` header, or the `X-Amz-*` query of a presigned URL.
 * Nothing is judged here but the form.
 */
import { hash } from 'node:crypto';
import { awsFault } from './fault.ts';
import type { SignedRequest } from './sigv4.ts';

export interface Presented {
  readonly presigned: boolean;
  readonly algorithm: string;
  /** `keyid/date/region/service/term` as sent. */
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  /** ISO 8601 basic where it could be read from `Date`; else as sent. */
  readonly date: string;
  readonly sessionToken: string | undefined;
  /** `X-Amz-Expires` of a presigned URL as sent. */
  readonly expires: string | undefined;
  /** What the signer says that it hashed the body to. */
  readonly contentSha256: string | undefined;
}

/**
 * Undefined when the request carries no signature. Throws `IncompleteSignature` when parts are missing,
 * `SignatureDoesNotMatch` when it is signed in both places, and refuses Signature Version 2.
 */
export function readPresented(request: SignedRequest): Presented | undefined {
  const authorization = request.headers.authorization;
  const query = request.query === '' ? undefined : new URLSearchParams(request.query);
  if (authorization === undefined) {
    if (query?.has('AWSAccessKeyId') || query?.has('SignatureVersion')) throw version2();
    if (query?.has('X-Amz-Algorithm') || query?.has('X-Amz-Signature')) return fromQuery(request, query);
    return undefined;
  }
  if (query?.has('X-Amz-Algorithm')) {
    throw awsFault(
      'SignatureDoesNotMatch',
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  return fromHeader(request, authorization);
}

/** The service that a signature claims to be made for, right or not: how much is read of its body depends on it. */
export function scopedService({ headers, query }: Pick<SignedRequest, 'headers' | 'query'>): string | undefined {
  const presigned = query.includes('X-Amz-Credential=') && new URLSearchParams(query).get('X-Amz-Credential');
  const credential = /Credential=([^ ,]+)/.exec(headers.authorization ?? '')?.[1] ?? (presigned || '');
  return credential.split('/')[3];
}

function fromHeader(request: SignedRequest, authorization: string): Presented {
  const blank = authorization.indexOf(' ');
  const algorithm = blank < 0 ? authorization : authorization.slice(0, blank);
  if (algorithm === 'AWS') throw version2();
  const fields = fieldsOf(authorization, blank);
  const date = isoDate(single(request, 'x-amz-date'), request.headers.date);
  const missing = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !fields.get(name))
    .map((name) => `Authorization header requires '${name}' parameter. `);
  if (date === undefined) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
  }
  if (date === undefined || missing.length > 0) {
    const hashed = `(Hashed with SHA-256 and encoded with Base64) Authorization=${hash('sha256', authorization, 'base64')}`;
    throw awsFault('IncompleteSignature', missing.join('') + hashed);
  }
  return {
    presigned: false,
    algorithm,
    credential: fields.get('Credential') ?? '',
    signedHeaders: fields.get('SignedHeaders') ?? '',
    signature: fields.get('Signature') ?? '',
    date,
    sessionToken: single(request, 'x-amz-security-token'),
    expires: undefined,
    contentSha256: single(request, 'x-amz-content-sha256'),
  };
}

/** Fields may be parted by commas, blanks or both: all of these are in use. */
function fieldsOf(authorization: string, start: number): Map<string, string> {
  const fields = new Map<string, string>();
  if (start < 0) return fields;
  for (const part of authorization.slice(start + 1).split(/[ ,]/)) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    if (equals < 0) {
      const hashed = hash('sha256', authorization, 'base64');
      throw awsFault(
        'IncompleteSignature',
        `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hashed}'.`,
      );
    }
    fields.set(part.slice(0, equals), part.slice(equals + 1));
  }
  return fields;
}

function fromQuery(request: SignedRequest, query: URLSearchParams): Presented {
  const missing = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date']
    .filter((name) => !query.get(name))
    .map((name) => `AWS query-string parameters must include '${name}'. `);
  if (missing.length > 0) {
    throw awsFault('IncompleteSignature', `${missing.join('')}Re-examine the query-string parameters.`);
  }
  return {
    presigned: true,
    algorithm: query.get('X-Amz-Algorithm') ?? '',
    credential: query.get('X-Amz-Credential') ?? '',
    signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
    signature: query.get('X-Amz-Signature') ?? '',
    date: query.get('X-Amz-Date') ?? '',
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
    expires: query.get('X-Amz-Expires') ?? undefined,
    contentSha256: query.get('X-Amz-Content-Sha256') ?? single(request, 'x-amz-content-sha256'),
  };
}

/** `Date` is in the form of HTTP in most signers and in that of `X-Amz-Date` in some. */
function isoDate(amzDate: string | undefined, httpDate: string | undefined): string | undefined {
  if (amzDate !== undefined || httpDate === undefined) return amzDate;
  const time = Date.parse(httpDate);
  return Number.isNaN(time) ? httpDate : basicIso(time);
}

/** `20260102T030405Z` */
export function basicIso(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/**
 * Signature Version 2: `Authorization: AWS ...`, or a query with `AWSAccessKeyId` (S3) or `SignatureVersion` (the query
 * protocol). The answer is that of Regions which never had it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
function version2(): Error {
  return awsFault(
    'InvalidRequest',
    'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
  );
}

function single(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
