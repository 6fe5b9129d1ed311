/**
 * Service-linked roles: which role a service has in an account that uses it. The role stands under
 * `/aws-service-role/{service}/` and trusts that service alone. Sources: the page "service-linked roles" of each
 * service's user guide, and the roles that AWS managed policies name.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
 */
export interface ServiceLinkedRole {
  readonly name: string;
  /** Name of the managed policy under `/aws-service-role/` that the role has. */
  readonly policy: string;
  /** More than one role may be made, each with a suffix of its own: `NAME_suffix`. */
  readonly customSuffix?: true;
}

/** By service principal. */
export const serviceLinkedRoles: Readonly<Record<string, ServiceLinkedRole>> = {
  'access-analyzer.amazonaws.com': {
    name: 'AWSServiceRoleForAccessAnalyzer',
    policy: 'AccessAnalyzerServiceRolePolicy',
  },
  'acm.amazonaws.com': { name: 'AWSServiceRoleForCertificateManager', policy: 'CertificateManagerServiceRolePolicy' },
  'autoscaling.amazonaws.com': {
    name: 'AWSServiceRoleForAutoScaling',
    policy: 'AutoScalingServiceRolePolicy',
    customSuffix: true,
  },
  'backup.amazonaws.com': { name: 'AWSServiceRoleForBackup', policy: 'AWSBackupServiceLinkedRolePolicyForBackup' },
  'batch.amazonaws.com': { name: 'AWSServiceRoleForBatch', policy: 'BatchServiceRolePolicy' },
  'cks.kms.amazonaws.com': {
    name: 'AWSServiceRoleForKeyManagementServiceCustomKeyStores',
    policy: 'AWSKeyManagementServiceCustomKeyStoresServiceRolePolicy',
  },
  'cloudtrail.amazonaws.com': { name: 'AWSServiceRoleForCloudTrail', policy: 'CloudTrailServiceRolePolicy' },
  'compute-optimizer.amazonaws.com': {
    name: 'AWSServiceRoleForComputeOptimizer',
    policy: 'ComputeOptimizerServiceRolePolicy',
  },
  'config.amazonaws.com': { name: 'AWSServiceRoleForConfig', policy: 'AWSConfigServiceRolePolicy' },
  'config-conforms.amazonaws.com': {
    name: 'AWSServiceRoleForConfigConforms',
    policy: 'ConfigConformsServiceRolePolicy',
  },
  'config-multiaccountsetup.amazonaws.com': {
    name: 'AWSServiceRoleForConfigMultiAccountSetup',
    policy: 'AWSConfigMultiAccountSetupPolicy',
  },
  'connect.amazonaws.com': {
    name: 'AWSServiceRoleForAmazonConnect',
    policy: 'AmazonConnectServiceLinkedRolePolicy',
    customSuffix: true,
  },
  'dax.amazonaws.com': { name: 'AWSServiceRoleForDAX', policy: 'DAXServiceRolePolicy' },
  'delivery.logs.amazonaws.com': { name: 'AWSServiceRoleForLogDelivery', policy: 'AWSServiceRoleForLogDeliveryPolicy' },
  'detective.amazonaws.com': { name: 'AWSServiceRoleForDetective', policy: 'AmazonDetectiveServiceLinkedRolePolicy' },
  'dynamodb.application-autoscaling.amazonaws.com': {
    name: 'AWSServiceRoleForApplicationAutoScaling_DynamoDBTable',
    policy: 'AWSApplicationAutoscalingDynamoDBTablePolicy',
  },
  'ec2fleet.amazonaws.com': { name: 'AWSServiceRoleForEC2Fleet', policy: 'AWSEC2FleetServiceRolePolicy' },
  'ecs.amazonaws.com': { name: 'AWSServiceRoleForECS', policy: 'AmazonECSServiceRolePolicy' },
  'ecs.application-autoscaling.amazonaws.com': {
    name: 'AWSServiceRoleForApplicationAutoScaling_ECSService',
    policy: 'AWSApplicationAutoscalingECSServicePolicy',
  },
  'eks.amazonaws.com': { name: 'AWSServiceRoleForAmazonEKS', policy: 'AmazonEKSServiceRolePolicy' },
  'eks-fargate.amazonaws.com': {
    name: 'AWSServiceRoleForAmazonEKSForFargate',
    policy: 'AmazonEKSForFargateServiceRolePolicy',
  },
  'eks-nodegroup.amazonaws.com': {
    name: 'AWSServiceRoleForAmazonEKSNodegroup',
    policy: 'AWSServiceRoleForAmazonEKSNodegroup',
  },
  'elasticache.amazonaws.com': { name: 'AWSServiceRoleForElastiCache', policy: 'ElastiCacheServiceRolePolicy' },
  'elasticbeanstalk.amazonaws.com': {
    name: 'AWSServiceRoleForElasticBeanstalk',
    policy: 'AWSElasticBeanstalkServiceRolePolicy',
  },
  'elasticfilesystem.amazonaws.com': {
    name: 'AWSServiceRoleForAmazonElasticFileSystem',
    policy: 'AmazonElasticFileSystemServiceRolePolicy',
  },
  'elasticloadbalancing.amazonaws.com': {
    name: 'AWSServiceRoleForElasticLoadBalancing',
    policy: 'AWSElasticLoadBalancingServiceRolePolicy',
  },
  'es.amazonaws.com': {
    name: 'AWSServiceRoleForAmazonElasticsearchService',
    policy: 'AmazonElasticsearchServiceRolePolicy',
  },
  'events.amazonaws.com': { name: 'AWSServiceRoleForCloudWatchEvents', policy: 'CloudWatchEventsServiceRolePolicy' },
  'fms.amazonaws.com': { name: 'AWSServiceRoleForFMS', policy: 'FMSServiceRolePolicy' },
  'fsx.amazonaws.com': { name: 'AWSServiceRoleForAmazonFSx', policy: 'AmazonFSxServiceRolePolicy' },
  'globalaccelerator.amazonaws.com': {
    name: 'AWSServiceRoleForGlobalAccelerator',
    policy: 'AWSGlobalAcceleratorSLRPolicy',
  },
  'guardduty.amazonaws.com': { name: 'AWSServiceRoleForAmazonGuardDuty', policy: 'AmazonGuardDutyServiceRolePolicy' },
  'inspector2.amazonaws.com': {
    name: 'AWSServiceRoleForAmazonInspector2',
    policy: 'AmazonInspector2ServiceRolePolicy',
  },
  'ipam.amazonaws.com': { name: 'AWSServiceRoleForIPAM', policy: 'AWSIPAMServiceRolePolicy' },
  'kafka.amazonaws.com': { name: 'AWSServiceRoleForKafka', policy: 'KafkaServiceRolePolicy' },
  'lakeformation.amazonaws.com': {
    name: 'AWSServiceRoleForLakeFormationDataAccess',
    policy: 'LakeFormationDataAccessServiceRolePolicy',
  },
  'lightsail.amazonaws.com': { name: 'AWSServiceRoleForLightsail', policy: 'LightsailExportAccess' },
  'logger.cloudfront.amazonaws.com': { name: 'AWSServiceRoleForCloudFrontLogger', policy: 'AWSCloudFrontLogger' },
  'macie.amazonaws.com': { name: 'AWSServiceRoleForAmazonMacie', policy: 'AmazonMacieServiceRolePolicy' },
  'malware-protection.guardduty.amazonaws.com': {
    name: 'AWSServiceRoleForAmazonGuardDutyMalwareProtection',
    policy: 'AmazonGuardDutyMalwareProtectionServiceRolePolicy',
  },
  'member.org.stacksets.cloudformation.amazonaws.com': {
    name: 'AWSServiceRoleForCloudFormationStackSetsOrgMember',
    policy: 'CloudFormationStackSetsOrgMemberServiceRolePolicy',
  },
  'memorydb.amazonaws.com': { name: 'AWSServiceRoleForMemoryDB', policy: 'MemoryDBServiceRolePolicy' },
  'mrk.kms.amazonaws.com': {
    name: 'AWSServiceRoleForKeyManagementServiceMultiRegionKeys',
    policy: 'AWSKeyManagementServiceMultiRegionKeysServiceRolePolicy',
  },
  'network-firewall.amazonaws.com': {
    name: 'AWSServiceRoleForNetworkFirewall',
    policy: 'AWSNetworkFirewallServiceRolePolicy',
  },
  'opensearchservice.amazonaws.com': {
    name: 'AWSServiceRoleForAmazonOpenSearchService',
    policy: 'AmazonOpenSearchServiceRolePolicy',
  },
  'ops.apigateway.amazonaws.com': { name: 'AWSServiceRoleForAPIGateway', policy: 'APIGatewayServiceRolePolicy' },
  'organizations.amazonaws.com': {
    name: 'AWSServiceRoleForOrganizations',
    policy: 'AWSOrganizationsServiceTrustPolicy',
  },
  'pullthroughcache.ecr.amazonaws.com': {
    name: 'AWSServiceRoleForECRPullThroughCache',
    policy: 'AWSECRPullThroughCache_ServiceRolePolicy',
  },
  'ram.amazonaws.com': {
    name: 'AWSServiceRoleForResourceAccessManager',
    policy: 'AWSResourceAccessManagerServiceRolePolicy',
  },
  'rds.amazonaws.com': { name: 'AWSServiceRoleForRDS', policy: 'AmazonRDSServiceRolePolicy' },
  'rds.application-autoscaling.amazonaws.com': {
    name: 'AWSServiceRoleForApplicationAutoScaling_RDSCluster',
    policy: 'AWSApplicationAutoscalingRDSClusterPolicy',
  },
  'redshift.amazonaws.com': { name: 'AWSServiceRoleForRedshift', policy: 'AmazonRedshiftServiceLinkedRolePolicy' },
  'replication.dynamodb.amazonaws.com': {
    name: 'AWSServiceRoleForDynamoDBReplication',
    policy: 'DynamoDBReplicationServiceRolePolicy',
  },
  'replication.ecr.amazonaws.com': {
    name: 'AWSServiceRoleForECRReplication',
    policy: 'ECRReplicationServiceRolePolicy',
  },
  'replicator.lambda.amazonaws.com': { name: 'AWSServiceRoleForLambdaReplicator', policy: 'AWSLambdaReplicator' },
  'reporting.trustedadvisor.amazonaws.com': {
    name: 'AWSServiceRoleForTrustedAdvisorReporting',
    policy: 'AWSTrustedAdvisorReportingServiceRolePolicy',
  },
  'resource-explorer-2.amazonaws.com': {
    name: 'AWSServiceRoleForResourceExplorer',
    policy: 'AWSResourceExplorerServiceRolePolicy',
  },
  'securityhub.amazonaws.com': { name: 'AWSServiceRoleForSecurityHub', policy: 'AWSSecurityHubServiceRolePolicy' },
  'servicecatalog-appregistry.amazonaws.com': {
    name: 'AWSServiceRoleForAWSServiceCatalogAppRegistry',
    policy: 'AWSServiceCatalogAppRegistryServiceRolePolicy',
  },
  'servicequotas.amazonaws.com': { name: 'AWSServiceRoleForServiceQuotas', policy: 'ServiceQuotasServiceRolePolicy' },
  'shield.amazonaws.com': { name: 'AWSServiceRoleForAWSShield', policy: 'AWSShieldServiceRolePolicy' },
  'spot.amazonaws.com': { name: 'AWSServiceRoleForEC2Spot', policy: 'AWSEC2SpotServiceRolePolicy' },
  'spotfleet.amazonaws.com': { name: 'AWSServiceRoleForEC2SpotFleet', policy: 'AWSEC2SpotFleetServiceRolePolicy' },
  'ssm.amazonaws.com': { name: 'AWSServiceRoleForAmazonSSM', policy: 'AmazonSSMServiceRolePolicy' },
  'sso.amazonaws.com': { name: 'AWSServiceRoleForSSO', policy: 'AWSSSOServiceRolePolicy' },
  'stacksets.cloudformation.amazonaws.com': {
    name: 'AWSServiceRoleForCloudFormationStackSetsOrgAdmin',
    policy: 'CloudFormationStackSetsOrgAdminServiceRolePolicy',
  },
  'support.amazonaws.com': { name: 'AWSServiceRoleForSupport', policy: 'AWSSupportServiceRolePolicy' },
  'transitgateway.amazonaws.com': {
    name: 'AWSServiceRoleForVPCTransitGateway',
    policy: 'AWSVPCTransitGatewayServiceRolePolicy',
  },
  'trustedadvisor.amazonaws.com': {
    name: 'AWSServiceRoleForTrustedAdvisor',
    policy: 'AWSTrustedAdvisorServiceRolePolicy',
  },
  'vpc-lattice.amazonaws.com': { name: 'AWSServiceRoleForVpcLattice', policy: 'AWSVpcLatticeServiceRolePolicy' },
};
