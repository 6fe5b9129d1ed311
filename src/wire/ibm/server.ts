/** The IBM Cloud listener: one origin, services by path. Finds the route, runs the operation, answers in its family. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import findMyWay from 'find-my-way';
import { Fault } from '../../faults.ts';
import { type Credential, type Plane, perform, Refusal } from '../../operation.ts';
import { clientAddress, endReply, type Hosts, isForUs, readBody, splitOnce } from '../http.ts';
import { parseBody } from './body.ts';
import { iamIdentityFamily } from './families.ts';
import type { Face, Family, Route, VendorError, WireReply, WireRequest } from './route.ts';

const BODY_LIMIT = 64 * 1024;
const HEADER_LIMIT = 32 * 1024;

interface Endpoint {
  readonly face: Face;
  readonly route: Route;
}

export interface IbmServerOptions {
  readonly plane: Plane;
  readonly faces: readonly Face[];
  /** Host names under which the listener may be called. */
  readonly hosts: Hosts;
  readonly defaultRegion: string;
  /** False when the client has used up its share. */
  readonly admit: (client: string) => boolean;
  /** Addresses of proxies whose `X-Forwarded-For` counts. */
  readonly trustedProxies: ReadonlySet<string>;
  readonly log: (message: string, error: unknown) => void;
}

export function createIbmServer(options: IbmServerOptions): Server {
  const router = findMyWay<findMyWay.HTTPVersion.V1>({ maxParamLength: 2048, ignoreTrailingSlash: true });
  for (const face of options.faces) {
    for (const route of face.routes as unknown as readonly Route[]) {
      router.on(route.method, route.path, () => undefined, { face, route } satisfies Endpoint);
    }
  }
  const server = createServer({ maxHeaderSize: HEADER_LIMIT, requestTimeout: 60_000 }, (request, response) => {
    serve(options, router, request, response).catch((error: unknown) => {
      options.log(`${request.method} ${request.url}`, error);
      response.destroy();
    });
  });
  server.maxRequestsPerSocket = 0;
  return server;
}

async function serve(
  options: IbmServerOptions,
  router: findMyWay.Instance<findMyWay.HTTPVersion.V1>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = incoming.url ?? '/';
  const [rawPath = '/', queryText = ''] = splitOnce(url, '?');
  const { path, region } = splitRegion(rawPath, options.defaultRegion);
  const found = router.find(incoming.method as findMyWay.HTTPMethod, path);
  const endpoint = found?.store as Endpoint | undefined;
  const family = endpoint?.face.family ?? nearestFamily(options.faces, path);

  let request: WireRequest | undefined;
  let id: string | undefined;
  let reply: WireReply;
  try {
    if (!isForUs(incoming, options.hosts))
      throw new Fault('denied', 'foreign-host', 'this host is not served here: name it with `--allow-host`');
    const from = clientAddress(incoming, options.trustedProxies);
    if (!options.admit(from)) throw new Fault('throttled', 'rate', 'too many requests: try again later');
    if (endpoint === undefined) throw new Fault('not-found', 'no-route', `nothing answers ${incoming.method} ${path}`);
    const bytes = await readBody(incoming, endpoint.route.limit ?? BODY_LIMIT);
    let query: URLSearchParams | undefined;
    let body: { readonly parsed: unknown } | undefined;
    const read: WireRequest = {
      method: incoming.method ?? 'GET',
      path,
      params: found!.params,
      get query() {
        query ??= new URLSearchParams(queryText);
        return query;
      },
      headers: incoming.headers,
      get body() {
        body ??= { parsed: parseBody(incoming.headers['content-type'], bytes) };
        return body.parsed;
      },
      region,
      origin: `http://${incoming.headers.host}`,
      now: options.plane.clock.now(),
    };
    request = read;
    const { route } = endpoint;
    const credential = route.credential?.(read) ?? bearer(read);
    const performed = await perform(
      options.plane,
      route.operation,
      {
        credential,
        context: { 'environment.attributes.ip_address': from },
        wire: wireOf(read, from),
        aliases: aliasesOf(incoming),
      },
      () => route.input(read),
    );
    id = performed.id;
    reply = route.output(performed.output, read);
  } catch (error) {
    const fault = faultOf(error);
    id = error instanceof Refusal ? error.id : options.plane.newCallId();
    if (fault === undefined) options.log(`${incoming.method} ${path} (${id})`, error);
    reply = errorReply(family, endpoint?.face, fault, id, request);
  }
  send(response, family, incoming, reply, id);
}

/** The vendor's reply for a fault; `internal` for what is not one. */
export function errorReply(
  family: Family,
  face: Face | undefined,
  fault: Fault | undefined,
  id: string,
  request: WireRequest | undefined,
): WireReply {
  const vendor: VendorError = fault ? (face?.faults[fault.reason] ?? family.kinds[fault.kind]) : family.kinds.internal;
  const message = vendor.message ?? fault?.message ?? 'internal error';
  return { status: vendor.status, body: family.errorBody({ fault, vendor, message, id, request }) };
}

function send(response: ServerResponse, family: Family, incoming: IncomingMessage, reply: WireReply, id: string): void {
  const headers: Record<string, string> = {
    'easement-request-id': id,
    ...family.replyHeaders?.(incoming.headers, id),
    ...reply.headers,
  };
  // What was not read of the body would be taken for the next request.
  if (!incoming.complete) headers['connection'] = 'close';
  if (reply.body === undefined) {
    endReply(incoming, response.writeHead(reply.status, headers));
    return;
  }
  // As text, so that Node sends head and body in one write.
  const text = JSON.stringify(reply.body);
  headers['content-type'] ??= family.contentType;
  headers['content-length'] = String(Buffer.byteLength(text));
  endReply(incoming, response.writeHead(reply.status, headers), incoming.method === 'HEAD' ? undefined : text);
}

/** For a path that nothing answers: the words of the API that has the path most like it. */
function nearestFamily(faces: readonly Face[], path: string): Family {
  const sent = path.split('/');
  const alike = (route: { readonly path: string }): number => {
    const segments = route.path.split('/');
    const differs = segments.findIndex((segment, n) => !segment.startsWith(':') && segment !== sent[n]);
    return Math.min(differs < 0 ? segments.length : differs, sent.length);
  };
  let nearest = { family: iamIdentityFamily, alike: 1 };
  for (const { family, routes } of faces) {
    const most = Math.max(...routes.map(alike));
    if (most > nearest.alike) nearest = { family, alike: most };
  }
  return nearest.family;
}

function faultOf(error: unknown): Fault | undefined {
  if (error instanceof Refusal) return error.fault;
  return error instanceof Fault ? error : undefined;
}

/** The bearer token of a request. Key Protect's clients send `Bearer`, older ones `bearer`; VPC's documents omit it. */
export function bearer(request: WireRequest): Credential {
  const header = request.headers.authorization;
  if (header === undefined) return { kind: 'none' };
  return { kind: 'bearer', token: header.replace(/^bearer\s+/i, '') };
}

function wireOf(request: WireRequest, from: string): { call: string; from: string; agent?: string } {
  const agent = request.headers['user-agent'];
  return { call: `${request.method} ${request.path}`, from, ...(agent ? { agent: agent.slice(0, 200) } : {}) };
}

function aliasesOf(incoming: IncomingMessage): string[] {
  const sent = ['transaction-id', 'correlation-id', 'x-correlation-id', 'x-request-id'].map(
    (name) => incoming.headers[name],
  );
  return sent.filter((id): id is string => typeof id === 'string' && id.length <= 128);
}

function splitRegion(path: string, fallback: string): { path: string; region: string } {
  const match = /^\/r\/([a-z0-9-]+)(\/.*)$/.exec(path);
  return match ? { region: match[1]!, path: match[2]! } : { region: fallback, path };
}
