/**
 * Which states of a key stand in the way of what.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
 */
import type { Fault } from '../../../faults.ts';
import { awsFault } from '../../../wire/aws/fault.ts';

export type KeyState =
  | 'Enabled'
  | 'Disabled'
  | 'PendingDeletion'
  | 'PendingImport'
  /** The primary of a multi-Region key waits until its replicas are gone. */
  | 'PendingReplicaDeletion';

type Refuse = (arn: string) => Fault;

const invalid =
  (what: string): Refuse =>
  (arn) =>
    awsFault('KMSInvalidStateException', `${arn} ${what}.`);

const disabled: Refuse = (arn) => awsFault('DisabledException', `${arn} is disabled.`);
const leaving = invalid('is pending deletion');
const awaitingImport = invalid('is pending import');
const staying = invalid('is not pending deletion');

const LEAVING = { PendingDeletion: leaving, PendingReplicaDeletion: leaving } as const;
const USE = { Disabled: disabled, PendingImport: awaitingImport, ...LEAVING } as const;

/** Kinds of work on a key, each with the states that refuse it; the states that are not there allow it. */
const REFUSED = {
  /** Cryptography, and making grants for it. */
  use: USE,
  /** Descriptions, tags, new aliases; scheduling a deletion. */
  change: LEAVING,
  /** Enabling and disabling. */
  toggle: { PendingImport: awaitingImport, ...LEAVING },
  rotate: { Disabled: disabled, ...LEAVING },
  keep: { Enabled: staying, Disabled: staying, PendingImport: staying },
} satisfies Record<string, Partial<Record<KeyState, Refuse>>>;

export type Work = keyof typeof REFUSED;

/** Throws `DisabledException` or `KMSInvalidStateException` when the key's state does not allow the work. */
export function requireState(arn: string, state: KeyState, work: Work): void {
  const refuse = (REFUSED[work] as Partial<Record<KeyState, Refuse>>)[state];
  if (refuse) throw refuse(arn);
}
