/** The accounts service: it keeps accounts, persons, memberships and what accounts belong to; world files make them. */
import type { Service } from '../../service.ts';
import { Account, accounts, Membership, memberships, Person, persons } from './access.ts';
import { Grouping, groupings } from './groupings.ts';
import { ownerLayer } from './owner.ts';

export const accountsService: Service = {
  name: 'accounts',
  collections: [accounts, persons, memberships, groupings],
  actions: [
    ...[Account.create, Account.read, Person.create, Person.read, Person.named],
    ...[Membership.create, Membership.read, Grouping.create, Grouping.read],
  ],
  operations: [],
  sources: [ownerLayer],
};
