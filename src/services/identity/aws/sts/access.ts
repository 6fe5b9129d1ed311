/** What can be asked of STS besides assuming roles, which is asked of the role. */
import { awsActions, resource } from '../../../../access.ts';
import { awsResource, type ResourceRef } from '../../../../policy/names.ts';
import { type AccountDocument, accounts } from '../../../accounts/access.ts';

const STS = 'sts';

/** The account as STS sees it: `*`. */
export const stsRef = (account: string): ResourceRef => awsResource({ account, service: STS });

export const federatedUserRef = (account: string, name: string): ResourceRef =>
  awsResource({ account, service: STS, type: 'federated-user', id: name });

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
export const StsAccount = resource<AccountDocument>()(
  'sts-account',
  {
    collection: accounts,
    documentId: (ref) => ref.account,
    refOf: ({ account }) => stsRef(account),
    wide: true,
  },
  {
    ...awsActions(STS, 'read', ['GetCallerIdentity', 'GetAccessKeyInfo', 'DecodeAuthorizationMessage']),
    ...awsActions(STS, 'secret', ['GetSessionToken', 'GetDelegatedAccessToken']),
  },
);

/** A name under which somebody is let in who is no user; nothing is kept of it. */
export const FederatedUser = resource<AccountDocument>()(
  'sts-federated-user',
  {
    collection: accounts,
    documentId: (ref) => ref.account,
    refOf: ({ account }) => federatedUserRef(account, ''),
    wide: true,
  },
  { ...awsActions(STS, 'secret', ['GetFederationToken']), ...awsActions(STS, 'read', ['TagSession']) },
);
