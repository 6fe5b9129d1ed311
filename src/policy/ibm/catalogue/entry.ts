/** The shape of the catalogue's tables: what one service of IBM Cloud lets its roles do. */

/** Ids of the roles that every service may share; a service names its own roles beside them. */
export type CommonRoleId = 'Viewer' | 'Operator' | 'Editor' | 'Administrator' | 'Reader' | 'Writer' | 'Manager';

export interface OwnRole {
  /** Last part of the CRN. */
  readonly id: string;
  /** As `GET /v2/roles` shows it and Terraform expects it. */
  readonly name: string;
  readonly description: string;
}

/** Role ids, and the actions that each of them holds; both separated by white space. */
export type Grant = readonly [roles: string, actions: string];

export interface ServiceEntry {
  readonly name: string;
  /** Names that people read on pages and in the console, and then type where `name` belongs. */
  readonly known_as: readonly string[];
  readonly type: 'service' | 'platform_service';
  /** The page that the roles and actions were taken from. */
  readonly source: string;
  readonly roles: readonly CommonRoleId[];
  readonly own_roles?: readonly OwnRole[];
  /** Whether the resource controller makes instances of it. */
  readonly instances: boolean;
  /** Resource attributes beyond the common ones. */
  readonly attributes?: readonly string[];
  /** Resource type -> the attribute that selects one of it, for services that have such attributes. */
  readonly id_attributes?: Readonly<Record<string, string>>;
  readonly grants: readonly Grant[];
}

export const VIEW = 'Viewer Operator Editor Administrator';
export const OPERATE = 'Operator Editor Administrator';
export const EDIT = 'Editor Administrator';
export const PLATFORM = ['Viewer', 'Operator', 'Editor', 'Administrator'] as const;
export const SERVICE = ['Reader', 'Writer', 'Manager'] as const;

/** The vendor's table of roles and actions of all services; each service has an anchor `#{name}-roles`. */
export const ROLES_PAGE = 'https://cloud.ibm.com/docs/account?topic=account-iam-service-roles-actions';
