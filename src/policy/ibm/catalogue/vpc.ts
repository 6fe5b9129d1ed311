import { EDIT, type Grant, OPERATE, PLATFORM, ROLES_PAGE, type ServiceEntry, VIEW } from './entry.ts';

/** Resource type -> id attribute; each type has the same six actions for the same roles. */
const types: Readonly<Record<string, string>> = {
  'backup-policy': 'backupPolicyId',
  'dedicated-host': 'dedicatedHostId',
  'endpoint-gateway': 'endpointGatewayId',
  'floating-ip': 'floatingIpId',
  'flow-log-collector': 'flowLogCollectorId',
  image: 'imageId',
  instance: 'instanceId',
  'instance-group': 'instanceGroupId',
  key: 'keyId',
  'load-balancer': 'loadBalancerId',
  'network-acl': 'networkAclId',
  'placement-group': 'placementGroupId',
  'public-gateway': 'publicGatewayId',
  reservation: 'reservationId',
  'security-group': 'securityGroupId',
  share: 'shareId',
  snapshot: 'snapshotId',
  'snapshot-consistency-group': 'snapshotConsistencyGroupId',
  subnet: 'subnetId',
  'virtual-network-interface': 'virtualNetworkInterfaceId',
  volume: 'volumeId',
  vpc: 'vpcId',
  vpn: 'vpnGatewayId',
  'vpn-server': 'vpnServerId',
};

const usual = Object.keys(types).flatMap((type): Grant[] => [
  [VIEW, `is.${type}.${type}.list is.${type}.${type}.read`],
  [OPERATE, `is.${type}.${type}.operate`],
  [EDIT, `is.${type}.${type}.create is.${type}.${type}.update is.${type}.${type}.delete`],
]);

const special: readonly Grant[] = [
  [VIEW, 'is.volume.profile.view is.snapshot.clone.read is.vpc.routing-table.list is.vpc.routing-table.read'],
  [OPERATE, 'is.snapshot.snapshot.restore is.image.image.provision is.vpc.routing-table.operate'],
  [
    EDIT,
    `is.volume.volume.manage-allowed-use is.snapshot.snapshot-clone.create is.snapshot.snapshot-clone.delete
     is.image.image.export is.vpc.routing-table.create is.vpc.routing-table.update is.vpc.routing-table.delete
     is.vpc.routing-table.advertise`,
  ],
  ['VolumeRemoteAccountSnapshotRestorer', 'is.volume.volume.allow-remote-account-snapshot-restore'],
  ['SnapshotRemoteAccountRestorer', 'is.snapshot.snapshot.allow-remote-account-restore'],
  ['Administrator ShareBroker', 'is.share.accessor-binding.create is.share.accessor-binding.delete'],
  ['ShareRemoteAccountAccessor', 'is.share.share.allow-remote-account-access'],
  [
    'Administrator ShareSnapshotOperator',
    'is.share.snapshot.create is.share.snapshot.read is.share.snapshot.list is.share.snapshot.update is.share.snapshot.delete',
  ],
  [
    'DNSBindingConnector',
    'is.vpc.vpc.read is.vpc.dns-resolution-binding.connect is.vpc.dns-resolution-binding.disconnect',
  ],
  ['VPNClient', 'is.vpn-server.vpn-server.connect'],
];

export const vpcServices: readonly ServiceEntry[] = [
  {
    name: 'is',
    known_as: [
      'VPC Infrastructure Services',
      'Block Storage for VPC',
      'Block Storage Snapshots for VPC',
      'File Storage for VPC',
      'Image Service for VPC',
      'Virtual Server for VPC',
      'Virtual Private Cloud',
      'is.volume',
      'is.snapshot',
      'is.share',
      'is.image',
      'is.instance',
      'is.vpc',
    ],
    type: 'service',
    source: `${ROLES_PAGE}#is.volume-roles`,
    roles: PLATFORM,
    own_roles: [
      {
        id: 'SnapshotRemoteAccountRestorer',
        name: 'Snapshot Remote Account Restorer',
        description: 'Lets the block storage service of another account restore volumes from a snapshot',
      },
      {
        id: 'VolumeRemoteAccountSnapshotRestorer',
        name: 'Restore Volume From Remote Account Snapshot',
        description: 'Restores volumes from snapshots of another account',
      },
      { id: 'ShareBroker', name: 'Share Broker', description: 'Binds accessor shares to a share' },
      {
        id: 'ShareRemoteAccountAccessor',
        name: 'Share Remote Account Accessor',
        description: 'Lets another account mount a share',
      },
      {
        id: 'ShareSnapshotOperator',
        name: 'Share Snapshot Operator',
        description: 'Makes and deletes share snapshots',
      },
      {
        id: 'DNSBindingConnector',
        name: 'DNS Binding Connector',
        description: 'Connects a VPC to the DNS resolvers of a hub VPC',
      },
      { id: 'VPNClient', name: 'VPN Client', description: 'Connects to a VPN server' },
    ],
    instances: false,
    attributes: Object.values(types),
    id_attributes: types,
    grants: [...usual, ...special],
  },
  {
    name: 'server-protect',
    known_as: ['Cloud Block Storage', 'Block Storage', 'Block Storage for Classic', 'is.server-protect'],
    type: 'service',
    source: 'https://cloud.ibm.com/docs/vpc?topic=vpc-block-s2s-auth',
    roles: [],
    instances: false,
    grants: [],
  },
];
