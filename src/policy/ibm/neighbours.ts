/** Requests next to an IBM Cloud request: what a grant for it might open besides. */

import type { Question, Target } from '../model.ts';
import { formatCrn } from '../names.ts';
import type { Neighbour } from '../neighbours.ts';
import { serviceNamed } from './catalogue/catalogue.ts';
import { ruleContext } from './question.ts';

type Attributes = Readonly<Record<string, string>>;

/** Stands for a value that nothing has: only what is open to every value opens it. */
const ANOTHER = 'another';

/** The same request for another resource, place or action, and by another resource, place or account of the caller. */
export function ibmNeighbours(question: Question, actions: Iterable<string>): readonly Neighbour[] {
  const neighbours: Neighbour[] = [];
  for (const [what, names] of placesOf(question.resource)) {
    const resource = changed(question.resource, names);
    neighbours.push({ what, question: { ...question, resource, context: contextOf(question, resource) } });
  }
  const { caller } = question;
  for (const [what, names] of sourcesOf(caller.kind === 'service' ? (caller.attributes ?? {}) : {})) {
    const attributes = another(caller.attributes ?? {}, names);
    neighbours.push({ what, question: { ...question, caller: { ...caller, attributes } } });
  }
  for (const action of actions) {
    if (action !== question.action.toLowerCase()) neighbours.push({ what: action, question: { ...question, action } });
  }
  return neighbours;
}

/** Each step leaves the place of the step before: another key, then one in another key ring, then in another instance. */
function placesOf({ ref, attributes }: Target): readonly (readonly [string, readonly string[]])[] {
  const ids = ['resource', ...Object.values(serviceNamed(ref.service)?.id_attributes ?? {})];
  const type = ref.type === '' ? ref.service : ref.type;
  const steps = [
    ['keyRing', `any ${type} in other key rings`],
    ['resourceGroupId', `any ${type} in other resource groups`],
    ['region', `any ${type} in other regions`],
    ['serviceInstance', `any ${type} in other instances`],
  ] as const;
  const own = ids.some((name) => attributes[name]) ? [[`any other ${type} beside it`, ids] as const] : [];
  return [
    ...own,
    ...steps
      .filter(([name]) => attributes[name])
      .map(([name, what]) => [what, name === 'serviceInstance' ? [...ids, 'keyRing', name] : [...ids, name]] as const),
  ];
}

function sourcesOf(attributes: Attributes): readonly (readonly [string, readonly string[]])[] {
  const service = attributes['serviceName'] ?? '';
  const account = attributes['accountId'] ?? '';
  const steps = [
    ['resource', `${service} for any other resource of account ${account}`, ['resource']],
    ['serviceInstance', `any other instance of ${service} of account ${account}`, ['resource', 'serviceInstance']],
    ['accountId', `${service} of any other account`, ['resource', 'serviceInstance', 'accountId']],
  ] as const;
  return steps.filter(([name]) => attributes[name]).map(([, what, names]) => [what, names]);
}

function another(attributes: Attributes, names: readonly string[]): Attributes {
  const changes = names.filter((name) => attributes[name]).map((name) => [name, ANOTHER]);
  return { ...attributes, ...Object.fromEntries(changes) };
}

function changed(target: Target, names: readonly string[]): Target {
  const ref = {
    ...target.ref,
    ...(names.includes('resource') && target.ref.id !== '' ? { id: ANOTHER } : {}),
    ...(names.includes('serviceInstance') ? { instance: ANOTHER } : {}),
    ...(names.includes('region') ? { location: ANOTHER } : {}),
  };
  return { ref, name: formatCrn(ref), attributes: another(target.attributes, names) };
}

/** Rules look at the resource through the context. */
function contextOf({ context }: Question, resource: Target): Question['context'] {
  return { ...context, ...ruleContext(resource, undefined) };
}
