/** How a request of AWS is read and its answer written, whichever protocol it came in. */
import type { IncomingHttpHeaders } from 'node:http';
import type { OperationModel, ProtocolName } from './model.ts';

export interface HttpRequest {
  readonly method: string;
  /** As sent: neither decoded nor normalized. */
  readonly path: string;
  /** As sent, without `?`. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string | undefined;
}

export interface WireError {
  /** The name of the error's shape or its code in the query protocol: each protocol sends its own spelling. */
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly side: 'client' | 'server';
  /** What the error's shape has besides its message. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
}

/** Members by name. Timestamps are `Date`, blobs are bytes; what is absent is undefined, never null. */
export type Members = Readonly<Record<string, unknown>>;

/** The protocols that clients speak; one service may be spoken to in several. */
export type WireName = ProtocolName | 'cbor';

export interface Protocol {
  readonly name: WireName;
  /** Throws a fault in the vendor's words when the request names no operation. */
  operationName(request: HttpRequest): string;
  /** Throws a fault when the request does not hold what the operation's shape says. Unknown members are ignored. */
  readInput(operation: OperationModel, request: HttpRequest): Members;
  writeOutput(operation: OperationModel, output: Members, requestId: string): HttpReply;
  writeError(error: WireError, requestId: string): HttpReply;
}
