/** What is known of an account's use, and how it is brought up to date from the account's records. */
import { type Action, awsActions, resource } from '../../../../access.ts';
import type { AccountReader } from '../../../../account-reader.ts';
import type { Context as AskContext } from '../../../../authorize.ts';
import type { Context } from '../../../../context.ts';
import { type Allowed, type AnyAllowed, operation } from '../../../../operation.ts';
import { awsResource, type ResourceRef } from '../../../../policy/names.ts';
import { type ChainPosition, collection } from '../../../../store/store.ts';
import { IAM } from '../documents.ts';
import { joined, type Uses, usesIn } from './uses.ts';

/** How far the records of an account have been read. Id: the account's. */
interface UsageDocument extends ChainPosition {
  /** When the last record that was read was made. */
  readonly at: number;
}

export const usage = collection<UsageDocument>('aws-usage');

/** Part of the account's: id `{account}/{unique id or access key id}`. */
export const uses = collection<Uses>('aws-uses', { partOf: usage });

const usageRef = (account: string): ResourceRef => awsResource({ account, service: IAM, type: 'usage', id: account });

/**
 * What is kept of an account's use, and the reports on it. Reports are asked for in the vendor's words, of the resource
 * that they are about; reading on in the records is for the service alone.
 */
export const Usage = resource<UsageDocument>()(
  'aws-usage',
  {
    collection: usage,
    documentId: (ref) => ref.account,
    refOf: ({ account }) => usageRef(account),
    wide: true,
  },
  {
    keep: { nature: 'write', standing: ['service'] },
    ...awsActions(IAM, 'write', ['GenerateServiceLastAccessedDetails', 'GenerateCredentialReport']),
  },
);

/** Asks for what is kept; what is not there yet begins to be. */
export async function allowUsage(
  cx: Context,
  action: Action<UsageDocument>,
  ref: ResourceRef,
  own: AskContext = {},
): Promise<Allowed<UsageDocument>> {
  const found = await cx.allowIfThere(action, ref, own);
  if (found) return found;
  const made = await cx.allowNew(action, ref, BEGINNING, own);
  cx.create(made, BEGINNING);
  return made;
}

/** The service's own right to what is kept of the account that it acts in. */
export function allowKept(cx: Context): Promise<Allowed<UsageDocument>> {
  return allowUsage(cx, Usage.keep, usageRef(cx.identity.caller.account));
}

/** The job that reads on. */
export const READ_ON = 'iam.readUsage';

/** Records that a job reads at once, and that a question to what is known reads besides it. */
const BATCH = 500;
const TAIL = 100;

const BEGINNING: UsageDocument = { commit: 0, sequence: 0, at: 0 };

/** What an account is known to have used, up to the moment but for a long backlog. */
export interface KnownUses {
  of(subject: string): Promise<Uses | undefined>;
}

/**
 * Reads what is kept and the newest records since. When there are more than it reads, a job reads on, and what happened
 * between shows later: with the vendor, too, it takes up to four hours.
 */
export async function knownUses(cx: Context, allowed: AnyAllowed): Promise<KnownUses> {
  const { account } = allowed.ref;
  const reader = cx.accountOf(allowed);
  const kept = await reader.get(usage, account, account);
  const records = await reader.records({ behind: kept?.value, order: 'newest-first', limit: TAIL });
  if (records.length === TAIL) {
    // Those who ask in the same second share a job, and none of them replaces one that runs.
    const due = (Math.floor(cx.now / 1000) + 1) * 1000;
    cx.schedule({ kind: READ_ON, account, due, payload: null, key: String(due) });
  }
  return knownBesides(reader, account, usesIn(records, account));
}

function knownBesides(reader: AccountReader, account: string, newest: ReadonlyMap<string, Uses>): KnownUses {
  return {
    async of(subject) {
      const before = (await reader.get(uses, account, `${account}/${subject}`))?.value;
      const after = newest.get(subject);
      return after === undefined ? before : joined(before, after);
    },
  };
}

/** Reads on by one batch. Returns up to which time all records have been read: `Infinity` when there are no more. */
export async function readOn(
  cx: Context,
): Promise<{ readonly allowed: Allowed<UsageDocument>; readonly until: number }> {
  const { account } = cx.identity.caller;
  const allowed = await allowKept(cx);
  const records = await cx.accountOf(allowed).records({ behind: allowed.value, order: 'oldest-first', limit: BATCH });
  for (const [subject, newest] of usesIn(records, account)) {
    const before = await cx.part(allowed, uses, subject);
    cx.putPart(allowed, uses, subject, joined(before?.value, newest));
  }
  const last = records.at(-1);
  const position = last ? { commit: last.commit, sequence: last.sequence, at: last.at } : allowed.value;
  if (allowed.document) cx.update(allowed, position);
  else cx.create(allowed, position);
  return { allowed, until: records.length === BATCH ? position.at : Number.POSITIVE_INFINITY };
}

export const readUsage = operation(READ_ON, async (cx): Promise<void> => {
  const { until } = await readOn(cx);
  if (until === Number.POSITIVE_INFINITY) return;
  cx.schedule({ kind: READ_ON, account: cx.identity.caller.account, due: cx.now, payload: null, key: 'on' });
});
