/**
 * REST protocols: the operation is a method and a path, its input is spread over path, query string, headers and body.
 * RAM speaks the one with JSON, S3 the one with XML. Bodies are whole: nothing is streamed, and events are not sent.
 */
import { awsFault } from './fault.ts';
import { jsonErrorMembers } from './json.ts';
import { type Member, NO_MEMBERS, type OperationModel, type ServiceModel, type StructureShape } from './model.ts';
import type { HttpReply, HttpRequest, Members, Protocol, WireError } from './protocol.ts';
import { errorElements } from './query.ts';
import { readBindings, writeBindings } from './rest-bindings.ts';
import { createRouter } from './rest-routes.ts';
import { createJsonCodec } from './values/json.ts';
import { memoized } from './values/memoized.ts';
import { parsePairs } from './values/pairs.ts';
import { readXml } from './values/xml-read.ts';
import { escapeXml, writeXmlDocument } from './values/xml-write.ts';

/** How documents in bodies are read and written. */
interface Documents {
  readonly contentType: string;
  /** The code for a value outside the body that is of a wrong type. */
  readonly badValue: string;
  /** Whether an answer without members in its body has one all the same. */
  readonly writesEmpty: boolean;
  /** `name`: what the root is called. */
  read(shape: StructureShape, body: Buffer, name: string): Members;
  write(shape: StructureShape, value: Members, name: string): string;
}

const codec = createJsonCodec(({ jsonName }) => jsonName);
const jsonDocuments: Documents = {
  contentType: 'application/json',
  badValue: 'SerializationException',
  writesEmpty: true,
  read: (shape, body) => codec.read(shape, body.toString()),
  write: (shape, value) => JSON.stringify(codec.write(shape, value)),
};

const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

const xmlDocuments = (namespace: string): Documents => ({
  contentType: 'application/xml',
  badValue: 'InvalidArgument',
  writesEmpty: false,
  read: readXml,
  write(shape, value, name) {
    const [only] = shape.members.values();
    // A document that is called as its only member is that member: the region of a bucket.
    const isMember = shape.members.size === 1 && only?.xmlName === name && only.shape.kind !== 'structure';
    const [inner, content] = isMember ? [only.shape, value[only.name] ?? ''] : [shape, value];
    return XML_DECLARATION + writeXmlDocument(inner, content, name, namespace);
  },
});

export function createRestJsonProtocol(model: ServiceModel): Protocol {
  return {
    name: 'rest-json',
    ...createRest(model, jsonDocuments),
    writeError(error, requestId) {
      const known = model.errors.get(error.code);
      const headers: Record<string, string> = {
        'content-type': jsonDocuments.contentType,
        'x-amzn-RequestId': requestId,
        'x-amzn-ErrorType': known?.name ?? error.code,
      };
      if (known) writeBindings(known.schema, error.members ?? {}, headers);
      const inBody = known && { ...known, schema: partsOf(known.schema).body };
      return { status: error.status, headers, body: JSON.stringify(jsonErrorMembers(error, inBody, codec)) };
    },
  };
}

/** Errors are as S3 writes them: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function createRestXmlProtocol(model: ServiceModel): Protocol {
  return {
    name: 'rest-xml',
    ...createRest(model, xmlDocuments(model.xmlNamespace)),
    writeError(error, requestId) {
      const headers = { 'content-type': 'application/xml', ...requestIdHeaders(model, requestId) };
      const elements = errorElements(model, error) + otherElements(model, error);
      const id = `<RequestId>${escapeXml(requestId)}</RequestId>`;
      return { status: error.status, headers, body: `${XML_DECLARATION}<Error>${elements}${id}</Error>` };
    },
  };
}

/** S3's errors say what they are about (`Key`, `BucketName`) in elements that their shapes do not have. */
function otherElements(model: ServiceModel, { code, members = {} }: WireError): string {
  const known = model.errors.get(code)?.schema.members;
  const others = Object.entries(members).filter(([name, value]) => !known?.has(name) && typeof value === 'string');
  return others.map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`).join('');
}

const requestIdHeaders = (model: ServiceModel, requestId: string): Readonly<Record<string, string>> =>
  model.protocol === 'rest-xml' ? { 'x-amz-request-id': requestId } : { 'x-amzn-RequestId': requestId };

function createRest(model: ServiceModel, documents: Documents): Omit<Protocol, 'name' | 'writeError'> {
  const route = createRouter(model);
  return {
    operationName(request) {
      const match = route(request);
      if (!match) throw notRouted(model, request);
      return match.operation.name;
    },
    readInput(operation, request) {
      return readRequest(operation, request, route(request)?.labels ?? NO_LABELS, documents);
    },
    writeOutput(operation, output, requestId) {
      const headers: Record<string, string> = { ...requestIdHeaders(model, requestId) };
      return writeReply(operation, output, headers, documents);
    },
  };
}

const NO_LABELS: ReadonlyMap<string, string> = new Map();

function notRouted(model: ServiceModel, { method, path }: HttpRequest) {
  return model.protocol === 'rest-xml'
    ? awsFault('MethodNotAllowed', 'The specified method is not allowed against this resource.')
    : awsFault('UnknownOperationException', `Unable to determine service/operation name for ${method} ${path}`);
}

function readRequest(
  { input }: OperationModel,
  request: HttpRequest,
  labels: ReadonlyMap<string, string>,
  documents: Documents,
): Members {
  const read: Record<string, unknown> = {};
  if (!input) return read;
  const query = parsePairs(request.query);
  readBindings(input, { labels, query, headers: request.headers }, read, documents.badValue);
  const { payload, body } = partsOf(input);
  if (request.body.length === 0) return read;
  if (payload) read[payload.name] = readPayload(payload, request.body, documents);
  else if (body.members.size > 0) Object.assign(read, documents.read(body, request.body, body.xmlName));
  return read;
}

function readPayload({ shape, xmlName }: Member, body: Buffer, documents: Documents): unknown {
  if (shape.kind === 'structure') return documents.read(shape, body, xmlName);
  return shape.kind === 'blob' ? body : body.toString();
}

function writeReply(
  { http, output: shape }: OperationModel,
  output: Members,
  headers: Record<string, string>,
  documents: Documents,
): HttpReply {
  const { payload, body } = partsOf(shape ?? NO_MEMBERS);
  const status = (shape && writeBindings(shape, output, headers)) ?? http?.status ?? 200;
  if (payload) {
    const value = output[payload.name];
    return {
      status,
      headers,
      body: value === undefined ? undefined : writePayload(payload, value, headers, documents),
    };
  }
  if (body.members.size === 0 && !documents.writesEmpty) return { status, headers, body: undefined };
  headers['content-type'] ??= documents.contentType;
  return { status, headers, body: documents.write(body, output, body.xmlName) };
}

function writePayload(
  { shape, xmlName }: Member,
  value: unknown,
  headers: Record<string, string>,
  documents: Documents,
): Buffer | string {
  if (shape.kind === 'structure') {
    headers['content-type'] ??= documents.contentType;
    return documents.write(shape, value as Members, xmlName);
  }
  headers['content-type'] ??= shape.kind === 'blob' ? 'application/octet-stream' : 'text/plain';
  return typeof value === 'string' ? value : Buffer.from(value as Uint8Array);
}

/** The member that is the whole body, or the structure of those that are in it. */
const partsOf = memoized<{ readonly payload: Member | undefined; readonly body: StructureShape }>((shape) => {
  const structure = shape as StructureShape;
  const members = [...structure.members.values()];
  const inBody = members
    .filter(({ location }) => location === undefined)
    .map((member) => [member.name, member] as const);
  return {
    payload: members.find(({ location }) => location === 'payload'),
    body: { ...structure, members: new Map(inBody) },
  };
});
