/**
 * What must hold for an allow, as a tree over the kinds of layers. The trees are fixed data, one per situation: deciding
 * walks one, explaining names its unmet leaves, and so the two cannot disagree.
 */
import type { Facts, Layer, LayerKind, Missing, Question } from './model.ts';
import { ACCOUNT, type Coverage } from './principal.ts';

export type Need =
  | { readonly kind: 'all-of'; readonly of: readonly Need[] }
  /** The first branch is the usual way, the others go around it. */
  | { readonly kind: 'any-of'; readonly of: readonly Need[] }
  | Leaf;

/** An allow of one kind of layer. */
export interface Leaf {
  readonly kind: 'layer';
  readonly layer: LayerKind;
  /** How closely the allow must name the caller. */
  readonly at: Coverage;
  /** Nothing is missing when no layer of this kind applies: it limits, and what is not there limits nothing. */
  readonly optional: boolean;
  /** A grant can supply it; or it is a limit, which only who set it can change; or it is not for anybody to give. */
  readonly repair: 'allow' | 'blocked' | 'unsaid';
}

/** One account's part of the answer. */
export interface SideNeed {
  readonly role: 'principal' | 'resource' | 'both';
  readonly need: Need;
  /** Layers that are shown on this side. */
  readonly layers: ReadonlySet<LayerKind>;
}

export interface Settled {
  readonly outcome: 'allow' | 'implicit-deny';
  readonly note: string;
}

/** What a cloud lays down about combining layers. */
export interface Rules {
  /** An answer that holds whatever the policies say. */
  settled(question: Question, facts: Facts): Settled | undefined;
  /** Why a layer does not apply to the question, in words; undefined when it does. */
  exempt(layer: Layer, question: Question, facts: Facts): string | undefined;
  /** Why a layer that applies can only deny, in words; undefined when its allows count. */
  denyOnly(layer: Layer, question: Question, facts: Facts): string | undefined;
  sides(question: Question): readonly SideNeed[];
  /** Whether the resource's service knows policies of this kind, so that an absent one is worth telling. */
  offers(kind: LayerKind, question: Question): boolean;
  /** Facts that shaped the answer, in words. */
  notes(question: Question, facts: Facts): readonly string[];
}

export const allOf = (...of: readonly Need[]): Need => ({ kind: 'all-of', of });
export const anyOf = (...of: readonly Need[]): Need => ({ kind: 'any-of', of });
export const limit = (layer: LayerKind): Leaf => ({
  kind: 'layer',
  layer,
  at: ACCOUNT,
  optional: true,
  repair: 'blocked',
});
export const grant = (layer: LayerKind, at: Coverage = ACCOUNT): Leaf => ({
  kind: 'layer',
  layer,
  at,
  optional: false,
  repair: 'allow',
});

/** The best allow of each kind of layer; of kinds that limit, the worst. Undefined: no layer of this kind applies. */
export type Tally = ReadonlyMap<LayerKind, Coverage>;

export function met(need: Need, tally: Tally): boolean {
  if (need.kind === 'layer') {
    const coverage = tally.get(need.layer);
    return coverage === undefined ? need.optional : coverage >= need.at;
  }
  if (need.kind === 'all-of') {
    for (const one of need.of) if (!met(one, tally)) return false;
    return true;
  }
  for (const one of need.of) if (met(one, tally)) return true;
  return false;
}

/** The unmet part of a tree as absent allows; `leaves` makes what stands for one leaf, or nothing to leave it out. */
export function unmet(need: Need, tally: Tally, leaves: (leaf: Leaf) => Missing | undefined): Missing | undefined {
  if (met(need, tally)) return undefined;
  if (need.kind === 'layer') return leaves(need);
  const of = need.of.map((one) => unmet(one, tally, leaves)).filter((one) => one !== undefined);
  return of.length === 0 ? undefined : joined(need.kind, of);
}

/** Joins branches without nesting like in like and without saying anything twice. */
export function joined(kind: 'all-of' | 'any-of', branches: readonly Missing[]): Missing {
  const distinct = new Map<string, Missing>();
  for (const branch of branches) {
    for (const one of branch.kind === kind ? branch.of : [branch]) {
      const key = JSON.stringify(one);
      if (!distinct.has(key)) distinct.set(key, one);
    }
  }
  const of = [...distinct.values()];
  return of.length === 1 ? of[0]! : { kind, of };
}
