import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  actionsOf,
  allRoles,
  allServices,
  dependentsOf,
  grants,
  roleCrn,
  roleOf,
  rolesFor,
  serviceNamed,
} from './catalogue.ts';
import { authorizationPairs, dependents } from './pairs.ts';

const IAM = 'crn:v1:bluemix:public:iam::::';

/** Role ids that hold an action on a service, as the vendor's role pages list them. */
const table: readonly [service: string, action: string, holders: string][] = [
  ['kms', 'kms.secrets.unwrap', 'Reader ReaderPlus Writer Manager'],
  ['kms', 'kms.secrets.wrap', 'Reader ReaderPlus Writer Manager'],
  ['kms', 'kms.secrets.list', 'Reader ReaderPlus Writer Manager'],
  ['kms', 'kms.registrations.create', 'Reader ReaderPlus Writer Manager'],
  ['kms', 'kms.secrets.read', 'ReaderPlus Writer Manager'],
  ['kms', 'kms.secrets.create', 'Writer Manager'],
  ['kms', 'kms.secrets.rotate', 'Writer Manager'],
  ['kms', 'kms.secrets.delete', 'Manager'],
  ['kms', 'kms.secrets.disable', 'Manager'],
  ['kms', 'kms.policies.write', 'Manager'],
  ['kms', 'kms.secrets.purge', 'KeyPurge'],
  ['hs-crypto', 'hs-crypto.secrets.unwrap', 'Reader ReaderPlus Writer Manager'],
  ['is', 'is.volume.volume.read', 'Viewer Operator Editor Administrator'],
  ['is', 'is.volume.volume.operate', 'Operator Editor Administrator'],
  ['is', 'is.volume.volume.create', 'Editor Administrator'],
  ['is', 'is.snapshot.snapshot.restore', 'Operator Editor Administrator'],
  ['is', 'is.snapshot.snapshot.allow-remote-account-restore', 'SnapshotRemoteAccountRestorer'],
  ['is', 'is.volume.volume.allow-remote-account-snapshot-restore', 'VolumeRemoteAccountSnapshotRestorer'],
  ['is', 'is.share.accessor-binding.create', 'Administrator ShareBroker'],
  ['is', 'is.vpc.dns-resolution-binding.connect', 'DNSBindingConnector'],
  ['is', 'is.vpc.vpc.read', 'Viewer Operator Editor Administrator DNSBindingConnector'],
  ['cloud-object-storage', 'cloud-object-storage.object.put', 'ObjectWriter Writer Manager'],
  ['cloud-object-storage', 'cloud-object-storage.object.get', 'ObjectReader ContentReader Reader Writer Manager'],
  ['cloud-object-storage', 'cloud-object-storage.bucket.put_firewall', 'Manager'],
  ['cloud-object-storage', 'cloud-object-storage.backup-vault.sync', 'BackupReader BackupManager Manager'],
  ['secrets-manager', 'secrets-manager.secret.read', 'SecretsReader Writer Manager'],
  ['transit', 'transit.gateway.edit', 'Editor Administrator'],
  ['dns-svcs', 'dns-svcs.zones.manage', 'Manager'],
  ['atracker', 'atracker.setting.update', 'Administrator'],
  ['event-notifications', 'event-notifications.sources.create', 'Manager Administrator EventSourceManager'],
  ['iam-identity', 'iam-identity.serviceid.get', 'Viewer Operator Editor Administrator'],
  ['iam-identity', 'iam-identity.apikey.create', 'Administrator Operator'],
  ['iam-groups', 'iam-groups.groups.create', 'Editor Administrator'],
  ['kms', 'resource-controller.instance.retrieve', 'Viewer Operator Editor Administrator'],
  ['kms', 'resource-controller.instance.create', 'Editor Administrator'],
  ['kms', 'resource-controller.credential.retrieve_all', 'Administrator'],
  ['kms', 'iam.policy.create', 'Administrator'],
  ['is', 'iam.role.assign', 'Administrator'],
  ['kms', 'iam.delegationPolicy.create', 'Administrator AuthorizationDelegator'],
];

for (const [service, action, holders] of table) {
  test(`${action} on ${service} is held by ${holders} and nobody else`, () => {
    const held = allRoles()
      .filter((role) => grants(role.crn, service).has(action))
      .map((role) => role.crn);
    const wanted = holders.split(' ').map((id) => roleCrn(service, id));
    assert.deepEqual(held.sort(), wanted.sort());
    assert.ok(actionsOf(service).includes(action));
  });
}

test('roles have the CRNs and display names that clients look for', () => {
  for (const [crn, name] of [
    [`${IAM}role:Viewer`, 'Viewer'],
    [`${IAM}role:AuthorizationDelegator`, 'Authorization Delegator'],
    [`${IAM}serviceRole:Reader`, 'Reader'],
    [`${IAM}serviceRole:Manager`, 'Manager'],
    ['crn:v1:bluemix:public:is::::serviceRole:SnapshotRemoteAccountRestorer', 'Snapshot Remote Account Restorer'],
    ['crn:v1:bluemix:public:is::::serviceRole:DNSBindingConnector', 'DNS Binding Connector'],
    ['crn:v1:bluemix:public:is::::serviceRole:ShareSnapshotOperator', 'Share Snapshot Operator'],
    ['crn:v1:bluemix:public:iam-identity::::serviceRole:ServiceIdCreator', 'Service ID creator'],
    ['crn:v1:bluemix:public:secrets-manager::::serviceRole:SecretsReader', 'SecretsReader'],
  ] as const) {
    assert.equal(roleOf(crn)?.display_name, name);
  }
  for (const crn of [`${IAM}role:Reader`, `${IAM}role:SnapshotRemoteAccountRestorer`, 'Reader', '']) {
    assert.equal(roleOf(crn), undefined);
  }
});

const names = (query: Parameters<typeof rolesFor>[0]) => {
  const { system_roles, service_roles } = rolesFor(query);
  return [system_roles.map((r) => r.display_name), service_roles.map((r) => r.display_name)];
};

test('roles are listed per service, and per pair of source and target', () => {
  assert.deepEqual(names({ service: 'kms' }), [
    ['Viewer', 'Operator', 'Editor', 'Administrator'],
    ['Reader', 'Writer', 'Manager', 'ReaderPlus', 'KeyPurge', 'KMIP Adapter Manager'],
  ]);
  assert.deepEqual(names({ service: 'kms', source: 'server-protect', policyType: 'authorization' }), [
    ['Authorization Delegator'],
    ['Reader'],
  ]);
  assert.deepEqual(names({ service: 'kms', source: 'cloud-object-storage', policyType: 'authorization' }), [
    [],
    ['Reader'],
  ]);
  assert.deepEqual(names({ service: 'resource-controller', source: 'project', policyType: 'authorization' }), [
    ['Viewer'],
    [],
  ]);
  assert.deepEqual(names({}), [
    ['Viewer', 'Operator', 'Editor', 'Administrator'],
    ['Reader', 'Writer', 'Manager'],
  ]);
});

test('a pair that no page documents, and a service that does not exist, have no roles', () => {
  for (const query of [
    { service: 'kms', source: 'dns-svcs', policyType: 'authorization' },
    { service: 'kms', source: 'nobody', policyType: 'authorization' },
    { service: 'kmss' },
    { service: '__proto__' },
  ] as const) {
    assert.deepEqual(names(query), [[], []]);
  }
  assert.deepEqual(actionsOf('nobody'), []);
  assert.equal(grants(`${IAM}serviceRole:Reader`, 'nobody').size, 0);
  assert.deepEqual(dependentsOf('constructor'), []);
});

test('sets of services unite what their members grant', () => {
  const viewer = `${IAM}role:Viewer`;
  assert.ok(grants(viewer, 'type:service').has('is.volume.volume.read'));
  assert.ok(!grants(viewer, 'type:service').has('iam-groups.groups.read'));
  assert.ok(grants(viewer, 'group:IAM').has('iam-groups.groups.read'));
  assert.ok(!grants(viewer, 'group:IAM').has('resource-controller.group.retrieve'));
  assert.ok(grants(viewer, 'type:platform_service').has('resource-controller.group.retrieve'));
});

test('the tables speak only of services and roles that exist', () => {
  for (const pair of authorizationPairs) {
    for (const name of [...pair.sources, ...pair.targets]) assert.ok(serviceNamed(name), name);
    for (const target of pair.targets) {
      for (const id of pair.roles) assert.ok(roleOf(roleCrn(target, id)), `${target} ${id}`);
    }
    assert.match(pair.source, /^https:\/\//);
  }
  for (const [source, others] of Object.entries(dependents)) {
    for (const name of [source, ...others]) assert.ok(serviceNamed(name), name);
  }
  for (const service of allServices()) {
    assert.match(service.source, /^https:\/\//);
    for (const [ids] of service.grants) {
      for (const id of ids.split(' ')) {
        const own = service.own_roles?.some((role) => role.id === id);
        assert.ok(own || service.roles.some((role) => role === id), `${service.name} ${id}`);
      }
    }
  }
});
