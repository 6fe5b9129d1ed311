/** Customer managed policies: made, shown, tagged and removed; and AWS's own, shown. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import { operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { IamAccount, Policy } from '../access.ts';
import { allRef, LISTED, managedPolicies, type PolicyDocument, policyRef } from '../documents.ts';
import { uniqueId } from '../ids.ts';
import { managedPolicies as awsPolicies } from '../managed-policies/managed-policies.ts';
import { documentsOf, type EntriesAfter, namedEntries, oneAfterAnother, pageOf } from './listing.ts';
import { policySize, requireGoodPolicy } from './policy-text.ts';
import {
  awsPolicy,
  listedPolicy,
  ownPolicy,
  type PolicyView,
  policyAsked,
  readPolicy,
  type Usage,
  usageOf,
} from './policy-view.ts';
import { requireRoomInAccount, requireWithin } from './quotas.ts';
import { requestTagContext, shownTags, tagEntries, tagKeyContext, withoutTags, withTags } from './tags.ts';

/** Throws for a document that cannot be a managed policy. */
export function requireGoodManagedPolicy(text: string): void {
  requireWithin('PolicySize', policySize(text));
  requireGoodPolicy(text, 'managed');
}

export const createPolicy = operation(
  'iam.CreatePolicy',
  async (cx, input: Input<Iam.CreatePolicyCommandInput>): Promise<Output<Iam.CreatePolicyCommandOutput>> => {
    const { PolicyName: name, Path: path = '/', PolicyDocument: text, Description: description, Tags } = input;
    const { account } = cx.identity.caller;
    const draft: PolicyDocument = {
      id: uniqueId('ANPA', cx.newId()),
      name,
      path,
      ...(description === undefined ? {} : { description }),
      createdAt: cx.now,
      updatedAt: cx.now,
      tags: withTags({}, Tags, 'TagsPerPolicy'),
      versions: [{ id: 'v1', text, createdAt: cx.now }],
      defaultVersion: 'v1',
      nextVersion: 2,
    };
    const ref = policyRef(account, path, name);
    // As with users: the tags to come are tested as those of the request.
    const policy = await cx.allowNew(Policy.createPolicy, ref, { ...draft, tags: {} }, requestTagContext(Tags));
    requireGoodManagedPolicy(text);
    await requireRoomInAccount(cx, 'PoliciesPerAccount', Policy.type);
    cx.create(policy, draft);
    const unused = { attached: 0, bounding: 0 };
    return { Policy: { ...listedPolicy(ownPolicy(account, draft), unused), Tags: shownTags(draft.tags) } };
  },
  { recorded: ({ PolicyName, Path }) => ({ PolicyName, Path }) },
);

export const getPolicy = operation(
  'iam.GetPolicy',
  async (cx, { PolicyArn }: Input<Iam.GetPolicyCommandInput>): Promise<Output<Iam.GetPolicyCommandOutput>> => {
    const { policy } = await readPolicy(cx, 'getPolicy', PolicyArn);
    return {
      Policy: {
        ...listedPolicy(policy, await usageOf(cx, policy.arn)),
        Description: policy.description,
        Tags: shownTags(policy.tags) ?? [],
      },
    };
  },
  { recorded: ({ PolicyArn }) => ({ PolicyArn }) },
);

export const listPolicies = operation(
  'iam.ListPolicies',
  async (cx, input: Input<Iam.ListPoliciesCommandInput>): Promise<Output<Iam.ListPoliciesCommandOutput>> => {
    const { Scope, OnlyAttached, PathPrefix = '/', PolicyUsageFilter } = input;
    const scope = ['ListPolicies', Scope, OnlyAttached, PathPrefix, PolicyUsageFilter];
    const { items, rest } = await pageOf(cx, scope, input, inUse(cx, input, await policiesInScope(cx, input)));
    return { Policies: items.map(([policy, usage]) => listedPolicy(policy, usage)), ...rest };
  },
  {
    recorded: ({ Scope, OnlyAttached, PathPrefix, PolicyUsageFilter }) => ({
      Scope,
      OnlyAttached,
      PathPrefix,
      PolicyUsageFilter,
    }),
  },
);

type Filters = Input<Iam.ListPoliciesCommandInput>;

async function policiesInScope(
  cx: Context,
  { Scope = 'All', PathPrefix = '/' }: Filters,
): Promise<EntriesAfter<PolicyView>> {
  const { account } = cx.identity.caller;
  const allowed = await cx.allow(IamAccount.listPolicies, allRef(account, 'policy', PathPrefix));
  const isUnder = ({ path }: { readonly path: string }): boolean => path.startsWith(PathPrefix);
  const documents = documentsOf(cx, allowed, managedPolicies, { index: 'listed', key: LISTED, keep: isUnder });
  const own: EntriesAfter<PolicyView> = async function* (after) {
    for await (const [position, { value }] of documents(after)) yield [position, ownPolicy(account, value)];
  };
  const aws = (await awsPolicies()).filter(isUnder).map((policy) => [policy.name, awsPolicy(policy)] as const);
  return oneAfterAnother([
    ...(Scope === 'AWS' ? [] : [['own', own] as const]),
    ...(Scope === 'Local' ? [] : [['aws', namedEntries(aws)] as const]),
  ]);
}

/** The policies with how they are used, without those that are not used as the filters want. */
function inUse(
  cx: Context,
  { OnlyAttached, PolicyUsageFilter }: Filters,
  policies: EntriesAfter<PolicyView>,
): EntriesAfter<readonly [PolicyView, Usage]> {
  return async function* (after) {
    for await (const [position, policy] of policies(after)) {
      const usage = await usageOf(cx, policy.arn);
      const { attached, bounding } = usage;
      if (OnlyAttached && attached + bounding === 0) continue;
      if (PolicyUsageFilter === 'PermissionsPolicy' && attached === 0) continue;
      if (PolicyUsageFilter === 'PermissionsBoundary' && bounding === 0) continue;
      yield [position, [policy, usage]];
    }
  };
}

export const deletePolicy = operation(
  'iam.DeletePolicy',
  async (cx, { PolicyArn }: Input<Iam.DeletePolicyCommandInput>): Promise<Output<Iam.DeletePolicyCommandOutput>> => {
    const policy = await cx.allow(Policy.deletePolicy, policyAsked(cx, PolicyArn));
    const { attached, bounding } = await usageOf(cx, PolicyArn);
    if (attached + bounding > 0) throw awsFault('DeleteConflict', 'Cannot delete a policy attached to entities.');
    if (policy.value.versions.length > 1) {
      throw awsFault(
        'DeleteConflict',
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      );
    }
    cx.remove(policy);
    return {};
  },
  { recorded: ({ PolicyArn }) => ({ PolicyArn }) },
);

export const tagPolicy = operation(
  'iam.TagPolicy',
  async (cx, { PolicyArn, Tags }: Input<Iam.TagPolicyCommandInput>): Promise<Output<Iam.TagPolicyCommandOutput>> => {
    const policy = await cx.allow(Policy.tagPolicy, policyAsked(cx, PolicyArn), requestTagContext(Tags));
    cx.update(policy, { ...policy.value, tags: withTags(policy.value.tags, Tags, 'TagsPerPolicy') });
    return {};
  },
  { recorded: ({ PolicyArn, Tags }) => ({ PolicyArn, TagKeys: Tags.map(({ Key }) => Key ?? '') }) },
);

export const untagPolicy = operation(
  'iam.UntagPolicy',
  async (cx, input: Input<Iam.UntagPolicyCommandInput>): Promise<Output<Iam.UntagPolicyCommandOutput>> => {
    const { PolicyArn, TagKeys } = input;
    const policy = await cx.allow(Policy.untagPolicy, policyAsked(cx, PolicyArn), tagKeyContext(TagKeys));
    cx.update(policy, { ...policy.value, tags: withoutTags(policy.value.tags, TagKeys) });
    return {};
  },
  { recorded: ({ PolicyArn, TagKeys }) => ({ PolicyArn, TagKeys }) },
);

export const listPolicyTags = operation(
  'iam.ListPolicyTags',
  async (cx, input: Input<Iam.ListPolicyTagsCommandInput>): Promise<Output<Iam.ListPolicyTagsCommandOutput>> => {
    const { policy } = await readPolicy(cx, 'listPolicyTags', input.PolicyArn);
    const { items, rest } = await pageOf(cx, ['ListPolicyTags', policy.id], input, tagEntries(policy.tags));
    return { Tags: [...items], ...rest };
  },
  { recorded: ({ PolicyArn }) => ({ PolicyArn }) },
);

export const policyOperations = {
  CreatePolicy: createPolicy,
  GetPolicy: getPolicy,
  ListPolicies: listPolicies,
  DeletePolicy: deletePolicy,
  TagPolicy: tagPolicy,
  UntagPolicy: untagPolicy,
  ListPolicyTags: listPolicyTags,
} satisfies Answered<typeof Iam>;
