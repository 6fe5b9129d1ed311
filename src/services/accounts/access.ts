/** Accounts, the persons of the plane, and who is a member of which account. */
import { resource } from '../../access.ts';
import { type Cloud, ibmRef } from '../../policy/names.ts';
import { collection, PLANE } from '../../store/store.ts';

export interface AccountDocument {
  readonly id: string;
  readonly name: string;
  readonly cloud: Cloud;
  /** iam_id of the person who owns an IBM Cloud account. */
  readonly owner?: string;
  readonly createdAt: number;
}

/** One person on the whole plane, whatever accounts they are a member of. */
export interface PersonDocument {
  /** `IBMid-...` */
  readonly iamId: string;
  readonly email: string;
  readonly name: string;
}

export interface MembershipDocument {
  readonly iamId: string;
  readonly state: 'ACTIVE';
  readonly addedAt: number;
}

/** Index key under which every account of the plane is found. */
export const EVERY_ACCOUNT = 'account';

export const accounts = collection<AccountDocument>('accounts', {
  decides: true,
  indexes: { every: () => [EVERY_ACCOUNT] },
});

export const persons = collection<PersonDocument>('persons', {
  indexes: { email: (person) => [emailKey(person.email)] },
});

export const memberships = collection<MembershipDocument>('memberships', {
  decides: true,
  indexes: { person: (membership) => [membership.iamId] },
});

/** E-mail addresses are the same person's whatever their case. */
export function emailKey(email: string): string {
  return email.toLowerCase();
}

export const accountRef = (account: string) => ibmRef({ account, service: 'account', type: 'account', id: account });
export const personRef = (iamId: string) => ibmRef({ account: PLANE, service: 'account', type: 'person', id: iamId });
export const membershipRef = (account: string, iamId: string) =>
  ibmRef({ account, service: 'account', type: 'membership', id: iamId });

export const Account = resource<AccountDocument>()(
  'account',
  { collection: accounts, refOf: ({ account }) => accountRef(account) },
  { create: { nature: 'write', standing: ['operator'] }, read: { nature: 'read', standing: ['operator'] } },
);

export const Person = resource<PersonDocument>()(
  'person',
  { collection: persons, refOf: ({ id }) => personRef(id), attributes: (ref) => ({ iamId: ref.id }) },
  {
    create: { nature: 'write', standing: ['operator'] },
    read: { nature: 'read', standing: ['operator', 'self'] },
    /** Name and e-mail address, for who may see that the person is a member of something. */
    named: { nature: 'read', standing: ['anyone'] },
  },
);

export const Membership = resource<MembershipDocument>()(
  'membership',
  {
    collection: memberships,
    refOf: ({ account, id }) => membershipRef(account, id),
    attributes: (ref) => ({ iamId: ref.id }),
  },
  {
    create: { nature: 'write', standing: ['operator'] },
    read: { nature: 'read', ibm: 'user-management.user.retrieve', standing: ['operator', 'self'] },
  },
);
