/** Policies of groups. */
import type * as Iam from '@aws-sdk/client-iam';
import { operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { Group } from '../access.ts';
import { groupNamed } from '../documents.ts';
import { attachableArn, attachedEntries, withAttached, withoutAttached } from './attached.ts';
import { inlineNames, shownInline, withInline, withoutInline } from './inline.ts';
import { pageOf } from './listing.ts';

export const putGroupPolicy = operation(
  'iam.PutGroupPolicy',
  async (cx, input: Input<Iam.PutGroupPolicyCommandInput>): Promise<Output<Iam.PutGroupPolicyCommandOutput>> => {
    const group = await cx.allow(Group.putGroupPolicy, groupNamed(cx.identity.caller.account, input.GroupName));
    cx.update(group, { ...group.value, inline: withInline(group.value, input, 'group') });
    return {};
  },
  { recorded: ({ GroupName, PolicyName }) => ({ GroupName, PolicyName }) },
);

export const getGroupPolicy = operation(
  'iam.GetGroupPolicy',
  async (cx, input: Input<Iam.GetGroupPolicyCommandInput>): Promise<Output<Iam.GetGroupPolicyCommandOutput>> => {
    const { value } = await cx.allow(Group.getGroupPolicy, groupNamed(cx.identity.caller.account, input.GroupName));
    return { GroupName: value.name, ...shownInline(value, input.PolicyName, 'group') };
  },
  { recorded: ({ GroupName, PolicyName }) => ({ GroupName, PolicyName }) },
);

export const listGroupPolicies = operation(
  'iam.ListGroupPolicies',
  async (cx, input: Input<Iam.ListGroupPoliciesCommandInput>): Promise<Output<Iam.ListGroupPoliciesCommandOutput>> => {
    const { value } = await cx.allow(Group.listGroupPolicies, groupNamed(cx.identity.caller.account, input.GroupName));
    const { items, rest } = await pageOf(cx, ['ListGroupPolicies', value.id], input, inlineNames(value));
    return { PolicyNames: [...items], ...rest };
  },
  { recorded: ({ GroupName }) => ({ GroupName }) },
);

export const deleteGroupPolicy = operation(
  'iam.DeleteGroupPolicy',
  async (cx, input: Input<Iam.DeleteGroupPolicyCommandInput>): Promise<Output<Iam.DeleteGroupPolicyCommandOutput>> => {
    const group = await cx.allow(Group.deleteGroupPolicy, groupNamed(cx.identity.caller.account, input.GroupName));
    cx.update(group, { ...group.value, inline: withoutInline(group.value, input.PolicyName, 'group') });
    return {};
  },
  { recorded: ({ GroupName, PolicyName }) => ({ GroupName, PolicyName }) },
);

export const attachGroupPolicy = operation(
  'iam.AttachGroupPolicy',
  async (cx, input: Input<Iam.AttachGroupPolicyCommandInput>): Promise<Output<Iam.AttachGroupPolicyCommandOutput>> => {
    const ref = groupNamed(cx.identity.caller.account, input.GroupName);
    const group = await cx.allow(Group.attachGroupPolicy, ref, { 'iam:policyarn': input.PolicyArn });
    const arn = await attachableArn(cx, input.PolicyArn);
    cx.update(group, { ...group.value, attached: withAttached(group.value, arn, 'PoliciesPerGroup') });
    return {};
  },
  { recorded: ({ GroupName, PolicyArn }) => ({ GroupName, PolicyArn }) },
);

export const detachGroupPolicy = operation(
  'iam.DetachGroupPolicy',
  async (cx, input: Input<Iam.DetachGroupPolicyCommandInput>): Promise<Output<Iam.DetachGroupPolicyCommandOutput>> => {
    const ref = groupNamed(cx.identity.caller.account, input.GroupName);
    const group = await cx.allow(Group.detachGroupPolicy, ref, { 'iam:policyarn': input.PolicyArn });
    cx.update(group, { ...group.value, attached: withoutAttached(group.value, input.PolicyArn) });
    return {};
  },
  { recorded: ({ GroupName, PolicyArn }) => ({ GroupName, PolicyArn }) },
);

export const listAttachedGroupPolicies = operation(
  'iam.ListAttachedGroupPolicies',
  async (
    cx,
    input: Input<Iam.ListAttachedGroupPoliciesCommandInput>,
  ): Promise<Output<Iam.ListAttachedGroupPoliciesCommandOutput>> => {
    const ref = groupNamed(cx.identity.caller.account, input.GroupName);
    const { value } = await cx.allow(Group.listAttachedGroupPolicies, ref);
    const scope = ['ListAttachedGroupPolicies', value.id, input.PathPrefix];
    const { items, rest } = await pageOf(cx, scope, input, attachedEntries(value, input.PathPrefix));
    return { AttachedPolicies: [...items], ...rest };
  },
  { recorded: ({ GroupName }) => ({ GroupName }) },
);

export const groupPolicyOperations = {
  PutGroupPolicy: putGroupPolicy,
  GetGroupPolicy: getGroupPolicy,
  ListGroupPolicies: listGroupPolicies,
  DeleteGroupPolicy: deleteGroupPolicy,
  AttachGroupPolicy: attachGroupPolicy,
  DetachGroupPolicy: detachGroupPolicy,
  ListAttachedGroupPolicies: listAttachedGroupPolicies,
} satisfies Answered<typeof Iam>;
