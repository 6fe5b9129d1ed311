/** Requests to the AWS listener that no client would send: signed, changed where a test wants it, and sent as they are. */
import { createHash, createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { TestPlane } from './plane.ts';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface Signing {
  /** Undefined: not signed. */
  readonly keys?: Keys | undefined;
  /** What the signature is scoped to. */
  readonly service: string;
  readonly region?: string;
  readonly date?: Date;
  /** Signed in the query string, for so many seconds. */
  readonly presigned?: number;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** Of an error, whichever protocol it came in. */
  readonly code: string;
  readonly message: string;
}

const VERSIONS: Readonly<Record<string, string>> = { sts: '2011-06-15', iam: '2010-05-08' };
const TARGETS: Readonly<Record<string, string>> = { kms: 'TrentService', logs: 'Logs_20140328' };

/** A call of STS or IAM; `parameters` by their names on the wire. */
export function formCall(service: string, Action: string, parameters: Readonly<Record<string, string>> = {}): Sent {
  const body = new URLSearchParams({ Action, Version: VERSIONS[service]!, ...parameters }).toString();
  return post({ 'content-type': 'application/x-www-form-urlencoded' }, body);
}

/** A call of KMS or CloudWatch Logs; `input` as text goes as it is. */
export function jsonCall(service: string, operation: string, input: unknown = {}): Sent {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `${TARGETS[service]}.${operation}`,
  };
  return post(headers, typeof input === 'string' || input instanceof Uint8Array ? input : JSON.stringify(input));
}

const post = (headers: Readonly<Record<string, string>>, body: string | Uint8Array): Sent => ({
  method: 'POST',
  path: '/',
  query: {},
  headers,
  body,
});

class Sha256 {
  readonly #made: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#made =
      secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string | NodeJS.ArrayBufferView);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#made.update(data as string | NodeJS.ArrayBufferView);
  }
  async digest(): Promise<Uint8Array> {
    return this.#made.digest();
  }
  reset(): void {}
}

/** Signs as the vendor's own clients do. */
export async function signed(plane: TestPlane, sent: Sent, signing: Signing): Promise<Sent> {
  const { hostname, port, host } = new URL(plane.aws);
  const { keys, service, region = 'us-east-1', date = new Date(), presigned } = signing;
  if (keys === undefined) return { ...sent, headers: { host, ...sent.headers } };
  const signer = new SignatureV4({ service, region, credentials: { ...keys }, sha256: Sha256 });
  const plain = { ...sent, headers: { host, ...sent.headers }, protocol: 'http:', hostname, port: Number(port) };
  const options = { signingDate: date, signingRegion: region, signingService: service };
  const made =
    presigned === undefined
      ? await signer.sign(plain, options)
      : await signer.presign(plain, { ...options, expiresIn: presigned });
  return { ...sent, headers: made.headers, query: (made.query ?? {}) as Record<string, string> };
}

/** Sends it as it is; `content-length` is set unless the headers say otherwise. */
export function send(plane: TestPlane, { method, path, query, headers, body }: Sent): Promise<RawAnswer> {
  const search = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  const { hostname, port } = new URL(plane.aws);
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        hostname,
        port,
        method,
        path: search.length === 0 ? path : `${path}?${search.join('&')}`,
        headers: { ...(bytes.length > 0 ? { 'content-length': bytes.length } : {}), ...headers },
        agent: false,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => {
          resolve({ status: response.statusCode!, headers: response.headers, text, ...errorIn(text) });
        });
      },
    );
    outgoing.on('error', reject).end(bytes);
  });
}

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Signs and sends. */
export async function call(plane: TestPlane, sent: Sent, signing: Signing): Promise<RawAnswer> {
  return send(plane, await signed(plane, sent, signing));
}

function errorIn(text: string): { readonly code: string; readonly message: string } {
  if (text.startsWith('{')) {
    const { __type = '', message, Message = message ?? '' } = JSON.parse(text) as Record<string, string>;
    return { code: __type, message: Message };
  }
  const element = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
  return { code: element('Code'), message: unescaped(element('Message')) };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
const unescaped = (text: string): string => text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
