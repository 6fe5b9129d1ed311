/** What an operation is handed: the ways to ask, and the ways to read and write what was asked for. */
import type { Action, ResourceType } from './access.ts';
import { actingIdentity, type Mode } from './acting.ts';
import { type Asked, answer, gather, questionFor } from './authorize.ts';
import type { Call, Entry } from './call.ts';
import { Fault } from './faults.ts';
import { type Allowed, type AnyAllowed, act, type Identity, type Operation } from './operation.ts';
import type { ResourceRef } from './policy/names.ts';
import type { Collection, Document, JobDraft, Json, ListQuery, Page } from './store/store.ts';

/** Where a resource is, and what policies may test of it. */
export interface Located {
  readonly ref: ResourceRef;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The `Allowed` of each question, in order. */
type AllowedOf<Q> = {
  [K in keyof Q]: Q[K] extends readonly [Action<infer R, infer N>, ResourceRef] ? Allowed<R, N> : never;
};

export class Context {
  readonly identity: Identity;
  private readonly call: Call;
  private readonly entry: Entry;

  constructor(call: Call, entry: Entry, identity: Identity) {
    this.call = call;
    this.entry = entry;
    this.identity = identity;
  }

  /** Milliseconds by the plane's clock; the same through all attempts of a call. */
  get now(): number {
    return this.call.now;
  }

  /** The id of this call, under which its reasons can be asked for. */
  get id(): string {
    return this.entry.id;
  }

  /** An unguessable id for something new; the same one when the operation runs again. */
  newId(): string {
    return this.call.newId();
  }

  /** Asks, and looks up. Throws `denied`, and `not-found` only where the caller might have had it. */
  async allow<R extends object, N extends string>(action: Action<R, N>, ref: ResourceRef): Promise<Allowed<R, N>> {
    const allowed = await this.allowIfThere(action, ref);
    if (allowed) return allowed;
    throw new Fault('not-found', `${action.resource.name}-not-found`, 'there is no such resource');
  }

  /** Asks, and looks up what need not be there. Throws `denied`. */
  async allowIfThere<R extends object, N extends string>(
    action: Action<R, N>,
    ref: ResourceRef,
  ): Promise<Allowed<R, N> | undefined> {
    const document = await this.lookUp(action.resource, ref);
    await this.ask(action, ref, document?.value, document !== undefined);
    return document && this.mint(action, ref, document, document.value);
  }

  /**
   * Asks for what does not exist yet, with the attributes it will have. Throws `denied`, and `conflict` when there is
   * something at this address.
   */
  async allowNew<R extends object, N extends string>(
    action: Action<R, N>,
    ref: ResourceRef,
    draft: Readonly<R>,
  ): Promise<Allowed<R, N>> {
    const existing = await this.lookUp(action.resource, ref);
    await this.ask(action, ref, draft, existing !== undefined);
    if (existing) throw new Fault('conflict', `${action.resource.name}-exists`, 'there is one already');
    return this.mint(action, ref, undefined, draft);
  }

  /** Asks for a resource as it will be after a change, besides asking for it as it is. Throws `denied`. */
  async allowChange<R extends object>(action: Action<R>, allowed: Allowed<R>, changed: Readonly<R>): Promise<void> {
    await this.ask(action, allowed.ref, changed, true);
  }

  /** Asks several questions; all must hold. */
  async allowAll<const Q extends readonly (readonly [Action<never, string>, ResourceRef])[]>(
    questions: Q,
  ): Promise<AllowedOf<Q>> {
    const allowed: unknown[] = [];
    for (const [action, ref] of questions) allowed.push(await this.allow(action as unknown as Action, ref));
    return allowed as AllowedOf<Q>;
  }

  /**
   * A page of what the caller may see among the documents of an account: asks for each, fills the page, tells nothing
   * of what it leaves out. `keep` filters before asking.
   */
  async allowEach<R extends object, N extends string>(
    action: Action<R, N>,
    account: string,
    query: ListQuery & { readonly keep?: (document: Document<R>) => boolean },
  ): Promise<Page<Allowed<R, N>>> {
    const items: Allowed<R, N>[] = [];
    let after = query.after;
    this.entry.hasAsked = true;
    for (;;) {
      const { keep: _keep, after: _after, ...listing } = query;
      const page = await this.call.unit.list(action.resource.collection, account, {
        ...listing,
        ...(after === undefined ? {} : { after }),
      });
      for (const document of page.items) {
        if (query.keep && !query.keep(document)) continue;
        const ref = action.resource.refOf(document);
        if (!(await this.wouldAllow(action, ref, document.value))) continue;
        if (items.length === query.limit) return { items, next: items.at(-1)!.document!.id };
        items.push(this.mint(action, ref, document, document.value));
      }
      if (page.next === undefined) return { items };
      after = page.next;
    }
  }

  /** The resources under an index key, in every account: names and policy attributes only, nothing of their content; at most `limit`. */
  async locate<R extends object>(
    type: ResourceType<R>,
    index: string,
    key: string,
    limit = 100,
  ): Promise<readonly Located[]> {
    const documents = await this.call.unit.find(type.collection, index, key, limit);
    return documents.map((document) => {
      const ref = type.refOf(document);
      return { ref, attributes: type.attributes(ref, document.value) };
    });
  }

  /** Whether an index key is in use in an account, for names that must be unique in it. */
  async isTaken<R extends object>(
    type: ResourceType<R>,
    account: string,
    index: string,
    key: string,
  ): Promise<boolean> {
    return (await this.call.unit.list(type.collection, account, { index, key, limit: 1 })).items.length > 0;
  }

  /** How many documents are under an index key of an account, counted no further than `most`: for limits. */
  async count<R extends object>(
    type: ResourceType<R>,
    account: string,
    query: { readonly index: string; readonly key: string; readonly most: number },
  ): Promise<number> {
    const { index, key, most } = query;
    return (await this.call.unit.list(type.collection, account, { index, key, limit: most })).items.length;
  }

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

  putPart<P extends object>(allowed: AnyAllowed, into: Collection<P>, id: string, value: P): void {
    this.call.unit.put(into, allowed.ref.account, partId(allowed, id), value);
  }

  removePart<P extends object>(allowed: AnyAllowed, from: Collection<P>, id: string): void {
    this.call.unit.delete(from, allowed.ref.account, partId(allowed, id));
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

  private async lookUp<R extends object>(type: ResourceType<R>, ref: ResourceRef): Promise<Document<R> | undefined> {
    const document = await this.call.unit.get(type.collection, ref.account, type.documentId(ref));
    if (document === undefined) return undefined;
    // A name that is wrong in another part (service, region, instance) names nothing.
    const actual = type.refOf(document);
    return actual.service === ref.service &&
      actual.location === ref.location &&
      actual.instance === ref.instance &&
      actual.type === ref.type
      ? document
      : undefined;
  }

  private async ask<R extends object>(
    action: Action<R>,
    ref: ResourceRef,
    value: Readonly<R> | undefined,
    existed: boolean,
  ): Promise<void> {
    const asked = await this.answer(action, ref, value, existed);
    this.entry.asked.push(asked);
    if (asked.outcome !== 'allow') throw new Fault('denied', 'denied', 'you are not authorized to do this');
  }

  private async wouldAllow<R extends object>(
    action: Action<R>,
    ref: ResourceRef,
    value: Readonly<R>,
  ): Promise<boolean> {
    const asked = await this.answer(action, ref, value, true);
    if (asked.outcome === 'allow' && this.entry.asked.length === 0) this.entry.asked.push(asked);
    return asked.outcome === 'allow';
  }

  private async answer<R extends object>(
    action: Action<R>,
    ref: ResourceRef,
    value: Readonly<R> | undefined,
    existed: boolean,
  ): Promise<Asked> {
    const { plane, unit, request } = this.call;
    const question = questionFor(action, this.identity.caller, { ref, value }, this.now, request.context);
    this.entry.hasAsked = true;
    this.entry.asOf = plane.store.lastCommit;
    const layers = await gather(unit, plane.sources, action, question);
    // An epoch is the number of the commit that last changed the account's policies.
    const epoch = await unit.epoch(ref.account);
    this.entry.asOf = Math.max(this.entry.asOf, epoch);
    return { action: action.name, question, outcome: answer(question, layers), existed, nature: action.nature };
  }

  private mint<R extends object, N extends string>(
    action: Action<R, N>,
    ref: ResourceRef,
    document: Document<R> | undefined,
    value: Readonly<R>,
  ): Allowed<R, N> {
    const type = action.resource;
    if (action.nature === 'write') this.call.allowWrite(type.collection.name, ref.account, type.documentId(ref));
    return { action, ref, document, value } as unknown as Allowed<R, N>;
  }

  private write<R extends object>(allowed: Allowed<R>, value: R): void {
    const type = allowed.action.resource;
    this.call.unit.put(type.collection, allowed.ref.account, type.documentId(allowed.ref), value);
  }
}

function partId(allowed: AnyAllowed, id: string): string {
  return `${allowed.action.resource.documentId(allowed.ref)}/${id}`;
}
