/** Tags of identity providers. */
import type * as Iam from '@aws-sdk/client-iam';
import { operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { OidcProvider, SamlProvider } from '../provider-access.ts';
import { pageOf } from './listing.ts';
import { providerAsked } from './provider-arn.ts';
import { requestTagContext, tagEntries, tagKeyContext, withoutTags, withTags } from './tags.ts';

export const tagOpenIDConnectProvider = operation(
  'iam.TagOpenIDConnectProvider',
  async (
    cx,
    { OpenIDConnectProviderArn: arn, Tags }: Input<Iam.TagOpenIDConnectProviderCommandInput>,
  ): Promise<Output<Iam.TagOpenIDConnectProviderCommandOutput>> => {
    const ref = providerAsked(cx, arn, 'oidc-provider');
    const provider = await cx.allow(OidcProvider.tagOpenIDConnectProvider, ref, requestTagContext(Tags));
    const tags = withTags(provider.value.tags, Tags, 'TagsPerOpenIdConnectProvider');
    cx.update(provider, { ...provider.value, tags });
    return {};
  },
  {
    recorded: ({ OpenIDConnectProviderArn, Tags }) => ({
      OpenIDConnectProviderArn,
      TagKeys: Tags.map(({ Key }) => Key ?? ''),
    }),
  },
);

export const untagOpenIDConnectProvider = operation(
  'iam.UntagOpenIDConnectProvider',
  async (
    cx,
    { OpenIDConnectProviderArn: arn, TagKeys }: Input<Iam.UntagOpenIDConnectProviderCommandInput>,
  ): Promise<Output<Iam.UntagOpenIDConnectProviderCommandOutput>> => {
    const ref = providerAsked(cx, arn, 'oidc-provider');
    const provider = await cx.allow(OidcProvider.untagOpenIDConnectProvider, ref, tagKeyContext(TagKeys));
    cx.update(provider, { ...provider.value, tags: withoutTags(provider.value.tags, TagKeys) });
    return {};
  },
  { recorded: ({ OpenIDConnectProviderArn, TagKeys }) => ({ OpenIDConnectProviderArn, TagKeys }) },
);

export const listOpenIDConnectProviderTags = operation(
  'iam.ListOpenIDConnectProviderTags',
  async (
    cx,
    input: Input<Iam.ListOpenIDConnectProviderTagsCommandInput>,
  ): Promise<Output<Iam.ListOpenIDConnectProviderTagsCommandOutput>> => {
    const ref = providerAsked(cx, input.OpenIDConnectProviderArn, 'oidc-provider');
    const { value } = await cx.allow(OidcProvider.listOpenIDConnectProviderTags, ref);
    const scope = ['ListOpenIDConnectProviderTags', value.url];
    const { items, rest } = await pageOf(cx, scope, input, tagEntries(value.tags));
    return { Tags: [...items], ...rest };
  },
  { recorded: ({ OpenIDConnectProviderArn }) => ({ OpenIDConnectProviderArn }) },
);

export const tagSAMLProvider = operation(
  'iam.TagSAMLProvider',
  async (
    cx,
    { SAMLProviderArn, Tags }: Input<Iam.TagSAMLProviderCommandInput>,
  ): Promise<Output<Iam.TagSAMLProviderCommandOutput>> => {
    const ref = providerAsked(cx, SAMLProviderArn, 'saml-provider');
    const provider = await cx.allow(SamlProvider.tagSAMLProvider, ref, requestTagContext(Tags));
    cx.update(provider, { ...provider.value, tags: withTags(provider.value.tags, Tags, 'TagsPerSAMLProvider') });
    return {};
  },
  { recorded: ({ SAMLProviderArn, Tags }) => ({ SAMLProviderArn, TagKeys: Tags.map(({ Key }) => Key ?? '') }) },
);

export const untagSAMLProvider = operation(
  'iam.UntagSAMLProvider',
  async (
    cx,
    { SAMLProviderArn, TagKeys }: Input<Iam.UntagSAMLProviderCommandInput>,
  ): Promise<Output<Iam.UntagSAMLProviderCommandOutput>> => {
    const ref = providerAsked(cx, SAMLProviderArn, 'saml-provider');
    const provider = await cx.allow(SamlProvider.untagSAMLProvider, ref, tagKeyContext(TagKeys));
    cx.update(provider, { ...provider.value, tags: withoutTags(provider.value.tags, TagKeys) });
    return {};
  },
  { recorded: ({ SAMLProviderArn, TagKeys }) => ({ SAMLProviderArn, TagKeys }) },
);

export const listSAMLProviderTags = operation(
  'iam.ListSAMLProviderTags',
  async (
    cx,
    input: Input<Iam.ListSAMLProviderTagsCommandInput>,
  ): Promise<Output<Iam.ListSAMLProviderTagsCommandOutput>> => {
    const ref = providerAsked(cx, input.SAMLProviderArn, 'saml-provider');
    const { value } = await cx.allow(SamlProvider.listSAMLProviderTags, ref);
    const scope = ['ListSAMLProviderTags', value.name];
    const { items, rest } = await pageOf(cx, scope, input, tagEntries(value.tags));
    return { Tags: [...items], ...rest };
  },
  { recorded: ({ SAMLProviderArn }) => ({ SAMLProviderArn }) },
);

export const providerTagOperations = {
  TagOpenIDConnectProvider: tagOpenIDConnectProvider,
  UntagOpenIDConnectProvider: untagOpenIDConnectProvider,
  ListOpenIDConnectProviderTags: listOpenIDConnectProviderTags,
  TagSAMLProvider: tagSAMLProvider,
  UntagSAMLProvider: untagSAMLProvider,
  ListSAMLProviderTags: listSAMLProviderTags,
} satisfies Answered<typeof Iam>;
