/** A server that answers every request of one service as it is told to, and keeps what it read. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Fault } from '../../src/faults.ts';
import type { ServiceModel } from '../../src/wire/aws/model.ts';
import type { HttpReply, HttpRequest, Members, WireError } from '../../src/wire/aws/protocol.ts';
import { protocolOf } from '../../src/wire/aws/protocols.ts';

type Next = { readonly output: Members } | { readonly error: WireError };
type Read = { readonly operation: string; readonly input: Members };

export interface Echo {
  readonly endpoint: string;
  /** What the next request is answered with. */
  answerNext(next: Next): void;
  /** The request since then, as it was read; undefined where it could not be. */
  lastRead(): Read | undefined;
  close(): void;
}

/** `modelOf`: the service that a request is for. */
export async function startEcho(modelOf: (request: IncomingMessage) => ServiceModel): Promise<Echo> {
  let next: Next = { output: {} };
  let read: Read | undefined;
  const server = createServer(async (incoming, outgoing) => {
    const reply = answer(modelOf(incoming), await whole(incoming), next, (taken) => {
      read = taken;
    });
    outgoing.writeHead(reply.status, reply.headers).end(reply.body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerNext(given) {
      next = given;
      read = undefined;
    },
    lastRead: () => read,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function whole(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = incoming.url!;
  const mark = url.indexOf('?');
  return {
    method: incoming.method!,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

function answer(model: ServiceModel, request: HttpRequest, next: Next, taken: (read: Read) => void): HttpReply {
  const protocol = protocolOf(model, request);
  try {
    const name = protocol.operationName(request);
    const operation = model.operations.get(name)!;
    taken({ operation: name, input: protocol.readInput(operation, request) });
    return 'error' in next
      ? protocol.writeError(next.error, 'request-1')
      : protocol.writeOutput(operation, next.output, 'request-1');
  } catch (error) {
    const code = error instanceof Fault ? error.reason : 'InternalFailure';
    const message = `${(error as Error).message} (${request.method} ${request.path}?${request.query})`;
    return protocol.writeError({ code, message, status: 400, side: 'client' }, 'request-1');
  }
}
