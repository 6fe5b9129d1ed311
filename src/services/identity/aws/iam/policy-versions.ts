/** Versions of managed policies. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html */
import type * as Iam from '@aws-sdk/client-iam';
import { operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { Policy } from '../access.ts';
import { namedEntries, pageOf } from './listing.ts';
import { requireGoodManagedPolicy } from './policies.ts';
import { listedVersion, noSuchVersion, policyAsked, readPolicy, shownVersion } from './policy-view.ts';
import { QUOTAS } from './quotas.ts';

export const createPolicyVersion = operation(
  'iam.CreatePolicyVersion',
  async (
    cx,
    input: Input<Iam.CreatePolicyVersionCommandInput>,
  ): Promise<Output<Iam.CreatePolicyVersionCommandOutput>> => {
    const policy = await cx.allow(Policy.createPolicyVersion, policyAsked(cx, input.PolicyArn));
    const { versions, nextVersion, defaultVersion } = policy.value;
    requireGoodManagedPolicy(input.PolicyDocument);
    if (versions.length >= QUOTAS.VersionsPerPolicy) {
      throw awsFault(
        'LimitExceeded',
        `A managed policy can have up to ${QUOTAS.VersionsPerPolicy} versions. Before you create a new version, you must delete an existing version.`,
      );
    }
    const version = { id: `v${nextVersion}`, text: input.PolicyDocument, createdAt: cx.now };
    const changed = {
      ...policy.value,
      updatedAt: cx.now,
      versions: [...versions, version],
      nextVersion: nextVersion + 1,
      defaultVersion: input.SetAsDefault ? version.id : defaultVersion,
    };
    cx.update(policy, changed);
    return { PolicyVersion: listedVersion(changed, version) };
  },
  { recorded: ({ PolicyArn, SetAsDefault }) => ({ PolicyArn, SetAsDefault }) },
);

export const getPolicyVersion = operation(
  'iam.GetPolicyVersion',
  async (cx, input: Input<Iam.GetPolicyVersionCommandInput>): Promise<Output<Iam.GetPolicyVersionCommandOutput>> => {
    const { policy } = await readPolicy(cx, 'getPolicyVersion', input.PolicyArn);
    const version = policy.versions.find(({ id }) => id === input.VersionId);
    if (version === undefined) throw noSuchVersion(policy.arn, input.VersionId);
    return { PolicyVersion: shownVersion(policy, version) };
  },
  { recorded: ({ PolicyArn, VersionId }) => ({ PolicyArn, VersionId }) },
);

/** Newest first. */
export const listPolicyVersions = operation(
  'iam.ListPolicyVersions',
  async (
    cx,
    input: Input<Iam.ListPolicyVersionsCommandInput>,
  ): Promise<Output<Iam.ListPolicyVersionsCommandOutput>> => {
    const { policy } = await readPolicy(cx, 'listPolicyVersions', input.PolicyArn);
    const entries = policy.versions
      .toReversed()
      .map((version, place) => [String(place), listedVersion(policy, version)] as const);
    const { items, rest } = await pageOf(cx, ['ListPolicyVersions', policy.id], input, namedEntries(entries));
    return { Versions: [...items], ...rest };
  },
  { recorded: ({ PolicyArn }) => ({ PolicyArn }) },
);

export const deletePolicyVersion = operation(
  'iam.DeletePolicyVersion',
  async (
    cx,
    input: Input<Iam.DeletePolicyVersionCommandInput>,
  ): Promise<Output<Iam.DeletePolicyVersionCommandOutput>> => {
    const policy = await cx.allow(Policy.deletePolicyVersion, policyAsked(cx, input.PolicyArn));
    const { versions, defaultVersion } = policy.value;
    if (!versions.some(({ id }) => id === input.VersionId)) throw noSuchVersion(input.PolicyArn, input.VersionId);
    if (input.VersionId === defaultVersion) {
      throw awsFault('DeleteConflict', 'Cannot delete the default version of a policy.');
    }
    cx.update(policy, { ...policy.value, versions: versions.filter(({ id }) => id !== input.VersionId) });
    return {};
  },
  { recorded: ({ PolicyArn, VersionId }) => ({ PolicyArn, VersionId }) },
);

export const setDefaultPolicyVersion = operation(
  'iam.SetDefaultPolicyVersion',
  async (
    cx,
    input: Input<Iam.SetDefaultPolicyVersionCommandInput>,
  ): Promise<Output<Iam.SetDefaultPolicyVersionCommandOutput>> => {
    const policy = await cx.allow(Policy.setDefaultPolicyVersion, policyAsked(cx, input.PolicyArn));
    if (!policy.value.versions.some(({ id }) => id === input.VersionId)) {
      throw noSuchVersion(input.PolicyArn, input.VersionId);
    }
    cx.update(policy, { ...policy.value, updatedAt: cx.now, defaultVersion: input.VersionId });
    return {};
  },
  { recorded: ({ PolicyArn, VersionId }) => ({ PolicyArn, VersionId }) },
);

export const policyVersionOperations = {
  CreatePolicyVersion: createPolicyVersion,
  GetPolicyVersion: getPolicyVersion,
  ListPolicyVersions: listPolicyVersions,
  DeletePolicyVersion: deletePolicyVersion,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
} satisfies Answered<typeof Iam>;
