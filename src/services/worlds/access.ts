/** The world file itself, which is applied by the operator alone. */
import { resource } from '../../access.ts';
import { ibmRef } from '../../policy/names.ts';
import { collection, PLANE } from '../../store/store.ts';

/** World files are applied and never kept. */
export const worldFiles = collection<Record<string, never>>('world-files');

export const worldFileRef = ibmRef({ account: PLANE, service: 'account', type: 'world-file' });

export const WorldFile = resource<Record<string, never>>()(
  'world-file',
  { collection: worldFiles, refOf: () => worldFileRef },
  { apply: { nature: 'write', standing: ['operator'] } },
);
