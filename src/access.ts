/**
 * The words in which services describe what they guard: resource types, and the actions that can be asked of them.
 * Each service's `access.ts` is a table made of these.
 */
import type { Fault } from './faults.ts';
import type { ResourceRef } from './policy/names.ts';
import type { Collection, Document } from './store/store.ts';

export interface ResourceType<R extends object = object> {
  /** `key`, `volume`: unique over the plane. */
  readonly name: string;
  readonly collection: Collection<R>;
  /** Where the document of a resource is kept; by default under the resource's id. */
  documentId(ref: ResourceRef): string;
  /** The way back: the resource that a document describes. */
  refOf(document: Document<R>): ResourceRef;
  /**
   * What policies may test beyond what follows from the name. IBM Cloud: attributes (`keyRing`, `resourceGroupId`); AWS:
   * context keys in lower case (`aws:resourcetag/team`, `kms:keyspec`).
   */
  attributes(ref: ResourceRef, value: Readonly<R> | undefined): Readonly<Record<string, string>>;
  /** Context keys of the resource that hold several values, in lower case (AWS: `kms:resourcealiases`). */
  lists?(value: Readonly<R>): Readonly<Record<string, readonly string[]>>;
  /** What policies are asked about when one is to be made that has no name yet; by default itself. */
  askedNew?(ref: ResourceRef): ResourceRef;
  /** Stands for whatever an account holds (`user/`, `*`): every name in the account is one of it. */
  readonly wide?: boolean;
  /** What names this one and no successor of the same name (`AROA...`). */
  uniqueId?(value: Readonly<R>): string;
  /** In the vendor's words, that there is none, and that there is one already; by default in ours. */
  absent?(ref: ResourceRef): Fault;
  taken?(ref: ResourceRef): Fault;
  /** Service identities in which the owning service may act for a resource of this type (`server-protect`). */
  readonly actsAs: readonly string[];
  /** What a service acts for, where actions are asked of something in it: `aws:SourceArn` is its ARN. */
  sourceOf?(ref: ResourceRef): ResourceRef;
}

/**
 * What an action does, which decides how it is recorded.
 * `read`, `list`: recorded within 50 ms. `write`, `use` (of key material), `secret` (a secret leaves): durable first.
 */
export type Nature = 'read' | 'list' | 'write' | 'use' | 'secret';

/** Something that can be asked for, in neutral words and in those of each cloud. */
export interface Action<R extends object = object, N extends string = string> {
  readonly name: N;
  readonly nature: Nature;
  readonly resource: ResourceType<R>;
  readonly ibm?: string;
  readonly aws?: string;
  readonly standing?: readonly Standing[];
}

/**
 * Who may do an action without any policy. `service`: the service that keeps the resource, for its upkeep.
 * `self`: the identity that the resource's `iamId` attribute names. `operator`: the person who runs the plane.
 * `anyone`: what is public, or done for every caller alike.
 */
export type Standing = 'service' | 'self' | 'operator' | 'anyone';

/** An action without words for a cloud can be had by standing alone: no policy of that cloud can grant it. */
type ActionTable = Record<string, { nature: Nature; ibm?: string; aws?: string; standing?: readonly Standing[] }>;

/**
 * Declares a resource type and its actions: `const Key = resource<KeyDocument>()('key', {...}, { read: {...} })`, then
 * `cx.allow(Key.read, ref)`. Called in two steps so that the names of the actions are inferred.
 */
export function resource<R extends object>() {
  return <const T extends string, A extends ActionTable>(
    name: T,
    type: {
      collection: Collection<R>;
      refOf: (document: Document<R>) => ResourceRef;
      documentId?: (ref: ResourceRef) => string;
      attributes?: (ref: ResourceRef, value: Readonly<R> | undefined) => Readonly<Record<string, string>>;
      lists?: (value: Readonly<R>) => Readonly<Record<string, readonly string[]>>;
      askedNew?: (ref: ResourceRef) => ResourceRef;
      wide?: boolean;
      uniqueId?: (value: Readonly<R>) => string;
      absent?: (ref: ResourceRef) => Fault;
      taken?: (ref: ResourceRef) => Fault;
      actsAs?: readonly string[];
      sourceOf?: (ref: ResourceRef) => ResourceRef;
    },
    actions: A,
  ): { readonly [K in keyof A & string]: Action<R, `${T}.${K}`> } & { readonly type: ResourceType<R> } => {
    const resourceType: ResourceType<R> = {
      name,
      collection: type.collection,
      refOf: type.refOf,
      documentId: type.documentId ?? ((ref) => ref.id),
      attributes: type.attributes ?? (() => ({})),
      wide: type.wide ?? false,
      ...(type.lists ? { lists: type.lists } : {}),
      ...(type.askedNew ? { askedNew: type.askedNew } : {}),
      ...(type.uniqueId ? { uniqueId: type.uniqueId } : {}),
      ...(type.absent ? { absent: type.absent } : {}),
      ...(type.taken ? { taken: type.taken } : {}),
      actsAs: type.actsAs ?? [],
      ...(type.sourceOf ? { sourceOf: type.sourceOf } : {}),
    };
    const table: Record<string, Action<R>> = {};
    for (const [action, spec] of Object.entries(actions)) {
      table[action] = { ...spec, name: `${name}.${action}`, resource: resourceType };
    }
    return Object.assign(table, { type: resourceType }) as {
      readonly [K in keyof A & string]: Action<R, `${T}.${K}`>;
    } & { readonly type: ResourceType<R> };
  };
}

/** Actions that have the vendor's names: `CreateUser` is `createUser` here and `iam:CreateUser` in policies. */
export function awsActions<const N extends string, const T extends Nature>(
  service: string,
  nature: T,
  names: readonly N[],
) {
  const table: Record<string, { nature: Nature; aws: string }> = {};
  for (const name of names) table[name[0]!.toLowerCase() + name.slice(1)] = { nature, aws: `${service}:${name}` };
  return table as { readonly [K in N as Uncapitalize<K>]: { readonly nature: T; readonly aws: string } };
}
