/**
 * The only dialler. A name is resolved once and the connection goes to the address that was checked, so that a name
 * cannot be another machine's the second time; redirects are checked like the first address.
 */
import { lookup as resolve } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { isTrusted } from './outbound/pinned.ts';
import { isNamed, mayDial, placeOf, type Reach, type Target, targetOf } from './outbound/reach.ts';

const TIMEOUT_MILLISECONDS = 5_000;
const MOST_BYTES = 256 * 1024;
const MOST_REDIRECTS = 3;

/** Why something could not be had; the message is for the caller and tells nothing of the plane's surroundings. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

export interface Outbound {
  /**
   * The JSON at a URL. `thumbprints`: certificates to be trusted besides those of this machine's authorities. Throws
   * `Unreachable`.
   */
  getJson(url: string, thumbprints?: readonly string[]): Promise<unknown>;
}

export function createOutbound(reach: Reach): Outbound {
  return {
    async getJson(url, thumbprints = []) {
      const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
      try {
        return JSON.parse(await follow(reach, url, { thumbprints, signal }));
      } catch (error) {
        if (error instanceof Unreachable) throw error;
        throw new Unreachable(`\`${hostOf(url)}\` gave no answer that can be used`, { cause: error });
      }
    },
  };
}

interface Terms {
  readonly thumbprints: readonly string[];
  readonly signal: AbortSignal;
}

async function follow(reach: Reach, start: string, terms: Terms): Promise<string> {
  let url = new URL(start);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const response = await get(reach, url, terms);
    const { statusCode = 0, headers } = response;
    if (statusCode < 300 || statusCode > 399 || headers.location === undefined) {
      if (statusCode === 200) return bodyOf(response);
      response.destroy();
      throw new Unreachable(`\`${url.host}\` answered with status ${statusCode}`);
    }
    response.destroy();
    url = new URL(headers.location, url);
  }
  throw new Unreachable(`\`${hostOf(start)}\` redirects too often`);
}

async function get(reach: Reach, url: URL, { thumbprints, signal }: Terms): Promise<IncomingMessage> {
  const target = targetOf(url);
  const secure = url.protocol === 'https:';
  if (!secure && !(url.protocol === 'http:' && isNamed(reach, target))) {
    throw new Unreachable(`\`${url.host}\` is not asked without TLS`);
  }
  const { address, family } = await orAborted(addressOf(reach, target), signal);
  return new Promise((done, fail) => {
    const request = (secure ? httpsRequest : httpRequest)({
      host: address,
      family,
      port: placeOf(reach, target).port,
      path: url.pathname + url.search,
      // One connection for one question: none is kept that was checked for another.
      agent: false,
      signal,
      headers: { host: url.host, accept: 'application/json' },
      // The certificate is checked by `isTrusted` before anything is sent.
      ...(secure ? { rejectUnauthorized: false, ...(isIP(target.host) === 0 ? { servername: target.host } : {}) } : {}),
    });
    request.once('response', done).once('error', fail);
    if (!secure) {
      request.end();
      return;
    }
    request.once('socket', (socket) => {
      socket.once('secureConnect', () => {
        if (isTrusted(socket as TLSSocket, target.host, thumbprints, Date.now())) request.end();
        else request.destroy(new Unreachable(`the certificate of \`${url.host}\` is not trusted`));
      });
    });
  });
}

async function addressOf(reach: Reach, target: Target): Promise<{ address: string; family: number }> {
  const { host } = placeOf(reach, target);
  const found = isIP(host) ? [{ address: host, family: isIP(host) }] : await resolve(host, { all: true });
  // Of a name that has both good and bad addresses none is dialled.
  const [first] = found;
  if (first !== undefined && found.every(({ address }) => mayDial(reach, target, address))) return first;
  throw new Unreachable(`\`${target.host}\` may not be reached from here: name it with \`--allow-outbound\``);
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) {
      response.destroy();
      throw new Unreachable(`the answer has more than ${MOST_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Resolving a name takes as long as the resolver likes. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    signal.addEventListener('abort', () => fail(signal.reason), { once: true });
    work.then(done, fail);
  });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the address';
}
