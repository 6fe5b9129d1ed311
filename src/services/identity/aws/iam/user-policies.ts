/** Policies and permissions boundaries of users. */
import type * as Iam from '@aws-sdk/client-iam';
import { operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { User } from '../access.ts';
import { userNamed } from '../documents.ts';
import {
  attachableArn,
  attachContext,
  attachedEntries,
  boundaryArn,
  boundaryContext,
  withAttached,
  withoutAttached,
} from './attached.ts';
import { inlineNames, shownInline, withInline, withoutInline } from './inline.ts';
import { pageOf } from './listing.ts';

export const putUserPolicy = operation(
  'iam.PutUserPolicy',
  async (cx, input: Input<Iam.PutUserPolicyCommandInput>): Promise<Output<Iam.PutUserPolicyCommandOutput>> => {
    const ref = userNamed(cx.identity.caller.account, input.UserName);
    const user = await cx.allow(User.putUserPolicy, ref, boundaryContext);
    cx.update(user, { ...user.value, inline: withInline(user.value, input, 'user') });
    return {};
  },
  { recorded: ({ UserName, PolicyName }) => ({ UserName, PolicyName }) },
);

export const getUserPolicy = operation(
  'iam.GetUserPolicy',
  async (cx, input: Input<Iam.GetUserPolicyCommandInput>): Promise<Output<Iam.GetUserPolicyCommandOutput>> => {
    const { value } = await cx.allow(User.getUserPolicy, userNamed(cx.identity.caller.account, input.UserName));
    return { UserName: value.name, ...shownInline(value, input.PolicyName, 'user') };
  },
  { recorded: ({ UserName, PolicyName }) => ({ UserName, PolicyName }) },
);

export const listUserPolicies = operation(
  'iam.ListUserPolicies',
  async (cx, input: Input<Iam.ListUserPoliciesCommandInput>): Promise<Output<Iam.ListUserPoliciesCommandOutput>> => {
    const { value } = await cx.allow(User.listUserPolicies, userNamed(cx.identity.caller.account, input.UserName));
    const { items, rest } = await pageOf(cx, ['ListUserPolicies', value.id], input, inlineNames(value));
    return { PolicyNames: [...items], ...rest };
  },
  { recorded: ({ UserName }) => ({ UserName }) },
);

export const deleteUserPolicy = operation(
  'iam.DeleteUserPolicy',
  async (cx, input: Input<Iam.DeleteUserPolicyCommandInput>): Promise<Output<Iam.DeleteUserPolicyCommandOutput>> => {
    const ref = userNamed(cx.identity.caller.account, input.UserName);
    const user = await cx.allow(User.deleteUserPolicy, ref, boundaryContext);
    cx.update(user, { ...user.value, inline: withoutInline(user.value, input.PolicyName, 'user') });
    return {};
  },
  { recorded: ({ UserName, PolicyName }) => ({ UserName, PolicyName }) },
);

export const attachUserPolicy = operation(
  'iam.AttachUserPolicy',
  async (cx, input: Input<Iam.AttachUserPolicyCommandInput>): Promise<Output<Iam.AttachUserPolicyCommandOutput>> => {
    const ref = userNamed(cx.identity.caller.account, input.UserName);
    const user = await cx.allow(User.attachUserPolicy, ref, attachContext(input.PolicyArn));
    const arn = await attachableArn(cx, input.PolicyArn);
    cx.update(user, { ...user.value, attached: withAttached(user.value, arn, 'PoliciesPerUser') });
    return {};
  },
  { recorded: ({ UserName, PolicyArn }) => ({ UserName, PolicyArn }) },
);

export const detachUserPolicy = operation(
  'iam.DetachUserPolicy',
  async (cx, input: Input<Iam.DetachUserPolicyCommandInput>): Promise<Output<Iam.DetachUserPolicyCommandOutput>> => {
    const ref = userNamed(cx.identity.caller.account, input.UserName);
    const user = await cx.allow(User.detachUserPolicy, ref, attachContext(input.PolicyArn));
    cx.update(user, { ...user.value, attached: withoutAttached(user.value, input.PolicyArn) });
    return {};
  },
  { recorded: ({ UserName, PolicyArn }) => ({ UserName, PolicyArn }) },
);

export const listAttachedUserPolicies = operation(
  'iam.ListAttachedUserPolicies',
  async (
    cx,
    input: Input<Iam.ListAttachedUserPoliciesCommandInput>,
  ): Promise<Output<Iam.ListAttachedUserPoliciesCommandOutput>> => {
    const ref = userNamed(cx.identity.caller.account, input.UserName);
    const { value } = await cx.allow(User.listAttachedUserPolicies, ref);
    const scope = ['ListAttachedUserPolicies', value.id, input.PathPrefix];
    const { items, rest } = await pageOf(cx, scope, input, attachedEntries(value, input.PathPrefix));
    return { AttachedPolicies: [...items], ...rest };
  },
  { recorded: ({ UserName }) => ({ UserName }) },
);

export const putUserPermissionsBoundary = operation(
  'iam.PutUserPermissionsBoundary',
  async (
    cx,
    input: Input<Iam.PutUserPermissionsBoundaryCommandInput>,
  ): Promise<Output<Iam.PutUserPermissionsBoundaryCommandOutput>> => {
    const ref = userNamed(cx.identity.caller.account, input.UserName);
    const own = { 'iam:permissionsboundary': input.PermissionsBoundary };
    const user = await cx.allow(User.putUserPermissionsBoundary, ref, own);
    cx.update(user, { ...user.value, boundary: await boundaryArn(cx, input.PermissionsBoundary) });
    return {};
  },
  { recorded: ({ UserName, PermissionsBoundary }) => ({ UserName, PermissionsBoundary }) },
);

/** Removing the boundary of a user without one changes nothing. */
export const deleteUserPermissionsBoundary = operation(
  'iam.DeleteUserPermissionsBoundary',
  async (
    cx,
    { UserName }: Input<Iam.DeleteUserPermissionsBoundaryCommandInput>,
  ): Promise<Output<Iam.DeleteUserPermissionsBoundaryCommandOutput>> => {
    const ref = userNamed(cx.identity.caller.account, UserName);
    const user = await cx.allow(User.deleteUserPermissionsBoundary, ref, boundaryContext);
    const { boundary: _removed, ...unbounded } = user.value;
    cx.update(user, unbounded);
    return {};
  },
  { recorded: ({ UserName }) => ({ UserName }) },
);

export const userPolicyOperations = {
  PutUserPolicy: putUserPolicy,
  GetUserPolicy: getUserPolicy,
  ListUserPolicies: listUserPolicies,
  DeleteUserPolicy: deleteUserPolicy,
  AttachUserPolicy: attachUserPolicy,
  DetachUserPolicy: detachUserPolicy,
  ListAttachedUserPolicies: listAttachedUserPolicies,
  PutUserPermissionsBoundary: putUserPermissionsBoundary,
  DeleteUserPermissionsBoundary: deleteUserPermissionsBoundary,
} satisfies Answered<typeof Iam>;
