/** What can be asked of STS besides assuming roles, which is asked of the role. */
import { awsActions, resource } from '../../../../access.ts';
import { awsResource, type ResourceRef } from '../../../../policy/names.ts';
import { type AccountDocument, accounts } from '../../../accounts/access.ts';

/** The account as STS sees it: `*`. */
export const stsRef = (account: string): ResourceRef => awsResource({ account, service: 'sts' });

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
export const StsAccount = resource<AccountDocument>()(
  'sts-account',
  {
    collection: accounts,
    documentId: (ref) => ref.account,
    refOf: ({ account }) => stsRef(account),
    wide: true,
  },
  { ...awsActions('sts', 'read', ['GetCallerIdentity']) },
);
