/** Requests for the tests of Signature Version 4: those of AWS's published suite, and ones signed by hand. */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { Fault } from '../../faults.ts';
import type { SignedRequest } from './sigv4.ts';

export const KEY_ID = 'AKIDEXAMPLE';
export const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
export const SUITE_TIME = Date.UTC(2015, 7, 30, 12, 36, 0);
export const S3_TIME = Date.UTC(2013, 4, 24, 0, 0, 0);

export interface Sent {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

export function request({ method = 'GET', target = '/', headers = [], body = '' }: Sent): SignedRequest {
  const [path = '', query = ''] = target.split('?');
  const folded: Record<string, string> = {};
  for (const [name, value] of headers) folded[name.toLowerCase()] ??= value;
  return { method, path, query, headers: folded, rawHeaders: headers.flat(), body: Buffer.from(body) };
}

/** Signs with the canonical request written out by hand. */
export function sign(
  canonical: string,
  scope = '20150830/us-east-1/service/aws4_request',
  date = '20150830T123600Z',
): string {
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${SECRET}`);
  const digest = createHash('sha256').update(canonical, 'latin1').digest('hex');
  return hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${digest}`).toString('hex');
}

export function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

export function authorization(signature: string, signedHeaders = 'host;x-amz-date', service = 'service'): string {
  const credential = `${KEY_ID}/20150830/us-east-1/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

export function refusal(act: () => unknown): { code: string; message: string } {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return { code: error.reason, message: error.message };
  }
  assert.fail('nothing was refused');
}

export const HOST = ['Host', 'example.amazonaws.com'] as const;
export const DATE = ['X-Amz-Date', '20150830T123600Z'] as const;
export const VANILLA = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';

export function vanilla(value: string): SignedRequest {
  return request({ headers: [HOST, DATE, ['Authorization', value]] });
}
