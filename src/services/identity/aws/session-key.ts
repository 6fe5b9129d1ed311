/** The key that session tokens are encrypted under: made once, kept sealed. */
import { resource } from '../../../access.ts';
import { ibmRef } from '../../../policy/names.ts';
import { collection, PLANE } from '../../../store/store.ts';

export interface SessionKeyDocument {
  /** 32 bytes as base64. */
  readonly key: string;
  readonly createdAt: number;
}

export const SESSION_KEY_ID = 'aws-sessions';

export const sessionKeys = collection<SessionKeyDocument>('aws-session-keys', { sealed: ['key'] });

export const sessionKeyRef = ibmRef({ account: PLANE, service: 'easement', type: 'session-key', id: SESSION_KEY_ID });

/** `seal` is asked for after the question whether the session may be had, which is the one that decides. */
export const SessionKey = resource<SessionKeyDocument>()(
  'session-key',
  { collection: sessionKeys, refOf: () => sessionKeyRef },
  {
    create: { nature: 'write', standing: ['operator'] },
    seal: { nature: 'read', standing: ['anyone'] },
  },
);
