/** The console's listener: Easement's own API, the page, and what watches the plane. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import findMyWay from 'find-my-way';
import type { Action } from '../access.ts';
import { Fault, type FaultKind } from '../faults.ts';
import { secretCheck } from '../keyfile.ts';
import { type Credential, type Plane, perform, Refusal, type Request } from '../operation.ts';
import { endReply, type Hosts, isForUs, readBody } from '../wire/http.ts';
import { parseBody } from '../wire/ibm/body.ts';
import { METRICS_TYPE, metricsText } from './metrics.ts';
import { CONTENT_POLICY, renderPage, renderWelcome } from './page.ts';
import { pageData } from './pagedata.ts';
import { type ApiPlane, type ApiRequest, type ApiRoute, apiRoutes } from './routes.ts';
import { createSessions, type Sessions } from './sessions.ts';

const BODY_LIMIT = 64 * 1024;

export interface ConsoleServerOptions extends Pick<ApiPlane, 'endpoints' | 'advanceTo' | 'reset'> {
  readonly plane: Plane;
  /** Every action that can be asked for. */
  readonly actions: readonly Action<never>[];
  /** Opens the page for whoever holds a session of the console. */
  readonly operatorToken: string;
  /** What `Plane.count` has counted. */
  readonly counters: Readonly<Record<string, number>>;
  /** Host names under which the listener may be called. */
  readonly hosts: Hosts;
  /** False when the client has used up its share. */
  readonly admit: (client: string) => boolean;
  readonly log: (message: string, error: unknown) => void;
}

export interface ConsoleServer {
  readonly server: Server;
  /** The token of a link that opens the page once: `/?token=...`. */
  newLink(): string;
}

interface Wired extends ConsoleServerOptions {
  readonly sessions: Sessions;
  readonly api: ApiPlane;
  readonly isOperator: (token: string) => boolean;
  /** Differs after each start: whoever waits for one to end and the next to begin can tell. */
  readonly run: string;
  readonly router: findMyWay.Instance<findMyWay.HTTPVersion.V1>;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function createConsoleServer(options: ConsoleServerOptions): ConsoleServer {
  const sessions = createSessions();
  const router = findMyWay<findMyWay.HTTPVersion.V1>({ maxParamLength: 256, ignoreTrailingSlash: true });
  for (const route of apiRoutes) router.on(route.method, route.path, () => undefined, route);
  const isOperator = secretCheck(options.operatorToken);
  const wired: Wired = {
    ...options,
    sessions,
    isOperator,
    run: randomUUID(),
    router,
    api: apiPlane(options, sessions),
  };
  const server = createServer({ maxHeaderSize: 32 * 1024, requestTimeout: 60_000 }, (request, response) => {
    serve(wired, request, response).catch((error: unknown) => {
      options.log(`${request.method} ${request.url}`, error);
      response.destroy();
    });
  });
  return { server, newLink: sessions.newLink };
}

function apiPlane({ plane, actions, endpoints, advanceTo, reset }: ConsoleServerOptions, sessions: Sessions): ApiPlane {
  const { store, sources, nameOf, clock } = plane;
  return {
    why: { store, sources, nameOf, actions: new Map(actions.map((action) => [action.name, action])) },
    actions,
    store,
    now: () => clock.now(),
    newLink: sessions.newLink,
    endpoints,
    advanceTo,
    reset,
  };
}

async function serve(wired: Wired, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://plane');
  let reply: Reply;
  try {
    if (!isForUs(request, wired.hosts))
      throw new Fault('denied', 'foreign-host', 'this host is not served here: name it with `--allow-host`');
    if (!wired.admit(request.socket.remoteAddress ?? '')) {
      throw new Fault('throttled', 'rate', 'too many requests: try again later');
    }
    reply = await answer(wired, request, url);
  } catch (error) {
    reply = errorReply(wired, error, `${request.method} ${url.pathname}`);
  }
  response.writeHead(reply.status, {
    'content-type': reply.type,
    'content-length': String(Buffer.byteLength(reply.body)),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(request.complete ? {} : { connection: 'close' }),
    ...reply.headers,
  });
  endReply(request, response, request.method === 'HEAD' ? undefined : reply.body);
}

async function answer(wired: Wired, request: IncomingMessage, url: URL): Promise<Reply> {
  if (request.method === 'GET' || request.method === 'HEAD') {
    if (url.pathname === '/ready') return json(200, { ready: true, run: wired.run });
    if (url.pathname === '/metrics') return metrics(wired);
    if (url.pathname === '/') return page(wired, request, url);
  }
  const found = wired.router.find((request.method ?? 'GET') as findMyWay.HTTPMethod, url.pathname);
  if (!found) {
    throw new Fault('not-found', 'no-route', `nothing answers ${request.method} ${url.pathname}`);
  }
  const route = found.store as ApiRoute;
  const bytes = await readBody(request, route.limit ?? BODY_LIMIT);
  const asked: ApiRequest = {
    params: found.params,
    query: url.searchParams,
    text: bytes.toString(),
    get body() {
      return parseBody(request.headers['content-type'], bytes);
    },
    origin: `http://${request.headers.host}`,
  };
  const { output, id } = await perform(wired.plane, route.operation, callOf(wired, request, url), () =>
    route.input(asked),
  );
  try {
    return json(200, await route.reply(output, asked, wired.api), { 'easement-request-id': id });
  } catch (error) {
    throw error instanceof Fault ? new Refusal(error, id) : error;
  }
}

function callOf({ isOperator }: Wired, request: IncomingMessage, url: URL): Request {
  const from = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const agent = request.headers['user-agent'];
  return {
    credential: credentialOf(request.headers.authorization, isOperator),
    context: { 'environment.attributes.ip_address': from },
    wire: { call: `${request.method} ${url.pathname}`, from, ...(agent ? { agent: agent.slice(0, 200) } : {}) },
  };
}

/** `Bearer` with the operator's token or an IAM token, or `ApiKey` with an account's key. */
function credentialOf(header: string | undefined, isOperator: (token: string) => boolean): Credential {
  const [, scheme = '', secret = ''] = /^([a-z]+) +(\S+)$/i.exec(header ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return { kind: isOperator(secret) ? 'operator' : 'bearer', token: secret };
    case 'apikey':
      return { kind: 'api-key', apiKey: secret };
    default:
      return { kind: 'none' };
  }
}

function metrics({ plane, counters }: Wired): Reply {
  const { store } = plane;
  const body = metricsText({ store: store.counters, calls: counters, lastCommit: store.lastCommit });
  return { status: 200, type: METRICS_TYPE, body };
}

async function page(wired: Wired, request: IncomingMessage, url: URL): Promise<Reply> {
  const { sessions } = wired;
  const { endpoints } = wired.api;
  const token = url.searchParams.get('token');
  if (token !== null) {
    const cookie = sessions.redeem(token);
    // The token leaves the address bar and the history.
    if (cookie !== undefined) return html('', { location: '/', 'set-cookie': cookie }, 303);
    return html(renderWelcome({ endpoints, expired: true }), {}, 403);
  }
  if (!sessions.isOpen(request.headers.cookie)) return html(renderWelcome({ endpoints, expired: false }));
  const data = await pageData(wired.plane, wired.api, {
    ...callOf(wired, request, url),
    credential: { kind: 'operator', token: wired.operatorToken },
  });
  return html(renderPage({ endpoints, ...data }));
}

function html(body: string, headers: Readonly<Record<string, string>> = {}, status = 200): Reply {
  return {
    status,
    type: 'text/html; charset=utf-8',
    body,
    headers: {
      'content-security-policy': CONTENT_POLICY,
      'referrer-policy': 'no-referrer',
      ...headers,
    },
  };
}

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, type: 'application/json', body: JSON.stringify(body), headers };
}

const STATUS: Readonly<Record<FaultKind, number>> = {
  unauthenticated: 401,
  denied: 403,
  'not-found': 404,
  invalid: 400,
  conflict: 409,
  state: 409,
  precondition: 412,
  gone: 410,
  'too-large': 413,
  'unsupported-media': 415,
  throttled: 429,
  quota: 409,
  unavailable: 501,
};

function errorReply(wired: Wired, error: unknown, call: string): Reply {
  const id = error instanceof Refusal ? error.id : wired.plane.newCallId();
  const fault = error instanceof Refusal ? error.fault : error instanceof Fault ? error : undefined;
  const headers = { 'easement-request-id': id };
  if (fault === undefined) {
    wired.log(`${call} (${id})`, error);
    return json(500, { error: { kind: 'internal', reason: 'internal', message: 'internal error' }, id }, headers);
  }
  const { kind, reason, message, target } = fault;
  return json(STATUS[kind], { error: { kind, reason, message, ...(target ? { target } : {}) }, id }, headers);
}
