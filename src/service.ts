/** What a service is: everything the plane needs to know of it, in one value. `services/index.ts` lists them. */
import type { Action } from './access.ts';
import type { LayerSource } from './authorize.ts';
import type { Operation } from './operation.ts';
import type { Collection, Json, Rows } from './store/store.ts';
import type { AwsFace } from './wire/aws/face.ts';
import type { Face } from './wire/ibm/route.ts';

/** What is run for a job of one kind, as which service identity of the job's account. */
export interface JobHandler {
  /** Service name of the identity, e.g. `kms`: it has the standing of the service that keeps the resource. */
  readonly service: string;
  readonly operation: Operation<Json, unknown>;
}

export interface Service {
  /** The folder's name. */
  readonly name: string;
  readonly collections: readonly Collection<never>[];
  readonly rows?: readonly Rows[];
  /** The access table: every action that the service's operations ask for. */
  readonly actions: readonly Action<never>[];
  readonly operations: readonly Operation<never, unknown>[];
  /** Layers that the service's documents add to questions. */
  readonly sources?: readonly LayerSource[];
  readonly jobs?: Readonly<Record<string, JobHandler>>;
  /** Event -> job kinds of this service that follow it. */
  readonly subscriptions?: Readonly<Record<string, readonly string[]>>;
  readonly ibm?: readonly Face[];
  readonly aws?: readonly AwsFace[];
}
