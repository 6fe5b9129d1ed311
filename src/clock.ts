/** The plane's clock: the machine's, put forward by as much as the operator has advanced it. It never goes back. */
import { resource } from './access.ts';
import { Fault } from './faults.ts';
import { type Clock, operation } from './operation.ts';
import { ibmRef } from './policy/names.ts';
import type { Service } from './service.ts';
import { collection, PLANE, type Store } from './store/store.ts';

interface ClockDocument {
  /** Milliseconds ahead of the machine's clock. */
  readonly ahead: number;
}

export interface PlaneClock extends Clock {
  /** Takes over what has been committed. */
  setAhead(milliseconds: number): void;
}

const clocks = collection<ClockDocument>('clock');
const ID = 'clock';
const REF = ibmRef({ account: PLANE, service: 'easement', type: 'clock', id: ID });

const ClockResource = resource<ClockDocument>()(
  'clock',
  { collection: clocks, refOf: () => REF },
  {
    start: { nature: 'write', standing: ['operator'] },
    read: { nature: 'read', standing: ['operator'] },
    advance: { nature: 'write', standing: ['operator'] },
  },
);

export function createClock(): PlaneClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    machine: () => Date.now(),
    setAhead: (milliseconds) => {
      ahead = Math.max(ahead, milliseconds);
    },
  };
}

/** How far the clock had been advanced when the plane was last up; undefined when it never was. */
export async function readAhead(store: Store): Promise<number | undefined> {
  return (await store.begin().get(clocks, PLANE, ID))?.value.ahead;
}

/** Notes that the clock runs, the first time the plane is up. */
export const startClock = operation('clock.start', async (cx, _input: null): Promise<void> => {
  const clock = { ahead: 0 };
  cx.create(await cx.allowNew(ClockResource.start, REF, clock), clock);
});

export const readClock = operation('clock.read', async (cx, _input: null): Promise<{ ahead: number }> => {
  return (await cx.allow(ClockResource.read, REF)).value;
});

const YEAR = 366 * 24 * 3600 * 1000;

/**
 * Advances the clock by `milliseconds`. The caller hands the result to `setAhead` once this has been committed.
 * Throws `invalid` for anything but more than nothing and at most a year.
 */
export const advanceClock = operation(
  'clock.advance',
  async (cx, { milliseconds }: { milliseconds: number }): Promise<{ ahead: number }> => {
    if (!Number.isFinite(milliseconds) || milliseconds <= 0 || milliseconds > YEAR) {
      throw new Fault('invalid', 'clock-range', 'the clock can be advanced by more than nothing and at most a year');
    }
    const clock = await cx.allow(ClockResource.advance, REF);
    const ahead = clock.value.ahead + Math.round(milliseconds);
    cx.update(clock, { ahead });
    return { ahead };
  },
  { recorded: ({ milliseconds }) => ({ milliseconds }) },
);

export const clockService: Service = {
  name: 'clock',
  collections: [clocks],
  actions: [ClockResource.start, ClockResource.read, ClockResource.advance],
  operations: [startClock, readClock, advanceClock],
};
