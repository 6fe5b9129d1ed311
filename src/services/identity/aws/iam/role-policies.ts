/** Policies and permissions boundaries of roles. */
import type * as Iam from '@aws-sdk/client-iam';
import { operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { Role } from '../access.ts';
import { LINKED_PATH, roleNamed } from '../documents.ts';
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
import { allowChangeOfRole } from './roles.ts';

export const putRolePolicy = operation(
  'iam.PutRolePolicy',
  async (cx, input: Input<Iam.PutRolePolicyCommandInput>): Promise<Output<Iam.PutRolePolicyCommandOutput>> => {
    const role = await allowChangeOfRole(cx, Role.putRolePolicy, input.RoleName, boundaryContext);
    cx.update(role, { ...role.value, inline: withInline(role.value, input, 'role') });
    return {};
  },
  { recorded: ({ RoleName, PolicyName }) => ({ RoleName, PolicyName }) },
);

export const getRolePolicy = operation(
  'iam.GetRolePolicy',
  async (cx, input: Input<Iam.GetRolePolicyCommandInput>): Promise<Output<Iam.GetRolePolicyCommandOutput>> => {
    const { value } = await cx.allow(Role.getRolePolicy, roleNamed(cx.identity.caller.account, input.RoleName));
    return { RoleName: value.name, ...shownInline(value, input.PolicyName, 'role') };
  },
  { recorded: ({ RoleName, PolicyName }) => ({ RoleName, PolicyName }) },
);

export const listRolePolicies = operation(
  'iam.ListRolePolicies',
  async (cx, input: Input<Iam.ListRolePoliciesCommandInput>): Promise<Output<Iam.ListRolePoliciesCommandOutput>> => {
    const { value } = await cx.allow(Role.listRolePolicies, roleNamed(cx.identity.caller.account, input.RoleName));
    const { items, rest } = await pageOf(cx, ['ListRolePolicies', value.id], input, inlineNames(value));
    return { PolicyNames: [...items], ...rest };
  },
  { recorded: ({ RoleName }) => ({ RoleName }) },
);

export const deleteRolePolicy = operation(
  'iam.DeleteRolePolicy',
  async (cx, input: Input<Iam.DeleteRolePolicyCommandInput>): Promise<Output<Iam.DeleteRolePolicyCommandOutput>> => {
    const role = await allowChangeOfRole(cx, Role.deleteRolePolicy, input.RoleName, boundaryContext);
    cx.update(role, { ...role.value, inline: withoutInline(role.value, input.PolicyName, 'role') });
    return {};
  },
  { recorded: ({ RoleName, PolicyName }) => ({ RoleName, PolicyName }) },
);

export const attachRolePolicy = operation(
  'iam.AttachRolePolicy',
  async (cx, input: Input<Iam.AttachRolePolicyCommandInput>): Promise<Output<Iam.AttachRolePolicyCommandOutput>> => {
    const role = await allowChangeOfRole(cx, Role.attachRolePolicy, input.RoleName, attachContext(input.PolicyArn));
    const arn = await attachableArn(cx, input.PolicyArn);
    if (arn.includes(`:policy${LINKED_PATH}`)) {
      throw awsFault('PolicyNotAttachable', 'Cannot attach a Service Role Policy to a Customer Role.');
    }
    cx.update(role, { ...role.value, attached: withAttached(role.value, arn, 'PoliciesPerRole') });
    return {};
  },
  { recorded: ({ RoleName, PolicyArn }) => ({ RoleName, PolicyArn }) },
);

export const detachRolePolicy = operation(
  'iam.DetachRolePolicy',
  async (cx, input: Input<Iam.DetachRolePolicyCommandInput>): Promise<Output<Iam.DetachRolePolicyCommandOutput>> => {
    const role = await allowChangeOfRole(cx, Role.detachRolePolicy, input.RoleName, attachContext(input.PolicyArn));
    cx.update(role, { ...role.value, attached: withoutAttached(role.value, input.PolicyArn) });
    return {};
  },
  { recorded: ({ RoleName, PolicyArn }) => ({ RoleName, PolicyArn }) },
);

export const listAttachedRolePolicies = operation(
  'iam.ListAttachedRolePolicies',
  async (
    cx,
    input: Input<Iam.ListAttachedRolePoliciesCommandInput>,
  ): Promise<Output<Iam.ListAttachedRolePoliciesCommandOutput>> => {
    const ref = roleNamed(cx.identity.caller.account, input.RoleName);
    const { value } = await cx.allow(Role.listAttachedRolePolicies, ref);
    const scope = ['ListAttachedRolePolicies', value.id, input.PathPrefix];
    const { items, rest } = await pageOf(cx, scope, input, attachedEntries(value, input.PathPrefix));
    return { AttachedPolicies: [...items], ...rest };
  },
  { recorded: ({ RoleName }) => ({ RoleName }) },
);

export const putRolePermissionsBoundary = operation(
  'iam.PutRolePermissionsBoundary',
  async (
    cx,
    { RoleName, PermissionsBoundary }: Input<Iam.PutRolePermissionsBoundaryCommandInput>,
  ): Promise<Output<Iam.PutRolePermissionsBoundaryCommandOutput>> => {
    const own = { 'iam:permissionsboundary': PermissionsBoundary };
    const role = await allowChangeOfRole(cx, Role.putRolePermissionsBoundary, RoleName, own);
    cx.update(role, { ...role.value, boundary: await boundaryArn(cx, PermissionsBoundary) });
    return {};
  },
  { recorded: ({ RoleName, PermissionsBoundary }) => ({ RoleName, PermissionsBoundary }) },
);

/** Removing the boundary of a role without one changes nothing. */
export const deleteRolePermissionsBoundary = operation(
  'iam.DeleteRolePermissionsBoundary',
  async (
    cx,
    { RoleName }: Input<Iam.DeleteRolePermissionsBoundaryCommandInput>,
  ): Promise<Output<Iam.DeleteRolePermissionsBoundaryCommandOutput>> => {
    const role = await allowChangeOfRole(cx, Role.deleteRolePermissionsBoundary, RoleName, boundaryContext);
    const { boundary: _removed, ...unbounded } = role.value;
    cx.update(role, unbounded);
    return {};
  },
  { recorded: ({ RoleName }) => ({ RoleName }) },
);

export const rolePolicyOperations = {
  PutRolePolicy: putRolePolicy,
  GetRolePolicy: getRolePolicy,
  ListRolePolicies: listRolePolicies,
  DeleteRolePolicy: deleteRolePolicy,
  AttachRolePolicy: attachRolePolicy,
  DetachRolePolicy: detachRolePolicy,
  ListAttachedRolePolicies: listAttachedRolePolicies,
  PutRolePermissionsBoundary: putRolePermissionsBoundary,
  DeleteRolePermissionsBoundary: deleteRolePermissionsBoundary,
} satisfies Answered<typeof Iam>;
