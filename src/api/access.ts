/** Reports on what happened in an account: who may read them. */
import { resource } from '../access.ts';
import { ibmRef, type ResourceRef } from '../policy/names.ts';
import { collection } from '../store/store.ts';

/** Reports are made when they are asked for and never kept. */
const reports = collection<Record<string, never>>('reports');

/**
 * Records and explanations show what an account's policies say. Whoever may read all of them may read reports: in IBM
 * Cloud its owner and the administrators of its access management, not its viewers.
 * https://cloud.ibm.com/docs/account?topic=account-account-services
 */
export const Report = resource<Record<string, never>>()(
  'report',
  {
    collection: reports,
    documentId: (ref) => ref.account,
    refOf: ({ account }) => reportRef(account),
  },
  {
    explain: { nature: 'read', ibm: 'iam.policy.read', standing: ['operator'] },
    records: { nature: 'read', ibm: 'iam.policy.read', standing: ['operator'] },
    /** Checks the chains of the whole plane. */
    verify: { nature: 'read', standing: ['operator'] },
    /** The page on the console's listener shows the records of everybody. */
    page: { nature: 'read', standing: ['operator'] },
    reset: { nature: 'write', standing: ['operator'] },
  },
);

export const reportCollections = [reports];

/** The reports on one account, or on the plane (`PLANE`). */
export function reportRef(account: string): ResourceRef {
  return ibmRef({ account, service: 'iam-access-management' });
}
