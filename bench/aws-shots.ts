/** Requests signed for AWS beforehand, so that signing is no part of what is measured. */
import { createHmac, hash } from 'node:crypto';
import type { Shot } from './process.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secret: string;
}

export interface Call {
  readonly service: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const REGION = 'us-east-1';
const HOST = 'localhost';

/** Signs a POST to `/`. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function signed(call: Call, { accessKeyId, secret }: Credentials, unsigned: Shot['headers'] = {}): Shot {
  const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = date.slice(0, 8);
  const headers: Record<string, string> = {
    'content-type': call.contentType,
    host: HOST,
    'x-amz-date': date,
    ...call.headers,
  };
  const names = Object.keys(headers).sort();
  const listed = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = ['POST', '/', '', listed, names.join(';'), hash('sha256', call.body)].join('\n');
  const scope = `${day}/${REGION}/${call.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, hash('sha256', canonical)].join('\n');
  const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const key = [day, REGION, call.service, 'aws4_request'].reduce<string | Buffer>(mac, `AWS4${secret}`);
  const signature = mac(key, toSign).toString('hex');
  const credential = `${accessKeyId}/${scope}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { method: 'POST', path: '/', headers: { ...headers, authorization, ...unsigned }, body: call.body };
}
