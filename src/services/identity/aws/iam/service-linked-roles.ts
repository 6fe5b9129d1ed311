/**
 * The roles by which services of AWS act in an account: each made for one service, changed by nobody.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
 */
import type * as Iam from '@aws-sdk/client-iam';
import { operation } from '../../../../operation.ts';
import type { ResourceRef } from '../../../../policy/names.ts';
import type { Json } from '../../../../store/store.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { Role, RoleDeletion } from '../access.ts';
import { LINKED_PATH, type RoleDocument, roleDeletions, roleNamed, roleRef } from '../documents.ts';
import { uniqueId } from '../ids.ts';
import { serviceLinkedRoles } from '../service-linked-roles.data.ts';
import { DEFAULT_SESSION_SECONDS, shownRole } from './roles.ts';

const LONGEST_NAME = 64;

/** The role of a service: its name, and the policy that it has. Throws `InvalidInput`. */
function linkedRole(service: string, suffix: string | undefined): { readonly name: string; readonly policy: string } {
  const known = Object.hasOwn(serviceLinkedRoles, service) ? serviceLinkedRoles[service] : undefined;
  if (known === undefined) {
    throw awsFault(
      'InvalidInput',
      `the plane knows no service-linked role of \`${service}\`: give a service principal`,
    );
  }
  const policy = `arn:aws:iam::aws:policy${LINKED_PATH}${known.policy}`;
  if (suffix === undefined) return { name: known.name, policy };
  if (!known.customSuffix) throw awsFault('InvalidInput', `Custom suffix is not allowed for ${service}`);
  const name = `${known.name}_${suffix}`;
  if (name.length > LONGEST_NAME) {
    throw awsFault('InvalidInput', `the role name \`${name}\` is longer than ${LONGEST_NAME}: give a shorter suffix`);
  }
  return { name, policy };
}

function trustOf(service: string): string {
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

/** Only roles of this kind can still be made in an account that has as many roles as it may. */
export const createServiceLinkedRole = operation(
  'iam.CreateServiceLinkedRole',
  async (
    cx,
    input: Input<Iam.CreateServiceLinkedRoleCommandInput>,
  ): Promise<Output<Iam.CreateServiceLinkedRoleCommandOutput>> => {
    const { AWSServiceName: service, CustomSuffix, Description: description } = input;
    const { name, policy } = linkedRole(service, CustomSuffix);
    const draft: RoleDocument = {
      id: uniqueId('AROA', cx.newId()),
      name,
      path: `${LINKED_PATH}${service}/`,
      createdAt: cx.now,
      inline: {},
      attached: [policy],
      trust: trustOf(service),
      maxSession: DEFAULT_SESSION_SECONDS,
      tags: {},
      linkedTo: service,
      ...(description === undefined ? {} : { description }),
    };
    const ref = roleRef(cx.identity.caller.account, draft.path, name);
    const role = await cx.allowNew(Role.createServiceLinkedRole, ref, draft, { 'iam:awsservicename': service });
    cx.create(role, draft);
    return { Role: await shownRole(cx, ref.account, draft) };
  },
  { recorded: ({ AWSServiceName, CustomSuffix }) => ({ AWSServiceName, CustomSuffix }) },
);

export const FINISH_ROLE_DELETION = 'identity.finish-role-deletion';

/** The role goes soon after. Asking again before that names the same task. */
export const deleteServiceLinkedRole = operation(
  'iam.DeleteServiceLinkedRole',
  async (
    cx,
    { RoleName }: Input<Iam.DeleteServiceLinkedRoleCommandInput>,
  ): Promise<Output<Iam.DeleteServiceLinkedRoleCommandOutput>> => {
    const { account } = cx.identity.caller;
    const role = await cx.allow(Role.deleteServiceLinkedRole, roleNamed(account, RoleName));
    const { id, name, path, linkedTo } = role.value;
    if (linkedTo === undefined) {
      throw awsFault('NoSuchEntity', `The service-linked role with name ${RoleName} cannot be found.`);
    }
    const begun = await cx.parts(role, roleDeletions, { index: 'role', key: id, limit: 1 });
    const task = begun.items[0]?.value.id ?? cx.newId();
    if (begun.items.length === 0) {
      cx.putPart(role, roleDeletions, task, { id: task, role: id, name, path, done: false });
      cx.schedule({ kind: FINISH_ROLE_DELETION, account, due: cx.now, payload: { name, role: id, task } });
    }
    return { DeletionTaskId: `task${path}${name}/${task}` };
  },
  { recorded: ({ RoleName }) => ({ RoleName }) },
);

/** Nothing of the plane keeps a service-linked role in use. */
export const finishRoleDeletion = operation(
  'identity.finish-role-deletion',
  async (cx, payload: Json): Promise<void> => {
    const { name, role: id, task } = payload as { name: string; role: string; task: string };
    const role = await cx.allow(Role.finishDeletion, roleNamed(cx.identity.caller.account, name));
    const deletion = await cx.part(role, roleDeletions, task);
    if (deletion === undefined || role.value.id !== id) return;
    cx.putPart(role, roleDeletions, task, { ...deletion.value, done: true });
    cx.remove(role);
  },
);

export const getServiceLinkedRoleDeletionStatus = operation(
  'iam.GetServiceLinkedRoleDeletionStatus',
  async (
    cx,
    { DeletionTaskId }: Input<Iam.GetServiceLinkedRoleDeletionStatusCommandInput>,
  ): Promise<Output<Iam.GetServiceLinkedRoleDeletionStatusCommandOutput>> => {
    const ref = taskAsked(cx.identity.caller.account, DeletionTaskId);
    const { value } = await cx.allow(RoleDeletion.getServiceLinkedRoleDeletionStatus, ref);
    return { Status: value.done ? 'SUCCEEDED' : 'IN_PROGRESS' };
  },
  { recorded: ({ DeletionTaskId }) => ({ DeletionTaskId }) },
);

const TASK = /^task(\/aws-service-role\/[^/]+\/)([^/]+)\/([0-9a-f-]{36})$/;

/** The role that a task removes, with the task. Throws `InvalidInput`. */
function taskAsked(account: string, id: string): ResourceRef {
  const [, path, name, task] = TASK.exec(id) ?? [];
  if (path === undefined || name === undefined || task === undefined) {
    throw awsFault('InvalidInput', `\`${id}\` is no deletion task: give the id that DeleteServiceLinkedRole answered`);
  }
  return { ...roleRef(account, path, name), instance: task };
}

export const serviceLinkedRoleOperations = {
  CreateServiceLinkedRole: createServiceLinkedRole,
  DeleteServiceLinkedRole: deleteServiceLinkedRole,
  GetServiceLinkedRoleDeletionStatus: getServiceLinkedRoleDeletionStatus,
} satisfies Answered<typeof Iam>;
