/** The AWS listener: one origin, services by what the signature is scoped to. Reads, checks, performs, answers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Fault } from '../../faults.ts';
import { type Credential, type Operation, type Plane, perform, Refusal } from '../../operation.ts';
import type { ContextValue } from '../../policy/model.ts';
import { clientAddress, endReply, type Hosts, isForUs, readBody, splitOnce } from '../http.ts';
import { type Constraints, loadConstraints, validationMessage, violations } from './constraints.ts';
import { errorFor } from './errors.ts';
import { type AwsFace, BODY_LIMIT } from './face.ts';
import { awsFault } from './fault.ts';
import type { OperationModel, ServiceModel } from './model.ts';
import { scopedService } from './presented.ts';
import type { HttpReply, HttpRequest, Protocol } from './protocol.ts';
import { protocolOf, protocolOfUnknown } from './protocols.ts';
import { isRegion } from './regions.ts';
import { loadService } from './schemas.ts';
import { checkScope, readSignature, type Signature } from './sigv4.ts';

const HEADER_LIMIT = 32 * 1024;
const GLOBAL_REGION = 'us-east-1';

export interface AwsServerOptions {
  readonly plane: Plane;
  readonly faces: readonly AwsFace[];
  /** Host names under which the listener may be called. */
  readonly hosts: Hosts;
  /** False when the client has used up its share. */
  readonly admit: (client: string) => boolean;
  /** Addresses of proxies whose `X-Forwarded-For` counts. */
  readonly trustedProxies: ReadonlySet<string>;
  readonly log: (message: string, error: unknown) => void;
}

export function createAwsServer(options: AwsServerOptions): Server {
  const faces = new Map(options.faces.map((face) => [face.service, face]));
  const server = createServer({ maxHeaderSize: HEADER_LIMIT, requestTimeout: 60_000 }, (request, response) => {
    serve(options, faces, request, response).catch((error: unknown) => {
      options.log(`${request.method} ${request.url}`, error);
      response.destroy();
    });
  });
  server.maxRequestsPerSocket = 0;
  return server;
}

/** How far a request has been understood: what its refusal is written with. */
interface Progress {
  protocol: Protocol | undefined;
  constraints: Constraints | undefined;
  operation: string | undefined;
}

async function serve(
  options: AwsServerOptions,
  faces: ReadonlyMap<string, AwsFace>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path, query] = splitOnce(incoming.url ?? '/', '?');
  const head = { method: incoming.method ?? 'GET', path, query, headers: incoming.headers };
  const progress: Progress = { protocol: undefined, constraints: undefined, operation: undefined };
  let id: string | undefined;
  let reply: HttpReply;
  try {
    const from = admitted(options, incoming);
    const body = await readBody(incoming, faces.get(scopedService(head) ?? '')?.limit ?? BODY_LIMIT);
    const answered = await answer(options, faces, { ...head, rawHeaders: incoming.rawHeaders, body }, from, progress);
    id = answered.id;
    reply = answered.reply;
  } catch (error) {
    const fault = error instanceof Refusal ? error.fault : error instanceof Fault ? error : undefined;
    id = error instanceof Refusal ? error.id : options.plane.newCallId();
    if (fault === undefined) options.log(`${incoming.method} ${path} (${id})`, error);
    const protocol = progress.protocol ?? protocolOfUnknown({ ...head, body: NOTHING });
    reply = protocol.writeError(errorFor(fault, { ...progress, protocol: protocol.name }), id);
  }
  send(response, incoming, reply, id);
}

const NOTHING = Buffer.alloc(0);

/** The client's address. Throws for callers that the listener is not for, and for those who ask too much. */
function admitted({ hosts, admit, trustedProxies }: AwsServerOptions, incoming: IncomingMessage): string {
  if (!isForUs(incoming, hosts)) {
    throw new Fault('denied', 'foreign-host', 'this host is not served here: name it with `--allow-host`');
  }
  const from = clientAddress(incoming, trustedProxies);
  if (!admit(from)) throw awsFault('Throttling', 'Rate exceeded');
  return from;
}

async function answer(
  { plane }: AwsServerOptions,
  faces: ReadonlyMap<string, AwsFace>,
  request: HttpRequest & { readonly rawHeaders: readonly string[] },
  from: string,
  progress: Progress,
): Promise<{ readonly reply: HttpReply; readonly id: string }> {
  progress.protocol = protocolOfUnknown(request);
  const signature = readSignature(request, plane.clock.machine());
  const face = faceOf(faces, signature, request);
  const { model, constraints } = loaded.get(face) ?? (await load(face));
  const protocol = protocolOf(model, request);
  progress.protocol = protocol;
  progress.constraints = constraints;
  const name = protocol.operationName(request);
  progress.operation = name;
  const operation = face.operations.get(name);
  if (signature) checkScope(signature, { service: face.service, isRegion });
  const shape = operationOf(model, name);
  if (operation === undefined) throw notAnswered(face, name);
  const region = face.isGlobal ? GLOBAL_REGION : (signature?.region ?? GLOBAL_REGION);
  const read = once(() => readInput(protocol, constraints, shape, request));
  const { output, id } = await perform(
    plane,
    operation as Operation<object, object>,
    {
      credential: credentialOf(face, name, signature, read),
      context: contextOf(request, from, region),
      region,
      wire: wireOf(face, name, request, from),
    },
    read,
  );
  return { reply: protocol.writeOutput(shape, (output ?? {}) as Readonly<Record<string, unknown>>, id), id };
}

/** The service that a signature is scoped to; without one, the service that takes another credential for this operation. */
function faceOf(faces: ReadonlyMap<string, AwsFace>, signature: Signature | undefined, request: HttpRequest): AwsFace {
  if (signature) {
    const face = faces.get(signature.service);
    if (face) return face;
    throw awsFault(
      'UnknownService',
      `the credential is scoped to the service '${signature.service}', which this plane does not answer: see docs/coverage.md`,
    );
  }
  const name = actionOf(request);
  for (const face of faces.values()) if (face.credentials.has(name)) return face;
  throw awsFault('MissingAuthenticationToken', 'Missing Authentication Token');
}

/** What an unsigned request calls the operation, before it is known which service it is for. */
function actionOf({ headers, query, body }: HttpRequest): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.lastIndexOf('.') + 1);
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    ? body.toString('latin1')
    : query;
  return new URLSearchParams(form).get('Action') ?? '';
}

/** What a service's wire is made from: read when the service is first called, in another thread where it is much. */
interface Loaded {
  readonly model: ServiceModel;
  readonly constraints: Constraints;
}

const loaded = new WeakMap<AwsFace, Loaded>();

async function load(face: AwsFace): Promise<Loaded> {
  const [model, constraints] = await Promise.all([loadService(face.client), loadConstraints(face.service)]);
  const known = loaded.get(face) ?? { model, constraints };
  loaded.set(face, known);
  return known;
}

function operationOf(model: ServiceModel, name: string): OperationModel {
  const operation = model.operations.get(name);
  if (operation === undefined) throw awsFault('InvalidAction', `Could not find operation ${name}`);
  return operation;
}

function notAnswered({ service }: AwsFace, name: string): Fault {
  return awsFault('InvalidAction', `${service}:${name} is not answered by this plane: see docs/coverage.md`);
}

/** Throws what the vendor says of a body that cannot be read, and of values outside their constraints. */
function readInput(
  protocol: Protocol,
  constraints: Constraints,
  operation: OperationModel,
  request: HttpRequest,
): Readonly<Record<string, unknown>> {
  const input = protocol.readInput(operation, request);
  const found = violations(constraints, operation.name, input);
  if (found.length > 0) throw awsFault(constraints.violationCode, validationMessage(found));
  return input;
}

function credentialOf(face: AwsFace, name: string, signature: Signature | undefined, read: () => object): Credential {
  const own = face.credentials.get(name);
  if (own) return own(read() as never);
  if (signature) return { kind: 'aws-signature', ...signature };
  throw awsFault('MissingAuthenticationToken', 'Request is missing Authentication Token');
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
function contextOf({ headers }: HttpRequest, from: string, region: string): Readonly<Record<string, ContextValue>> {
  const agent = headers['user-agent'];
  const { referer } = headers;
  return {
    'aws:sourceip': from,
    'aws:requestedregion': region,
    'aws:securetransport': 'false',
    ...(agent === undefined ? {} : { 'aws:useragent': agent }),
    ...(referer === undefined ? {} : { 'aws:referer': referer }),
  };
}

function wireOf(
  { service }: AwsFace,
  name: string,
  { headers }: HttpRequest,
  from: string,
): { call: string; from: string; agent?: string } {
  const agent = headers['user-agent'];
  return { call: `${service}:${name}`, from, ...(agent ? { agent: agent.slice(0, 200) } : {}) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function send(
  response: ServerResponse,
  incoming: IncomingMessage,
  { status, headers, body }: HttpReply,
  id: string,
): void {
  const all: Record<string, string> = { 'easement-request-id': id, ...headers };
  // What was not read of the body would be taken for the next request.
  if (!incoming.complete) all['connection'] = 'close';
  if (body !== undefined) all['content-length'] = String(Buffer.byteLength(body));
  endReply(incoming, response.writeHead(status, all), incoming.method === 'HEAD' ? undefined : body);
}
