/**
 * Telling the services whose resources a key protects that it has changed. A change schedules one job in its commit;
 * the job goes through the key's registrations and tells the account of each resource.
 */
import type { Context } from '../../context.ts';
import { type Allowed, operation } from '../../operation.ts';
import { formatCrn } from '../../policy/names.ts';
import type { Json } from '../../store/store.ts';
import { Key, type KeyDocument, registrations } from './access.ts';
import type { KeyState } from './states.ts';
import { askForJob, JOBS } from './timers.ts';

export type KeyEvent = 'disabled' | 'enabled' | 'deleted' | 'restored' | 'rotated' | 'expired' | 'synced';

/** The event that dependents subscribe to; each gets a job in the account of its resource. */
export const KEYS_CHANGED = 'keys.changed';

/** What a dependent is told. Events may arrive twice and out of order: one with a lower `sequence` is stale. */
export interface KeyChanged {
  readonly event: KeyEvent;
  readonly state: KeyState;
  readonly sequence: number;
  readonly keyCrn: string;
  /** Id of the key's newest version. */
  readonly version: string;
  readonly resourceCrn: string;
}

/** What the job carries. */
interface Notification extends Omit<KeyChanged, 'keyCrn' | 'resourceCrn'> {
  /** CRN. */
  readonly key: string;
  /** Where the last run ended. */
  readonly after?: string;
}

const BATCH = 100;

/** Stores a change that dependents must hear of, and has them told. Returns the key as stored. */
export function change(cx: Context, key: Allowed<KeyDocument>, event: KeyEvent, value: KeyDocument): KeyDocument {
  const changed = { ...value, updatedAt: cx.now, toldAt: cx.now, sequence: key.value.sequence + 1 };
  cx.update(key, changed);
  const { state, sequence, version } = changed;
  const payload: Notification = { key: formatCrn(key.ref), event, state, sequence, version: version.id };
  cx.schedule({ kind: JOBS.notify, account: key.ref.account, due: cx.now, payload: { ...payload } });
  return changed;
}

/** Tells the next hundred registered resources, and schedules itself for those that follow. */
export const notifyDependents = operation('keys.notify', async (cx, payload: Json): Promise<void> => {
  const { key: keyCrn, after, ...news } = payload as unknown as Notification;
  const key = await askForJob(cx, Key.notify, payload);
  if (key === undefined) return;
  const { items, next } = await cx.parts(key, registrations, {
    index: 'key',
    key: Key.type.documentId(key.ref),
    limit: BATCH,
    ...(after === undefined ? {} : { after }),
  });
  for (const { value } of items) {
    cx.emit(KEYS_CHANGED, value.resourceAccount, { ...news, keyCrn, resourceCrn: value.resourceCrn });
  }
  if (next === undefined) return;
  cx.schedule({
    kind: JOBS.notify,
    account: key.ref.account,
    due: cx.now,
    payload: { ...news, key: keyCrn, after: next },
  });
});
