/** What must hold of a key before something is done with it, said in the service's faults. */
import type { KeyDocument } from './access.ts';
import { type KeyReason, keyFault } from './faults.ts';
import { allows, type KeyAction } from './states.ts';

/** Throws the fault for an action that the key's state does not allow. */
export function requireState(key: KeyDocument, action: KeyAction, reason: KeyReason = 'key-state'): void {
  if (allows(key.state, action)) return;
  throw keyFault(reason, `the key is ${key.state}: this cannot be done with it`);
}

/** Throws unless the key is a root key. */
export function requireRoot(key: KeyDocument, reason: KeyReason = 'root-key-needed'): void {
  if (key.kind !== 'root') throw keyFault(reason, 'this can be done with a root key only');
}

/** Throws `too-early` unless `wait` milliseconds have passed since `since`. */
export function requireWait(now: number, since: number | undefined, wait: number, reason: KeyReason): void {
  if (since === undefined || now - since >= wait) return;
  const seconds = Math.ceil((since + wait - now) / 1000);
  throw keyFault(reason, `the key was changed a short time ago: try again in ${seconds} s`);
}
