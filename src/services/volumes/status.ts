/** What a volume's own life and its key make of its status. https://cloud.ibm.com/docs/vpc?topic=vpc-block-storage-vpc-monitoring */
import type { VolumeDocument } from './access.ts';

export type VolumeStatus = VolumeDocument['stage'] | 'unusable';

export interface Reason {
  readonly code: string;
  readonly message: string;
  readonly more_info: string;
}

const REASONS = {
  disabled: {
    code: 'encryption_key_disabled',
    message: 'the root key that protects the volume is disabled: enable it',
    more_info: 'https://cloud.ibm.com/docs/key-protect?topic=key-protect-disable-keys',
  },
  deleted: {
    code: 'encryption_key_deleted',
    message: 'the root key that protects the volume has been deleted: restore it',
    more_info: 'https://cloud.ibm.com/docs/key-protect?topic=key-protect-restore-keys',
  },
} as const;

export function statusOf({ stage, key }: Readonly<VolumeDocument>): VolumeStatus {
  return stage === 'available' && key !== undefined && key.state !== 'active' ? 'unusable' : stage;
}

/** Why a volume is unusable; nothing for one that is not. */
export function reasonsOf(volume: Readonly<VolumeDocument>): readonly Reason[] {
  const { key } = volume;
  if (statusOf(volume) !== 'unusable' || key === undefined || key.state === 'active') return [];
  return [REASONS[key.state]];
}

export function healthOf(volume: Readonly<VolumeDocument>): 'ok' | 'inapplicable' {
  const status = statusOf(volume);
  return status === 'available' || status === 'updating' ? 'ok' : 'inapplicable';
}
