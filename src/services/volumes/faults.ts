/** The closed list of what can go wrong with volumes, each with the kind of fault that it is. */
import { Fault, type FaultKind } from '../../faults.ts';

const KINDS = {
  'capacity-missing': 'invalid',
  'capacity-not-positive': 'invalid',
  'capacity-too-large': 'invalid',
  'iops-not-positive': 'invalid',
  'iops-not-adjustable': 'invalid',
  'profile-missing': 'invalid',
  'profile-name-missing': 'invalid',
  'profile-unknown': 'invalid',
  'profile-absent': 'not-found',
  /** Capacity or IOPS outside what the profile offers. */
  'outside-profile': 'invalid',
  'zone-unknown': 'invalid',
  'name-invalid': 'invalid',
  'name-taken': 'invalid',
  'tag-invalid': 'invalid',
  'id-invalid': 'invalid',
  'bandwidth-invalid': 'invalid',
  /** The key's name is malformed, or names nothing that the service may use: the same answer to all. */
  'key-crn-invalid': 'invalid',
  'key-not-active': 'invalid',
  'group-unknown': 'invalid',
  'group-denied': 'invalid',
  'start-unknown': 'invalid',
  'snapshot-unknown': 'not-found',
  'change-invalid': 'invalid',
  'volume-busy': 'state',
  'volume-not-deletable': 'state',
  'volume-changed': 'precondition',
  'if-match-needed': 'precondition',
  'version-missing': 'invalid',
  'version-invalid': 'invalid',
  'version-out-of-range': 'invalid',
  'generation-missing': 'invalid',
  'generation-invalid': 'invalid',
  'invalid-query': 'invalid',
  'region-unknown': 'not-found',
} as const satisfies Record<string, FaultKind>;

export type VolumeReason = keyof typeof KINDS;

/** A fault of this service; `field`: the part of the body that it is about. */
export function volumeFault(reason: VolumeReason, message: string, field?: string): Fault {
  return new Fault(KINDS[reason], reason, message, field ? { target: { type: 'field', name: field } } : {});
}

/** A fault about a query parameter. */
export function parameterFault(reason: VolumeReason, message: string, name: string): Fault {
  return new Fault(KINDS[reason], reason, message, { target: { type: 'parameter', name } });
}
