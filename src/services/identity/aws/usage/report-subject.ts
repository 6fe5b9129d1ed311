/** What a report on last access is about. */
import type { AccountReader } from '../../../../account-reader.ts';
import { arnOf, awsRef, nameWithoutPath } from '../../../../policy/names.ts';
import type { Collection } from '../../../../store/store.ts';
import {
  type EntityDocument,
  groups,
  keyOf,
  memberships,
  type RoleDocument,
  roleRef,
  roles,
  type UserDocument,
  userRef,
  users,
} from '../documents.ts';
import { groupsOfUser, type Holder, managedText, policiesOf } from '../policy-sources.ts';
import { servicesGranted } from './granted.ts';

/** A user or role as reports name it. */
export interface Described {
  readonly kind: 'USER' | 'ROLE';
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly path: string;
}

interface Subject {
  readonly services: readonly string[];
  readonly entities: readonly Described[];
}

/** The user, group, role or managed policy with this ARN, if it is there still: the services that its policies give access to, and who has these. */
export async function subjectOf(reader: AccountReader, account: string, arn: string): Promise<Subject | undefined> {
  const { type, id } = awsRef(arn, account);
  const key = keyOf(nameWithoutPath(id));
  switch (type) {
    case 'user': {
      const user = (await reader.get(users, account, key))?.value;
      if (user === undefined) return undefined;
      const joined = await groupsOfUser(reader, account, user.id);
      const holders = [{ kind: 'user', entity: user }, ...joined.map((entity) => ({ kind: 'group', entity }))];
      return {
        services: await granted(reader, account, holders as Holder[]),
        entities: [describedUser(account, user)],
      };
    }
    case 'role': {
      const role = (await reader.get(roles, account, key))?.value;
      if (role === undefined) return undefined;
      const services = await granted(reader, account, [{ kind: 'role', entity: role }]);
      return { services, entities: [describedRole(account, role)] };
    }
    case 'group': {
      const group = (await reader.get(groups, account, key))?.value;
      if (group === undefined) return undefined;
      const services = await granted(reader, account, [{ kind: 'group', entity: group }]);
      return { services, entities: await membersOf(reader, account, group.id) };
    }
    default: {
      const text = await managedText(reader, account, arn);
      return text === undefined
        ? undefined
        : { services: servicesGranted([text]), entities: await holdersOf(reader, account, arn) };
    }
  }
}

async function granted(reader: AccountReader, account: string, holders: readonly Holder[]): Promise<readonly string[]> {
  const sources = await Promise.all(holders.map((holder) => policiesOf(reader, account, holder)));
  return servicesGranted(sources.flat().map(({ text }) => text));
}

/** Users and roles that a managed policy is attached to, and users of groups that it is attached to. */
async function holdersOf(reader: AccountReader, account: string, arn: string): Promise<readonly Described[]> {
  const found = new Map<string, Described>();
  const add = (entity: Described) => found.set(entity.id, entity);
  for await (const user of allOf(reader, account, users, 'attached', arn)) add(describedUser(account, user));
  for await (const role of allOf(reader, account, roles, 'attached', arn)) add(describedRole(account, role));
  for await (const group of allOf(reader, account, groups, 'attached', arn)) {
    for (const member of await membersOf(reader, account, group.id)) add(member);
  }
  return [...found.values()];
}

async function membersOf(reader: AccountReader, account: string, group: string): Promise<readonly Described[]> {
  const found: Described[] = [];
  for await (const { user: id } of allOf(reader, account, memberships, 'group', group)) {
    const { items } = await reader.list(users, account, { index: 'uniqueId', key: id, limit: 1 });
    for (const { value } of items) found.push(describedUser(account, value));
  }
  return found;
}

const PAGE = 100;

async function* allOf<D extends object>(
  reader: AccountReader,
  account: string,
  of: Collection<D>,
  index: string,
  key: string,
): AsyncGenerator<Readonly<D>> {
  let after: string | undefined;
  do {
    const page = await reader.list(of, account, { index, key, limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const { value } of page.items) yield value;
    after = page.next;
  } while (after !== undefined);
}

const describedUser = (account: string, user: UserDocument): Described => ({
  kind: 'USER',
  arn: arnOf(userRef(account, user.path, user.name)),
  ...named(user),
});
const describedRole = (account: string, role: RoleDocument): Described => ({
  kind: 'ROLE',
  arn: arnOf(roleRef(account, role.path, role.name)),
  ...named(role),
});
const named = ({ id, name, path }: EntityDocument) => ({ id, name, path });
