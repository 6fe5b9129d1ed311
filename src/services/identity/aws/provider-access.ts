/** What can be asked of identity providers. */
import { awsActions, resource } from '../../../access.ts';
import { arnOf } from '../../../policy/names.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { tagContext } from './access.ts';
import {
  IAM,
  type OidcProviderDocument,
  oidcProviderRef,
  oidcProviders,
  type SamlProviderDocument,
  samlProviderRef,
  samlProviders,
} from './documents.ts';

export const OidcProvider = resource<OidcProviderDocument>()(
  'aws-oidc-provider',
  {
    collection: oidcProviders,
    refOf: ({ account, value }) => oidcProviderRef(account, value.url),
    attributes: (_ref, value) => tagContext(value?.tags, IAM),
    absent: (ref) => awsFault('NoSuchEntity', `OpenIDConnect Provider not found for arn ${arnOf(ref)}`),
    taken: () => awsFault('EntityAlreadyExists', 'Provider with the same url already exists.'),
  },
  {
    ...awsActions(IAM, 'write', [
      'CreateOpenIDConnectProvider',
      'DeleteOpenIDConnectProvider',
      'UpdateOpenIDConnectProviderThumbprint',
      'AddClientIDToOpenIDConnectProvider',
      'RemoveClientIDFromOpenIDConnectProvider',
      'TagOpenIDConnectProvider',
      'UntagOpenIDConnectProvider',
    ]),
    ...awsActions(IAM, 'read', ['GetOpenIDConnectProvider']),
    ...awsActions(IAM, 'list', ['ListOpenIDConnectProviderTags']),
  },
);

export const SamlProvider = resource<SamlProviderDocument>()(
  'aws-saml-provider',
  {
    collection: samlProviders,
    refOf: ({ account, value }) => samlProviderRef(account, value.name),
    attributes: (_ref, value) => tagContext(value?.tags, IAM),
    absent: (ref) => awsFault('NoSuchEntity', `Manifest not found for arn ${arnOf(ref)}`),
    taken: (ref) => awsFault('EntityAlreadyExists', `SAMLProvider with name ${ref.id} already exists.`),
  },
  {
    ...awsActions(IAM, 'write', [
      'CreateSAMLProvider',
      'UpdateSAMLProvider',
      'DeleteSAMLProvider',
      'TagSAMLProvider',
      'UntagSAMLProvider',
    ]),
    ...awsActions(IAM, 'read', ['GetSAMLProvider']),
    ...awsActions(IAM, 'list', ['ListSAMLProviderTags']),
  },
);
