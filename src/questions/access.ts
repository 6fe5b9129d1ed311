/** Questions about what could be: who may ask them. What the answer then holds depends on whose side it is about. */
import { resource } from '../access.ts';
import { reportRef } from '../api/access.ts';
import { collection } from '../store/store.ts';

/** Answers are made when they are asked for and never kept. */
const inquiries = collection<Record<string, never>>('inquiries');

/** Answers show what policies say: whoever may read all policies of the account may ask, and the operator. */
export const Inquiry = resource<Record<string, never>>()(
  'inquiry',
  {
    collection: inquiries,
    documentId: (ref) => ref.account,
    refOf: ({ account }) => reportRef(account),
  },
  {
    decide: { nature: 'read', ibm: 'iam.policy.read', standing: ['operator'] },
    whoCan: { nature: 'read', ibm: 'iam.policy.read', standing: ['operator'] },
    whatCan: { nature: 'read', ibm: 'iam.policy.read', standing: ['operator'] },
    whatIf: { nature: 'read', ibm: 'iam.policy.read', standing: ['operator'] },
  },
);

export const inquiryCollections = [inquiries];
