/** SAML providers: whose assertions an account takes. */
import type * as Iam from '@aws-sdk/client-iam';
import { operation } from '../../../../operation.ts';
import { arnOf } from '../../../../policy/names.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { IamAccount } from '../access.ts';
import { allRef, LISTED, type SamlProviderDocument, samlKeys, samlProviderRef, samlProviders } from '../documents.ts';
import { SamlProvider } from '../provider-access.ts';
import { documentsOf } from './listing.ts';
import { providerAsked } from './provider-arn.ts';
import { requireRoomInAccount } from './quotas.ts';
import { addKey, keysOf, removeKey, samlId, shownKey } from './saml-keys.ts';
import { readSamlMetadata } from './saml-metadata.ts';
import { requestTagContext, shownTags, withTags } from './tags.ts';

/** How long metadata that do not say so are valid. */
const VALID_YEARS = 100;

/** The metadata as they are kept. Throws `InvalidInput`. */
function keptMetadata(text: string, now: number): Pick<SamlProviderDocument, 'metadata' | 'validUntil'> {
  const { validUntil } = readSamlMetadata(text);
  const hundredYearsOn = new Date(now);
  hundredYearsOn.setUTCFullYear(hundredYearsOn.getUTCFullYear() + VALID_YEARS);
  return { metadata: text, validUntil: validUntil ?? hundredYearsOn.getTime() };
}

const keyNeeded = () =>
  awsFault('InvalidInput', 'assertions that are encrypted need a private key to open them: add one with AddPrivateKey');

export const createSAMLProvider = operation(
  'iam.CreateSAMLProvider',
  async (
    cx,
    input: Input<Iam.CreateSAMLProviderCommandInput>,
  ): Promise<Output<Iam.CreateSAMLProviderCommandOutput>> => {
    const { Name: name, SAMLMetadataDocument, Tags, AssertionEncryptionMode: encryption, AddPrivateKey } = input;
    const draft: SamlProviderDocument = {
      uuid: samlId(cx),
      name,
      createdAt: cx.now,
      ...keptMetadata(SAMLMetadataDocument, cx.now),
      tags: withTags({}, Tags, 'TagsPerSAMLProvider'),
      ...(encryption === undefined ? {} : { encryption }),
    };
    const ref = samlProviderRef(cx.identity.caller.account, name);
    const untagged = { ...draft, tags: {} };
    const provider = await cx.allowNew(SamlProvider.createSAMLProvider, ref, untagged, requestTagContext(Tags));
    await requireRoomInAccount(cx, 'SAMLProvidersPerAccount', SamlProvider.type);
    if (encryption === 'Required' && AddPrivateKey === undefined) throw keyNeeded();
    cx.create(provider, draft);
    if (AddPrivateKey !== undefined) await addKey(cx, provider, AddPrivateKey);
    return { SAMLProviderArn: arnOf(ref), Tags: shownTags(draft.tags) };
  },
  { recorded: ({ Name, AssertionEncryptionMode }) => ({ Name, AssertionEncryptionMode }) },
);

export const getSAMLProvider = operation(
  'iam.GetSAMLProvider',
  async (
    cx,
    { SAMLProviderArn }: Input<Iam.GetSAMLProviderCommandInput>,
  ): Promise<Output<Iam.GetSAMLProviderCommandOutput>> => {
    const provider = await cx.allow(SamlProvider.getSAMLProvider, providerAsked(cx, SAMLProviderArn, 'saml-provider'));
    const { uuid, metadata, createdAt, validUntil, tags, encryption } = provider.value;
    const keys = await keysOf(cx, provider);
    return {
      SAMLProviderUUID: uuid,
      SAMLMetadataDocument: metadata,
      CreateDate: new Date(createdAt),
      ValidUntil: new Date(validUntil),
      Tags: shownTags(tags),
      ...(encryption === undefined ? {} : { AssertionEncryptionMode: encryption }),
      ...(keys.length === 0 ? {} : { PrivateKeyList: keys.map(shownKey) }),
    };
  },
  { recorded: ({ SAMLProviderArn }) => ({ SAMLProviderArn }) },
);

export const listSAMLProviders = operation(
  'iam.ListSAMLProviders',
  async (cx, _input: Input<Iam.ListSAMLProvidersCommandInput>): Promise<Output<Iam.ListSAMLProvidersCommandOutput>> => {
    const { account } = cx.identity.caller;
    const allowed = await cx.allow(IamAccount.listSAMLProviders, allRef(account));
    const shown: Iam.SAMLProviderListEntry[] = [];
    const all = documentsOf(cx, allowed, samlProviders, { index: 'listed', key: LISTED });
    for await (const [, { value }] of all(undefined)) {
      shown.push({
        Arn: arnOf(samlProviderRef(account, value.name)),
        ValidUntil: new Date(value.validUntil),
        CreateDate: new Date(value.createdAt),
      });
    }
    return { SAMLProviderList: shown };
  },
);

/** Changes what is given. A key is added before another is removed, so that they can be exchanged. */
export const updateSAMLProvider = operation(
  'iam.UpdateSAMLProvider',
  async (
    cx,
    input: Input<Iam.UpdateSAMLProviderCommandInput>,
  ): Promise<Output<Iam.UpdateSAMLProviderCommandOutput>> => {
    const { SAMLMetadataDocument, AddPrivateKey, RemovePrivateKey } = input;
    const ref = providerAsked(cx, input.SAMLProviderArn, 'saml-provider');
    const provider = await cx.allow(SamlProvider.updateSAMLProvider, ref);
    const encryption = input.AssertionEncryptionMode ?? provider.value.encryption;
    if (AddPrivateKey !== undefined) await addKey(cx, provider, AddPrivateKey);
    if (RemovePrivateKey !== undefined) await removeKey(cx, provider, RemovePrivateKey);
    if (encryption === 'Required' && (await keysOf(cx, provider)).length === 0) throw keyNeeded();
    cx.update(provider, {
      ...provider.value,
      ...(SAMLMetadataDocument === undefined ? {} : keptMetadata(SAMLMetadataDocument, cx.now)),
      ...(encryption === undefined ? {} : { encryption }),
    });
    return { SAMLProviderArn: arnOf(ref) };
  },
  {
    recorded: ({ SAMLProviderArn, AssertionEncryptionMode, RemovePrivateKey }) => ({
      SAMLProviderArn,
      AssertionEncryptionMode,
      RemovePrivateKey,
    }),
  },
);

export const deleteSAMLProvider = operation(
  'iam.DeleteSAMLProvider',
  async (
    cx,
    { SAMLProviderArn }: Input<Iam.DeleteSAMLProviderCommandInput>,
  ): Promise<Output<Iam.DeleteSAMLProviderCommandOutput>> => {
    const ref = providerAsked(cx, SAMLProviderArn, 'saml-provider');
    const provider = await cx.allow(SamlProvider.deleteSAMLProvider, ref);
    for (const key of await keysOf(cx, provider)) cx.removePart(provider, samlKeys, key.value.id);
    cx.remove(provider);
    return {};
  },
  { recorded: ({ SAMLProviderArn }) => ({ SAMLProviderArn }) },
);

export const samlProviderOperations = {
  CreateSAMLProvider: createSAMLProvider,
  GetSAMLProvider: getSAMLProvider,
  ListSAMLProviders: listSAMLProviders,
  UpdateSAMLProvider: updateSAMLProvider,
  DeleteSAMLProvider: deleteSAMLProvider,
} satisfies Answered<typeof Iam>;
