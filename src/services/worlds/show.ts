/** What the plane holds, as world files say it; credentials are never part of it. */
import type { Context } from '../../context.ts';
import { operation } from '../../operation.ts';
import type { Cloud } from '../../policy/names.ts';
import { PLANE } from '../../store/store.ts';
import { Account, EVERY_ACCOUNT, Membership, Person, personRef } from '../accounts/access.ts';
import { type Enterprise, Grouping, type Organization } from '../accounts/groupings.ts';
import { User } from '../identity/aws/access.ts';
import { ROOT_USER } from '../identity/aws/documents.ts';
import { ServiceId } from '../identity/ibm/access.ts';
import { yaml } from './yaml.ts';

const ALL = 10_000;

export interface ShownAccount {
  readonly id: string;
  readonly name: string;
  readonly cloud: Cloud;
  /** E-mail address of an IBM Cloud account's owner. */
  readonly owner?: string;
  /** E-mail addresses and names (IBM Cloud), or names (AWS). */
  readonly users: readonly { readonly email?: string; readonly name: string }[];
  readonly serviceIds: readonly { readonly name: string; readonly description?: string }[];
}

export interface ShownWorld {
  readonly accounts: readonly ShownAccount[];
  readonly enterprises: readonly Enterprise[];
  readonly organizations: readonly Organization[];
}

export const showWorld = operation('worlds.show', (cx, _input: null): Promise<ShownWorld> => shown(cx));

/** A world file of what there is. Credentials are left out, so applying it to another plane makes new ones. */
export const exportWorld = operation('worlds.export', async (cx, _input: null): Promise<string> => {
  const { accounts, enterprises, organizations } = await shown(cx);
  const file = {
    accounts: accounts.map((account) => ({
      id: account.id,
      name: account.name,
      ...(account.cloud === 'aws' ? awsPart(account) : ibmPart(account)),
    })),
    ...(enterprises.length > 0 ? { enterprises } : {}),
    ...(organizations.length > 0 ? { organizations } : {}),
  };
  return yaml().stringify(file);
});

function ibmPart({ owner, users, serviceIds }: ShownAccount): object {
  const others = users.filter(({ email }) => email !== owner);
  return {
    owner: users.find(({ email }) => email === owner),
    ...(others.length > 0 ? { users: others } : {}),
    ...(serviceIds.length > 0 ? { serviceIds } : {}),
  };
}

function awsPart({ users }: ShownAccount): object {
  return { owner: {}, ...(users.length > 0 ? { users } : {}) };
}

async function shown(cx: Context): Promise<ShownWorld> {
  const accounts: ShownAccount[] = [];
  for (const { ref } of await cx.locate(Account.type, 'every', EVERY_ACCOUNT, ALL)) {
    const { value } = await cx.allow(Account.read, ref);
    accounts.push(value.cloud === 'ibm' ? await shownIbm(cx, value) : await shownAws(cx, value));
  }
  const kept = (await cx.allowEach(Grouping.read, PLANE, { limit: ALL })).items.map(({ value }) => value);
  return {
    accounts,
    enterprises: kept.flatMap(({ enterprise }) => enterprise ?? []),
    organizations: kept.flatMap(({ organization }) => organization ?? []),
  };
}

interface NamedAccount {
  readonly id: string;
  readonly name: string;
  readonly owner?: string;
}

async function shownIbm(cx: Context, { id, name, owner }: NamedAccount): Promise<ShownAccount> {
  const users: { email: string; name: string }[] = [];
  let ownerEmail = '';
  for (const { value } of (await cx.allowEach(Membership.read, id, { limit: ALL })).items) {
    const person = (await cx.allow(Person.read, personRef(value.iamId))).value;
    users.push({ email: person.email, name: person.name });
    if (value.iamId === owner) ownerEmail = person.email;
  }
  const serviceIds = (await cx.allowEach(ServiceId.read, id, { limit: ALL })).items.map(({ value }) => ({
    name: value.name,
    ...(value.description === undefined ? {} : { description: value.description }),
  }));
  return { id, name, cloud: 'ibm', owner: ownerEmail, users, serviceIds };
}

async function shownAws(cx: Context, { id, name }: NamedAccount): Promise<ShownAccount> {
  const found = (await cx.allowEach(User.inspect, id, { limit: ALL })).items;
  const users = found.flatMap(({ value }) => (value.name === ROOT_USER ? [] : [{ name: value.name }]));
  return { id, name, cloud: 'aws', users, serviceIds: [] };
}
