/** The closed list of what can go wrong with keys, each with the kind of fault that it is. */
import { Fault, type FaultKind, type FaultTarget } from '../../faults.ts';

const KINDS = {
  'key-not-found': 'not-found',
  'key-destroyed': 'gone',
  /** The key's state does not allow the action. */
  'key-state': 'state',
  /** The same, for a resource that is to be registered. */
  'key-state-register': 'state',
  'key-expired': 'state',
  'root-key-needed': 'invalid',
  'root-key-needed-register': 'invalid',
  'imported-key-needed': 'invalid',
  'payload-needed': 'invalid',
  'ciphertext-unusable': 'invalid',
  'version-unknown': 'invalid',
  'too-early': 'state',
  'rotated-recently': 'state',
  'restore-expired': 'state',
  'key-protects': 'conflict',
  'key-retained': 'conflict',
  'second-authorization-needed': 'conflict',
  'dual-authorization-off': 'conflict',
  'dual-authorization-stays': 'conflict',
  'alias-taken': 'conflict',
  'alias-quota': 'quota',
  'alias-not-found': 'not-found',
  'ring-exists': 'conflict',
  'ring-not-found': 'not-found',
  'ring-not-empty': 'conflict',
  'ring-quota': 'quota',
  'creation-restricted': 'conflict',
  'service-only': 'denied',
  'resource-owner': 'denied',
  'registration-not-found': 'not-found',
  'collection-total': 'invalid',
  'resource-count': 'invalid',
  'policy-mismatch': 'invalid',
  'invalid-field': 'invalid',
  'invalid-query': 'invalid',
  'no-body': 'invalid',
} as const satisfies Record<string, FaultKind>;

export type KeyReason = keyof typeof KINDS;

/** A fault of this service. `about`: the part of the request that it is about. */
export function keyFault(
  reason: KeyReason,
  message: string,
  about: { target?: FaultTarget; details?: Readonly<Record<string, unknown>> } = {},
): Fault {
  return new Fault(KINDS[reason], reason, message, about);
}

/** A field of the request that cannot be meant so. */
export function badField(name: string, message: string): Fault {
  return keyFault('invalid-field', `\`${name}\`: ${message}`, { target: { type: 'field', name } });
}
