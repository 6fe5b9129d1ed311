/** Who last used which service, action and access key: what records tell of it. */
import type { StoredRecord } from '../../../../store/store.ts';
import { bodyOf, type RecordBody } from '../../../../why/record.ts';
import { ROOT_USER } from '../documents.ts';

/** The last time that something was used. */
export interface Use {
  /** Milliseconds by the plane's clock. */
  readonly at: number;
  readonly region: string;
}

/** What a user, a role or an access key was last used for. */
export interface Uses {
  readonly last: Use & { readonly service: string };
  /** By namespace: `kms`. */
  readonly services: Readonly<Record<string, Use>>;
  /** By name as policies have it: `kms:Decrypt`. */
  readonly actions: Readonly<Record<string, Use>>;
}

/**
 * Uses by the unique id of a user or role (`ROOT_USER` for the root user) and by access key id. All attempts count,
 * whether or not they were allowed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
 */
export function usesIn(records: readonly StoredRecord[], account: string): ReadonlyMap<string, Uses> {
  const found = new Map<string, Uses>();
  for (const record of records) {
    const body = bodyOf(record);
    if (body.caller.account !== account) continue;
    const uses = usesOf(body, record.at);
    if (uses === undefined) continue;
    for (const subject of subjectsOf(body)) found.set(subject, joined(found.get(subject), uses));
  }
  return found;
}

/** The later of each. */
export function joined(before: Uses | undefined, after: Uses): Uses {
  if (before === undefined) return after;
  return {
    last: later(before.last, after.last),
    services: laterOfEach(before.services, after.services),
    actions: laterOfEach(before.actions, after.actions),
  };
}

function laterOfEach(
  before: Readonly<Record<string, Use>>,
  after: Readonly<Record<string, Use>>,
): Readonly<Record<string, Use>> {
  const all = { ...before };
  for (const [name, use] of Object.entries(after)) {
    const known = all[name];
    all[name] = known === undefined ? use : later(known, use);
  }
  return all;
}

const later = <U extends Use>(a: U, b: U): U => (b.at >= a.at ? b : a);

/** The user or role that called, and the access key if it is one of a user's own. */
function subjectsOf({ caller, credential }: RecordBody): readonly string[] {
  if (caller.kind !== 'root' && caller.kind !== 'user' && caller.kind !== 'role-session') return [];
  const subject = caller.kind === 'root' ? ROOT_USER : caller.uniqueId;
  const key = credential.id === undefined || credential.id.startsWith('ASIA') ? undefined : credential.id;
  return [subject, key].filter((id) => id !== undefined);
}

/** What a call asked for: its own action first, then those that depend on it. */
function usesOf({ asked, context }: RecordBody, at: number): Uses | undefined {
  const words = asked.filter(({ resource }) => resource.ref.cloud === 'aws').map((question) => question.words);
  const actions = words.filter((word) => word.includes(':'));
  if (actions.length === 0) return undefined;
  const use = { at, region: String(context['aws:requestedregion'] ?? '') };
  const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, use]));
  return {
    last: { ...use, service: serviceOf(actions[0]!) },
    services: named(actions.map(serviceOf)),
    actions: named(actions),
  };
}

/** Older use is not reported. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html */
const PERIOD = 400 * 24 * 3600_000;

export function withinPeriod({ at }: Use, now: number): boolean {
  return now - at <= PERIOD;
}

/** The namespace of an action. */
export function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':'));
}
