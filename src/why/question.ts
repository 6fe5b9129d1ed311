/** One recorded question, asked again as of when it was decided, as a viewer may see it. */
import type { Action } from '../access.ts';
import { gather, type LayerSource, questionAbout, reasons } from '../authorize.ts';
import { CATALOGUE } from '../policy/ibm/catalogue/catalogue.ts';
import type { Layer, LayerVerdict, Missing, Question, Target, Verdict } from '../policy/model.ts';
import { targetOf } from '../policy/question.ts';
import type { Store, StoredRecord } from '../store/store.ts';
import { type Stop, whatStops } from './change.ts';
import { type NameOf, type Names, namesIn, withNames } from './names.ts';
import { type AskedRecord, bodyOf, isUntold, sees, type Viewer } from './record.ts';
import { type Remedy, remedyForAsker, remedyForOwner } from './remedy.ts';
import { awsRemedy, awsStop, visibleMissing } from './remedy-aws.ts';

/** What explaining needs of the plane. */
export interface WhySources {
  readonly store: Pick<Store, 'recordsOf' | 'recordsByAlias' | 'asOf'>;
  readonly sources: readonly LayerSource[];
  /** Every action by its name, for what its standing gives. */
  readonly actions: ReadonlyMap<string, Pick<Action<never>, 'name' | 'standing'>>;
  readonly nameOf: NameOf;
}

/** One account's part in the answer. */
export interface ShownSide {
  readonly account: string;
  readonly role: 'principal' | 'resource' | 'both';
  /** Absent: not for the viewer to know. */
  readonly outcome?: 'allow' | 'implicit-deny' | 'explicit-deny';
  readonly layers?: readonly LayerVerdict[];
  /** In place of the layers of an account that is not the viewer's. */
  readonly says?: string;
}

export interface ShownQuestion {
  readonly action: string;
  readonly words: string;
  readonly resource: {
    readonly name: string;
    readonly account: string;
    readonly attributes: Readonly<Record<string, string>>;
  };
  readonly outcome: 'allowed' | 'denied' | 'refused';
  /** Whether the resource was there; only its own account learns this. */
  readonly existed?: boolean;
  readonly sides: readonly ShownSide[];
  readonly notes: readonly string[];
  readonly missing?: Missing;
  /** Which roles and actions it was answered with (IBM Cloud). */
  readonly catalogue?: typeof CATALOGUE;
  /** What would change a refusal. */
  readonly remedy?: Remedy;
  /** What would end an allow. */
  readonly stop?: Stop;
}

/** A question with its answer and the layers that it comes from. */
export interface Weighed {
  readonly question: Question;
  readonly layers: readonly Layer[];
  readonly verdict: Verdict;
}

/** Explains one question of a recorded call. */
export async function showQuestion(
  from: WhySources,
  record: StoredRecord,
  asked: AskedRecord,
  viewer: Viewer,
): Promise<ShownQuestion> {
  const shown = sees(viewer, asked.resource.ref.account)
    ? await fromWithin(from, record, asked, viewer)
    : await fromOutside(from, record, asked, viewer);
  return withNames(shown, await namesThen(from, record, shown));
}

/** The owner of the resource (and the operator) is told what his account's policies say, and what is missing. */
async function fromWithin(
  from: WhySources,
  record: StoredRecord,
  asked: AskedRecord,
  viewer: Viewer,
): Promise<ShownQuestion> {
  const weighed = await askAgain(from, record, asked, asked.resource);
  const shown = showWeighed(weighed, viewer, { action: asked.action, existed: asked.existed });
  if (weighed.verdict.outcome === asked.outcome) return shown;
  const notes = [...shown.notes, 'the policies were changed while this was being decided'];
  return { ...shown, outcome: asked.outcome === 'allow' ? 'allowed' : 'denied', notes };
}

/** An answer for who may know everything about the resource; `existed`: whether it is there. */
export function showWeighed(
  { question, layers, verdict }: Weighed,
  viewer: Viewer,
  { action, existed }: { readonly action: string; readonly existed: boolean },
): ShownQuestion {
  const { name, ref, attributes } = question.resource;
  const seen = (account: string): boolean => sees(viewer, account);
  const isIbm = ref.cloud === 'ibm';
  const remedy = isIbm
    ? remedyForOwner(question, verdict, layers)
    : awsRemedy(question, verdict, { sees: seen, existed });
  const stop = isIbm
    ? whatStops({ ...verdict, sides: verdict.sides.filter(({ account }) => seen(account)) })
    : awsStop(question, layers, verdict, seen);
  const missing = verdict.missing && visibleMissing(verdict.missing, seen);
  return {
    action,
    words: question.action,
    resource: { name, account: ref.account, attributes },
    outcome: verdict.outcome === 'allow' ? 'allowed' : 'denied',
    existed,
    sides: verdict.sides.map((side) => (sees(viewer, side.account) ? side : outline(side.account, side.role, ASKER))),
    notes: verdict.notes,
    ...(isIbm ? { catalogue: CATALOGUE } : {}),
    ...(missing ? { missing } : {}),
    ...(remedy ? { remedy } : {}),
    ...(stop ? { stop } : {}),
  };
}

/**
 * The account that asked for something of another is told what it asked, what its own policies say, and nothing that
 * does not follow from its own request: the question is put again without anything that is stored about the resource.
 */
async function fromOutside(
  from: WhySources,
  record: StoredRecord,
  asked: AskedRecord,
  viewer: Viewer,
): Promise<ShownQuestion> {
  const { ref } = asked.resource;
  const target = targetOf(ref);
  const { question, verdict } = await askAgain(from, record, asked, target);
  const body = bodyOf(record);
  const refused = asked.outcome !== 'allow' || (isUntold(viewer, body) && asked === body.asked.at(-1));
  const own = verdict.sides.filter((side) => side.role !== 'resource' && sees(viewer, side.account));
  return {
    action: asked.action,
    words: asked.words,
    resource: { name: target.name, account: ref.account, attributes: target.attributes },
    outcome: refused ? 'refused' : 'allowed',
    sides: [...own, outline(ref.account, 'resource', refused ? REFUSES : ALLOWS)],
    notes: [],
    ...(ref.cloud === 'ibm' ? { catalogue: CATALOGUE } : {}),
    ...(refused ? { remedy: remedyForAsker(question, verdict) } : {}),
  };
}

/** The question asked again with what the viewer may know of the resource. */
export function showable(from: WhySources, record: StoredRecord, asked: AskedRecord, viewer: Viewer): Promise<Weighed> {
  const { ref } = asked.resource;
  return askAgain(from, record, asked, sees(viewer, ref.account) ? asked.resource : targetOf(ref));
}

/** Names as they were when the call was decided. */
export function namesThen({ store, nameOf }: WhySources, record: StoredRecord, shown: object): Promise<Names> {
  const reader = store.asOf(bodyOf(record).asOf);
  return namesIn(shown, (id) => nameOf(reader, id));
}

async function askAgain(
  { store, sources, actions }: WhySources,
  record: StoredRecord,
  asked: AskedRecord,
  target: Target,
): Promise<Weighed> {
  const { caller, context, asOf } = bodyOf(record);
  const question = questionAbout(caller, asked.words, target, record.at, { ...context, ...asked.context });
  const action = actions.get(asked.action) ?? { name: asked.action };
  const layers = await gather(store.asOf(asOf), sources, action, question);
  return { question, layers, verdict: reasons(question, layers) };
}

const ASKER = 'what this account allows its own callers is told to its administrators';
const REFUSES = 'this account does not let the caller do this, or has no such resource: which of the two is not told';
const ALLOWS = 'this account lets the caller do this: by which policy is told to its administrators';

/** An account's part, in place of its reasons. */
export function outline(account: string, role: ShownSide['role'], says: string): ShownSide {
  return { account, role, says };
}
