/** What if? Recorded calls, decided again as of when they were made, under policies that somebody thinks of. */
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { durationOf } from '../api/duration.ts';
import { answer, gather, questionAbout } from '../authorize.ts';
import { Fault } from '../faults.ts';
import type { Layer, Question } from '../policy/model.ts';
import type { Store, StoredRecord } from '../store/store.ts';
import { type AskedRecord, bodyOf, type ShownCaller, sees, showCall, type Viewer } from '../why/record.ts';
import { accountOf, type Changes, changed, changesSchema, readChanges } from './changes.ts';
import { reading, type World } from './live.ts';
import { grantsOf, type ShownGrant } from './words.ts';

const MOST_CALLS = 10_000;

export const whatIfSchema = z.strictObject({
  changes: changesSchema,
  /** Whose policies change; by default that of the new policies, or the administrator's. */
  account: z.string().optional(),
  /** As whose administrator the operator wants to see it. */
  as: z.string().optional(),
  /** The newest calls of the range; with `since`, all of them up to 10,000. */
  last: z.int().min(1).max(MOST_CALLS).optional(),
  /** A moment (ISO 8601), or how long ago: `7d`. */
  since: z.string().optional(),
  until: z.string().optional(),
});

export type WhatIfInput = z.infer<typeof whatIfSchema>;

/** One question of a call that would be answered otherwise. */
export interface ChangedQuestion {
  readonly words: string;
  readonly resource: string;
  readonly before: 'allowed' | 'denied';
  readonly after: 'allowed' | 'denied';
  /** What allowed it, or what would. */
  readonly by: readonly ShownGrant[];
}

export interface ChangedCall {
  readonly id: string;
  /** The call that it was part of. */
  readonly parent?: string;
  /** ISO 8601, by the plane's clock. */
  readonly at: string;
  readonly operation: string;
  readonly questions: readonly ChangedQuestion[];
}

export interface WhatIf {
  readonly account: string;
  /** Calls of the range that asked for something of the account. */
  readonly calls: number;
  /** When the oldest of them was; absent when there are none. */
  readonly from?: string;
  /** There are older ones in the range, which were not looked at. */
  readonly more: boolean;
  readonly changed: readonly { readonly caller: ShownCaller; readonly calls: readonly ChangedCall[] }[];
}

const BETWEEN_BREATHS = 50;

/** Throws `invalid`, `not-found`, and `denied` for the policies of another account than the viewer's. */
export async function whatIf(world: World, input: WhatIfInput, viewer: Viewer): Promise<WhatIf> {
  const account = accountFor(input, viewer);
  const changes = await reading(world, (unit) => readChanges(unit, account, input.changes));
  const now = world.now();
  const range = { since: momentOf(input.since, now) ?? 0, until: momentOf(input.until, now) ?? now };
  const most = input.last ?? (input.since === undefined ? 1000 : MOST_CALLS);
  const byCaller = new Map<string, { caller: ShownCaller; calls: ChangedCall[] }>();
  let calls = 0;
  let from: string | undefined;
  let more = false;
  for await (const record of recordsBack(world.store, account, range)) {
    const asked = bodyOf(record).asked.filter(({ resource }) => resource.ref.account === account);
    if (asked.length === 0) continue;
    if (calls === most) {
      more = true;
      break;
    }
    calls += 1;
    from = new Date(record.at).toISOString();
    const questions = await changedQuestions(world, record, asked, changes);
    if (questions.length > 0) note(byCaller, record, questions, viewer);
    if (calls % BETWEEN_BREATHS === 0) await setImmediate();
  }
  return { account, calls, ...(from === undefined ? {} : { from }), more, changed: [...byCaller.values()] };
}

function accountFor({ account, changes }: WhatIfInput, viewer: Viewer): string {
  const wanted = account ?? (viewer.kind === 'administrator' ? viewer.account : accountOf(changes));
  if (wanted === undefined) throw new Fault('invalid', 'account', 'whose policies are these? say the `account`');
  if (sees(viewer, wanted)) return wanted;
  throw new Fault('denied', 'other-account', 'what an account allows is foreseen by its administrators');
}

/** A moment, or a span before now. Throws `invalid`. */
function momentOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const span = durationOf(text);
  const moment = span === undefined ? Date.parse(text) : now - span;
  if (!Number.isNaN(moment)) return moment;
  throw new Fault(
    'invalid',
    'moment',
    `\`${text}\` is no moment: write \`2026-11-22T09:30:00Z\`, or \`7d\` for seven days ago`,
  );
}

const PAGE = 500;

/** An account's records of a range, newest first. */
async function* recordsBack(
  store: Store,
  account: string,
  { since, until }: { readonly since: number; readonly until: number },
): AsyncGenerator<StoredRecord> {
  const seen = new Set<string>();
  let before: number | undefined;
  for (;;) {
    const page = await store.records({
      account,
      limit: PAGE,
      ...(before === undefined ? {} : { beforeCommit: before }),
    });
    for (const record of page) {
      if (record.at < since) return;
      if (record.at <= until && !seen.has(record.id)) yield record;
      seen.add(record.id);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    // The page may end amid a commit.
    before = page[0]?.commit === last.commit ? last.commit : last.commit + 1;
  }
}

/** The questions about the account's resources that would be answered otherwise. */
async function changedQuestions(
  world: World,
  record: StoredRecord,
  asked: readonly AskedRecord[],
  changes: Changes,
): Promise<readonly ChangedQuestion[]> {
  const { caller, context, asOf } = bodyOf(record);
  const past = world.store.asOf(asOf);
  const found: ChangedQuestion[] = [];
  for (const { action, words, resource, outcome, context: own } of asked) {
    const question = questionAbout(caller, words, resource, record.at, { ...context, ...own });
    const named = world.actions.find(({ name }) => name === action) ?? { name: action };
    const weigh = async (reader: typeof past) =>
      weighed(question, await gather(reader, world.sources, named, question));
    const after = await weigh(changed(past, changes));
    const before = outcome === 'allow';
    if (after.allowed === before) continue;
    const allowing = before ? await weigh(past) : after;
    found.push({ words, resource: resource.name, before: said(before), after: said(after.allowed), by: allowing.by });
  }
  return found;
}

const said = (allowed: boolean): 'allowed' | 'denied' => (allowed ? 'allowed' : 'denied');

function weighed(question: Question, layers: readonly Layer[]): { allowed: boolean; by: readonly ShownGrant[] } {
  const allowed = answer(question, layers) === 'allow';
  return { allowed, by: allowed ? grantsOf(question, layers) : [] };
}

function note(
  byCaller: Map<string, { caller: ShownCaller; calls: ChangedCall[] }>,
  record: StoredRecord,
  questions: readonly ChangedQuestion[],
  viewer: Viewer,
): void {
  const { id, parent, at, operation, caller } = showCall(record, viewer);
  const key = `${caller.account} ${caller.id}`;
  const group = byCaller.get(key) ?? { caller, calls: [] };
  group.calls.push({ id, ...(parent === undefined ? {} : { parent }), at, operation, questions });
  byCaller.set(key, group);
}
