/**
 * The life of a key: which state allows what, and how long one has to wait.
 * https://cloud.ibm.com/docs/key-protect?topic=key-protect-key-states
 */

/** A key is active from its creation; what has been purged is gone and has no state. */
export type KeyState = 'active' | 'suspended' | 'deactivated' | 'destroyed';

export type KeyAction =
  | 'wrap'
  | 'unwrap'
  | 'rewrap'
  | 'rotate'
  | 'disable'
  | 'enable'
  | 'delete'
  | 'restore'
  | 'expire'
  | 'purge'
  | 'register';

const ALLOWED_IN: Readonly<Record<KeyAction, readonly KeyState[]>> = {
  wrap: ['active'],
  unwrap: ['active', 'deactivated'],
  rewrap: ['active', 'deactivated'],
  rotate: ['active', 'deactivated'],
  disable: ['active'],
  enable: ['suspended'],
  delete: ['active', 'suspended', 'deactivated'],
  restore: ['destroyed'],
  expire: ['active'],
  purge: ['destroyed'],
  register: ['active'],
};

export function allows(state: KeyState, action: KeyAction): boolean {
  return ALLOWED_IN[action].includes(state);
}

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** Milliseconds by the plane's clock. */
export const WAITS = {
  /** Between disabling and enabling. */
  enable: 30 * SECOND,
  /** Between deleting and restoring. */
  restore: 30 * SECOND,
  /** After a deletion, as long as it can be undone. */
  restorable: 30 * DAY,
  /** Between deleting and purging by hand. */
  purge: 4 * HOUR,
  /** After a deletion, until the key is purged by itself. */
  retire: 90 * DAY,
  /** Between two rotations. */
  rotate: HOUR,
  /** Between telling dependents and telling them again. */
  sync: HOUR,
  /** How long the first of two authorizations of a deletion stands. */
  authorization: 7 * DAY,
} as const;

/** The same day and time some months later; the month's last day where it has no such day. */
export function addMonths(time: number, months: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}
