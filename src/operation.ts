/**
 * What an operation is, and `perform()`: identify, allow, act, record, in one commit.
 *
 * An operation reaches a resource only by asking (`cx.allow`, `allowNew`, `allowEach`, `allowAll`). What can hurt takes
 * the `Allowed` that asking returns. A commit that writes a document for which none was minted is refused.
 */
import type { Action, ResourceType } from './access.ts';
import type { LayerSource } from './authorize.ts';
import { type Call, type Caused, startCall, Unasked } from './call.ts';
import { Context } from './context.ts';
import { Fault } from './faults.ts';
import type { Caller, ContextValue } from './policy/model.ts';
import type { ResourceRef } from './policy/names.ts';
import type { Seals } from './seals.ts';
import { Conflict, type Document, type Job, type Json, type Store, type Unit } from './store/store.ts';
import type { NameOf } from './why/names.ts';

declare const minted: unique symbol;

/** Proof that the caller may do `N` on this resource. Made by the `allow` functions alone. */
export interface Allowed<R extends object = object, N extends string = string> {
  readonly [minted]: N;
  readonly action: Action<R, N>;
  readonly ref: ResourceRef;
  /** What is stored; absent for what does not exist yet. */
  readonly document: Document<R> | undefined;
  /** The stored value, or the draft of what will be. */
  readonly value: Readonly<R>;
}

/** The `Allowed` of each question, in order. */
export type AllowedOf<Q> = {
  [K in keyof Q]: Q[K] extends readonly [Action<infer R, infer N>, ResourceRef] ? Allowed<R, N> : never;
};

/** Proof for a resource of whatever type: for what is kept as part of it, and for acting for it. */
export interface AnyAllowed {
  readonly [minted]: string;
  readonly action: { readonly resource: Pick<ResourceType, 'name' | 'documentId' | 'actsAs' | 'sourceOf'> };
  readonly ref: ResourceRef;
}

/** A named function of a context and an input. */
export interface Operation<I, O> {
  /** `keys.unwrap`: the service's folder and what is done. */
  readonly name: string;
  act(cx: Context, input: I): Promise<O>;
  /** What of the input the record keeps. Absent: nothing. Never a secret. */
  recorded?(input: I): Json;
}

export function operation<I, O>(
  name: string,
  act: (cx: Context, input: I) => Promise<O>,
  options: { recorded?: (input: I) => Json } = {},
): Operation<I, O> {
  return { name, act, ...options };
}

/** How a caller says who he is. Faces take it from the wire; it is checked on every call. */
export type Credential =
  | { readonly kind: 'none' }
  /** Nobody in particular: routes that are open to everyone ask for this. */
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'api-key'; readonly apiKey: string; readonly account?: string }
  | { readonly kind: 'refresh-token'; readonly token: string; readonly account?: string }
  /** A request signed with an AWS access key; `matches` tells whether it was signed with this secret. */
  | {
      readonly kind: 'aws-signature';
      readonly accessKeyId: string;
      readonly sessionToken: string | undefined;
      matches(secret: string): boolean;
    }
  /** What an identity provider says of who asks for a role (AWS): an OIDC token, or a SAML assertion as it was sent. */
  | { readonly kind: 'web-identity'; readonly token: string; readonly role: string; readonly provider?: string }
  | { readonly kind: 'saml-assertion'; readonly assertion: string; readonly role: string; readonly provider: string }
  | { readonly kind: 'operator'; readonly token: string }
  /** A job of the plane: runs as the service that keeps what it works on. */
  | { readonly kind: 'job'; readonly job: Job; readonly service: string };

/** What an identity provider asserts of somebody who asks for a role (AWS). */
export interface Asserted {
  readonly subject: string;
  readonly audience: string;
  readonly issuer: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string;
  /** Context keys that a session keeps. */
  readonly kept: Readonly<Record<string, ContextValue>>;
  /** What SAML says besides. */
  readonly saml?: {
    readonly sessionName: string;
    readonly subjectType: string;
    readonly nameQualifier: string;
    /** Seconds that the session lasts at most, by the provider's word. */
    readonly duration?: number;
  };
}

/** Who a credential belongs to, found valid just now. */
export interface Identity {
  readonly caller: Caller;
  /** For people: an e-mail address, a service ID's name. */
  readonly name: string;
  /** Context keys that say who the caller is (`aws:principaltag/team`); they win over what the request says. */
  readonly context?: Readonly<Record<string, ContextValue>>;
  /** Of temporary credentials: when they end, and what goes on to sessions made from them (AWS). */
  readonly session?: {
    /** Milliseconds since 1970. */
    readonly expiresAt: number;
    readonly transitiveTags: Readonly<Record<string, string>>;
    readonly sourceIdentity?: string;
  };
  readonly asserted?: Asserted;
  /** A service that acts as itself: nothing of the client's request is its own. */
  readonly acts?: true;
  /** What the service that issued the credential keeps about it (session id, API key id), for records. */
  readonly credential: { readonly kind: Credential['kind']; readonly id?: string };
}

/** What a face knows of one request. */
export interface Request {
  readonly credential: Credential;
  /** Context keys in lower case that policies may test. */
  readonly context: Readonly<Record<string, ContextValue>>;
  /** The Region that was addressed (AWS). */
  readonly region?: string;
  /** For the record: method and path, the caller's address, its user agent. */
  readonly wire?: { readonly call: string; readonly from: string; readonly agent?: string };
  /** Ids that the client sent. */
  readonly aliases?: readonly string[];
}

export interface Clock {
  /** Milliseconds since 1970 by the plane's clock. */
  now(): number;
  /** The same by the machine's clock, which nobody advances: what clients sign their requests with. */
  machine(): number;
}

/** What operations need of the plane that runs them. */
export interface Plane {
  readonly store: Store;
  readonly clock: Clock;
  /** An unguessable id for a thing, different each time. */
  readonly newId: () => string;
  /** The same for a call: ids of calls that come one after the other stand near one another in indexes. */
  readonly newCallId: () => string;
  readonly seals: Seals;
  /** Throws `unauthenticated` when the credential is not valid. */
  readonly identify: (unit: Unit, credential: Credential, now: number) => Promise<Identity>;
  readonly sources: readonly LayerSource[];
  /** Whom unique ids in policies mean. */
  readonly nameOf: NameOf;
  /** Job kinds that are to be scheduled when an event happens. */
  readonly subscribers: (event: string) => readonly string[];
  /** Counts what is not recorded one by one. */
  readonly count: (counter: string) => void;
}

const ATTEMPTS = 5;

/** A fault with the id under which its true reason can be asked for. */
export class Refusal extends Error {
  readonly fault: Fault;
  readonly id: string;
  constructor(fault: Fault, id: string) {
    super(fault.message, { cause: fault });
    this.fault = fault;
    this.id = id;
  }
}

/**
 * Runs an operation for a request. Reads, asks and buffers; commits once; runs again (at most five times) when what it
 * read has moved. `input` is read once the caller is known: a stranger is told that first, whatever he sent.
 * Resolves once what must be durable is. Throws `Refusal` with a `Fault` in it.
 */
export async function perform<I, O>(
  plane: Plane,
  op: Operation<I, O>,
  request: Request,
  input: () => I,
): Promise<{ readonly output: O; readonly id: string }> {
  const call = startCall(plane, request);
  let endTurn: (() => void) | undefined;
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const unit = plane.store.begin();
      call.restart(unit);
      try {
        const identity = await plane.identify(unit, request.credential, call.now);
        const output = await act(call, identity, op, input());
        if (request.credential.kind === 'job') unit.finish(request.credential.job);
        await call.commit();
        return { output, id: call.id };
      } catch (error) {
        if (error instanceof Fault) {
          call.refused(error);
          throw new Refusal(error, call.id);
        }
        if (!(error instanceof Conflict)) throw error;
      }
      endTurn ??= await turnOf(plane.store);
    }
  } finally {
    endTurn?.();
  }
  const busy = new Fault('throttled', 'busy', 'the resource is being changed by others: try again');
  throw new Refusal(busy, call.id);
}

/** The last of those who wait to run again, by the store in whose way they got. */
const turns = new WeakMap<Store, Promise<void>>();

/**
 * Waits until nobody else runs again; resolves to what ends the turn. Those who have lost once do not get in one
 * another's way a second time: of ten who change an account's policies at once, all ten come through.
 */
async function turnOf(store: Store): Promise<() => void> {
  const before = turns.get(store);
  const { promise, resolve } = Promise.withResolvers<void>();
  turns.set(store, promise);
  await before;
  return resolve;
}

/**
 * One operation, outermost or nested, with a record of its own. A nested one shares the unit of work and the commit.
 */
export async function act<I, O>(
  call: Call,
  identity: Identity,
  op: Operation<I, O>,
  input: I,
  caused?: Caused,
): Promise<O> {
  const entry = call.enter(op, identity, input, caused);
  try {
    const output = await op.act(new Context(call, entry, identity), input);
    if (!entry.hasAsked) throw new Unasked(`${op.name} has asked nothing`);
    entry.outcome = 'done';
    return output;
  } catch (error) {
    if (error instanceof Fault) {
      entry.outcome = error.kind === 'denied' ? 'denied' : 'failed';
      entry.fault = { kind: error.kind, reason: error.reason, message: error.message };
    }
    throw error;
  }
}
