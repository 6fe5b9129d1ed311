/** What every listener does alike: reading bodies within limits, and checking who the request was meant for. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { isLoopback } from '../config.ts';
import { Fault } from '../faults.ts';

/**
 * Reads a whole body. Throws `too-large` above `limit` bytes, without reading on; the caller must then end the reply by
 * `endReply` and close the connection.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) {
        request.off('data', onData).pause();
        reject(tooLarge(limit));
        return;
      }
      chunks.push(chunk);
    };
    request.on('data', onData);
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    request.on('aborted', () => reject(new Fault('invalid', 'truncated-body', 'the body ended too early')));
    request.on('error', reject);
  });
}

/** What is still read of a body that nobody wants, and how long for. */
const LINGER_BYTES = 16 * 1024 * 1024;
const LINGER_MILLISECONDS = 1000;

/**
 * Sends the body of a reply whose head is written. A client that is still sending would be cut off before it has read
 * the reply: it is listened to for a while.
 */
export function endReply(request: IncomingMessage, response: ServerResponse, body?: Buffer | string): void {
  if (request.complete) {
    response.end(body);
    return;
  }
  if (body === undefined) response.flushHeaders();
  else response.write(body);
  let left = LINGER_BYTES;
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MILLISECONDS);
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) end();
  });
  request.once('end', end).once('close', end).resume();
}

function tooLarge(limit: number): Fault {
  return new Fault('too-large', 'body-too-large', `the body is larger than ${limit} bytes`);
}

/** Under which names a listener may be called. */
export interface Hosts {
  readonly names: ReadonlySet<string>;
  /** Whether any address will do: for a listener that other machines reach. */
  readonly anyAddress: boolean;
}

/** The names of a listener bound to `host`; `allowed` are more of them, by which proxies or other machines call it. */
export function hostsOf(host: string, allowed: readonly string[] = []): Hosts {
  const own = host.includes(':') ? `[${host}]` : host;
  const more = allowed.map((name) => name.toLowerCase());
  return { names: new Set(['127.0.0.1', 'localhost', '[::1]', own, ...more]), anyAddress: !isLoopback(host) };
}

/**
 * True when the request was meant for this listener: a page of another site cannot reach it by a name of its own that
 * resolves to it (DNS rebinding), nor by a form or fetch of its own.
 */
export function isForUs(request: Pick<IncomingMessage, 'headers'>, { names, anyAddress }: Hosts): boolean {
  const host = hostName(request.headers.host ?? '');
  if (!names.has(host) && !(anyAddress && isAddress(host))) return false;
  const { origin } = request.headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const from = hostName(new URL(origin).host);
  return from === host || names.has(from);
}

function hostName(host: string): string {
  return host.replace(/:[0-9]+$/, '').toLowerCase();
}

function isAddress(host: string): boolean {
  return isIP(host.replace(/^\[|\]$/g, '')) !== 0;
}

/** Who calls: behind a trusted proxy, who it says; the last address is the one that the proxy itself has seen. */
export function clientAddress(incoming: IncomingMessage, trusted: ReadonlySet<string>): string {
  const peer = (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const forwarded = incoming.headers['x-forwarded-for'];
  if (!trusted.has(peer) || typeof forwarded !== 'string') return peer;
  return forwarded.split(',').at(-1)!.trim();
}

/** The text before and behind the first `mark`. */
export function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
