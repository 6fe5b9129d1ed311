/**
 * The canonical request of Signature Version 4, built from what was sent.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * All text here stands for bytes (one char, one byte), as node:http hands it over, so that what is hashed is what came
 * over the wire, whatever its encoding.
 */
import { awsFault } from './fault.ts';
import type { SignedRequest } from './sigv4.ts';

/** Throws `MalformedQueryString` and `InvalidURI` for escapes that stand for nothing. */
export function canonicalRequest(
  request: SignedRequest,
  service: string,
  signedHeaders: string,
  headers: ReadonlyMap<string, string>,
  payloadHash: string,
  presigned: boolean,
): Buffer {
  let lines = `${request.method}\n${canonicalPath(request.path, service)}\n${canonicalQuery(request.query, presigned)}\n`;
  for (const name of signedHeaders.split(';')) lines += `${name}:${headers.get(name) ?? ''}\n`;
  return Buffer.from(`${lines}\n${signedHeaders}\n${payloadHash}`, 'latin1');
}

/**
 * The headers of a request by lower-case name, those that came twice joined by a comma. Node's own `headers` drop some
 * repetitions, so that a header could be added to a signed request unseen: `rawHeaders` is read where it is there.
 */
export function sentHeaders(request: SignedRequest): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  const raw = request.rawHeaders;
  if (raw === undefined) {
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined)
        headers.set(name, typeof value === 'string' ? trimAll(value) : value.map(trimAll).join());
    }
    return headers;
  }
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    const value = trimAll(raw[at + 1] ?? '');
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}

/** No white space at the ends, one blank for each run of it inside. */
function trimAll(value: string): string {
  const trimmed = value.trim();
  return trimmed.includes('  ') || trimmed.includes('\t') ? trimmed.replace(/[ \t]+/g, ' ') : trimmed;
}

/**
 * S3 keys may hold anything, so their path is decoded and encoded once. All other services normalise the path as sent
 * and encode it once more.
 */
function canonicalPath(path: string, service: string): string {
  if (path === '/' || path === '') return '/';
  if (service === 's3') {
    return path
      .split('/')
      .map((segment) => encoded(decoded(segment, invalidUri)))
      .join('/');
  }
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encoded(segment));
  }
  return segments.length === 0 ? '/' : `/${segments.join('/')}${path.endsWith('/') ? '/' : ''}`;
}

/** Sorted by encoded name, then encoded value; the signature itself is no part of what it signs. */
function canonicalQuery(query: string, presigned: boolean): string {
  if (query === '') return '';
  const pairs: (readonly [string, string])[] = [];
  let signatureSeen = !presigned;
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = queryText(equals < 0 ? part : part.slice(0, equals));
    if (name === 'X-Amz-Signature' && !signatureSeen) signatureSeen = true;
    else pairs.push([name, equals < 0 ? '' : queryText(part.slice(equals + 1))]);
  }
  pairs.sort(byNameThenValue);
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function byNameThenValue(a: readonly [string, string], b: readonly [string, string]): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  if (a[1] === b[1]) return 0;
  return a[1] < b[1] ? -1 : 1;
}

function queryText(text: string): string {
  return encoded(decoded(text.includes('+') ? text.replaceAll('+', ' ') : text, malformedQuery));
}

const UNRESERVED = /^[A-Za-z0-9\-._~]*$/;
const ESCAPE = /%([0-9A-Fa-f]{2})?/g;

/** Each byte that is not unreserved (RFC 3986) as `%XX`. */
function encoded(text: string): string {
  if (UNRESERVED.test(text)) return text;
  let out = '';
  for (const char of text) {
    if (UNRESERVED.test(char)) out += char;
    else out += `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

function decoded(text: string, malformed: () => Error): string {
  if (!text.includes('%')) return text;
  return text.replace(ESCAPE, (_, hex: string | undefined) => {
    if (hex === undefined) throw malformed();
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
}

function malformedQuery(): Error {
  return awsFault('MalformedQueryString', 'The query string contains a syntax error.');
}

function invalidUri(): Error {
  return awsFault('InvalidURI', "Couldn't parse the specified URI.");
}
