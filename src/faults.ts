/**
 * The closed list of what can go wrong in the domain. Operations throw faults; a face turns each into its vendor's
 * error. `message` is for the caller: it never tells what the caller may not know.
 */
export type FaultKind =
  /** No credential, or one that is not valid (any more). */
  | 'unauthenticated'
  /** The question was asked and the answer is no. */
  | 'denied'
  | 'not-found'
  /** The request is malformed or names something that cannot be meant. */
  | 'invalid'
  /** It exists already, or something else stands in the way. */
  | 'conflict'
  /** The resource is in a state that does not allow this. */
  | 'state'
  /** If-Match (or its like) does not match. */
  | 'precondition'
  | 'gone'
  | 'too-large'
  | 'unsupported-media'
  | 'throttled'
  | 'quota'
  | 'unavailable';

/** Which part of the request a fault is about. */
export interface FaultTarget {
  readonly type: 'field' | 'parameter' | 'header';
  readonly name: string;
  readonly value?: string;
}

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly kind: FaultKind;
  /** Names the fault inside its service (`key-disabled`); faces map it to the vendor's code. */
  readonly reason: string;
  readonly target: FaultTarget | undefined;
  /** What the vendor's body carries besides (a conflicting policy, the reasons of a refusal). */
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(
    kind: FaultKind,
    reason: string,
    message: string,
    more: { target?: FaultTarget; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.kind = kind;
    this.reason = reason;
    this.target = more.target;
    this.details = more.details;
  }
}

/** True for a refusal that must look the same whether the resource exists or not. */
export function isHidden(error: unknown): error is Fault {
  return error instanceof Fault && (error.kind === 'denied' || error.kind === 'not-found');
}
