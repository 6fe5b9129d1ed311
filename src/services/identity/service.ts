/** The identity service: who callers are, and the credentials by which they show it. */
import type { Service } from '../../service.ts';
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
import { keepSigningKey, readSigningKeys } from './ibm/signing.ts';
import { tokenFace } from './ibm/token-face.ts';
import { END_SESSION, endSession, issueToken } from './ibm/tokens.ts';

export const identityService: Service = {
  name: 'identity',
  collections: [apiKeys, serviceIds, groups, groupMembers, identitySettings, sessions, signingKeys],
  actions: [ApiKey, ServiceId, Group, Settings, Session, SigningKey].flatMap(({ type: _type, ...actions }) =>
    Object.values(actions),
  ),
  operations: [keepSigningKey, issueToken, endSession, readSigningKeys],
  jobs: { [END_SESSION]: { service: 'iam-identity', operation: endSession } },
  ibm: [tokenFace],
};
