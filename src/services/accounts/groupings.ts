/** Which accounts belong together: enterprises (IBM Cloud) and organizations (AWS), as world files have them. */
import { resource } from '../../access.ts';
import { ibmRef } from '../../policy/names.ts';
import { collection, PLANE } from '../../store/store.ts';

export interface Enterprise {
  readonly name: string;
  readonly account: string;
  readonly children: readonly string[];
}

export interface Organization {
  /** `o-...` */
  readonly id: string;
  /** The management account. */
  readonly management: string;
  readonly members: readonly string[];
}

export interface GroupingDocument {
  readonly enterprise?: Enterprise;
  readonly organization?: Organization;
}

export const groupings = collection<GroupingDocument>('world-groupings', {
  decides: true,
  indexes: { member: ({ organization }) => organization?.members ?? [] },
});

export const groupingRef = (id: string) => ibmRef({ account: PLANE, service: 'account', type: 'grouping', id });

export const Grouping = resource<GroupingDocument>()(
  'grouping',
  { collection: groupings, refOf: ({ id }) => groupingRef(id) },
  { create: { nature: 'write', standing: ['operator'] }, read: { nature: 'read', standing: ['operator'] } },
);
