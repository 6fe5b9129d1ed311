/** What every listener does alike: reading bodies within limits, and checking who the request was meant for. */
import type { IncomingMessage } from 'node:http';
import { Fault } from '../faults.ts';

/**
 * Reads a whole body. Throws `too-large` above `limit` bytes, without reading on; the caller must then close the
 * connection.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.pause();
        reject(tooLarge(limit));
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    request.on('aborted', () => reject(new Fault('invalid', 'truncated-body', 'the body ended too early')));
    request.on('error', reject);
  });
}

function tooLarge(limit: number): Fault {
  return new Fault('too-large', 'body-too-large', `the body is larger than ${limit} bytes`);
}

/**
 * True when the request was meant for this listener: a page of another site cannot reach it by a name of its own that
 * resolves to loopback (DNS rebinding), nor by a form or fetch of its own.
 */
export function isForUs(request: IncomingMessage, hosts: ReadonlySet<string>): boolean {
  const host = hostName(request.headers.host ?? '');
  if (!hosts.has(host)) return false;
  const origin = request.headers.origin;
  if (origin === undefined) return true;
  return URL.canParse(origin) && hosts.has(hostName(new URL(origin).host));
}

/** Names under which a listener bound to `host` may be called. */
export function hostsOf(host: string): ReadonlySet<string> {
  return new Set(['127.0.0.1', 'localhost', '[::1]', host.includes(':') ? `[${host}]` : host]);
}

function hostName(host: string): string {
  return host.replace(/:[0-9]+$/, '').toLowerCase();
}
