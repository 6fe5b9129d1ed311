import { EDIT, OPERATE, PLATFORM, ROLES_PAGE, type ServiceEntry, VIEW } from './entry.ts';

/**
 * Account management services. Older and newer editions of the vendor's page disagree on who may create a service
 * ID (Administrator and Operator, or Service ID creator alone); both are granted here.
 */
export const iamServices: readonly ServiceEntry[] = [
  {
    name: 'iam-identity',
    known_as: ['IAM Identity Service', 'Identity Service'],
    type: 'platform_service',
    source: `${ROLES_PAGE}#iam-identity-roles`,
    roles: PLATFORM,
    own_roles: [
      {
        id: 'ServiceIdCreator',
        name: 'Service ID creator',
        description: 'Creates service IDs where that is restricted',
      },
      {
        id: 'UserApiKeyCreator',
        name: 'User API key creator',
        description: 'Creates API keys where that is restricted',
      },
      { id: 'TemplateAdministrator', name: 'Template Administrator', description: 'Manages enterprise templates' },
      {
        id: 'AssignmentAdministrator',
        name: 'Assignment Administrator',
        description: 'Manages where enterprise templates are assigned',
      },
    ],
    instances: false,
    grants: [
      [VIEW, 'iam-identity.serviceid.get iam-identity.profile.get iam-identity.account.get'],
      ['Administrator Operator ServiceIdCreator', 'iam-identity.serviceid.create'],
      ['Administrator Operator UserApiKeyCreator', 'iam-identity.user-apikey.create'],
      [
        OPERATE,
        `iam-identity.serviceid.update iam-identity.apikey.get iam-identity.apikey.list iam-identity.apikey.update
         iam-identity.profile.update iam-identity.profile.linkToResource iam-identity.account.update
         iam-identity.account.enable_idp iam-identity.account.disable_idp
         iam-identity.idp.get iam-identity.idp.list iam-identity.idp.update iam-identity.idp.test iam-identity.idp.metadata`,
      ],
      [
        'Administrator Operator',
        `iam-identity.serviceid.delete iam-identity.apikey.create iam-identity.apikey.delete iam-identity.profile.delete
         iam-identity.profile.get_session iam-identity.profile.revoke_session iam-identity.account.create
         iam-identity.account.delete iam-identity.idp.create iam-identity.idp.delete`,
      ],
      ['Administrator', 'iam-identity.apikey.manage iam-identity.profile.create'],
    ],
  },
  {
    name: 'iam-access-management',
    known_as: ['IAM Access Management', 'Access Management'],
    type: 'platform_service',
    source: `${ROLES_PAGE}#iam-access-management-roles`,
    roles: PLATFORM,
    instances: false,
    grants: [
      ['Viewer Editor Administrator', 'iam-access-management.settings.read'],
      [EDIT, 'iam-access-management.user-access-list.read iam-access-management.insight.get'],
      ['Administrator', 'iam-access-management.settings.update'],
      [VIEW, 'iam-access-management.customRole.read'],
      [EDIT, 'iam-access-management.customRole.update'],
      ['Administrator', 'iam-access-management.customRole.create iam-access-management.customRole.delete'],
    ],
  },
  {
    name: 'iam-groups',
    known_as: ['IAM Access Groups', 'Access Groups', 'IAM Access Groups Service'],
    type: 'platform_service',
    source: `${ROLES_PAGE}#iam-groups-roles`,
    roles: ['Viewer', 'Editor', 'Administrator'],
    own_roles: [
      {
        id: 'GroupsServiceMemberManage',
        name: 'Groups Service Member Manage',
        description: 'Adds and removes members of access groups',
      },
    ],
    instances: false,
    grants: [
      [
        'Viewer Editor Administrator',
        `iam-groups.groups.read iam-groups.groups.list iam-groups.groups.audit iam-groups.members.read
         iam-groups.members.list iam-groups.rules.read iam-groups.rules.list iam-groups.account-settings.read`,
      ],
      [
        EDIT,
        `iam-groups.groups.create iam-groups.groups.update iam-groups.groups.delete iam-groups.rules.create
         iam-groups.rules.update iam-groups.rules.delete iam-groups.members.add iam-groups.members.delete`,
      ],
      [
        'GroupsServiceMemberManage',
        'iam-groups.members.add iam-groups.members.delete iam-groups.members.read iam-groups.members.list',
      ],
      ['Administrator', 'iam-groups.account-settings.update'],
    ],
  },
  {
    name: 'user-management',
    known_as: ['User Management'],
    type: 'platform_service',
    source: `${ROLES_PAGE}#user-management-roles`,
    roles: PLATFORM,
    instances: false,
    grants: [
      [VIEW, 'user-management.user.retrieve user-management.user-setting.retrieve'],
      [
        EDIT,
        'user-management.user.create user-management.user.update user-management.user.delete user-management.user-setting.update',
      ],
    ],
  },
  {
    name: 'resource-controller',
    known_as: ['Resource Controller', 'Resource Group', 'resource-group'],
    type: 'platform_service',
    source: 'https://cloud.ibm.com/docs/account?topic=account-account-services',
    roles: PLATFORM,
    instances: false,
    grants: [
      [VIEW, 'resource-controller.group.retrieve'],
      [EDIT, 'resource-controller.group.create resource-controller.group.update resource-controller.group.delete'],
    ],
  },
  {
    name: 'enterprise',
    known_as: ['Enterprise'],
    type: 'platform_service',
    source: `${ROLES_PAGE}#enterprise-roles`,
    roles: PLATFORM,
    instances: false,
    grants: [
      [VIEW, 'enterprise.enterprise.retrieve enterprise.account.retrieve enterprise.account-group.retrieve'],
      [
        EDIT,
        `enterprise.enterprise.update enterprise.account.create enterprise.account.update enterprise.account-group.create
         enterprise.account-group.update`,
      ],
      ['Administrator', 'enterprise.enterprise.create enterprise.enterprise.import enterprise.account.delete'],
    ],
  },
  {
    name: 'context-based-restrictions',
    known_as: ['Context-based restrictions', 'CBR'],
    type: 'platform_service',
    source: `${ROLES_PAGE}#context-based-restrictions-roles`,
    roles: PLATFORM,
    instances: false,
    grants: [
      [VIEW, 'context-based-restrictions.zone.read context-based-restrictions.policy.read'],
      [
        EDIT,
        `context-based-restrictions.zone.create context-based-restrictions.zone.update context-based-restrictions.zone.delete
         context-based-restrictions.policy.create context-based-restrictions.policy.update
         context-based-restrictions.policy.delete`,
      ],
    ],
  },
  ...(['globalcatalog', 'billing', 'support', 'entitlement', 'licensing', 'security-compliance'] as const).map(
    (name): ServiceEntry => ({
      name,
      known_as: [],
      type: 'platform_service',
      source: ROLES_PAGE,
      roles: PLATFORM,
      instances: false,
      grants: [],
    }),
  ),
];
