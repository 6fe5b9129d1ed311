/** What an operation is handed: the ways to ask, and the ways to read and write what was asked for. */
import { type AccountReader, accountReader } from './account-reader.ts';
import { actingIdentity, type Mode } from './acting.ts';
import { Asker } from './asker.ts';
import { Fault } from './faults.ts';
import { type Allowed, type AnyAllowed, act, type Operation } from './operation.ts';
import { partId, type RowsOf, rowsOf } from './parts.ts';
import type { Collection, Document, JobDraft, Json, ListQuery, Page, Rows } from './store/store.ts';

export class Context extends Asker {
  /** Stores what `allowNew` allowed. */
  create<R extends object>(allowed: Allowed<R>, value: R): void {
    if (allowed.document) throw new Error(`${allowed.action.name} allowed a change, not something new`);
    this.write(allowed, value);
  }

  /** Replaces what `allow` allowed. */
  update<R extends object>(allowed: Allowed<R>, value: R): void {
    if (!allowed.document) throw new Error(`${allowed.action.name} allowed something new, not a change`);
    this.write(allowed, value);
  }

  /** Removes what `allow` allowed. */
  remove<R extends object>(allowed: Allowed<R>): void {
    const type = allowed.action.resource;
    this.call.unit.delete(type.collection, allowed.ref.account, type.documentId(allowed.ref));
  }

  /** A document that is part of an allowed one. Undefined when there is none. */
  async part<P extends object>(allowed: AnyAllowed, of: Collection<P>, id: string): Promise<Document<P> | undefined> {
    return this.call.unit.get(of, allowed.ref.account, partId(allowed, id));
  }

  /** Documents that are part of an allowed one; list by an index of theirs whose key names the owner. */
  async parts<P extends object>(allowed: AnyAllowed, of: Collection<P>, query: ListQuery): Promise<Page<Document<P>>> {
    return this.call.unit.list(of, allowed.ref.account, query);
  }

  /** Whatever else the account of an allowed resource holds, to read: for what concerns the whole of it. */
  accountOf(allowed: AnyAllowed): AccountReader {
    return accountReader(this.call, allowed.ref.account);
  }

  putPart<P extends object>(allowed: AnyAllowed, into: Collection<P>, id: string, value: P): void {
    this.call.unit.put(into, allowed.ref.account, partId(allowed, id), value);
  }

  removePart<P extends object>(allowed: AnyAllowed, from: Collection<P>, id: string): void {
    this.call.unit.delete(from, allowed.ref.account, partId(allowed, id));
  }

  /** The rows of an allowed document, or of a part of it. */
  rows<V extends object>(allowed: AnyAllowed, of: Rows<V>, part?: string): RowsOf<V> {
    return rowsOf(this.call.unit, allowed, of, part);
  }

  /** The secret in a sealed field of an allowed document, or of a part of one. */
  open<P extends object>(
    _allowed: AnyAllowed,
    from: Collection<P>,
    document: Document<P>,
    field: keyof P & string,
  ): Buffer {
    return this.call.plane.store.open(from, document, field);
  }

  /** Something to be done later, in the commit. */
  schedule(job: JobDraft): void {
    this.call.unit.schedule(job);
  }

  /** Tells dependents, in the commit: each subscriber gets a job in `account`. */
  emit(event: string, account: string, payload: Json): void {
    for (const kind of this.call.plane.subscribers(event)) this.schedule({ kind, account, due: this.now, payload });
  }

  /**
   * A service acting for the resource that was allowed. Account, instance and resource are that resource's, never
   * input, so that nobody can make the service act for somebody else.
   */
  actAs(mode: Mode, allowed: AnyAllowed): { perform<I, O>(op: Operation<I, O>, input: I): Promise<O> } {
    if (mode.kind !== 'service-principal') {
      throw new Fault('unavailable', 'mode-unavailable', `no service of this cloud acts as ${mode.kind}`);
    }
    const identity = actingIdentity(mode.service, allowed);
    const caused = { parent: this.entry, mode: mode.kind };
    return { perform: (op, input) => act(this.call, identity, op, input, caused) };
  }

  private write<R extends object>(allowed: Allowed<R>, value: R): void {
    const type = allowed.action.resource;
    this.call.unit.put(type.collection, allowed.ref.account, type.documentId(allowed.ref), value);
  }
}
