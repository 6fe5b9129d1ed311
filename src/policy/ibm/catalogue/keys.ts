import { type Grant, PLATFORM, ROLES_PAGE, SERVICE, type ServiceEntry } from './entry.ts';

const readers = 'Reader ReaderPlus Writer Manager';
const writers = 'Writer Manager';

const keyGrants: readonly Grant[] = [
  [
    readers,
    `kms.secrets.list kms.secrets.wrap kms.secrets.unwrap kms.secrets.rewrap kms.secrets.readmetadata kms.secrets.eventack
     kms.secrets.listkeyversions kms.keyversions.list kms.secrets-migration-intent.read
     kms.registrations.list kms.registrations.listforkey kms.registrations.create kms.registrations.write
     kms.registrations.merge kms.registrations.deactivate kms.registrations.delete
     kms.keyrings.list`,
  ],
  ['ReaderPlus Writer Manager', 'kms.secrets.read'],
  [
    writers,
    `kms.secrets.create kms.secrets.rotate kms.secrets.sync kms.secrets.createalias kms.secrets.deletealias
     kms.secrets.setkeyfordeletion kms.secrets.unsetkeyfordeletion
     kms.importtoken.read kms.importtoken.create kms.keyrings.create
     kms.lockers.read kms.lockers.create kms.lockers.list`,
  ],
  [
    'Manager',
    `kms.secrets.delete kms.secrets.restore kms.secrets.disable kms.secrets.enable kms.secrets.patch
     kms.secrets-with-policy-overrides.create kms.secrets-migration-intent.create kms.secrets-migration-intent.delete
     kms.policies.read kms.policies.write kms.instancepolicies.read kms.instancepolicies.write
     kms.instance.readallowedipport kms.instance.readipwhitelistport kms.keyrings.delete kms.keyrings.patch`,
  ],
  ['KeyPurge', 'kms.secrets.purge'],
  [
    'KmipAdapterManager Manager',
    `kms.kmip-management.create kms.kmip-management.read kms.kmip-management.list kms.kmip-management.delete`,
  ],
];

const keyRoles = [
  { id: 'ReaderPlus', name: 'ReaderPlus', description: 'Reads keys, and the material of standard keys too' },
  { id: 'KeyPurge', name: 'KeyPurge', description: 'Purges deleted keys' },
  { id: 'KmipAdapterManager', name: 'KMIP Adapter Manager', description: 'Manages KMIP adapters' },
];

/** HPCS speaks the Key Protect API; its actions carry its own prefix. */
const hpcs = (grants: readonly Grant[]): Grant[] =>
  grants.map(([roles, actions]) => [roles, actions.replaceAll('kms.', 'hs-crypto.')]);

export const keyServices: readonly ServiceEntry[] = [
  {
    name: 'kms',
    known_as: ['Key Protect', 'IBM Key Protect', 'Key Management Service'],
    type: 'service',
    source: `${ROLES_PAGE}#kms-roles`,
    roles: [...PLATFORM, ...SERVICE],
    own_roles: keyRoles,
    instances: true,
    attributes: ['keyRing'],
    grants: keyGrants,
  },
  {
    name: 'hs-crypto',
    known_as: ['Hyper Protect Crypto Services', 'HPCS'],
    type: 'service',
    source: `${ROLES_PAGE}#hs-crypto-roles`,
    roles: [...PLATFORM, ...SERVICE],
    own_roles: keyRoles,
    instances: true,
    attributes: ['keyRing'],
    grants: hpcs(keyGrants),
  },
];
