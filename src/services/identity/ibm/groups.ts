/** Access groups. https://cloud.ibm.com/apidocs/iam-access-groups */
import type { Context } from '../../../context.ts';
import { Fault } from '../../../faults.ts';
import { type Allowed, operation } from '../../../operation.ts';
import { Group, type GroupDocument, groupMembers, groupRef, groups } from './access.ts';
import { checkTag, LONGEST_LIST, ownAccount } from './entity.ts';

/** https://cloud.ibm.com/docs/account?topic=account-known-issues#iam_limits */
const GROUPS_PER_ACCOUNT = 500;

export interface ShownGroup {
  readonly account: string;
  readonly id: string;
  readonly revision: number;
  readonly value: Readonly<GroupDocument>;
}

export interface CreateGroup {
  readonly account: string;
  readonly name: string;
  readonly description?: string | undefined;
}

export const createGroup = operation(
  'identity.create-group',
  async (cx, input: CreateGroup): Promise<ShownGroup> => {
    const account = ownAccount(cx, input.account);
    const id = `AccessGroupId-${cx.newId()}`;
    const by = cx.identity.caller.id;
    const draft: GroupDocument = {
      name: input.name,
      ...(input.description === undefined ? {} : { description: input.description }),
      createdAt: cx.now,
      createdBy: by,
      modifiedAt: cx.now,
      modifiedBy: by,
    };
    const allowed = await cx.allowNew(Group.create, groupRef(account, id), draft);
    const others = await cx.parts(allowed, groups, { limit: GROUPS_PER_ACCOUNT });
    if (others.items.length >= GROUPS_PER_ACCOUNT) {
      throw new Fault('quota', 'too-many-groups', `an account can have at most ${GROUPS_PER_ACCOUNT} access groups`);
    }
    await checkName(cx, account, input.name);
    cx.create(allowed, draft);
    return { account, id, revision: 1, value: draft };
  },
  { recorded: ({ name }) => ({ name }) },
);

/** Names are unique in an account, whatever their case. */
async function checkName(cx: Context, account: string, name: string): Promise<void> {
  if (!(await cx.isTaken(Group.type, account, 'name', name.toLowerCase()))) return;
  throw new Fault('conflict', 'group-name-taken', `there is an access group \`${name}\` already: choose another name`, {
    target: { type: 'field', name: 'name' },
  });
}

export const getGroup = operation('identity.get-group', async (cx, id: string): Promise<ShownGroup> => {
  return shown(await cx.allow(Group.read, groupRef(ownAccount(cx, undefined), id)));
});

export interface ListGroups {
  readonly account: string;
  /** Only groups that this identity is a member of. */
  readonly iamId: string | undefined;
  /** Only groups whose field holds the text, in any case. */
  readonly search: { readonly field: 'id' | 'name' | 'description'; readonly text: string } | undefined;
}

export const listGroups = operation(
  'identity.list-groups',
  async (cx, { account, iamId, search }: ListGroups): Promise<ShownGroup[]> => {
    const found: ShownGroup[] = [];
    const text = search?.text.toLowerCase() ?? '';
    const page = await cx.allowEach(Group.list, ownAccount(cx, account), {
      limit: LONGEST_LIST,
      keep: ({ id, value }) =>
        search === undefined ||
        String({ id, ...value }[search.field] ?? '')
          .toLowerCase()
          .includes(text),
    });
    for (const allowed of page.items) {
      if (iamId === undefined || (await cx.part(allowed, groupMembers, iamId))) found.push(shown(allowed));
    }
    return found;
  },
);

export interface UpdateGroup {
  readonly id: string;
  readonly tag: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

export const updateGroup = operation(
  'identity.update-group',
  async (cx, { id, tag, name, description }: UpdateGroup): Promise<ShownGroup> => {
    const account = ownAccount(cx, undefined);
    const allowed = await cx.allow(Group.update, groupRef(account, id));
    checkTag(tag, allowed.document!);
    if (name !== undefined && name.toLowerCase() !== allowed.value.name.toLowerCase())
      await checkName(cx, account, name);
    const value: GroupDocument = {
      ...allowed.value,
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      modifiedAt: cx.now,
      modifiedBy: cx.identity.caller.id,
    };
    cx.update(allowed, value);
    return { account, id, revision: allowed.document!.revision + 1, value };
  },
  { recorded: ({ id, name }) => ({ id, name }) },
);

/** Throws `conflict` for a group with members, unless forced. */
export const deleteGroup = operation(
  'identity.delete-group',
  async (cx, { id, force }: { id: string; force: boolean }): Promise<void> => {
    const allowed = await cx.allow(Group.delete, groupRef(ownAccount(cx, undefined), id));
    const members = await cx.parts(allowed, groupMembers, { index: 'group', key: id, limit: LONGEST_LIST });
    if (members.items.length > 0 && !force) {
      throw new Fault('conflict', 'group-not-empty', 'the access group has members: remove them, or send `force=true`');
    }
    for (const { value } of members.items) cx.removePart(allowed, groupMembers, value.iamId);
    cx.remove(allowed);
  },
  { recorded: ({ id, force }) => ({ id, force }) },
);

function shown({ ref, document }: Allowed<GroupDocument>): ShownGroup {
  return { account: ref.account, id: ref.id, revision: document!.revision, value: document!.value };
}
