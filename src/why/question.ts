/** One recorded question, asked again as of when it was decided, as a viewer may see it. */
import { type Action, displayName, nameAttributes } from '../access.ts';
import { gather, type LayerSource, reasons } from '../authorize.ts';
import type { LayerVerdict, Missing, Question, Verdict } from '../policy/model.ts';
import type { Reader } from '../store/store.ts';
import { type AskedRecord, isUntold, type RecordBody, sees, type Viewer } from './record.ts';
import { type Remedy, remedyFor } from './remedy.ts';

/** What explaining needs of the plane. */
export interface WhySources {
  readonly sources: readonly LayerSource[];
  /** Every action by its name, for what its standing gives. */
  readonly actions: ReadonlyMap<string, Pick<Action<never>, 'name' | 'standing'>>;
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
  /** What would change the answer. */
  readonly remedy?: Remedy;
}

/** `reader` holds the policies as they were when the question was decided. */
export async function showQuestion(
  from: WhySources,
  reader: Reader,
  body: RecordBody,
  asked: AskedRecord,
  viewer: Viewer,
): Promise<ShownQuestion> {
  return sees(viewer, asked.resource.ref.account)
    ? fromWithin(from, reader, body, asked, viewer)
    : fromOutside(from, reader, body, asked, viewer);
}

/** The owner of the resource (and the operator) is told what his account's policies say, and what is missing. */
async function fromWithin(
  from: WhySources,
  reader: Reader,
  body: RecordBody,
  asked: AskedRecord,
  viewer: Viewer,
): Promise<ShownQuestion> {
  const question: Question = {
    caller: body.caller,
    action: asked.words,
    resource: asked.resource,
    context: body.context,
  };
  const verdict = await ask(from, reader, asked, question);
  const { name, ref, attributes } = asked.resource;
  const moved = verdict.outcome === asked.outcome ? [] : ['the policies were changed while this was being decided'];
  const remedy = asked.outcome === 'allow' ? undefined : remedyFor(question, verdict, 'owner');
  return {
    action: asked.action,
    words: asked.words,
    resource: { name, account: ref.account, attributes },
    outcome: asked.outcome === 'allow' ? 'allowed' : 'denied',
    existed: asked.existed,
    sides: verdict.sides.map((side) => (sees(viewer, side.account) ? side : outline(side, undefined))),
    notes: [...verdict.notes, ...moved],
    ...(verdict.missing ? { missing: verdict.missing } : {}),
    ...(remedy ? { remedy } : {}),
  };
}

/**
 * The account that asked for something of another is told what it asked, what its own policies say, and nothing that
 * does not follow from its own request: the question is put again without anything that is stored about the resource.
 */
async function fromOutside(
  from: WhySources,
  reader: Reader,
  body: RecordBody,
  asked: AskedRecord,
  viewer: Viewer,
): Promise<ShownQuestion> {
  const { ref } = asked.resource;
  const attributes = nameAttributes(ref);
  const question: Question = {
    caller: body.caller,
    action: asked.words,
    resource: { ref, name: displayName(ref), attributes },
    context: body.context,
  };
  const verdict = await ask(from, reader, asked, question);
  const refused = asked.outcome !== 'allow' || (isUntold(viewer, body) && asked === body.asked.at(-1));
  const owner = { account: ref.account, role: 'resource' } as const;
  const own = verdict.sides.filter((side) => side.role !== 'resource' && sees(viewer, side.account));
  const remedy = refused ? remedyFor(question, verdict, 'asker') : undefined;
  return {
    action: asked.action,
    words: asked.words,
    resource: { name: question.resource.name, account: ref.account, attributes },
    outcome: refused ? 'refused' : 'allowed',
    sides: [...own, outline(owner, refused)],
    notes: [],
    ...(remedy ? { remedy } : {}),
  };
}

async function ask(from: WhySources, reader: Reader, asked: AskedRecord, question: Question): Promise<Verdict> {
  const action = from.actions.get(asked.action) ?? { name: asked.action };
  return reasons(question, await gather(reader, from.sources, action, question));
}

function outline(side: { account: string; role: ShownSide['role'] }, refused: boolean | undefined): ShownSide {
  const says =
    refused === undefined
      ? 'what this account allows its own callers is told to its administrators'
      : refused
        ? 'this account does not let the caller do this, or has no such resource: which of the two is not told'
        : 'this account lets the caller do this: by which policy is told to its administrators';
  return { account: side.account, role: side.role, says };
}
