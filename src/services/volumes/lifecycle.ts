/** What happens to volumes without anybody's call: they settle, they go, and they follow what becomes of their key. */
import type { Context } from '../../context.ts';
import { isHidden } from '../../faults.ts';
import { type Allowed, operation } from '../../operation.ts';
import { formatCrn, parseCrn, type ResourceRef } from '../../policy/names.ts';
import type { JobHandler } from '../../service.ts';
import type { Json } from '../../store/store.ts';
import type { KeyChanged } from '../keys/keys.ts';
import { SERVICE, Volume, type VolumeDocument, type VolumeKey } from './access.ts';
import { rewrap } from './encryption.ts';

const SETTLE = 'volumes.settle';
export const FOLLOW_KEY = 'volumes.key-changed';

/** Has a job bring a volume to where it is going. */
export function scheduleSettling(cx: Context, ref: ResourceRef): void {
  cx.schedule({ kind: SETTLE, account: ref.account, due: cx.now, payload: { volume: formatCrn(ref) } });
}

/** A volume that is pending or updating becomes available; one that is being deleted is gone. */
export const settleVolume = operation('volumes.settle', async (cx, payload: Json): Promise<void> => {
  const volume = await allowUpkeep(cx, (payload as { volume: string }).volume);
  if (!volume) return;
  if (volume.value.stage === 'pending_deletion') cx.remove(volume);
  else if (volume.value.stage !== 'available')
    cx.update<VolumeDocument>(volume, { ...volume.value, stage: 'available' });
});

const KEY_STATES: Readonly<Record<KeyChanged['state'], VolumeKey['state']>> = {
  active: 'active',
  // An expired key wraps nothing new, and goes on unwrapping.
  deactivated: 'active',
  suspended: 'disabled',
  destroyed: 'deleted',
};

/** The key as the news has it; undefined when that is older than what is known, or not about this key. */
export function heard(key: VolumeKey, news: Omit<KeyChanged, 'event' | 'resourceCrn'>): VolumeKey | undefined {
  if (key.crn !== news.keyCrn || news.sequence <= key.sequence) return undefined;
  return { ...key, state: KEY_STATES[news.state], sequence: news.sequence };
}

/** Takes over what became of the key. Twice the same, or something older than is known, changes nothing. */
export const followKey = operation('volumes.follow-key', async (cx, payload: Json): Promise<void> => {
  const news = payload as unknown as KeyChanged;
  const volume = await allowUpkeep(cx, news.resourceCrn);
  const key = volume?.value.key && heard(volume.value.key, news);
  if (!volume || !key) return;
  const isBehind = news.version !== key.version && key.state === 'active';
  cx.update(volume, { ...volume.value, key: isBehind ? await rewrap(cx, volume, key) : key });
});

export const volumeJobs: Readonly<Record<string, JobHandler>> = {
  [SETTLE]: { service: SERVICE, operation: settleVolume },
  [FOLLOW_KEY]: { service: SERVICE, operation: followKey },
};

/** Undefined for a volume that is gone, and for what is no volume: keys protect other resources too. */
async function allowUpkeep(cx: Context, crn: string): Promise<Allowed<VolumeDocument> | undefined> {
  try {
    return await cx.allow(Volume.upkeep, parseCrn(crn)!);
  } catch (error) {
    if (isHidden(error)) return undefined;
    throw error;
  }
}
