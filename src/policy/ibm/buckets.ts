/**
 * Index keys. A policy is stored under the few keys that it tests literally; a question looks under the few keys where a
 * policy that matches it can be. So a decision costs the same however many policies an account has.
 *
 * A key is `owner account | subject | service of the target | instance | resource`; a part that the policy does not
 * test literally is `*`. Access policies are counted per subject by the vendor (1000 at most): they go without resource.
 */
import type { AttributeTest, Question } from '../model.ts';
import { allServices } from './catalogue/catalogue.ts';
import { frameOf } from './compile.ts';
import type { IbmPolicy } from './document.ts';

const ANY = '*';
/** Attributes that select one resource, in the order in which a policy is filed under one of them. */
const selectors: readonly string[] = [
  'resource',
  ...new Set(allServices().flatMap((s) => Object.values(s.id_attributes ?? {}))),
];

const isSelector: ReadonlySet<string> = new Set(selectors);

/** The keys under which a policy is stored. Empty when it cannot be compiled: it allows nothing. */
export function bucketsOf(policy: IbmPolicy): string[] {
  const frame = frameOf(policy);
  if (typeof frame === 'string') return [];
  const { account, principals, tests } = frame;
  const place = [literalOf(tests, 'serviceName'), literalOf(tests, 'serviceInstance')];
  if (principals.kind !== 'service') {
    return [key(account, principals.kind === 'group' ? 'group' : 'identity', safe(principals.id), ...place)];
  }
  const source = ['accountId', 'serviceName', 'serviceInstance'].map((name) => literalOf(principals.tests, name));
  const selected = selectors.map((name) => literalOf(tests, name)).find((part) => part !== ANY);
  return [key(account, 'service', ...source, ...place, selected ?? ANY)];
}

/**
 * The keys where a policy that matches the question can be: 32 for a service (64 where its target carries the ids of
 * two resources), four for each of an identity and its access groups.
 */
export function bucketsFor({ caller, resource }: Question): string[] {
  const target = resource.attributes;
  const account = target['accountId'] ?? '';
  const place = [choicesOf(target, 'serviceName'), choicesOf(target, 'serviceInstance')];
  if (caller.kind === 'service') {
    const source = caller.attributes ?? {};
    const from = [choicesOf(source, 'serviceName'), choicesOf(source, 'serviceInstance')];
    const start = key(account, 'service', safe(source['accountId'] ?? ''));
    return extended([start], [...from, ...place, selectedIn(target)]);
  }
  const starts = [key(account, 'identity', safe(caller.id))];
  if (caller.role !== undefined && caller.role !== caller.id) starts.push(key(account, 'identity', safe(caller.role)));
  for (const group of caller.groups ?? []) starts.push(key(account, 'group', safe(group)));
  return extended(starts, place);
}

/** The parts that a policy can be filed under which matches the value of an attribute. */
function choicesOf(attributes: Readonly<Record<string, string>>, name: string): readonly string[] {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return value === undefined || value === '' ? [ANY] : [ANY, safe(value)];
}

/** Every id in the attributes: a policy may select by any of them. */
function selectedIn(attributes: Readonly<Record<string, string>>): readonly string[] {
  const found = [ANY];
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (value === undefined || value === '' || !isSelector.has(name)) continue;
    const part = safe(value);
    if (!found.includes(part)) found.push(part);
  }
  return found;
}

function literalOf(tests: readonly AttributeTest[], name: string): string {
  const test = tests.find((t) => t.name === name && t.operator === 'stringEquals');
  return test === undefined || test.value === '' ? ANY : safe(test.value);
}

const key = (...parts: string[]): string => parts.join('|');

/** Every way to go on from every start. */
function extended(starts: readonly string[], choices: readonly (readonly string[])[]): string[] {
  let made = [...starts];
  for (const parts of choices) {
    const longer: string[] = [];
    for (const start of made) for (const part of parts) longer.push(`${start}|${part}`);
    made = longer;
  }
  return made;
}

/** A literal part never looks like a separator or like `*`. */
const safe = (part: string): string =>
  /[%|*]/.test(part) ? part.replace(/[%|*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`) : part;
