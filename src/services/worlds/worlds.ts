/** The worlds service: the accounts that a file describes, made and shown. For the operator alone. */
import type { Service } from '../../service.ts';
import { WorldFile, worldFiles } from './access.ts';
import { applyWorld } from './apply.ts';
import { exportWorld, showWorld } from './show.ts';

export const worldsService: Service = {
  name: 'worlds',
  collections: [worldFiles],
  actions: [WorldFile.apply],
  operations: [applyWorld, showWorld, exportWorld],
};
