/** What others sign is accepted, and nothing else: signers of AWS's own make, none of which shares code with ours. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { CloudWatchLogsClient, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import type { HttpRequest, QueryParameterBag, SourceData } from '@smithy/types';
import fc from 'fast-check';
import { readSignature, type SignedRequest } from './sigv4.ts';

const KEY_ID = 'AKIAEXAMPLEPROD00001';
const SECRET = 'prod-secret-0000000000000000000000000001';
const TOKEN = 'IQoJb3JpZ2luX2VjEXAMPLE/token+with=signs';
const HOST = 'example.amazonaws.com';

/** node:crypto in the form that the SDK's signer asks for. */
class Sha256 {
  readonly #hash;
  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }
  update(data: SourceData): void {
    this.#hash.update(bytesOf(data));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {}
}

function bytesOf(data: SourceData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}

function strict(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function received(
  method: string,
  path: string,
  query: string,
  headers: readonly (readonly string[])[],
  body: Uint8Array,
): SignedRequest {
  const folded: Record<string, string> = {};
  for (const [name = '', value = ''] of headers) folded[name.toLowerCase()] = value;
  return { method, path, query, headers: folded, rawHeaders: headers.flat(), body: Buffer.from(body) };
}

function receivedFrom(request: HttpRequest, body: Uint8Array): SignedRequest {
  const pairs = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${strict(name)}=${strict(one ?? '')}`),
  );
  return received(request.method, request.path, pairs.join('&'), Object.entries(request.headers), body);
}

function signedAt(request: SignedRequest): number {
  const text = request.headers['x-amz-date'] ?? new URLSearchParams(request.query).get('X-Amz-Date');
  assert.ok(typeof text === 'string', 'no date');
  return Date.parse(text.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'));
}

/** As the plane would: the secret is that of the key id which the request names. */
function accepts(request: SignedRequest, now = signedAt(request)): boolean {
  try {
    const signature = readSignature(request, now);
    return signature?.accessKeyId === KEY_ID && signature.matches(SECRET);
  } catch {
    return false;
  }
}

interface Wanted {
  readonly method: string;
  readonly service: string;
  readonly region: string;
  readonly segments: readonly string[];
  readonly pairs: readonly (readonly [string, string])[];
  readonly header: string;
  readonly body: Uint8Array;
  readonly token: string | undefined;
  readonly presign: boolean;
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('a b', 'a+b', '100%', '%2F', 'é/ü', "!*'()~", 'ሴ', '&=?#', '.', '..'),
);
const wanted: fc.Arbitrary<Wanted> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  service: fc.constantFrom('sts', 'kms', 'iam', 's3'),
  region: fc.constantFrom('us-east-1', 'eu-central-1'),
  segments: fc.array(text, { maxLength: 4 }),
  pairs: fc.array(fc.tuple(fc.oneof(fc.constantFrom('a', 'A', 'a-b'), text), text), { maxLength: 4 }),
  header: fc.stringMatching(/^[!-~]{1,4}( {1,3}[!-~]{1,4}){0,2}$/),
  body: fc.uint8Array({ maxLength: 40 }),
  token: fc.constantFrom(undefined, TOKEN),
  presign: fc.boolean(),
});

function pathOf({ segments }: Wanted): string {
  return `/${segments.map(strict).join('/')}`;
}

/** One byte of what is signed, changed to another that does not mean the same. */
function tampered(request: SignedRequest, at: number): SignedRequest {
  const turn = (byte: string) => (byte === 'x' ? 'y' : 'x');
  const put = (from: string, i: number) => from.slice(0, i) + turn(from[i] ?? '') + from.slice(i + 1);
  const { path, query, body } = request;
  const place = at % (path.length + query.length + body.length);
  if (place < path.length) return { ...request, path: put(path, place) };
  if (place < path.length + query.length) return { ...request, query: put(query, place - path.length) };
  const changed = Buffer.from(body);
  const i = place - path.length - query.length;
  changed[i] = (changed[i] ?? 0) ^ 1;
  return { ...request, body: changed };
}

/** S3 says in the request whether the body is under the signature. */
function bodyIsSigned(request: SignedRequest): boolean {
  const presignedS3 = request.query.includes('%2Fs3%2Faws4_request');
  return !presignedS3 && request.headers['x-amz-content-sha256'] !== 'UNSIGNED-PAYLOAD';
}

function assertSigned(request: SignedRequest, at: number): void {
  assert.ok(accepts(request), `refused: ${request.method} ${request.path}?${request.query}`);
  const changed = tampered(request, at);
  if (changed.body !== request.body && !bodyIsSigned(request)) return;
  // What `..` takes back is not under the signature: services other than S3 sign where a path leads.
  if (changed.path !== request.path && request.path.includes('/..')) return;
  assert.ok(!accepts(changed, signedAt(request)), `accepted: ${changed.path}?${changed.query}`);
}

test("the SDK's signer, in headers and in queries", async () => {
  await fc.assert(
    fc.asyncProperty(wanted, fc.nat(), async (want, at) => {
      const s3 = want.service === 's3';
      const signer = new SignatureV4({
        service: want.service,
        region: want.region,
        sha256: Sha256,
        uriEscapePath: !s3,
        credentials: {
          accessKeyId: KEY_ID,
          secretAccessKey: SECRET,
          ...(want.token === undefined ? {} : { sessionToken: want.token }),
        },
      });
      const query: QueryParameterBag = {};
      for (const [name, value] of want.pairs) query[name] = [...(query[name] ?? []), value];
      const request = {
        method: want.method,
        protocol: 'https:',
        hostname: HOST,
        path: pathOf(want),
        query,
        headers: { host: HOST, 'my-header': want.header },
        body: want.body,
      };
      const unsignedBody = s3 && want.presign ? { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } : {};
      const signed = want.presign
        ? await signer.presign({ ...request, headers: { ...request.headers, ...unsignedBody } }, { expiresIn: 600 })
        : await signer.sign(request);
      assertSigned(receivedFrom(signed, want.body), at);
    }),
    { numRuns: 300 },
  );
});

test("botocore's signers, in headers and in queries, for S3 and the others", () => {
  const wishes = fc.sample(fc.tuple(wanted, fc.nat()), 300);
  const lines = wishes.map(([want]) => {
    const query = want.pairs.map(([name, value]) => `${strict(name)}=${strict(value)}`).join('&');
    return JSON.stringify({
      ...want,
      keyId: KEY_ID,
      secret: SECRET,
      url: `https://${HOST}${pathOf(want)}${query === '' ? '' : `?${query}`}`,
      headers: [['My-Header', want.header]],
      // A presigned request has no body in botocore: it makes form fields of it.
      body: want.presign ? '' : Buffer.from(want.body).toString('base64'),
    });
  });
  const script = new URL('./sigv4-botocore.py', import.meta.url).pathname;
  const run = spawnSync('python3', [script], { input: lines.join('\n'), encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(run.status, 0, run.stderr);
  const answers = run.stdout.trim().split('\n');
  assert.equal(answers.length, wishes.length);
  for (const [index, [want, at]] of wishes.entries()) {
    const signed: { url: string; headers: [string, string][] } = JSON.parse(answers[index] ?? '');
    const target = signed.url.slice(`https://${HOST}`.length);
    const [path = '', query = ''] = target.split('?');
    const headers = [['Host', HOST], ...signed.headers];
    assertSigned(received(want.method, path, query, headers, want.presign ? new Uint8Array() : want.body), at);
  }
});

describe("the SDK's clients", () => {
  let caught: HttpRequest | undefined;
  const settings = {
    region: 'eu-central-1',
    endpoint: 'http://127.0.0.1:4602',
    credentials: { accessKeyId: KEY_ID, secretAccessKey: SECRET, sessionToken: TOKEN },
    maxAttempts: 1,
    requestHandler: {
      handle(request: HttpRequest): Promise<never> {
        caught = request;
        return Promise.reject(new Error('caught'));
      },
    },
  };
  const key = "a b+é/!*'()~/../ü=&.txt";
  const calls: Record<string, () => Promise<unknown>> = {
    sts: () => new STSClient(settings).send(new GetCallerIdentityCommand({})),
    iam: () => new IAMClient(settings).send(new GetUserCommand({ UserName: 'a+b' })),
    kms: () => new KMSClient(settings).send(new EncryptCommand({ KeyId: 'k', Plaintext: new Uint8Array([1]) })),
    logs: () =>
      new CloudWatchLogsClient(settings).send(
        new PutLogEventsCommand({ logGroupName: 'g', logStreamName: 's', logEvents: [{ timestamp: 1, message: 'é' }] }),
      ),
    's3 put': () =>
      new S3Client({ ...settings, forcePathStyle: true }).send(
        new PutObjectCommand({ Bucket: 'b', Key: key, Body: 'hello', Metadata: { note: 'two  blanks' } }),
      ),
    's3 get': () =>
      new S3Client({ ...settings, forcePathStyle: true }).send(
        new GetObjectCommand({ Bucket: 'b', Key: key, VersionId: 'v 1', ResponseContentType: 'text/plain; a=b' }),
      ),
  };
  for (const [name, call] of Object.entries(calls)) {
    test(name, async () => {
      await assert.rejects(call(), /caught/);
      assert.ok(caught !== undefined);
      const body = Buffer.from(caught.body ?? '');
      const request = receivedFrom(caught, body);
      assert.equal(readSignature(request, signedAt(request))?.sessionToken, TOKEN);
      assert.ok(accepts(request));
      assert.ok(!accepts({ ...request, path: `${request.path}x` }));
      assert.ok(!accepts({ ...request, body: Buffer.concat([body, Buffer.from('x')]) }));
      assert.ok(!accepts({ ...request, method: 'PATCH' }));
    });
  }
});

test('no byte of a signed request can be another', async () => {
  const signer = new SignatureV4({
    service: 'kms',
    region: 'us-east-1',
    sha256: Sha256,
    credentials: { accessKeyId: KEY_ID, secretAccessKey: SECRET, sessionToken: TOKEN },
  });
  const body = Buffer.from('{"KeyId":"k"}');
  const signed = await signer.sign({
    method: 'POST',
    protocol: 'https:',
    hostname: HOST,
    path: '/two%20words/key',
    query: { list: ['1', 'two words'], x: 'y' },
    headers: { host: HOST, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.DescribeKey' },
    body,
  });
  const request = receivedFrom(signed, body);
  const now = signedAt(request);
  assert.ok(accepts(request, now));
  const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
  const variants = (from: string) =>
    [...from].flatMap((was, i) =>
      printable.filter((byte) => byte !== was).map((byte) => from.slice(0, i) + byte + from.slice(i + 1)),
    );
  const refused = (changed: SignedRequest, what: string) => assert.ok(!accepts(changed, now), `accepted ${what}`);
  for (const path of variants(request.path)) refused({ ...request, path }, path);
  for (const query of variants(request.query)) refused({ ...request, query }, query);
  for (const method of variants(request.method)) refused({ ...request, method }, method);
  for (const body of variants(request.body.toString())) refused({ ...request, body: Buffer.from(body) }, body);
  for (const [name, value] of Object.entries(signed.headers)) {
    for (const other of variants(value)) {
      // Blanks and commas part the fields of this header; either may stand for the other.
      const parting = name === 'authorization' && value.replaceAll(/[ ,]+/g, ' ') === other.replaceAll(/[ ,]+/g, ' ');
      if (parting) continue;
      const headers = Object.entries({ ...signed.headers, [name]: other });
      refused(received(request.method, request.path, request.query, headers, body), `${name}: ${other}`);
    }
  }
});
