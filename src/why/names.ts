/** Policies are kept with unique ids of users and roles; people are shown the ARNs that these had at the time. */
import { isFields } from '../policy/fields.ts';
import { parseJson } from '../policy/json.ts';
import type { Failure, LayerVerdict, Missing, Origin, Reason } from '../policy/model.ts';
import type { Reader } from '../store/store.ts';
import type { Stop } from './change.ts';

/** The ARN of the user or role with a unique id (`AIDA...`, `AROA...`); undefined when there is none (any more). */
export type NameOf = (reader: Reader, id: string) => Promise<string | undefined>;

/** ARNs by unique id. */
export type Names = ReadonlyMap<string, string>;

const IDS = /\bA(?:IDA|ROA)[A-Z0-9]+\b/g;

/** The ids that occur in what will be shown, with their names. */
export async function namesIn(shown: object, nameOf: (id: string) => Promise<string | undefined>): Promise<Names> {
  const names = new Map<string, string>();
  for (const id of new Set(JSON.stringify(shown).match(IDS))) {
    const name = await nameOf(id);
    if (name !== undefined) names.set(id, name);
  }
  return names;
}

/** The parts of an explanation that quote policies. */
interface Quoting {
  readonly sides: readonly { readonly layers?: readonly LayerVerdict[] }[];
  readonly missing?: Missing;
  readonly stop?: Stop;
}

/** The same with names for ids, wherever a principal is meant; conditions keep what was written. */
export function withNames<Q extends Quoting>(shown: Q, names: Names): Q {
  const { sides, missing, stop } = shown;
  const policies = stop?.policies?.map((policy) => ({ ...policy, text: textWithNames(policy.text, names) }));
  return {
    ...shown,
    sides: sides.map((side) => (side.layers ? { ...side, layers: side.layers.map((one) => layer(one, names)) } : side)),
    ...(missing ? { missing: missingWithNames(missing, names) } : {}),
    ...(stop && policies ? { stop: { ...stop, policies } } : {}),
  };
}

const layer = (verdict: LayerVerdict, names: Names): LayerVerdict => ({
  ...verdict,
  because: verdict.because.map((reason) => reasonWithNames(reason, names)),
});

function missingWithNames(missing: Missing, names: Names): Missing {
  switch (missing.kind) {
    case 'allow':
      return missing;
    case 'blocked':
      return { ...missing, by: missing.by.map((reason) => reasonWithNames(reason, names)) };
    default:
      return { ...missing, of: missing.of.map((one) => missingWithNames(one, names)) };
  }
}

/** A reason with names for ids. */
export function reasonWithNames(reason: Reason, names: Names): Reason {
  const { origin, failed } = reason;
  const shown: Origin = { ...origin, text: textWithNames(origin.text, names) };
  // Of what failed, the principal comes first.
  return { ...reason, origin: shown, ...(failed ? { failed: failedWithNames(failed, names) } : {}) };
}

/** A pattern's description of one whom it means by his id. */
const MEANT = /^((?:not )*)(?:user|role) (A(?:IDA|ROA)[A-Z0-9]+)$/;

function failedWithNames(failed: Failure, names: Names): Failure {
  if (failed.element !== 'principal') return failed;
  const expected = failed.expected.map((text) => {
    const [, not = '', id = ''] = MEANT.exec(text) ?? [];
    const name = names.get(id);
    return name === undefined ? text : `${not}${name}`;
  });
  // Where someone is meant who is gone, the caller's own id tells him from a namesake.
  const isSomeoneGone = expected.some((text) => MEANT.test(text));
  const got = isSomeoneGone ? failed.got : failed.got && [...new Set(failed.got.map((one) => names.get(one) ?? one))];
  return { ...failed, expected, ...(got ? { got } : {}) };
}

/** What of a statement, and of a KMS grant, says who is meant. */
const NAMING: ReadonlySet<string> = new Set(['Principal', 'NotPrincipal', 'grantee', 'retiring']);

function textWithNames(text: string, names: Names): string {
  const parsed = names.size === 0 ? undefined : parseJson(text);
  if (parsed === undefined || !('value' in parsed) || !isFields(parsed.value)) return text;
  const named = (value: unknown): unknown => {
    if (typeof value === 'string') return names.get(value) ?? value;
    if (Array.isArray(value)) return value.map(named);
    return isFields(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, named(one)])) : value;
  };
  const elements = Object.entries(parsed.value).map(([key, value]) => [key, NAMING.has(key) ? named(value) : value]);
  return JSON.stringify(Object.fromEntries(elements));
}
