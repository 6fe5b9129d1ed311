/** JSON-RPC: the operation is named by `X-Amz-Target`, bodies are objects in JSON. KMS and CloudWatch Logs speak it. */
import { isUtf8 } from 'node:buffer';
import { awsFault } from './fault.ts';
import { type ErrorModel, NO_MEMBERS, type ServiceModel } from './model.ts';
import type { HttpReply, Members, Protocol, WireError } from './protocol.ts';
import { createJsonCodec } from './values/json.ts';

const codec = createJsonCodec(({ name }) => name);

/** Errors of the framework below the services, which spells the member differently from what services themselves send. */
const CAPITAL_MESSAGE: ReadonlySet<string> = new Set(['AccessDeniedException', 'SerializationException']);

/** `tellsQueryErrors`: the client asked for the codes of the query protocol besides (`x-amzn-query-mode: true`). */
export function createJsonProtocol(model: ServiceModel, tellsQueryErrors: boolean): Protocol {
  const contentType = `application/x-amz-json-${model.jsonVersion}`;
  const reply = (status: number, body: string, requestId: string, more: Readonly<Record<string, string>> = {}) => ({
    status,
    headers: { 'content-type': contentType, 'x-amzn-RequestId': requestId, ...more },
    body,
  });
  return {
    name: 'json',
    operationName({ method, path, headers }) {
      const target = String(headers['x-amz-target'] ?? '');
      const dot = target.lastIndexOf('.');
      const name = target.slice(dot + 1);
      const isCall = method === 'POST' && path === '/';
      if (isCall && target.slice(0, Math.max(dot, 0)) === model.targetPrefix && model.operations.has(name)) return name;
      throw awsFault('UnknownOperationException', '');
    },
    readInput({ input }, { body }) {
      // What cannot be read is refused even where nothing is expected.
      if (!isUtf8(body)) throw awsFault('SerializationException', '');
      return codec.read(input ?? NO_MEMBERS, body.toString());
    },
    writeOutput({ output: shape }, output, requestId) {
      const nothing = model.jsonVersion === '1.0' ? '{}' : '';
      return reply(200, shape ? JSON.stringify(codec.write(shape, output)) : nothing, requestId);
    },
    writeError(error, requestId): HttpReply {
      const known = model.errors.get(error.code);
      const type = known?.name ?? error.code;
      const body = { __type: model.jsonVersion === '1.0' ? (known?.qualifiedName ?? type) : type };
      const headers = {
        'x-amzn-ErrorType': type,
        ...(tellsQueryErrors ? { 'x-amzn-query-error': queryError(error, known) } : {}),
      };
      const members = jsonErrorMembers(error, known, codec);
      return reply(error.status, JSON.stringify({ ...body, ...members }), requestId, headers);
    },
  };
}

export function queryError({ code, side }: WireError, known: ErrorModel | undefined): string {
  return `${known?.code ?? code};${side === 'client' ? 'Sender' : 'Receiver'}`;
}

/** The message, under the name that the error's shape has for it, and its other members. An empty message is left out. */
export function jsonErrorMembers(
  { code, message, members = {} }: WireError,
  known: ErrorModel | undefined,
  { write }: ReturnType<typeof createJsonCodec>,
): Members {
  if (!known) {
    if (message === '') return {};
    return { [CAPITAL_MESSAGE.has(code) ? 'Message' : 'message']: message };
  }
  const name = [...known.schema.members.keys()].find((member) => /^message$/i.test(member));
  const text = message === '' ? {} : { [name ?? 'message']: message };
  return { ...text, ...write(known.schema, { ...members, ...text }) };
}
