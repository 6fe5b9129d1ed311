/** What world files say that no service answers for yet: enterprises, organizations. */
import { resource } from '../../access.ts';
import { ibmRef } from '../../policy/names.ts';
import { collection, PLANE } from '../../store/store.ts';
import type { Enterprise, Organization } from './file.ts';

export interface GroupingDocument {
  readonly enterprise?: Enterprise;
  readonly organization?: Organization;
}

export const groupings = collection<GroupingDocument>('world-groupings');

/** World files are applied and never kept. */
export const worldFiles = collection<Record<string, never>>('world-files');

export const worldFileRef = ibmRef({ account: PLANE, service: 'account', type: 'world-file' });
export const groupingRef = (id: string) => ibmRef({ account: PLANE, service: 'account', type: 'grouping', id });

export const WorldFile = resource<Record<string, never>>()(
  'world-file',
  { collection: worldFiles, refOf: () => worldFileRef },
  { apply: { nature: 'write', standing: ['operator'] } },
);

export const Grouping = resource<GroupingDocument>()(
  'grouping',
  { collection: groupings, refOf: ({ id }) => groupingRef(id) },
  { create: { nature: 'write', standing: ['operator'] }, read: { nature: 'read', standing: ['operator'] } },
);
