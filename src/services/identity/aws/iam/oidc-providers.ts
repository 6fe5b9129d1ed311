/** OpenID Connect providers: whose tokens an account takes. */
import type * as Iam from '@aws-sdk/client-iam';
import { operation } from '../../../../operation.ts';
import { arnOf } from '../../../../policy/names.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { IamAccount } from '../access.ts';
import { allRef, LISTED, type OidcProviderDocument, oidcProviderRef, oidcProviders } from '../documents.ts';
import { OidcProvider } from '../provider-access.ts';
import { documentsOf } from './listing.ts';
import { providerName } from './oidc-url.ts';
import { providerAsked } from './provider-arn.ts';
import { requireRoom, requireRoomInAccount, requireWithin } from './quotas.ts';
import { requestTagContext, shownTags, withTags } from './tags.ts';

const MOST_THUMBPRINTS = 5;
const THUMBPRINT_LENGTH = 40;

/** Thumbprints as they are kept. Throws `InvalidInput`. */
function keptThumbprints(given: readonly string[]): readonly string[] {
  if (given.length > MOST_THUMBPRINTS) {
    throw awsFault('InvalidInput', 'Thumbprint list must contain fewer than 5 entries.');
  }
  if (given.some((one) => one.length !== THUMBPRINT_LENGTH)) {
    throw awsFault('InvalidInput', 'Thumbprint must be exactly 40 characters.');
  }
  return given.map((one) => one.toLowerCase());
}

/** Without thumbprints the provider has none: the plane calls nobody to find one out. */
export const createOpenIDConnectProvider = operation(
  'iam.CreateOpenIDConnectProvider',
  async (
    cx,
    input: Input<Iam.CreateOpenIDConnectProviderCommandInput>,
  ): Promise<Output<Iam.CreateOpenIDConnectProviderCommandOutput>> => {
    const { Url, ClientIDList = [], ThumbprintList = [], Tags } = input;
    const draft: OidcProviderDocument = {
      url: providerName(Url),
      clientIds: [...new Set(ClientIDList)],
      thumbprints: keptThumbprints(ThumbprintList),
      createdAt: cx.now,
      tags: withTags({}, Tags, 'TagsPerOpenIdConnectProvider'),
    };
    const ref = oidcProviderRef(cx.identity.caller.account, draft.url);
    const untagged = { ...draft, tags: {} };
    const own = requestTagContext(Tags);
    const provider = await cx.allowNew(OidcProvider.createOpenIDConnectProvider, ref, untagged, own);
    requireWithin('ClientIdsPerOpenIdConnectProvider', draft.clientIds.length);
    await requireRoomInAccount(cx, 'OpenIdConnectProvidersPerAccount', OidcProvider.type);
    cx.create(provider, draft);
    return { OpenIDConnectProviderArn: arnOf(ref), Tags: shownTags(draft.tags) };
  },
  { recorded: ({ Url, ClientIDList }) => ({ Url, ClientIDList }) },
);

export const getOpenIDConnectProvider = operation(
  'iam.GetOpenIDConnectProvider',
  async (
    cx,
    { OpenIDConnectProviderArn: arn }: Input<Iam.GetOpenIDConnectProviderCommandInput>,
  ): Promise<Output<Iam.GetOpenIDConnectProviderCommandOutput>> => {
    const { value } = await cx.allow(OidcProvider.getOpenIDConnectProvider, providerAsked(cx, arn, 'oidc-provider'));
    return {
      Url: value.url,
      ClientIDList: [...value.clientIds],
      ThumbprintList: [...value.thumbprints],
      CreateDate: new Date(value.createdAt),
      Tags: shownTags(value.tags),
    };
  },
  { recorded: ({ OpenIDConnectProviderArn }) => ({ OpenIDConnectProviderArn }) },
);

export const listOpenIDConnectProviders = operation(
  'iam.ListOpenIDConnectProviders',
  async (
    cx,
    _input: Input<Iam.ListOpenIDConnectProvidersCommandInput>,
  ): Promise<Output<Iam.ListOpenIDConnectProvidersCommandOutput>> => {
    const { account } = cx.identity.caller;
    const allowed = await cx.allow(IamAccount.listOpenIDConnectProviders, allRef(account));
    const shown: Iam.OpenIDConnectProviderListEntry[] = [];
    const all = documentsOf(cx, allowed, oidcProviders, { index: 'listed', key: LISTED });
    for await (const [, { value }] of all(undefined)) shown.push({ Arn: arnOf(oidcProviderRef(account, value.url)) });
    return { OpenIDConnectProviderList: shown };
  },
);

/** Removing a provider that is not there changes nothing. */
export const deleteOpenIDConnectProvider = operation(
  'iam.DeleteOpenIDConnectProvider',
  async (
    cx,
    { OpenIDConnectProviderArn: arn }: Input<Iam.DeleteOpenIDConnectProviderCommandInput>,
  ): Promise<Output<Iam.DeleteOpenIDConnectProviderCommandOutput>> => {
    const ref = providerAsked(cx, arn, 'oidc-provider');
    const provider = await cx.allowIfThere(OidcProvider.deleteOpenIDConnectProvider, ref);
    if (provider) cx.remove(provider);
    return {};
  },
  { recorded: ({ OpenIDConnectProviderArn }) => ({ OpenIDConnectProviderArn }) },
);

/** Adding a client id again changes nothing. */
export const addClientIDToOpenIDConnectProvider = operation(
  'iam.AddClientIDToOpenIDConnectProvider',
  async (
    cx,
    { OpenIDConnectProviderArn: arn, ClientID }: Input<Iam.AddClientIDToOpenIDConnectProviderCommandInput>,
  ): Promise<Output<Iam.AddClientIDToOpenIDConnectProviderCommandOutput>> => {
    const ref = providerAsked(cx, arn, 'oidc-provider');
    const provider = await cx.allow(OidcProvider.addClientIDToOpenIDConnectProvider, ref);
    const { clientIds } = provider.value;
    if (clientIds.includes(ClientID)) return {};
    requireRoom('ClientIdsPerOpenIdConnectProvider', clientIds.length);
    cx.update(provider, { ...provider.value, clientIds: [...clientIds, ClientID] });
    return {};
  },
  { recorded: ({ OpenIDConnectProviderArn, ClientID }) => ({ OpenIDConnectProviderArn, ClientID }) },
);

/** Removing a client id that is not there changes nothing. */
export const removeClientIDFromOpenIDConnectProvider = operation(
  'iam.RemoveClientIDFromOpenIDConnectProvider',
  async (
    cx,
    { OpenIDConnectProviderArn: arn, ClientID }: Input<Iam.RemoveClientIDFromOpenIDConnectProviderCommandInput>,
  ): Promise<Output<Iam.RemoveClientIDFromOpenIDConnectProviderCommandOutput>> => {
    const ref = providerAsked(cx, arn, 'oidc-provider');
    const provider = await cx.allow(OidcProvider.removeClientIDFromOpenIDConnectProvider, ref);
    const clientIds = provider.value.clientIds.filter((one) => one !== ClientID);
    cx.update(provider, { ...provider.value, clientIds });
    return {};
  },
  { recorded: ({ OpenIDConnectProviderArn, ClientID }) => ({ OpenIDConnectProviderArn, ClientID }) },
);

export const updateOpenIDConnectProviderThumbprint = operation(
  'iam.UpdateOpenIDConnectProviderThumbprint',
  async (
    cx,
    { OpenIDConnectProviderArn: arn, ThumbprintList }: Input<Iam.UpdateOpenIDConnectProviderThumbprintCommandInput>,
  ): Promise<Output<Iam.UpdateOpenIDConnectProviderThumbprintCommandOutput>> => {
    const ref = providerAsked(cx, arn, 'oidc-provider');
    const provider = await cx.allow(OidcProvider.updateOpenIDConnectProviderThumbprint, ref);
    if (ThumbprintList.length === 0) {
      throw awsFault('InvalidInput', 'Thumbprint list must contain at least one entry.');
    }
    cx.update(provider, { ...provider.value, thumbprints: keptThumbprints(ThumbprintList) });
    return {};
  },
  { recorded: ({ OpenIDConnectProviderArn }) => ({ OpenIDConnectProviderArn }) },
);

export const oidcProviderOperations = {
  CreateOpenIDConnectProvider: createOpenIDConnectProvider,
  GetOpenIDConnectProvider: getOpenIDConnectProvider,
  ListOpenIDConnectProviders: listOpenIDConnectProviders,
  DeleteOpenIDConnectProvider: deleteOpenIDConnectProvider,
  AddClientIDToOpenIDConnectProvider: addClientIDToOpenIDConnectProvider,
  RemoveClientIDFromOpenIDConnectProvider: removeClientIDFromOpenIDConnectProvider,
  UpdateOpenIDConnectProviderThumbprint: updateOpenIDConnectProviderThumbprint,
} satisfies Answered<typeof Iam>;
