/**
 * The bookkeeping of one call: its id and time (the same in every attempt), what was asked, which writes were allowed,
 * and the records that come of it.
 */
import type { Nature } from './access.ts';
import type { Asked, Context } from './authorize.ts';
import type { Fault } from './faults.ts';
import type { Identity, Operation, Plane, Request } from './operation.ts';
import type { Collection, Json, RecordDraft, Unit } from './store/store.ts';

/** Why a nested question is asked: the entry it comes from, and in which mode the service acts. */
export interface Caused {
  readonly parent: Entry;
  readonly mode: string;
}

/** One operation in the call: becomes one record. */
export interface Entry {
  readonly id: string;
  readonly operation: string;
  readonly identity: Identity;
  readonly input: Json;
  readonly caused: Caused | undefined;
  /** Of all its questions. */
  readonly context: Context;
  readonly asked: Asked[];
  /** Whether any question was put; a list may show nothing and still have asked. */
  hasAsked: boolean;
  /** The newest commit that the answers can have seen. */
  asOf: number;
  outcome: 'done' | 'denied' | 'failed';
  fault?: { readonly kind: string; readonly reason: string; readonly message: string };
}

const DURABLE: ReadonlySet<Nature> = new Set(['write', 'use', 'secret']);

/** An operation that acts without having asked: a defect of ours, never the caller's doing. */
export class Unasked extends Error {
  override readonly name = 'Unasked';
}

export class Call {
  readonly plane: Plane;
  readonly request: Request;
  readonly id: string;
  readonly now: number;
  unit!: Unit;
  private entries: Entry[] = [];
  private mayWrite = new Set<string>();
  private readonly ids: Repeatable;
  private readonly callIds: Repeatable;

  constructor(plane: Plane, request: Request) {
    this.plane = plane;
    this.request = request;
    this.id = plane.newCallId();
    this.ids = repeatable(plane.newId);
    this.callIds = repeatable(plane.newCallId);
    this.now = plane.clock.now();
  }

  /** Begins an attempt: nothing of the one before is left but id, time and the ids it made. */
  restart(unit: Unit): void {
    this.unit = unit;
    this.entries = [];
    this.mayWrite.clear();
    this.ids.restart();
    this.callIds.restart();
  }

  /** An id for something new: the same one when the operation runs again. */
  newId(): string {
    return this.ids.next();
  }

  enter<I, O>(op: Operation<I, O>, identity: Identity, input: I, caused: Caused | undefined): Entry {
    const entry: Entry = {
      id: caused ? this.callIds.next() : this.id,
      operation: op.name,
      identity,
      input: op.recorded?.(input) ?? null,
      caused,
      context: contextOf(this.request, identity),
      asked: [],
      hasAsked: false,
      asOf: this.plane.store.lastCommit,
      outcome: 'failed',
    };
    this.entries.push(entry);
    return entry;
  }

  /** Notes that the document (and what is part of it) may be written in this call. */
  allowWrite(collection: string, account: string, id: string): void {
    this.mayWrite.add(`${collection}\n${account}\n${id}`);
  }

  /** Commits writes and durable records; lets the other records follow. */
  async commit(): Promise<void> {
    for (const write of this.unit.writes()) {
      if (!this.isAllowed(write.collection, write.account, write.id)) {
        throw new Unasked(
          `${this.entries[0]?.operation} writes ${write.collection.name} ${write.id} of account ${write.account} without having asked`,
        );
      }
    }
    const durable = this.unit.writes().length > 0 || this.entries.some(mustBeDurable);
    for (const record of this.records()) {
      if (durable) this.unit.record(record);
      else this.plane.store.recordSoon(record);
    }
    await this.unit.commit();
  }

  /** The call ends with a fault: nothing is written but its records. Callers without credentials are only counted. */
  refused(fault: Fault): void {
    this.plane.count(`refused.${fault.kind}`);
    for (const record of this.records()) this.plane.store.recordSoon(record);
  }

  private isAllowed(collection: Collection<never>, account: string, id: string): boolean {
    if (this.mayWrite.has(`${collection.name}\n${account}\n${id}`)) return true;
    const owner = collection.partOf;
    if (owner === undefined) return false;
    // Ids of parts start with the owner's id, which may itself hold slashes; and parts have parts.
    for (let slash = id.lastIndexOf('/'); slash > 0; slash = id.lastIndexOf('/', slash - 1)) {
      if (this.isAllowed(owner, account, id.slice(0, slash))) return true;
    }
    return false;
  }

  private records(): RecordDraft[] {
    return this.entries.map((entry) => toRecord(this, entry));
  }
}

/**
 * The context of all questions of an identity in a call. What the client's request says of itself (address, agent) says
 * nothing of a service that acts for itself.
 */
function contextOf(request: Request, { context, acts }: Identity): Context {
  if (context === undefined) return request.context;
  return acts ? context : { ...request.context, ...context };
}

interface Repeatable {
  next(): string;
  /** From here on the same ones again. */
  restart(): void;
}

function repeatable(make: () => string): Repeatable {
  const made: string[] = [];
  let taken = 0;
  return {
    next() {
      if (taken === made.length) made.push(make());
      return made[taken++]!;
    },
    restart() {
      taken = 0;
    },
  };
}

export function startCall(plane: Plane, request: Request): Call {
  return new Call(plane, request);
}

function mustBeDurable(entry: Entry): boolean {
  return entry.asked.some(
    (asked) => DURABLE.has(asked.nature) || asked.question.resource.ref.account !== entry.identity.caller.account,
  );
}

function toRecord(call: Call, entry: Entry): RecordDraft {
  const { caller } = entry.identity;
  const accounts = new Set<string>();
  if (caller.account !== '') accounts.add(caller.account);
  for (const asked of entry.asked) accounts.add(asked.question.resource.ref.account);
  const body = {
    operation: entry.operation,
    outcome: entry.outcome,
    caller,
    name: entry.identity.name,
    credential: entry.identity.credential,
    context: entry.context,
    asOf: entry.asOf,
    asked: entry.asked.map(({ action, question, own, outcome, existed }) => ({
      action,
      outcome,
      existed,
      words: question.action,
      resource: question.resource,
      ...(Object.keys(own).length === 0 ? {} : { context: own }),
    })),
    input: entry.input,
    ...(entry.fault ? { fault: entry.fault } : {}),
    ...(entry.caused ? { mode: entry.caused.mode } : {}),
    ...(call.request.wire ? { wire: call.request.wire } : {}),
  };
  return {
    id: entry.id,
    ...(entry.caused ? { parent: entry.caused.parent.id } : {}),
    at: call.now,
    accounts: [...accounts],
    body: body as unknown as Json,
    aliases: caller.account === '' ? [] : (call.request.aliases ?? []).map((id) => ({ account: caller.account, id })),
  };
}
