/** The accounts service: it keeps accounts, persons and memberships; world files make them. */
import type { Service } from '../../service.ts';
import { Account, accounts, Membership, memberships, Person, persons } from './access.ts';
import { ownerLayer } from './owner.ts';

export const accountsService: Service = {
  name: 'accounts',
  collections: [accounts, persons, memberships],
  actions: [Account.create, Account.read, Person.create, Person.read, Person.named, Membership.create, Membership.read],
  operations: [],
  sources: [ownerLayer],
};
