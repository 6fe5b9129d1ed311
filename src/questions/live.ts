/** The live world as questions need it: one consistent reading, actions by the names that people use, real targets. */
import type { Action, ResourceType, Standing } from '../access.ts';
import type { LayerSource } from '../authorize.ts';
import { Fault } from '../faults.ts';
import { actionsOf, allServices } from '../policy/ibm/catalogue/catalogue.ts';
import { nearest } from '../policy/ibm/meant.ts';
import { targetOf } from '../policy/ibm/question.ts';
import { environmentKeys } from '../policy/ibm/rule.ts';
import type { ContextValue, Target } from '../policy/model.ts';
import { parseArn, parseCrn, type ResourceRef } from '../policy/names.ts';
import { Conflict, type Reader, type Store, type Unit } from '../store/store.ts';

/** What questions need of the plane. */
export interface World {
  readonly store: Store;
  readonly sources: readonly LayerSource[];
  /** Every action that services ask for. */
  readonly actions: readonly Action<never>[];
  /** Milliseconds by the plane's clock. */
  readonly now: () => number;
}

const ATTEMPTS = 5;

/** Reads what belongs together: again, when something of it was changed meanwhile. */
export async function reading<T>({ store }: World, read: (unit: Unit) => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const unit = store.begin();
    const found = await read(unit);
    try {
      await unit.commit();
      return found;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
  throw new Fault('throttled', 'busy', 'policies are being changed by others: try again');
}

/** An action that can be asked about. */
export interface NamedAction {
  /** In the plane's words where it has any. */
  readonly name: string;
  /** In the words of the cloud. */
  readonly words: string;
  readonly standing: readonly Standing[];
  /** Types of resources that services ask it of; empty for what no service here does. */
  readonly types: readonly ResourceType<never>[];
}

/** An action by the cloud's name (`kms.secrets.wrap`) or the plane's (`key.wrap`). Throws `invalid` for one that is not known. */
export function namedAction({ actions }: Pick<World, 'actions'>, text: string): NamedAction {
  const own = actions.find(({ name }) => name === text);
  const words = own ? (own.ibm ?? own.name) : text;
  const meaning = own ? [own] : actions.filter(({ ibm }) => ibm?.toLowerCase() === text.toLowerCase());
  if (meaning.length === 0) refuseUnknown(text);
  return {
    name: own?.name ?? meaning[0]?.name ?? text,
    words,
    standing: [...new Set(meaning.flatMap(({ standing }) => standing ?? []))],
    types: [...new Set(meaning.map(({ resource }) => resource))],
  };
}

const FOR_AWS =
  'this question is answered for IBM Cloud resources; for AWS use `aws iam simulate-principal-policy`, or a case file for `easement simulate`';

/** Throws `invalid` unless some role of some service holds the action. */
function refuseUnknown(text: string): void {
  const known = allServices().flatMap(({ name }) => actionsOf(name));
  if (known.some((one) => one.toLowerCase() === text.toLowerCase())) return;
  if (/^[\w-]+:\w+$/.test(text)) throw new Fault('invalid', 'action', `\`${text}\` is an action of AWS: ${FOR_AWS}`);
  const meant = nearest(text, known);
  const advice =
    meant === undefined ? 'write it as the cloud does, like `kms.secrets.wrap`' : `did you mean \`${meant}\`?`;
  throw new Fault('invalid', 'action', `there is no action \`${text}\`: ${advice}`);
}

/** The resource that a CRN names. Throws `invalid`. */
export function resourceNamed(crn: string): ResourceRef {
  const ref = parseCrn(crn);
  if (ref && ref.account !== '') return ref;
  const advice = parseArn(crn) ? FOR_AWS : 'write `crn:v1:bluemix:public:SERVICE:LOCATION:a/ACCOUNT:INSTANCE:TYPE:ID`';
  throw new Fault('invalid', 'resource', `\`${crn}\` is no CRN of a resource of an account: ${advice}`);
}

export interface LiveTarget {
  readonly target: Target;
  readonly existed: boolean;
}

/**
 * A resource with what policies can test of it now. `given` attributes count before those that are stored: they say
 * what something will be that is not there yet.
 */
export async function liveTarget(
  reader: Reader,
  ref: ResourceRef,
  {
    action,
    actions,
    given = {},
  }: { action: NamedAction; actions: World['actions']; given?: Readonly<Record<string, string>> },
): Promise<LiveTarget> {
  const types = action.types.length > 0 ? action.types : new Set(actions.map(({ resource }) => resource));
  let first: ResourceType<never> | undefined;
  for (const type of types) {
    first ??= type;
    const document = await reader.get(type.collection, ref.account, type.documentId(ref));
    if (document && isSame(type.refOf(document), ref)) {
      return { target: targetOf(ref, { ...type.attributes(ref, document.value), ...given }), existed: true };
    }
  }
  const own = action.types.length > 0 && first ? first.attributes(ref, undefined) : {};
  return { target: targetOf(ref, { ...own, ...given }), existed: false };
}

const PARTS = ['service', 'location', 'instance', 'type', 'id'] as const;

const isSame = (a: ResourceRef, b: ResourceRef): boolean => PARTS.every((part) => a[part] === b[part]);

const MOMENT = 'environment.attributes.current_date_time';

/** The context that was given, with keys as policies write them or bare; and the moment it fixes, if it does. Throws `invalid`. */
export function givenContext(given: Readonly<Record<string, ContextValue>>): {
  readonly context: Readonly<Record<string, ContextValue>>;
  readonly moment: number | undefined;
} {
  const pairs = Object.entries(given).map(([key, value]) => [contextKey(key), value] as const);
  const { [MOMENT]: written, ...context } = Object.fromEntries(pairs) as Record<string, ContextValue>;
  if (written === undefined) return { context, moment: undefined };
  const moment = Date.parse(String(written));
  if (Number.isNaN(moment)) {
    throw new Fault(
      'invalid',
      'context',
      `\`${String(written)}\` is no moment: write it like \`2026-11-22T09:30:00Z\``,
    );
  }
  return { context, moment };
}

/** `{{environment.attributes.current_date_time}}`, with or without braces, or just `current_date_time`. */
function contextKey(text: string): string {
  const key = text.replace(/^\{\{(.*)\}\}$/, '$1').toLowerCase();
  return environmentKeys.some((name) => name === key) ? `environment.attributes.${key}` : key;
}
