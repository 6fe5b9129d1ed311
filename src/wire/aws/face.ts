/** How a service says which AWS calls it answers. Service code sees typed inputs and outputs, nothing of HTTP. */
import type { Credential, Operation } from '../../operation.ts';

/** The command classes of a client package, as a type: `typeof import('@aws-sdk/client-kms')`. */
type Command<I, O> = abstract new (
  ...args: never[]
) => {
  readonly input: I;
  resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: O }>;
};

type Commands<M> = { [K in keyof M as K extends `${infer Name}Command` ? Name : never]: M[K] };

/** An input as service code gets it: what the vendor requires is there, and nothing may be changed. */
export type Input<I> = { readonly [K in keyof I]: object extends Pick<I, K> ? I[K] : NonNullable<I[K]> };

/** An output as service code gives it. */
export type Output<O> = Omit<O, '$metadata'>;

/** Operations by the names of the client package, each with the input and output that the package declares. */
export type Answered<M> = {
  readonly [N in keyof Commands<M>]?: Commands<M>[N] extends Command<infer I, infer O>
    ? Operation<Input<I>, Output<O>>
    : never;
};

/** What one service answers on the AWS listener. */
export interface AwsFace {
  /** What credentials are scoped to: `kms`. */
  readonly service: string;
  /** The package whose schemas are the wire: `@aws-sdk/client-kms`. */
  readonly client: string;
  /** A global service keeps one state for all Regions: to policies it is in `us-east-1`. */
  readonly isGlobal: boolean;
  /** Bytes that a body may have. */
  readonly limit: number;
  readonly operations: ReadonlyMap<string, Operation<never, unknown>>;
  /** How the callers of some operations say who they are when they do not sign: from the input. */
  readonly credentials: ReadonlyMap<string, (input: never) => Credential>;
}

/** Bytes. The largest thing that a request of most services holds is a policy, far smaller. */
export const BODY_LIMIT = 1024 * 1024;

/** Declares a face; the compiler checks each operation against the client package `M`. */
export function awsFace<M>(face: {
  readonly service: string;
  readonly client: string;
  readonly isGlobal?: boolean;
  /** 1 MiB unless it is given. */
  readonly limit?: number;
  readonly operations: Answered<M>;
  readonly credentials?: Readonly<Record<string, (input: never) => Credential>>;
}): AwsFace {
  return {
    service: face.service,
    client: face.client,
    isGlobal: face.isGlobal ?? false,
    limit: face.limit ?? BODY_LIMIT,
    operations: new Map(Object.entries(face.operations as Readonly<Record<string, Operation<never, unknown>>>)),
    credentials: new Map(Object.entries(face.credentials ?? {})),
  };
}
