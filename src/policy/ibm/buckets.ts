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
export function bucketsFor(question: Question): string[] {
  const { caller, resource } = question;
  const has = (attributes: Readonly<Record<string, string>>, name: string) => {
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    return value === undefined || value === '' ? [ANY] : [safe(value), ANY];
  };
  const target = resource.attributes;
  const account = target['accountId'] ?? '';
  const place = [has(target, 'serviceName'), has(target, 'serviceInstance')];
  if (caller.kind === 'service') {
    const source = caller.attributes ?? {};
    const selected = [...new Set([...selectors.flatMap((name) => has(target, name))])];
    return keys(
      [account],
      ['service'],
      [safe(source['accountId'] ?? '')],
      has(source, 'serviceName'),
      has(source, 'serviceInstance'),
      ...place,
      selected,
    );
  }
  const groups = (caller.groups ?? []).map(safe);
  const ids = [...new Set([caller.id, caller.role ?? caller.id])].map(safe);
  return [
    ...keys([account], ['identity'], ids, ...place),
    ...(groups.length === 0 ? [] : keys([account], ['group'], groups, ...place)),
  ];
}

function literalOf(tests: readonly AttributeTest[], name: string): string {
  const test = tests.find((t) => t.name === name && t.operator === 'stringEquals');
  return test === undefined || test.value === '' ? ANY : safe(test.value);
}

const key = (...parts: string[]): string => parts.join('|');

function keys(...choices: (readonly string[])[]): string[] {
  return choices
    .reduce<string[][]>((made, parts) => made.flatMap((m) => parts.map((p) => [...m, p])), [[]])
    .map((p) => key(...p));
}

/** A literal part never looks like a separator or like `*`. */
const safe = (part: string): string => part.replace(/[%|*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
