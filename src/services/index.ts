/** The list of services, one line each: the catalogue. Later ones may use earlier ones, never the other way. */
import { apiService } from '../api/operations.ts';
import { clockService } from '../clock.ts';
import { questionsService } from '../questions/operations.ts';
import type { Service } from '../service.ts';
import { accountsService } from './accounts/accounts.ts';
import { identityService } from './identity/service.ts';
import { liveKeys } from './keys/access.ts';
import { keysService } from './keys/keys.ts';
import { logsService } from './logs/logs.ts';
import { policiesService } from './policies/index.ts';
import { resourcesService } from './resources/service.ts';
import { volumesInGroups, volumesService } from './volumes/service.ts';
import { worldsService } from './worlds/worlds.ts';

export const services: readonly Service[] = [
  clockService,
  apiService,
  questionsService,
  accountsService,
  policiesService,
  identityService,
  worldsService,
  resourcesService({ ofInstances: [liveKeys], ofGroups: [volumesInGroups] }),
  keysService,
  logsService,
  volumesService,
];
