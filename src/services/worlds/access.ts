/** What world files say that no service answers for yet: AWS credentials, enterprises, organizations. */
import { resource } from '../../access.ts';
import { ibmRef } from '../../policy/names.ts';
import { collection, type Json, PLANE } from '../../store/store.ts';
import type { Enterprise, Organization } from './file.ts';

/** An access key of an AWS account's root user (`user` absent) or of one of its users. */
export interface AwsPrincipalDocument {
  readonly user?: string;
  readonly accessKeyId: string;
  /** UTF-8 text as base64. */
  readonly secretAccessKey: string;
  readonly policies: { readonly [name: string]: Json };
}

export interface GroupingDocument {
  readonly enterprise?: Enterprise;
  readonly organization?: Organization;
}

export const awsPrincipals = collection<AwsPrincipalDocument>('world-aws-principals', {
  indexes: { accessKeyId: (principal) => [principal.accessKeyId] },
  sealed: ['secretAccessKey'],
});
export const groupings = collection<GroupingDocument>('world-groupings');

/** World files are applied and never kept. */
export const worldFiles = collection<Record<string, never>>('world-files');

export const worldFileRef = ibmRef({ account: PLANE, service: 'account', type: 'world-file' });
export const awsPrincipalRef = (account: string, id: string) =>
  ibmRef({ account, service: 'account', type: 'aws-principal', id });
export const groupingRef = (id: string) => ibmRef({ account: PLANE, service: 'account', type: 'grouping', id });

export const WorldFile = resource<Record<string, never>>()(
  'world-file',
  { collection: worldFiles, refOf: () => worldFileRef },
  { apply: { nature: 'write', standing: ['operator'] } },
);

export const AwsPrincipal = resource<AwsPrincipalDocument>()(
  'aws-principal',
  { collection: awsPrincipals, refOf: ({ account, id }) => awsPrincipalRef(account, id) },
  { create: { nature: 'write', standing: ['operator'] }, read: { nature: 'read', standing: ['operator'] } },
);

export const Grouping = resource<GroupingDocument>()(
  'grouping',
  { collection: groupings, refOf: ({ id }) => groupingRef(id) },
  { create: { nature: 'write', standing: ['operator'] }, read: { nature: 'read', standing: ['operator'] } },
);
