/** A plane in this process, with policies and one thing that services act for: what no wire can ask is asked here. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resource } from '../src/access.ts';
import type { LayerSource } from '../src/authorize.ts';
import { startJobs } from '../src/jobs.ts';
import { type Operation, operation, type Plane, perform, type Refusal } from '../src/operation.ts';
import type { Caller } from '../src/policy/model.ts';
import { ibmRef } from '../src/policy/names.ts';
import { createSeals } from '../src/seals.ts';
import { DROP_DELEGATED, dropDelegated } from '../src/services/policies/delegation.ts';
import { customRoles, policies } from '../src/services/policies/documents.ts';
import { createPolicySource } from '../src/services/policies/source.ts';
import { openStore } from '../src/store/index.ts';
import { collection, type Json, type Store } from '../src/store/store.ts';

interface Thing {
  readonly service: string;
}

const things = collection<Thing>('things');

/** Something of a service that acts as several identities: a disk of block storage, a database, a bucket. */
export const ThingResource = resource<Thing>()(
  'thing',
  {
    collection: things,
    documentId: (ref) => ref.instance,
    refOf: ({ account, id, value }) => ibmRef({ account, service: value.service, instance: id }),
    actsAs: ['server-protect', 'is', 'databases-for-postgresql', 'cloud-object-storage', 'kms'],
  },
  { use: { nature: 'write', ibm: 'test.thing.use' }, create: { nature: 'write', ibm: 'test.thing.create' } },
);

export interface InsidePlane {
  readonly store: Store;
  readonly plane: Plane;
  /** Runs an operation as the owner of an account. */
  asOwner<I, O>(account: string, op: Operation<I, O>, input: I): Promise<O>;
  /** Runs an operation as a caller of any kind. */
  as<I, O>(caller: Caller, op: Operation<I, O>, input: I): Promise<O>;
  /** Runs an operation as the service that keeps an instance in an account. */
  asService<I, O>(
    at: { account: string; service: string; instance: string },
    op: Operation<I, O>,
    input: I,
  ): Promise<O>;
  /** What could not be compiled so far. */
  readonly skipped: string[];
  /** Resolves once no job is due. */
  jobsDone(): Promise<void>;
  stop(): Promise<void>;
}

export function ownerOf(account: string): Caller {
  return { kind: 'user', id: `IBMid-${account.slice(0, 4)}`, account };
}

/** The owner of each account may do everything in it. */
const ownersLayer: LayerSource = async (_reader, { caller, resource: { ref } }) =>
  caller.kind !== 'user' || caller.account !== ref.account || caller.id !== ownerOf(ref.account).id
    ? []
    : [
        {
          kind: 'owner',
          account: ref.account,
          may: 'grant',
          statements: [
            {
              effect: 'allow',
              principals: { kind: 'exact', id: caller.id },
              actions: { kind: 'wildcard', patterns: ['*'] },
              resources: { kind: 'any' },
              conditions: [],
              origin: { account: ref.account, policy: 'account owner', statement: '0', text: '' },
            },
          ],
        },
      ];

export async function startInside(): Promise<InsidePlane> {
  const home = await mkdtemp(join(tmpdir(), 'easement-policies-'));
  const collections = [policies, customRoles, things];
  const store = await openStore({ home: join(home, 'home'), collections, rows: [], rootKey: randomBytes(32) });
  const skipped: string[] = [];
  const plane: Plane = {
    store,
    clock: { now: () => Date.now(), machine: () => Date.now() },
    newId: randomUUID,
    newCallId: randomUUID,
    identify: async (_unit, credential) => ({
      caller: callerOf(credential),
      name: 'test',
      credential: { kind: 'bearer' },
    }),
    sources: [ownersLayer, createPolicySource({ skipped: (message) => skipped.push(message) })],
    nameOf: async () => undefined,
    subscribers: () => [],
    seals: createSeals(Buffer.alloc(32)),
    count: () => undefined,
  };
  const as = async <I, O>(caller: Caller, op: Operation<I, O>, input: I): Promise<O> => {
    const credential = { kind: 'bearer', token: JSON.stringify(caller) } as const;
    try {
      return (await perform(plane, op, { credential, context: {} }, () => input)).output;
    } catch (error) {
      throw (error as Partial<Refusal>).fault ?? error;
    }
  };
  const handlers = new Map([
    [
      DROP_DELEGATED,
      { service: 'iam-access-management', operation: dropDelegated as unknown as Operation<Json, unknown> },
    ],
  ]);
  return {
    store,
    plane,
    skipped,
    as,
    asOwner: (account, op, input) => as(ownerOf(account), op, input),
    asService: ({ account, service, instance }, op, input) =>
      as(ownerOf(account), through(service, instance, op), input),
    jobsDone: async () => {
      const jobs = startJobs(plane, handlers, (message, error) => skipped.push(`${message}: ${error}`));
      jobs.wake();
      while ((await store.nextJobDue()) !== undefined) await new Promise((resolve) => setImmediate(resolve));
      await jobs.stop();
    },
    stop: async () => {
      await store.close();
      await rm(home, { recursive: true });
    },
  };
}

/** The owner uses a thing, and the service acts for it. */
function through<I, O>(service: string, instance: string, op: Operation<I, O>): Operation<I, O> {
  return operation('test.through', async (cx, input: I): Promise<O> => {
    const ref = ibmRef({ account: cx.identity.caller.account, service, instance });
    const allowed = await cx.allowNew(ThingResource.use, ref, { service });
    return cx.actAs({ kind: 'service-principal', service }, allowed).perform(op, input);
  });
}

function callerOf(credential: Parameters<Plane['identify']>[1]): Caller {
  if (credential.kind === 'bearer') return JSON.parse(credential.token) as Caller;
  if (credential.kind !== 'job') throw new Error(`no test uses ${credential.kind}`);
  const { service } = credential;
  const { account } = credential.job;
  return { kind: 'service', id: `crn-${service}`, account, attributes: { serviceName: service, accountId: account } };
}
