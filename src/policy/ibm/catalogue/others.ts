import { EDIT, OPERATE, PLATFORM, ROLES_PAGE, SERVICE, type ServiceEntry, VIEW } from './entry.ts';

/** Services of which only the roles matter so far: they are sources or targets of authorizations. */
const plain = (name: string, known_as: readonly string[], roles: ServiceEntry['roles']): ServiceEntry => ({
  name,
  known_as,
  type: 'service',
  source: `${ROLES_PAGE}#${name}-roles`,
  roles,
  instances: true,
  grants: [],
});

const databases = [
  ['postgresql', 'PostgreSQL'],
  ['mongodb', 'MongoDB'],
  ['redis', 'Redis'],
  ['elasticsearch', 'Elasticsearch'],
  ['etcd', 'etcd'],
  ['mysql', 'MySQL'],
  ['enterprisedb', 'EnterpriseDB'],
  ['cassandra', 'DataStax'],
].map(([id, title]) => plain(`databases-for-${id}`, [`Databases for ${title}`], PLATFORM));

export const otherServices: readonly ServiceEntry[] = [
  {
    name: 'dns-svcs',
    known_as: ['DNS Services', 'Private DNS'],
    type: 'service',
    source: 'https://cloud.ibm.com/docs/dns-svcs?topic=dns-svcs-iam',
    roles: [...PLATFORM, ...SERVICE],
    instances: true,
    grants: [
      ['Reader Writer Manager', 'dns-svcs.zones.read dns-svcs.records.read dns-svcs.permitted-networks.read'],
      ['Writer Manager', 'dns-svcs.zones.update dns-svcs.records.update dns-svcs.permitted-networks.update'],
      ['Manager', 'dns-svcs.zones.manage dns-svcs.records.manage dns-svcs.permitted-networks.manage'],
    ],
  },
  {
    name: 'transit',
    known_as: ['Transit Gateway'],
    type: 'service',
    source: `${ROLES_PAGE}#transit-roles`,
    roles: [...PLATFORM, ...SERVICE],
    instances: false,
    grants: [
      [VIEW, 'transit.gateway.view'],
      [EDIT, 'transit.gateway.edit'],
    ],
  },
  {
    name: 'atracker',
    known_as: ['Activity Tracker Event Routing', 'Activity Tracker'],
    type: 'service',
    source: 'https://cloud.ibm.com/docs/atracker?topic=atracker-iam',
    roles: [...PLATFORM, ...SERVICE],
    instances: false,
    grants: [
      [
        VIEW,
        'atracker.target.read atracker.target.list atracker.route.read atracker.route.list atracker.setting.get atracker.endpoint.get',
      ],
      [
        EDIT,
        `atracker.target.create atracker.target.update atracker.target.delete atracker.route.create
         atracker.route.update atracker.route.delete`,
      ],
      ['Administrator', 'atracker.setting.update atracker.endpoint.set'],
    ],
  },
  {
    name: 'secrets-manager',
    known_as: ['Secrets Manager'],
    type: 'service',
    source: 'https://cloud.ibm.com/docs/secrets-manager?topic=secrets-manager-iam',
    roles: [...PLATFORM, ...SERVICE],
    own_roles: [{ id: 'SecretsReader', name: 'SecretsReader', description: 'Reads the values of secrets' }],
    instances: true,
    grants: [
      [VIEW, 'secrets-manager.dashboard.view'],
      [
        'Reader SecretsReader Writer Manager',
        `secrets-manager.secret-group.read secrets-manager.secret-groups.list secrets-manager.secrets.list
         secrets-manager.secret-metadata.read secrets-manager.secret-versions.list secrets-manager.secrets-locks.list
         secrets-manager.secret-version-locks.list secrets-manager.endpoints.view`,
      ],
      ['SecretsReader Writer Manager', 'secrets-manager.secret.read'],
      [
        'Writer Manager',
        `secrets-manager.secret.create secrets-manager.secret.import secrets-manager.secret.rotate
         secrets-manager.secret-metadata.update secrets-manager.secret-locks.create
         secrets-manager.secret-version-locks.create`,
      ],
      [
        'Manager',
        `secrets-manager.secret.delete secrets-manager.secret-group.create secrets-manager.secret-group.update
         secrets-manager.secret-group.delete secrets-manager.secret-policies.set secrets-manager.secret-policies.get
         secrets-manager.secret-engine-config.set secrets-manager.secret-engine-config.get
         secrets-manager.secret-locks.delete secrets-manager.secret-version-locks.delete`,
      ],
    ],
  },
  {
    name: 'event-notifications',
    known_as: ['Event Notifications'],
    type: 'service',
    source: 'https://cloud.ibm.com/docs/event-notifications?topic=event-notifications-service-access-management',
    roles: [...PLATFORM, ...SERVICE],
    own_roles: [
      { id: 'EventSourceManager', name: 'Event Source Manager', description: 'Registers itself as a source of events' },
      {
        id: 'EventNotificationPublisher',
        name: 'Event Notification Publisher',
        description: 'Sends notifications',
      },
      { id: 'ChannelEditor', name: 'Channel Editor', description: 'Manages topics and destinations' },
    ],
    instances: true,
    grants: [
      [
        'Manager Administrator EventSourceManager',
        'event-notifications.sources.create event-notifications.sources.update event-notifications.sources.delete',
      ],
      [
        'Manager Administrator EventSourceManager ChannelEditor',
        'event-notifications.sources.read event-notifications.sources.list',
      ],
      ['EventSourceManager EventNotificationPublisher', 'event-notifications.notifications.post'],
    ],
  },
  {
    ...plain('logs', ['Cloud Logs', 'IBM Cloud Logs'], [...PLATFORM, ...SERVICE]),
    own_roles: [{ id: 'Sender', name: 'Sender', description: 'Sends logs' }],
    grants: [['Sender', 'logs.data-ingress.send']],
  },
  {
    ...plain('apprapp', ['App Configuration'], [...PLATFORM, ...SERVICE]),
    own_roles: [
      {
        id: 'ConfigurationUpdateReporter',
        name: 'Configuration Update Reporter',
        description: 'Reports configuration changes',
      },
    ],
    grants: [['ConfigurationUpdateReporter', 'apprapp.config-aggregator.report']],
  },
  {
    ...plain('internet-svcs', ['Internet Services', 'CIS', 'Cloud Internet Services'], [...PLATFORM, ...SERVICE]),
    attributes: ['cfgType', 'domainId'],
    grants: [
      [
        'Reader Writer Manager',
        'internet-svcs.zones.read internet-svcs.reliability.read internet-svcs.security.read internet-svcs.performance.read',
      ],
      [
        'Writer Manager',
        'internet-svcs.zones.update internet-svcs.reliability.update internet-svcs.security.update internet-svcs.performance.update',
      ],
      [
        'Manager',
        'internet-svcs.zones.manage internet-svcs.reliability.manage internet-svcs.security.manage internet-svcs.performance.manage',
      ],
    ],
  },
  {
    ...plain('messagehub', ['Event Streams'], [...PLATFORM, ...SERVICE]),
    attributes: ['topic', 'group'],
    grants: [
      ['Reader Writer Manager', 'messagehub.cluster.read messagehub.topic.read messagehub.group.read'],
      ['Writer Manager', 'messagehub.topic.write messagehub.txnid.write'],
      ['Manager', 'messagehub.topic.manage messagehub.group.manage'],
    ],
  },
  {
    ...plain('container-registry', ['Container Registry'], [...PLATFORM, ...SERVICE]),
    instances: false,
    grants: [
      ['Reader Writer Manager', 'container-registry.image.pull container-registry.image.list'],
      ['Writer Manager', 'container-registry.image.push container-registry.image.delete'],
      ['Manager', 'container-registry.namespace.create container-registry.namespace.delete'],
    ],
  },
  {
    ...plain('project', ['Projects'], PLATFORM),
    grants: [
      [VIEW, 'project.project.read project.project.list'],
      [OPERATE, 'project.project.operate'],
      [EDIT, 'project.project.create project.project.update project.project.delete'],
    ],
  },
  plain('cloudantnosqldb', ['Cloudant'], [...PLATFORM, ...SERVICE]),
  plain('messages-for-rabbitmq', ['Messages for RabbitMQ'], PLATFORM),
  plain('logs-router', ['Logs Routing'], [...PLATFORM, ...SERVICE]),
  plain('toolchain', ['Toolchain', 'Continuous Delivery'], PLATFORM),
  plain('containers-kubernetes', ['Kubernetes Service'], [...PLATFORM, ...SERVICE]),
  plain('compliance', ['Security and Compliance Center'], [...PLATFORM, ...SERVICE]),
  plain('codeengine', ['Code Engine'], [...PLATFORM, ...SERVICE]),
  plain('pm-20', ['Watson Machine Learning', 'watsonx.ai Runtime'], [...PLATFORM, ...SERVICE]),
  plain('data-science-experience', ['Watson Studio', 'watsonx.ai Studio'], PLATFORM),
  plain('datacatalog', ['Watson Knowledge Catalog', 'IBM Knowledge Catalog'], PLATFORM),
  plain('conversation', ['Watson Assistant', 'watsonx Assistant'], [...PLATFORM, ...SERVICE]),
  ...databases,
];
