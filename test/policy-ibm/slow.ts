/**
 * A second evaluator of IBM Cloud policies: slow, without statements or index, one plain sentence of the vendor's rules
 * after the other. The tests compare the engine with it.
 */

import { allServices, grants, roleOf } from '../../src/policy/ibm/catalogue/catalogue.ts';
import {
  type IbmPolicy,
  isGroup,
  type PolicyAttribute,
  type Rule,
  type RuleCondition,
} from '../../src/policy/ibm/document.ts';
import type { Question } from '../../src/policy/model.ts';

type Values = Readonly<Record<string, string>>;

/** Whether one policy allows the question. */
export function allows(policy: IbmPolicy, question: Question): boolean {
  return (
    subjectIs(policy, question) &&
    policy.resource.every((a) => holds(a, question.resource.attributes)) &&
    policy.roles.some((crn) => roleAllows(crn, policy, question)) &&
    (policy.rule === undefined || ruleHolds(policy.rule, question))
  );
}

function subjectIs(policy: IbmPolicy, { caller, resource }: Question): boolean {
  if (policy.type === 'access') {
    if (caller.account !== resource.ref.account) return false;
    const [subject] = policy.subject;
    if (subject?.name === 'access_group_id') return (caller.groups ?? []).includes(String(subject.value));
    return subject?.name === 'iam_id' && caller.kind !== 'service' && caller.id === subject.value;
  }
  if (caller.kind !== 'service') return false;
  const attributes = caller.attributes ?? {};
  const owner = policy.resource.find((a) => a.name === 'accountId')?.value;
  const namesAccount = policy.subject.some((a) => a.name === 'accountId');
  return (namesAccount || attributes['accountId'] === owner) && policy.subject.every((a) => holds(a, attributes));
}

/** Any id of a VPC resource that is equal to `*` means every one of them. */
function holds({ name, operator, value }: PolicyAttribute, attributes: Values): boolean {
  const got = attributes[name];
  const anyId = allServices().some((s) => Object.values(s.id_attributes ?? {}).includes(name));
  if (operator === 'stringExists') return (got !== undefined) === (String(value) === 'true');
  if (got === undefined) return false;
  if (operator === 'stringMatch') return wildcard(String(value)).test(got);
  return got === value || (anyId && value === '*');
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .split(/(\{\{\*\}\}|\{\{\?\}\}|\*|\?)/)
    .map((part) => {
      if (part === '*') return '.*';
      if (part === '?') return '.';
      return part.replace(/^\{\{(.)\}\}$/, '$1').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`, 'su');
}

/** A role says what may be done on the services that the policy is about. */
function roleAllows(crn: string, policy: IbmPolicy, { action }: Question): boolean {
  if (roleOf(crn) === undefined) return false;
  const literalOf = (name: string) =>
    policy.resource.find((a) => a.name === name && a.operator === 'stringEquals')?.value;
  const about = allServices().filter((service) => {
    if (literalOf('serviceName') !== undefined) return service.name === literalOf('serviceName');
    if (literalOf('resourceType') === 'resource-group') return service.name === 'resource-controller';
    if (literalOf('service_group_id') === 'IAM') {
      return ['iam-identity', 'iam-groups', 'iam-access-management', 'user-management'].includes(service.name);
    }
    return service.type === (literalOf('serviceType') ?? 'service');
  });
  return about.some((service) => [...grants(crn, service.name)].includes(action));
}

function ruleHolds(rule: Rule, question: Question): boolean {
  if (!isGroup(rule)) return conditionHolds(rule, question);
  const results = rule.conditions.map((part) => ruleHolds(part, question));
  return rule.operator === 'and' ? results.every(Boolean) : results.some(Boolean);
}

function conditionHolds({ key, operator, value }: RuleCondition, question: Question): boolean {
  const values = (Array.isArray(value) ? value : [value]).map(String);
  if (key.startsWith('{{resource')) {
    const got = question.resource.attributes[key.slice('{{resource.attributes.'.length, -2)];
    return got !== undefined && values.some((v) => wildcard(v).test(got));
  }
  const now = new Date(String(question.context['environment.attributes.current_date_time']));
  return values.some((v) => clockHolds(operator, v, now));
}

function clockHolds(operator: string, value: string, now: Date): boolean {
  if (operator === 'dateTimeLessThanOrEquals') return now.getTime() <= Date.parse(value);
  const east = /([+-])(\d\d):(\d\d)$/.exec(value);
  const minutes = east ? Number(`${east[1]}1`) * (Number(east[2]) * 60 + Number(east[3])) : 0;
  const there = new Date(now.getTime() + minutes * 60_000).toISOString();
  if (operator === 'dayOfWeekAnyOf') return Number(value[0]) === (new Date(there).getUTCDay() || 7);
  const time = there.slice(11, 19);
  return operator === 'timeLessThan' ? time < value.slice(0, 8) : time >= value.slice(0, 8);
}
