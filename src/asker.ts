/** The ways to ask, and to look up what may be known of something without having asked. */
import type { Action, ResourceType } from './access.ts';
import { type About, askFor, type Located, located, lookUp, NO_CONTEXT, refusalOf } from './asking.ts';
import type { Context as AskContext } from './authorize.ts';
import type { Call, Entry } from './call.ts';
import { Fault } from './faults.ts';
import type { Allowed, AllowedOf, AnyAllowed, Identity } from './operation.ts';
import { ANY_PATH, type ResourceRef } from './policy/names.ts';
import type { Seals } from './seals.ts';
import type { Collection, Document, ListQuery, Page } from './store/store.ts';
import type { Weighed } from './why/question.ts';
import { refusedQuestion } from './why/refused.ts';

export type PartAddress = Pick<Document<object>, 'account' | 'id'>;

/** Context keys of one question: as they are, or as they follow from the document it is about (if it is there). */
export type Own<R> = AskContext | ((value: Readonly<R> | undefined) => AskContext);

/** What is refused had no standing that would have allowed it. */
const NO_STANDING = new Map();

export class Asker {
  readonly identity: Identity;
  protected readonly call: Call;
  protected readonly entry: Entry;

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

  /** The Region that the call was addressed to (AWS). */
  get region(): string {
    const { region } = this.call.request;
    if (region === undefined) throw new Error('the call was addressed to no Region');
    return region;
  }

  /** The question on which a call of the caller's account was refused, asked again as of then. */
  refused(id: string): Promise<Weighed | undefined> {
    const { store, sources, nameOf } = this.call.plane;
    return refusedQuestion({ store, sources, nameOf, actions: NO_STANDING }, id, this.identity.caller.account);
  }

  /** For what clients hold and must not read or change. */
  get seals(): Seals {
    return this.call.plane.seals;
  }

  /**
   * Asks, and looks up. `own`: context keys of this question alone, or how they follow from what is there. Throws
   * `denied`, and `not-found` only where the caller might have had it.
   */
  async allow<R extends object, N extends string>(
    action: Action<R, N>,
    ref: ResourceRef,
    own?: Own<R>,
  ): Promise<Allowed<R, N>> {
    const allowed = await this.allowIfThere(action, ref, own);
    if (allowed) return allowed;
    throw (
      action.resource.absent?.(ref) ??
      new Fault('not-found', `${action.resource.name}-not-found`, 'there is no such resource')
    );
  }

  /** Asks, and looks up what need not be there. Throws `denied`. */
  async allowIfThere<R extends object, N extends string>(
    action: Action<R, N>,
    ref: ResourceRef,
    own: Own<R> = NO_CONTEXT,
  ): Promise<Allowed<R, N> | undefined> {
    const document = await lookUp(this.call.unit, action.resource, ref);
    const actual = document && !action.resource.wide ? action.resource.refOf(document) : ref;
    const keys = typeof own === 'function' ? own(document?.value) : own;
    await this.ask(action, actual, document?.value, { existed: document !== undefined, own: keys });
    return document && this.mint(action, actual, document, document.value);
  }

  /**
   * Asks for what does not exist yet, with the attributes it will have. Throws `denied`, and `conflict` when there is
   * something at this address.
   */
  async allowNew<R extends object, N extends string>(
    action: Action<R, N>,
    ref: ResourceRef,
    draft: Readonly<R>,
    own: AskContext = NO_CONTEXT,
  ): Promise<Allowed<R, N>> {
    const type = action.resource;
    const existing = await lookUp(this.call.unit, type, ref.cloud === 'aws' ? { ...ref, instance: ANY_PATH } : ref);
    await this.ask(action, type.askedNew?.(ref) ?? ref, draft, { existed: existing !== undefined, own });
    if (existing) {
      throw type.taken?.(ref) ?? new Fault('conflict', `${type.name}-exists`, 'there is one already');
    }
    return this.mint(action, ref, undefined, draft);
  }

  /** Asks for a resource as it will be after a change, besides asking for it as it is. Throws `denied`. */
  async allowChange<R extends object>(action: Action<R>, allowed: Allowed<R>, changed: Readonly<R>): Promise<void> {
    await this.ask(action, allowed.ref, changed, { existed: true, own: NO_CONTEXT });
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
    return documents.map((document) => located(type, document));
  }

  /** The resource at an address, as `locate` shows it; for whether what a policy names is there. */
  async locateAt<R extends object>(type: ResourceType<R>, ref: ResourceRef): Promise<Located | undefined> {
    const document = await lookUp(this.call.unit, type, ref);
    return document && located(type, document);
  }

  /** Parts under an index key, in every account: their addresses only. */
  async locateParts<P extends object>(of: Collection<P>, index: string, key: string): Promise<readonly PartAddress[]> {
    return (await this.call.unit.find(of, index, key)).map(({ account, id }) => ({ account, id }));
  }

  /** Parts under an index key, in every account: for what others have addressed to the account that was allowed. */
  async partsAcross<P extends object>(
    _allowed: AnyAllowed,
    of: Collection<P>,
    query: { readonly index: string; readonly key: string; readonly most: number },
  ): Promise<readonly Document<P>[]> {
    return this.call.unit.find(of, query.index, query.key, query.most);
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

  private async ask<R extends object>(
    action: Action<R>,
    ref: ResourceRef,
    value: Readonly<R> | undefined,
    about: About,
  ): Promise<void> {
    const asked = await askFor(this.call, this.entry, action, { ref, value, ...about });
    this.entry.asked.push(asked);
    if (asked.outcome === 'allow') return;
    throw await refusalOf(this.call, action, asked);
  }

  private async wouldAllow<R extends object>(
    action: Action<R>,
    ref: ResourceRef,
    value: Readonly<R>,
  ): Promise<boolean> {
    const asked = await askFor(this.call, this.entry, action, { ref, value, existed: true, own: NO_CONTEXT });
    if (asked.outcome === 'allow' && this.entry.asked.length === 0) this.entry.asked.push(asked);
    return asked.outcome === 'allow';
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
}
