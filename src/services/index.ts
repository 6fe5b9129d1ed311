/** The list of services, one line each: the catalogue. Later ones may use earlier ones, never the other way. */
import { clockService } from '../clock.ts';
import type { Service } from '../service.ts';
import { accountsService } from './accounts/accounts.ts';
import { identityService } from './identity/service.ts';
import { policiesService } from './policies/index.ts';
import { resourcesService } from './resources/service.ts';
import { worldsService } from './worlds/worlds.ts';

export const services: readonly Service[] = [
  clockService,
  accountsService,
  identityService,
  worldsService,
  policiesService,
  resourcesService({ ofInstances: [], ofGroups: [] }),
];
