/** The worlds service: the accounts that a file describes, made and shown. For the operator alone. */
import type { Service } from '../../service.ts';
import { AwsPrincipal, awsPrincipals, Grouping, groupings, WorldFile, worldFiles } from './access.ts';
import { applyWorld } from './apply.ts';
import { exportWorld, showWorld } from './show.ts';

export const worldsService: Service = {
  name: 'worlds',
  collections: [awsPrincipals, groupings, worldFiles],
  actions: [WorldFile.apply, AwsPrincipal.create, AwsPrincipal.read, Grouping.create, Grouping.read],
  operations: [applyWorld, showWorld, exportWorld],
};
