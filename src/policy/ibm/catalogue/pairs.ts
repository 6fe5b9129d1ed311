/** Which service may be authorized to use which, with which roles. https://cloud.ibm.com/docs/account?topic=account-serviceauth */

export interface AuthorizationPair {
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  /** Role ids; AuthorizationDelegator comes with the sources that declare dependents. */
  readonly roles: readonly string[];
  readonly source: string;
}

const kms = ['kms', 'hs-crypto'];
const databases = [
  'databases-for-postgresql',
  'databases-for-mongodb',
  'databases-for-redis',
  'databases-for-elasticsearch',
  'databases-for-etcd',
  'databases-for-mysql',
  'databases-for-enterprisedb',
  'databases-for-cassandra',
  'messages-for-rabbitmq',
];
const watson = ['conversation', 'pm-20', 'data-science-experience', 'datacatalog'];

export const authorizationPairs: readonly AuthorizationPair[] = [
  {
    sources: ['server-protect', 'is', 'cloud-object-storage', 'event-notifications', ...databases, ...watson],
    targets: kms,
    roles: ['Reader'],
    source: 'https://cloud.ibm.com/docs/key-protect?topic=key-protect-integrate-services',
  },
  {
    sources: ['is'],
    targets: ['cloud-object-storage'],
    roles: ['Viewer', 'Reader', 'Writer'],
    source: 'https://cloud.ibm.com/docs/vpc?topic=vpc-vpe-cross-account',
  },
  {
    sources: ['is'],
    targets: ['is'],
    roles: [
      'Operator',
      'Editor',
      'SnapshotRemoteAccountRestorer',
      'ShareBroker',
      'ShareRemoteAccountAccessor',
      'ShareSnapshotOperator',
      'DNSBindingConnector',
    ],
    source: 'https://cloud.ibm.com/docs/vpc?topic=vpc-backup-s2s-auth',
  },
  {
    sources: [
      'is',
      'cloud-object-storage',
      'secrets-manager',
      'compliance',
      'project',
      'logs',
      'toolchain',
      'atracker',
      'codeengine',
    ],
    targets: ['event-notifications'],
    roles: ['EventSourceManager'],
    source: 'https://cloud.ibm.com/docs/event-notifications?topic=event-notifications-en-create-auth',
  },
  {
    sources: ['cloud-object-storage'],
    targets: ['cloud-object-storage'],
    roles: ['ObjectWriter', 'Writer', 'BackupManager', 'BackupReader'],
    source: 'https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-replication-overview',
  },
  {
    sources: ['event-notifications', 'atracker', 'logs'],
    targets: ['cloud-object-storage'],
    roles: ['ObjectWriter', 'Writer'],
    source: 'https://cloud.ibm.com/docs/atracker?topic=atracker-iam-serviceauth-cos',
  },
  {
    sources: ['event-notifications', 'atracker', 'logs'],
    targets: ['messagehub'],
    roles: ['Writer'],
    source: 'https://cloud.ibm.com/docs/atracker?topic=atracker-iam-serviceauth-es',
  },
  {
    sources: ['logs'],
    targets: ['event-notifications'],
    roles: ['EventSourceManager'],
    source: 'https://cloud.ibm.com/docs/cloud-logs?topic=cloud-logs-iam-service-auth-en',
  },
  {
    sources: ['event-notifications'],
    targets: ['codeengine'],
    roles: ['Writer'],
    source: 'https://cloud.ibm.com/docs/event-notifications?topic=event-notifications-en-destinations-codeengine',
  },
  {
    sources: ['atracker', 'event-notifications'],
    targets: ['apprapp'],
    roles: ['ConfigurationUpdateReporter'],
    source: 'https://cloud.ibm.com/docs/atracker?topic=atracker-getting-started-target-app-config',
  },
  {
    sources: ['atracker', 'logs-router'],
    targets: ['logs'],
    roles: ['Sender'],
    source: 'https://cloud.ibm.com/docs/atracker?topic=atracker-iam-serviceauth-icl',
  },
  {
    sources: ['secrets-manager'],
    targets: ['iam-identity'],
    roles: ['Operator', 'ServiceIdCreator'],
    source: 'https://cloud.ibm.com/docs/secrets-manager?topic=secrets-manager-configure-iam-engine',
  },
  {
    sources: ['secrets-manager'],
    targets: ['iam-groups'],
    roles: ['GroupsServiceMemberManage'],
    source: 'https://cloud.ibm.com/docs/secrets-manager?topic=secrets-manager-configure-iam-engine',
  },
  {
    sources: ['secrets-manager'],
    targets: ['internet-svcs'],
    roles: ['Manager'],
    source: 'https://cloud.ibm.com/docs/secrets-manager?topic=secrets-manager-prepare-order-certificates',
  },
  {
    sources: ['is', 'toolchain', 'containers-kubernetes', 'apprapp', 'compliance', 'codeengine', 'event-notifications'],
    targets: ['secrets-manager'],
    roles: ['SecretsReader'],
    source: 'https://cloud.ibm.com/docs/secrets-manager?topic=secrets-manager-integrations',
  },
  {
    sources: ['project'],
    targets: ['resource-controller'],
    roles: ['Viewer'],
    source:
      'https://github.com/IBM-Cloud/terraform-provider-ibm/blob/master/website/docs/r/iam_authorization_policy.html.markdown',
  },
];

/** Source service -> services that it may pass its right on to, when it holds AuthorizationDelegator too. */
export const dependents: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries([...databases, ...watson].map((name) => [name, ['cloud-object-storage']])),
  'data-science-experience': ['cloud-object-storage', 'is'],
  'server-protect': ['is'],
  is: ['server-protect'],
};
