/** Signs the heads of all record chains now and then, so that a chain whose end was cut off is found out. */
import type { Log } from './main.ts';
import type { Clock } from './operation.ts';
import type { Store } from './store/store.ts';

const EVERY_MILLISECONDS = 60_000;

/** Begins; the function that it answers signs a last time and ends. */
export function keepCheckpoints(store: Store, clock: Clock, log: Log): () => Promise<void> {
  let signed = -1;
  const sign = async (): Promise<void> => {
    if (store.lastCommit === signed) return;
    await store.checkpoint(clock.now());
    signed = store.lastCommit;
  };
  const timer = setInterval(() => {
    sign().catch((error: unknown) => log('checkpoint', error));
  }, EVERY_MILLISECONDS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await sign();
  };
}
