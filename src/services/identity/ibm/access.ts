/**
 * IBM Cloud identities: what is kept of them and what can be asked. Action names are those of
 * https://cloud.ibm.com/docs/account?topic=account-iam-service-roles-actions
 */
import { resource } from '../../../access.ts';
import { ibmRef, type ResourceRef } from '../../../policy/names.ts';
import { collection, PLANE } from '../../../store/store.ts';

export interface ApiKeyDocument {
  readonly name: string;
  readonly description?: string;
  /** Whom the key authenticates. */
  readonly iamId: string;
  readonly digest: string;
  /** The key itself (base64), for those of service IDs that are to stay readable. */
  readonly value?: string;
  readonly locked: boolean;
  readonly disabled: boolean;
  readonly supportSessions: boolean;
  readonly actionWhenLeaked: 'none' | 'disable' | 'delete';
  readonly expiresAt?: number;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly modifiedAt: number;
}

export interface ServiceIdDocument {
  readonly name: string;
  readonly description?: string;
  readonly uniqueInstanceCrns: readonly string[];
  readonly locked: boolean;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly modifiedAt: number;
}

export interface GroupDocument {
  readonly name: string;
  readonly description?: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly modifiedAt: number;
  readonly modifiedBy: string;
}

export interface GroupMemberDocument {
  readonly group: string;
  readonly iamId: string;
  readonly type: 'user' | 'service';
  readonly addedAt: number;
  readonly addedBy: string;
}

/** Seconds; what is absent has the vendor's default. */
export interface SettingsDocument {
  readonly restrictCreateServiceId: 'RESTRICTED' | 'NOT_RESTRICTED' | 'NOT_SET';
  readonly restrictCreateApiKey: 'RESTRICTED' | 'NOT_RESTRICTED' | 'NOT_SET';
  readonly sessionExpiration?: number;
  readonly sessionInvalidation?: number;
  readonly accessTokenExpiration?: number;
  readonly refreshTokenExpiration?: number;
}

/** A login that can be refreshed. */
export interface SessionDocument {
  readonly iamId: string;
  /** Of the refresh token. */
  readonly digest: string;
  readonly clientId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface SigningKeyDocument {
  /** Public half, SPKI in base64. */
  readonly publicKey: string;
  /** Private half, PKCS#8 in base64. */
  readonly privateKey: string;
  readonly createdAt: number;
}

export const apiKeys = collection<ApiKeyDocument>('ibm-api-keys', {
  indexes: { digest: (key) => [key.digest], iamId: (key) => [key.iamId] },
  sealed: ['value'],
});
export const serviceIds = collection<ServiceIdDocument>('ibm-service-ids', {
  decides: true,
  indexes: { name: (serviceId) => [serviceId.name] },
});
export const groups = collection<GroupDocument>('ibm-groups', {
  decides: true,
  indexes: { name: (group) => [group.name.toLowerCase()] },
});
export const groupMembers = collection<GroupMemberDocument>('ibm-group-members', {
  decides: true,
  partOf: groups,
  indexes: { member: (member) => [member.iamId], group: (member) => [member.group] },
});
export const identitySettings = collection<SettingsDocument>('ibm-identity-settings', { decides: true });
export const sessions = collection<SessionDocument>('ibm-sessions', {
  indexes: { digest: (session) => [session.digest] },
});
export const signingKeys = collection<SigningKeyDocument>('ibm-signing-keys', { sealed: ['privateKey'] });

const identityRef = (account: string, type: string, id: string): ResourceRef =>
  ibmRef({ account, service: 'iam-identity', type, id });

export const apiKeyRef = (account: string, id: string) => identityRef(account, 'apikey', id);
export const serviceIdRef = (account: string, id: string) => identityRef(account, 'serviceid', id);
export const sessionRef = (account: string, id: string) => identityRef(account, 'session', id);
export const signingKeyRef = (id: string) => identityRef(PLANE, 'signing-key', id);
export const groupRef = (account: string, id: string) => ibmRef({ account, service: 'iam-groups', type: 'group', id });
export const settingsRef = (account: string) => identityRef(account, '', '');

/** The iam_id of a service ID, and the way back; undefined when it is not that of a service ID. */
export const iamIdOf = (serviceId: string): string => `iam-${serviceId}`;
export const serviceIdOf = (iamId: string): string | undefined =>
  iamId.startsWith('iam-ServiceId-') ? iamId.slice('iam-'.length) : undefined;

/** The one document of its collection in each account. */
export const SETTINGS_ID = 'settings';
/** The key that signs tokens. */
export const SIGNING_KEY_ID = 'token-signing-key';

/** Who administers a service ID administers its keys: these are asked for as if they were the service ID. */
function apiKeyAttributes(value: Readonly<ApiKeyDocument> | undefined): Record<string, string> {
  if (value === undefined) return {};
  const serviceId = serviceIdOf(value.iamId);
  const of = serviceId === undefined ? {} : { resourceType: 'serviceid', resource: serviceId };
  return { iamId: value.iamId, ...of };
}

export const ApiKey = resource<ApiKeyDocument>()(
  'apikey',
  {
    collection: apiKeys,
    refOf: ({ account, id }) => apiKeyRef(account, id),
    attributes: (_ref, value) => apiKeyAttributes(value),
  },
  {
    /** For oneself: what the account's settings can restrict. */
    createOwn: { nature: 'write', ibm: 'iam-identity.user-apikey.create', standing: ['operator'] },
    /** For a service ID. */
    create: { nature: 'write', ibm: 'iam-identity.apikey.create', standing: ['operator'] },
    /** Together with the service ID that it is for. */
    createFirst: { nature: 'write', ibm: 'iam-identity.serviceid.create' },
    read: { nature: 'read', ibm: 'iam-identity.apikey.get', standing: ['self'] },
    /** With the stored value. */
    reveal: { nature: 'secret', ibm: 'iam-identity.apikey.get', standing: ['self'] },
    list: { nature: 'list', ibm: 'iam-identity.apikey.list', standing: ['self'] },
    update: { nature: 'write', ibm: 'iam-identity.apikey.update', standing: ['self'] },
    delete: { nature: 'write', ibm: 'iam-identity.apikey.delete', standing: ['self'] },
    /** After its service ID was deleted. */
    forget: { nature: 'write', standing: ['service'] },
  },
);

export const ServiceId = resource<ServiceIdDocument>()(
  'serviceid',
  {
    collection: serviceIds,
    refOf: ({ account, id }) => serviceIdRef(account, id),
    attributes: (ref) => ({ iamId: iamIdOf(ref.id) }),
    actsAs: ['iam-access-management'],
  },
  {
    create: { nature: 'write', ibm: 'iam-identity.serviceid.create', standing: ['operator'] },
    read: { nature: 'read', ibm: 'iam-identity.serviceid.get', standing: ['operator', 'self'] },
    list: { nature: 'list', ibm: 'iam-identity.serviceid.get', standing: ['self'] },
    /** The name alone, for who may see that it is a member of a group. */
    named: { nature: 'read', standing: ['anyone'] },
    update: { nature: 'write', ibm: 'iam-identity.serviceid.update' },
    delete: { nature: 'write', ibm: 'iam-identity.serviceid.delete' },
  },
);

export const Group = resource<GroupDocument>()(
  'access-group',
  { collection: groups, refOf: ({ account, id }) => groupRef(account, id) },
  {
    create: { nature: 'write', ibm: 'iam-groups.groups.create' },
    read: { nature: 'read', ibm: 'iam-groups.groups.read' },
    list: { nature: 'list', ibm: 'iam-groups.groups.list' },
    update: { nature: 'write', ibm: 'iam-groups.groups.update' },
    delete: { nature: 'write', ibm: 'iam-groups.groups.delete' },
    listMembers: { nature: 'list', ibm: 'iam-groups.members.list' },
    addMembers: { nature: 'write', ibm: 'iam-groups.members.add' },
    removeMembers: { nature: 'write', ibm: 'iam-groups.members.delete' },
    /** After the member was deleted. */
    forgetMember: { nature: 'write', standing: ['service'] },
  },
);

export const Settings = resource<SettingsDocument>()(
  'identity-settings',
  { collection: identitySettings, documentId: () => SETTINGS_ID, refOf: ({ account }) => settingsRef(account) },
  {
    create: { nature: 'write', standing: ['operator'] },
    read: { nature: 'read', ibm: 'iam-identity.account.get' },
    update: { nature: 'write', ibm: 'iam-identity.account.update' },
    /** To go by them, when a session begins. */
    follow: { nature: 'read', standing: ['anyone'] },
  },
);

export const Session = resource<SessionDocument>()(
  'session',
  {
    collection: sessions,
    refOf: ({ account, id }) => sessionRef(account, id),
    attributes: (_ref, value) => (value ? { iamId: value.iamId } : {}),
  },
  {
    open: { nature: 'write', standing: ['self'] },
    refresh: { nature: 'use', standing: ['self'] },
    end: { nature: 'write', standing: ['service'] },
  },
);

export const SigningKey = resource<SigningKeyDocument>()(
  'signing-key',
  { collection: signingKeys, refOf: ({ id }) => signingKeyRef(id) },
  {
    create: { nature: 'write', standing: ['operator'] },
    /** The public half. */
    read: { nature: 'read', standing: ['anyone'] },
    /** The token service signs for whomever it has identified. */
    sign: { nature: 'use', standing: ['anyone'] },
  },
);
