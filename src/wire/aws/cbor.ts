/** RPC in CBOR: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html */
import { awsFault } from './fault.ts';
import { queryError } from './json.ts';
import type { ServiceModel } from './model.ts';
import type { HttpReply, Protocol } from './protocol.ts';
import { readCbor, writeCbor } from './values/cbor.ts';
import { encodeCbor } from './values/cbor-bytes.ts';

const PATH = /\/service\/[^/]+\/operation\/([^/]+)\/?$/;

/** `tellsQueryErrors`: the client asked for the codes of the query protocol besides (`x-amzn-query-mode: true`). */
export function createCborProtocol(model: ServiceModel, tellsQueryErrors: boolean): Protocol {
  return {
    name: 'cbor',
    operationName({ path }) {
      const name = PATH.exec(path)?.[1] ?? '';
      if (model.operations.has(name)) return name;
      throw awsFault('UnknownOperationException', '');
    },
    readInput({ input }, { body }) {
      return input && body.length > 0 ? readCbor(input, body) : {};
    },
    writeOutput({ output: shape }, output, requestId) {
      return reply(200, shape ? writeCbor(shape, output) : encodeCbor({}), requestId);
    },
    writeError(error, requestId) {
      const known = model.errors.get(error.code);
      const body = { __type: known?.qualifiedName ?? error.code, message: error.message, ...error.members };
      const headers = tellsQueryErrors ? { 'x-amzn-query-error': queryError(error, known) } : {};
      return reply(error.status, encodeCbor(body), requestId, headers);
    },
  };
}

function reply(
  status: number,
  body: Buffer,
  requestId: string,
  more: Readonly<Record<string, string>> = {},
): HttpReply {
  return {
    status,
    headers: {
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
      'x-amzn-RequestId': requestId,
      ...more,
    },
    body,
  };
}
