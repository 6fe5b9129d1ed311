/** Resource groups: how an account sorts its resources. https://cloud.ibm.com/docs/account?topic=account-rgs */
import type { Action, ResourceType } from '../../access.ts';
import type { Context } from '../../context.ts';
import { Fault } from '../../faults.ts';
import { type Allowed, operation } from '../../operation.ts';
import { parseCrn } from '../../policy/names.ts';
import { defaultGroupId, Group, type GroupDocument, groupRef } from './access.ts';

/** What lies in a group and is in the way of deleting it: found in the account under `index` by the group's id. */
export interface GroupContents {
  readonly type: ResourceType<never>;
  readonly index: string;
}

/** A group as the caller may see it. */
export interface GroupView {
  readonly account: string;
  readonly group: Readonly<GroupDocument>;
}

const MOST = 1000;

/** Asks for a group of an account. The default group is there even before anything of it is kept. */
export async function allowGroup<N extends string>(
  cx: Context,
  action: Action<GroupDocument, N>,
  account: string,
  idOrCrn: string,
): Promise<Allowed<GroupDocument, N>> {
  const crn = parseCrn(idOrCrn);
  const ref = groupRef(account, crn?.type === 'resource-group' && crn.account === account ? crn.id : idOrCrn);
  const isDerived =
    ref.id === defaultGroupId(ref.account) && !(await cx.isTaken(Group.type, ref.account, 'id', ref.id));
  return isDerived ? cx.allowNew(action, ref, defaultGroup(ref.account)) : cx.allow(action, ref);
}

export const listGroups = operation(
  'resources.list-groups',
  async (cx, input: { account?: string; name?: string; default?: boolean }): Promise<GroupView[]> => {
    const account = input.account ?? cx.identity.caller.account;
    const stored = await cx.allowEach(Group.list, account, { limit: MOST });
    const views = stored.items.map(({ value }) => ({ account, group: value }));
    const id = defaultGroupId(account);
    if (!(await cx.isTaken(Group.type, account, 'id', id)) && (await maySee(cx, account))) {
      views.unshift({ account, group: defaultGroup(account) });
    }
    return views.filter(
      ({ group }) =>
        (input.name === undefined || group.name.toLowerCase() === input.name.toLowerCase()) &&
        (input.default === undefined || (group.id === id) === input.default),
    );
  },
);

export const createGroup = operation(
  'resources.create-group',
  async (cx, input: { account?: string; name: string }): Promise<GroupView> => {
    const account = input.account ?? cx.identity.caller.account;
    const group: GroupDocument = {
      id: cx.newId().replaceAll('-', ''),
      name: checkedName(input.name),
      state: 'ACTIVE',
      createdAt: cx.now,
      updatedAt: cx.now,
    };
    const allowed = await cx.allowNew(Group.create, groupRef(account, group.id), group);
    await checkFree(cx, account, group.name);
    cx.create(allowed, group);
    return { account, group };
  },
  { recorded: ({ account, name }) => ({ account, name }) },
);

export const getGroup = operation('resources.get-group', async (cx, input: { id: string }): Promise<GroupView> => {
  const { ref, value } = await allowGroup(cx, Group.read, cx.identity.caller.account, input.id);
  return { account: ref.account, group: value };
});

export const updateGroup = operation(
  'resources.update-group',
  async (cx, input: { id: string; name?: string; state?: GroupDocument['state'] }): Promise<GroupView> => {
    const allowed = await allowGroup(cx, Group.update, cx.identity.caller.account, input.id);
    const { account } = allowed.ref;
    const name = input.name === undefined ? allowed.value.name : checkedName(input.name);
    if (name.toLowerCase() !== allowed.value.name.toLowerCase()) await checkFree(cx, account, name);
    const group = { ...allowed.value, name, state: input.state ?? allowed.value.state, updatedAt: cx.now };
    if (allowed.document) cx.update(allowed, group);
    else cx.create(allowed, group);
    return { account, group };
  },
  { recorded: ({ id, name, state }) => ({ id, name, state }) },
);

/** Deletes a group in which nothing is left. `contents`: what services keep in groups. */
export function deleteGroupOf(contents: readonly GroupContents[]) {
  return operation(
    'resources.delete-group',
    async (cx, input: { id: string }): Promise<void> => {
      const allowed = await allowGroup(cx, Group.delete, cx.identity.caller.account, input.id);
      const { account, id } = allowed.ref;
      if (id === defaultGroupId(account)) {
        throw new Fault('invalid', 'default-group', 'the default resource group cannot be deleted');
      }
      for (const { type, index } of contents) {
        if (await cx.isTaken(type, account, index, id)) {
          throw new Fault('state', 'group-not-empty', 'the resource group is not empty: delete what is in it first');
        }
      }
      cx.remove(allowed);
    },
    { recorded: ({ id }) => ({ id }) },
  );
}

/** Keeps the default group of an account that has just been made. */
export const foundDefaultGroup = operation('resources.found-default-group', async (cx): Promise<void> => {
  const { account } = cx.identity.caller;
  const ref = groupRef(account, defaultGroupId(account));
  const isThere = await cx.isTaken(Group.type, account, 'id', ref.id);
  if (isThere) await cx.allow(Group.found, ref);
  else cx.create(await cx.allowNew(Group.found, ref, defaultGroup(account, cx.now)), defaultGroup(account, cx.now));
});

/** As it is before anything of it is kept. */
function defaultGroup(account: string, createdAt = 0): GroupDocument {
  return { id: defaultGroupId(account), name: 'Default', state: 'ACTIVE', createdAt, updatedAt: createdAt };
}

/** In a list, what the caller may not see is left out, not refused. */
async function maySee(cx: Context, account: string): Promise<boolean> {
  try {
    await cx.allowNew(Group.list, groupRef(account, defaultGroupId(account)), defaultGroup(account));
    return true;
  } catch (error) {
    if (error instanceof Fault && error.kind === 'denied') return false;
    throw error;
  }
}

function checkedName(name: string): string {
  if (/^[\p{L}\p{N} _.-]{1,40}$/u.test(name)) return name;
  throw new Fault(
    'invalid',
    'group-name',
    `\`${name.slice(0, 60)}\`: a resource group's name has 1 to 40 letters, digits, spaces and \`. _ -\``,
    { target: { type: 'field', name: 'name' } },
  );
}

async function checkFree(cx: Context, account: string, name: string): Promise<void> {
  const isDefault = name.toLowerCase() === 'default';
  const taken = await cx.isTaken(Group.type, account, 'name', name.toLowerCase());
  const renamed = isDefault && (await cx.isTaken(Group.type, account, 'id', defaultGroupId(account)));
  if (taken || (isDefault && !renamed)) {
    throw new Fault('conflict', 'group-name-taken', `there is a resource group \`${name}\` already`);
  }
}
