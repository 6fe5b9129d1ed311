/**
 * The AWS managed policies that the plane has, each with AWS's description of it where it is known.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export const chosenPolicies: Readonly<Record<string, string | undefined>> = {
  // All services, and job functions.
  AdministratorAccess: 'Provides full access to AWS services and resources.',
  PowerUserAccess:
    'Provides full access to AWS services and resources, but does not allow management of Users and groups.',
  ReadOnlyAccess: 'Provides read-only access to AWS services and resources.',
  ViewOnlyAccess: 'This policy grants permissions to view resources and basic metadata across all AWS services.',
  SecurityAudit:
    'The security audit template grants access to read security configuration metadata. It is useful for software that audits the configuration of an AWS account.',
  AWSDenyAll: 'Deny all access.',
  AWSCompromisedKeyQuarantineV3: undefined,
  Billing:
    'Grants permissions for billing and cost management. This includes viewing account usage and viewing and modifying budgets and payment methods.',
  SupportUser:
    'This policy grants permissions to troubleshoot and resolve issues in an AWS account. This policy also enables the user to contact AWS support to create and manage cases.',
  DatabaseAdministrator:
    'Grants full access permissions to AWS services and actions required to set up and configure AWS database services.',
  NetworkAdministrator:
    'Grants full access permissions to AWS services and actions required to set up and configure AWS network resources.',
  SystemAdministrator:
    'Grants full access permissions necessary for resources required for application and development operations.',
  DataScientist: 'Grants permissions to AWS data analytics services.',

  // What the management account may do as the root user of a member.
  IAMAuditRootUserCredentials: undefined,
  IAMCreateRootUserPassword: undefined,
  IAMDeleteRootUserCredentials: undefined,
  S3UnlockBucketPolicy: undefined,
  SQSUnlockQueuePolicy: undefined,

  // Identity and governance.
  IAMFullAccess: 'Provides full access to IAM via the AWS Management Console.',
  IAMReadOnlyAccess: 'Provides read only access to IAM via the AWS Management Console.',
  IAMUserChangePassword: 'Provides the ability for an IAM user to change their own password.',
  IAMAccessAnalyzerFullAccess: undefined,
  AWSOrganizationsFullAccess: 'Provides full access to AWS Organizations.',
  AWSOrganizationsReadOnlyAccess: 'Provides read-only access to AWS Organizations.',
  AWSResourceAccessManagerFullAccess: 'Provides full access to AWS Resource Access Manager',
  AWSResourceAccessManagerReadOnlyAccess: undefined,
  AWSCloudTrail_FullAccess: 'Provides full access to AWS CloudTrail.',
  AWSCloudTrail_ReadOnlyAccess: undefined,
  AWS_ConfigRole: undefined,
  AWSSupportAccess: 'Allows users to access the AWS Support Center.',
  AWSSSOMasterAccountAdministrator: undefined,

  // Keys and secrets.
  AWSKeyManagementServicePowerUser: 'Provides access to AWS Key Management Service (KMS).',
  SecretsManagerReadWrite: undefined,
  AWSCertificateManagerFullAccess: undefined,

  // Storage and data.
  AmazonS3FullAccess: 'Provides full access to all buckets via the AWS Management Console.',
  AmazonS3ReadOnlyAccess: 'Provides read only access to all buckets via the AWS Management Console.',
  AmazonDynamoDBFullAccess: 'Provides full access to Amazon DynamoDB via the AWS Management Console.',
  AmazonDynamoDBReadOnlyAccess: undefined,
  AmazonRDSFullAccess: 'Provides full access to Amazon RDS via the AWS Management Console.',
  AmazonRDSReadOnlyAccess: undefined,
  AmazonRDSEnhancedMonitoringRole: undefined,
  AmazonElastiCacheFullAccess: undefined,
  AmazonElasticFileSystemFullAccess: undefined,
  AWSBackupServiceRolePolicyForBackup: undefined,
  AWSBackupServiceRolePolicyForRestores: undefined,

  // Compute and networks.
  AmazonEC2FullAccess: 'Provides full access to Amazon EC2 via the AWS Management Console.',
  AmazonEC2ReadOnlyAccess: 'Provides read only access to Amazon EC2 via the AWS Management Console.',
  AmazonVPCFullAccess: 'Provides full access to Amazon VPC via the AWS Management Console.',
  AmazonVPCReadOnlyAccess: undefined,
  AutoScalingFullAccess: undefined,
  ElasticLoadBalancingFullAccess: undefined,
  AmazonRoute53FullAccess: undefined,
  AmazonRoute53ReadOnlyAccess: undefined,
  CloudFrontFullAccess: undefined,
  AmazonAPIGatewayAdministrator: undefined,
  AWSLambda_FullAccess: undefined,
  AWSLambda_ReadOnlyAccess: undefined,
  AWSLambdaBasicExecutionRole: 'Provides write permissions to CloudWatch Logs.',
  AWSLambdaVPCAccessExecutionRole: undefined,
  AWSLambdaSQSQueueExecutionRole: undefined,
  AWSLambdaDynamoDBExecutionRole: undefined,
  AWSLambdaKinesisExecutionRole: undefined,
  AWSLambdaRole: undefined,
  AmazonECS_FullAccess: undefined,
  AmazonECSTaskExecutionRolePolicy:
    'Provides access to other AWS service resources that are required to run Amazon ECS tasks',
  AmazonEC2ContainerServiceforEC2Role: undefined,
  AmazonEKSClusterPolicy:
    'This policy provides Kubernetes the permissions it requires to manage resources on your behalf. Kubernetes requires Ec2:CreateTags permissions to place identifying information on EC2 resources including but not limited to Instances, Security Groups, and Elastic Network Interfaces.',
  AmazonEKSWorkerNodePolicy: 'This policy allows Amazon EKS worker nodes to connect to Amazon EKS Clusters.',
  AmazonEKS_CNI_Policy: undefined,
  AmazonEBSCSIDriverPolicy: undefined,
  AmazonEC2ContainerRegistryFullAccess: undefined,
  AmazonEC2ContainerRegistryPowerUser: undefined,
  AmazonEC2ContainerRegistryReadOnly: 'Provides read-only access to Amazon EC2 Container Registry repositories.',
  AWSCloudFormationFullAccess: undefined,
  AWSCloudFormationReadOnlyAccess: undefined,
  AmazonSSMFullAccess: undefined,
  AmazonSSMReadOnlyAccess: undefined,
  AmazonSSMManagedInstanceCore:
    'The policy for Amazon EC2 Role to enable AWS Systems Manager service core functionality.',
  AmazonSSMManagedEC2InstanceDefaultPolicy: undefined,

  // Messages and observation.
  AmazonSQSFullAccess: 'Provides full access to Amazon SQS via the AWS Management Console.',
  AmazonSQSReadOnlyAccess: undefined,
  AmazonSNSFullAccess: 'Provides full access to Amazon SNS via the AWS Management Console.',
  AmazonSNSReadOnlyAccess: undefined,
  AmazonSESFullAccess: undefined,
  AmazonKinesisFullAccess: undefined,
  AmazonEventBridgeFullAccess: undefined,
  AWSStepFunctionsFullAccess: undefined,
  CloudWatchFullAccess: undefined,
  CloudWatchFullAccessV2: undefined,
  CloudWatchReadOnlyAccess: undefined,
  CloudWatchLogsFullAccess: 'Provides full access to CloudWatch Logs',
  CloudWatchLogsReadOnlyAccess: undefined,
  CloudWatchAgentServerPolicy: undefined,
  AWSXRayDaemonWriteAccess: undefined,
  AmazonGuardDutyFullAccess_v2: undefined,
  AWSSecurityHubFullAccess: undefined,
};
