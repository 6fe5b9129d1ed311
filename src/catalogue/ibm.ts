/** IBM Cloud questions beside the catalogue that the engine itself resolves roles with. */
import { actionsOf, CATALOGUE } from '../policy/ibm/catalogue/catalogue.ts';
import type { Question } from '../policy/model.ts';
import type { Catalogued } from './catalogued.ts';

/** Whether the catalogue knows the action on the service of the resource: of another, no role holds it. */
export function ibmCatalogued({ action, resource }: Question): Catalogued {
  const known = actionsOf(resource.ref.service).includes(action);
  return { ...CATALOGUE, unknown: known ? [] : [{ kind: 'action', name: action }] };
}
