/** Resource groups, service instances and the catalog that these are made from. */
import type { Service } from '../../service.ts';
import { Group, groups, Instance, instances, Public, publicKnowledge } from './access.ts';
import { getCatalogEntry, listCatalogChildren, listOfferings } from './catalog.ts';
import {
  createGroup,
  deleteGroupOf,
  foundDefaultGroup,
  type GroupContents,
  getGroup,
  listGroups,
  updateGroup,
} from './groups.ts';
import { globalCatalogFace, resourceControllerFace, resourceManagerFace } from './ibm.ts';
import {
  createInstance,
  deleteInstanceOf,
  getInstance,
  type InstanceContents,
  listInstances,
  lockInstance,
  updateInstance,
} from './instances.ts';

/** What later services keep in instances and groups, which cannot be deleted while it is there. */
export interface Contents {
  readonly ofInstances: readonly InstanceContents[];
  readonly ofGroups: readonly GroupContents[];
}

const FOUND = 'resources.found-default-group';

export function resourcesService(contents: Contents): Service {
  const deleteInstance = deleteInstanceOf(contents.ofInstances);
  const deleteGroup = deleteGroupOf([{ type: Instance.type, index: 'group' }, ...contents.ofGroups]);
  const { type: _instance, ...instanceActions } = Instance;
  const { type: _group, ...groupActions } = Group;
  return {
    name: 'resources',
    collections: [instances, groups, publicKnowledge],
    actions: [...Object.values(instanceActions), ...Object.values(groupActions), Public.read],
    operations: [
      createInstance,
      listInstances,
      getInstance,
      updateInstance,
      lockInstance,
      deleteInstance,
      listGroups,
      createGroup,
      getGroup,
      updateGroup,
      deleteGroup,
      foundDefaultGroup,
      listOfferings,
      getCatalogEntry,
      listCatalogChildren,
    ],
    jobs: { [FOUND]: { service: 'resource-controller', operation: foundDefaultGroup } },
    subscriptions: { 'accounts.made': [FOUND] },
    ibm: [resourceControllerFace(deleteInstance), resourceManagerFace(deleteGroup), globalCatalogFace],
  };
}
