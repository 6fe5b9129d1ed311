/** What a record holds, and who may read how much of it. Explanations and record lists show records only through here. */
import type { Caller, ContextValue, Outcome, Target } from '../policy/model.ts';
import type { Json, StoredRecord } from '../store/store.ts';

/** One question as recorded. */
export interface AskedRecord {
  /** In the plane's words: `key.wrap`. */
  readonly action: string;
  /** In the words of the resource's cloud: `kms.secrets.wrap`. */
  readonly words: string;
  readonly outcome: Outcome;
  readonly existed: boolean;
  readonly resource: Target;
  /** Context keys of this question alone. */
  readonly context?: Readonly<Record<string, ContextValue>>;
}

/** The body that every call leaves (`call.ts`). */
export interface RecordBody {
  readonly operation: string;
  readonly outcome: 'done' | 'denied' | 'failed';
  readonly caller: Caller;
  readonly name: string;
  readonly credential: { readonly kind: string; readonly id?: string };
  readonly context: Readonly<Record<string, ContextValue>>;
  readonly asOf: number;
  readonly asked: readonly AskedRecord[];
  readonly input: Json;
  readonly fault?: { readonly kind: string; readonly reason: string; readonly message: string };
  readonly mode?: string;
  readonly wire?: { readonly call: string; readonly from: string; readonly agent?: string };
}

/** Whose eyes a record is shown to. */
export type Viewer = { readonly kind: 'operator' } | { readonly kind: 'administrator'; readonly account: string };

/** The caller as the owner of a resource may know him: enough to grant him something, nothing of his private life. */
export interface ShownCaller {
  readonly kind: Caller['kind'];
  readonly id: string;
  readonly account: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly groups?: readonly string[];
  readonly name?: string;
}

/** A call as a viewer may see it, without the reasons. */
export interface ShownCall {
  readonly id: string;
  readonly parent?: string;
  /** ISO 8601, by the plane's clock. */
  readonly at: string;
  readonly operation: string;
  /** `refused`: not authorized, or nothing there; which of the two is not for the viewer to know. Absent: not his. */
  readonly outcome?: 'done' | 'denied' | 'failed' | 'refused';
  readonly mode?: string;
  readonly caller: ShownCaller;
  readonly fault?: { readonly kind: string; readonly reason: string; readonly message: string };
  readonly credential?: RecordBody['credential'];
  readonly context?: RecordBody['context'];
  readonly wire?: NonNullable<RecordBody['wire']>;
  readonly input?: Json;
}

export function bodyOf(record: StoredRecord): RecordBody {
  return record.body as unknown as RecordBody;
}

/** True when the viewer may know everything that happened in the account. */
export function sees(viewer: Viewer, account: string): boolean {
  return viewer.kind === 'operator' || viewer.account === account;
}

/** True when the viewer's account asked or was asked in this call. */
export function isParty(viewer: Viewer, body: RecordBody): boolean {
  return sees(viewer, body.caller.account) || body.asked.some((asked) => sees(viewer, asked.resource.ref.account));
}

/** The questions of a call that concern the viewer: all that his account asked, and those about what it owns. */
export function questionsFor(viewer: Viewer, body: RecordBody): readonly AskedRecord[] {
  if (sees(viewer, body.caller.account)) return body.asked;
  return body.asked.filter((asked) => sees(viewer, asked.resource.ref.account));
}

const HIDDEN: ReadonlySet<string> = new Set(['denied', 'not-found']);

/**
 * True when the call ended with a fault that would tell the viewer whether something exists in an account that is not
 * his: there, forbidden and absent are one. `nested`: what is known of the calls that were made for this one.
 */
export function isUntold(viewer: Viewer, body: RecordBody, nested: readonly RecordBody[] = []): boolean {
  const { asked, fault } = body;
  if (viewer.kind === 'operator' || fault === undefined || !HIDDEN.has(fault.kind)) return false;
  const last = asked.at(-1);
  if (last === undefined) return false;
  const own = sees(viewer, last.resource.ref.account);
  if (last.outcome !== 'allow') return !own;
  // The last question was allowed. Unless the fault is about what it asked for, it came from a nested question.
  if (own && fault.reason === absenceOf(last)) return false;
  return nested.length === 0 || ![body, ...nested].every((call) => isWithin(viewer, call));
}

/** AWS's codes for what is not there. One service never passes on another's. */
const AWS_ABSENCES: Readonly<Record<string, string>> = {
  iam: 'NoSuchEntity',
  kms: 'NotFoundException',
  logs: 'ResourceNotFoundException',
};

/** The reason of the fault that says that what was asked for is not there. */
function absenceOf({ action, resource: { ref } }: AskedRecord): string | undefined {
  return ref.cloud === 'aws' ? AWS_ABSENCES[ref.service] : `${action.split('.', 1)[0]}-not-found`;
}

/** The one text for a resource of another account that is forbidden or absent. */
export const REFUSED = {
  kind: 'refused',
  reason: 'refused',
  message: 'not authorized, or there is no such resource: which of the two is not told across accounts',
} as const;

/** True when the viewer sees every account that was asked. */
function isWithin(viewer: Viewer, { asked }: RecordBody): boolean {
  return asked.every(({ resource }) => sees(viewer, resource.ref.account));
}

/** A call as the viewer may see it; `nested`: what is known of the calls that were made for it. */
export function showCall(record: StoredRecord, viewer: Viewer, nested: readonly StoredRecord[] = []): ShownCall {
  const body = bodyOf(record);
  const callerSide = sees(viewer, body.caller.account);
  const untold = isUntold(viewer, body, nested.map(bodyOf));
  // How a call ended may depend on questions to others that the owner of one resource has no part in.
  const ending = callerSide || isWithin(viewer, body);
  const fault = untold ? REFUSED : body.fault && (callerSide ? body.fault : withoutCallerSide(body.fault));
  return {
    id: record.id,
    ...(record.parent === undefined ? {} : { parent: record.parent }),
    at: new Date(record.at).toISOString(),
    operation: body.operation,
    ...(ending ? { outcome: untold ? 'refused' : body.outcome } : {}),
    ...(body.mode === undefined ? {} : { mode: body.mode }),
    caller: showCaller(body, callerSide),
    ...(ending && fault ? { fault } : {}),
    ...(callerSide
      ? {
          credential: body.credential,
          context: body.context,
          ...(body.wire ? { wire: body.wire } : {}),
          ...(body.input === null ? {} : { input: body.input }),
        }
      : {}),
  };
}

/** AWS tells a caller which kind of policy of his own account refused him; that is not for the owner of the resource. */
function withoutCallerSide(fault: NonNullable<RecordBody['fault']>): NonNullable<RecordBody['fault']> {
  if (fault.kind !== 'denied') return fault;
  return {
    ...fault,
    message: fault.message.replace(/ (because no .* allows the|with an explicit deny in an?) .*$/s, ''),
  };
}

function showCaller({ caller, name }: RecordBody, callerSide: boolean): ShownCaller {
  const { kind, id, account, attributes, groups } = caller;
  return {
    kind,
    id,
    account,
    ...(attributes ? { attributes } : {}),
    ...(callerSide && groups ? { groups } : {}),
    ...(callerSide ? { name } : {}),
  };
}

/** Records under one id stand in the chain of each party: one of each, in the order given. */
export function once(records: readonly StoredRecord[]): StoredRecord[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}
