/** What the service's jobs do to keys when their time has come. A job may come late, twice, or for nothing. */
import { operation } from '../../operation.ts';
import type { Json } from '../../store/store.ts';
import { Key } from './access.ts';
import { erase, rotate } from './lifecycle.ts';
import { generateMaterial } from './material.ts';
import { change } from './notify.ts';
import { allows, WAITS } from './states.ts';
import { askForJob, rotationDue, scheduleRotation } from './timers.ts';

/** Deactivates an active key whose date has come. A suspended one follows when it is enabled. */
export const expireKey = operation('keys.expire', async (cx, payload: Json): Promise<void> => {
  const key = await askForJob(cx, Key.expire, payload);
  const { state, expiresAt } = key?.value ?? {};
  if (!key || !state || !allows(state, 'expire') || expiresAt === undefined || expiresAt > cx.now) return;
  change(cx, key, 'expired', { ...key.value, state: 'deactivated' });
});

/** Rotates a key whose policy wants it; one that cannot be rotated now is tried again when the next rotation is due. */
export const rotateOnSchedule = operation('keys.rotateOnSchedule', async (cx, payload: Json): Promise<void> => {
  const key = await askForJob(cx, Key.rotateOnSchedule, payload);
  const due = key && rotationDue(key.value);
  if (!key || due === undefined || key.value.state === 'destroyed') return;
  if (due > cx.now) {
    scheduleRotation(cx, key.ref, key.value);
  } else if (allows(key.value.state, 'rotate')) {
    rotate(cx, key, generateMaterial());
  } else {
    scheduleRotation(cx, key.ref, key.value, cx.now);
  }
});

/** Purges a key that was deleted ninety days ago. */
export const retireKey = operation('keys.retire', async (cx, payload: Json): Promise<void> => {
  const key = await askForJob(cx, Key.retire, payload);
  const { deleted } = key?.value ?? {};
  if (!key || deleted === undefined || cx.now - deleted.at < WAITS.retire) return;
  await erase(cx, key);
});
