/** How a service says which IBM Cloud calls it answers, and how faults become the errors of its API family. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Fault, FaultKind } from '../../faults.ts';
import type { Credential, Operation } from '../../operation.ts';

/** One request as a route sees it. */
export interface WireRequest {
  readonly method: string;
  /** Path as sent, without a `/r/{region}` prefix and without the query. */
  readonly path: string;
  /** Path parameters, percent-decoded: a CRN is one segment. */
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed by its content type when read: JSON, or form fields as an object. Undefined when there is none. Throws `invalid`. */
  readonly body: unknown;
  /** From the `/r/{region}` prefix, else the plane's default region. */
  readonly region: string;
  /** `http://host:port` as the client called it: for hrefs. */
  readonly origin: string;
  /** Milliseconds by the plane's clock. */
  readonly now: number;
}

export interface WireReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent: no body. */
  readonly body?: unknown;
}

/** The vendor's words for a fault. */
export interface VendorError {
  readonly status: number;
  readonly code: string;
  /** Absent: the fault's own message. */
  readonly message?: string;
}

/** The error envelope of one family of APIs, and what it says to faults that every service has. */
export interface Family {
  readonly name: string;
  /** Content type of replies. */
  readonly contentType: string;
  /** Vendor words for each kind of fault: the fallback when the service names none for the reason. */
  readonly kinds: Readonly<Record<FaultKind | 'internal', VendorError>>;
  /** The body for an error. `id` is the call's id. */
  errorBody(error: {
    fault: Fault | undefined;
    vendor: VendorError;
    message: string;
    id: string;
    request: WireRequest | undefined;
  }): unknown;
  /** Headers that replies carry, error or not: ids that the client sent, echoed as the vendor does. */
  replyHeaders?(headers: IncomingHttpHeaders, id: string): Readonly<Record<string, string>>;
}

export interface Route<I = unknown, O = unknown> {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** find-my-way syntax: `/api/v2/keys/:id/actions/wrap`. */
  readonly path: string;
  readonly operation: Operation<I, O>;
  /** Reads the input. Throws `invalid` faults. */
  input(request: WireRequest): I;
  output(result: O, request: WireRequest): WireReply;
  /** Bytes of body at most (64 KiB). */
  readonly limit?: number;
  /** How the caller says who he is; by default the bearer token. */
  credential?(request: WireRequest): Credential;
}

/** What one service answers on the IBM Cloud listener. */
export interface Face {
  readonly family: Family;
  /** Vendor words by the fault's reason. */
  readonly faults: Readonly<Record<string, VendorError>>;
  readonly routes: readonly Route<never, never>[];
}

/** Declares a route: infers and checks that input and output fit the operation. */
export function route<I, O>(spec: Route<I, O>): Route<never, never> {
  return spec as unknown as Route<never, never>;
}
