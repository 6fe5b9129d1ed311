/** The identity service: who callers are, and the credentials by which they show it. */
import type { Service } from '../../service.ts';
import { iamIdentityFamily } from '../../wire/ibm/families.ts';
import { awsIdentity } from './aws/aws.ts';
import {
  ApiKey,
  apiKeys,
  Group,
  groupMembers,
  groups,
  identitySettings,
  ServiceId,
  Session,
  Settings,
  SigningKey,
  serviceIds,
  sessions,
  signingKeys,
} from './ibm/access.ts';
import {
  createApiKey,
  deleteApiKey,
  getApiKey,
  getApiKeyDetails,
  listApiKeys,
  switchApiKey,
  updateApiKey,
} from './ibm/apikeys.ts';
import { apiKeyRoutes } from './ibm/apikeys-face.ts';
import { addMembers, checkMember, listMembers, removeMembers } from './ibm/group-members.ts';
import { createGroup, deleteGroup, getGroup, listGroups, updateGroup } from './ibm/groups.ts';
import { groupsFace } from './ibm/groups-face.ts';
import { memberLayers } from './ibm/layers.ts';
import {
  createServiceId,
  deleteServiceId,
  FORGET_API_KEYS,
  FORGET_MEMBER,
  forgetApiKeys,
  forgetMember,
  getServiceId,
  listServiceIds,
  lockServiceId,
  updateServiceId,
} from './ibm/serviceids.ts';
import { serviceIdRoutes } from './ibm/serviceids-face.ts';
import { getSettings, updateSettings } from './ibm/settings.ts';
import { settingsRoutes } from './ibm/settings-face.ts';
import { keepSigningKey, readSigningKeys } from './ibm/signing.ts';
import { tokenFace } from './ibm/token-face.ts';
import { END_SESSION, endSession, issueToken } from './ibm/tokens.ts';

export const identityService: Service = {
  name: 'identity',
  collections: [
    apiKeys,
    serviceIds,
    groups,
    groupMembers,
    identitySettings,
    sessions,
    signingKeys,
    ...awsIdentity.collections,
  ],
  actions: [
    ...[ApiKey, ServiceId, Group, Settings, Session, SigningKey].flatMap(({ type: _type, ...actions }) =>
      Object.values(actions),
    ),
    ...awsIdentity.actions,
  ],
  operations: [
    ...[keepSigningKey, readSigningKeys, issueToken, endSession],
    ...[createApiKey, getApiKey, getApiKeyDetails, listApiKeys, updateApiKey, switchApiKey, deleteApiKey],
    ...[createServiceId, getServiceId, listServiceIds, updateServiceId, lockServiceId, deleteServiceId],
    ...[forgetApiKeys, forgetMember],
    ...[createGroup, getGroup, listGroups, updateGroup, deleteGroup],
    ...[addMembers, listMembers, checkMember, removeMembers],
    ...[getSettings, updateSettings],
    ...awsIdentity.operations,
  ],
  sources: [memberLayers, ...awsIdentity.sources],
  jobs: {
    [END_SESSION]: { service: 'iam-identity', operation: endSession },
    [FORGET_API_KEYS]: { service: 'iam-identity', operation: forgetApiKeys },
    [FORGET_MEMBER]: { service: 'iam-groups', operation: forgetMember },
    ...awsIdentity.jobs,
  },
  aws: awsIdentity.aws,
  ibm: [
    tokenFace,
    { family: iamIdentityFamily, faults: {}, routes: [...apiKeyRoutes, ...serviceIdRoutes, ...settingsRoutes] },
    groupsFace,
  ],
};
