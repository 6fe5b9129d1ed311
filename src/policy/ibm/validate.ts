/**
 * What the vendor refuses when a policy is written. Every fault is told at once, by the name that was typed, with the
 * one that was meant where it can be guessed. https://cloud.ibm.com/apidocs/iam-policy-management#create-policy
 */
import { allServices, isSource, serviceNamed } from './catalogue/catalogue.ts';
import type { CustomRoles } from './compile.ts';
import { type ApiVersion, type IbmPolicy, type PolicyAttribute, type Problem, pathsOf } from './document.ts';
import { attributeMeant, serviceMeant } from './meant.ts';
import { validateRoles } from './validate-roles.ts';
import { validateRule } from './validate-rule.ts';

export type Report = (path: string, message: string, meant?: string) => void;

const LONGEST_VALUE = 1000;
const subjectNames = {
  access: ['iam_id', 'access_group_id'],
  authorization: [
    'serviceName',
    'accountId',
    'serviceInstance',
    'region',
    'resourceType',
    'resource',
    'resourceGroupId',
  ],
} as const;
const resourceNames = [
  'accountId',
  'serviceName',
  'serviceType',
  'resourceGroupId',
  'service_group_id',
  'serviceInstance',
  'region',
  'resourceType',
  'resource',
];
const families: Readonly<Record<IbmPolicy['type'], readonly string[]>> = {
  access: ['serviceName', 'serviceType', 'resourceGroupId', 'service_group_id'],
  authorization: ['serviceName', 'serviceType', 'resourceGroupId', 'resourceType'],
};

/** All faults of a policy; none when it can be stored. `custom` are the account's own roles by CRN. */
export function validate(policy: IbmPolicy, version: ApiVersion, custom: CustomRoles = new Map()): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, message, meant) =>
    problems.push({ code: 'invalid_body', message, path, ...(meant === undefined ? {} : { meant }) });
  const subject = validateSubject(policy, version, report);
  const resource = validateResource(policy, version, report);
  for (const [i, tag] of policy.tags.entries()) checkForm(tag, version, (f) => pathsOf(version).tag(i, f), report);
  validateRoles({ ...policy, subject, resource }, version, custom, report);
  validateRule(policy, report);
  return problems;
}

/** Checks the subject and gives it back with the names that were meant, so that one fault is told once. */
function validateSubject(policy: IbmPolicy, version: ApiVersion, report: Report): PolicyAttribute[] {
  const paths = pathsOf(version);
  const { access, authorization } = subjectNames;
  const allowed: readonly string[] = subjectNames[policy.type];
  const meant = policy.subject.map((attribute, i) => {
    const at = (field: 'name' | 'value' | 'operator') => paths.subjectAttribute(i, field);
    const named = checkName(attribute, allowed, [...access, ...authorization], 'subject', at, report);
    checkForm(named, version, at, report);
    if (version === 'v1' && named.operator !== 'stringEquals') {
      report(at('operator'), `a v1 subject has no operators; send \`${named.name}\` with v2 for \`${named.operator}\``);
    }
    return named;
  });
  checkTwice(meant, (i) => paths.subjectAttribute(i, 'name'), report);
  const has = (name: string) => meant.some((a) => a.name === name);
  if (policy.type === 'access') {
    if (authorization.some(has)) {
      report(
        'type',
        'an access policy is for an identity; a service as subject needs type `authorization`',
        'authorization',
      );
    } else if (meant.length !== 1) {
      report(paths.subject, 'the subject of an access policy is one `iam_id` or one `access_group_id`');
    }
    return meant;
  }
  if (access.some(has)) {
    report('type', 'an authorization policy is for a service; an identity as subject needs type `access`', 'access');
    return meant;
  }
  if (!has('accountId')) report(paths.subject, 'the subject lacks `accountId`, the account of the source service');
  if (!has('serviceName') && !has('resourceGroupId')) {
    report(paths.subject, 'the subject lacks `serviceName` (or `resourceGroupId`), the source that is authorized');
  }
  return meant;
}

function validateResource(policy: IbmPolicy, version: ApiVersion, report: Report): PolicyAttribute[] {
  const paths = pathsOf(version);
  const ofServices = [...new Set(allServices().flatMap((s) => s.attributes ?? []))];
  const known = [...resourceNames, ...ofServices];
  const meant = policy.resource.map((attribute, i) => {
    const at = (field: 'name' | 'value' | 'operator') => paths.resourceAttribute(i, field);
    const named = checkName(attribute, known, known, 'resource', at, report);
    checkForm(named, version, at, report);
    return named;
  });
  checkTwice(meant, (i) => paths.resourceAttribute(i, 'name'), report);
  const has = (name: string) => meant.some((a) => a.name === name);
  if (!has('accountId')) report(paths.resource, 'the resource lacks `accountId`, the account that owns it');
  const group = meant.some((a) => a.name === 'resourceType' && a.value === 'resource-group');
  if (!group && !families[policy.type].some(has)) {
    const owner = allServices().find((s) => s.attributes?.some(has));
    const hint = owner === undefined ? '' : `: \`${owner.attributes?.find(has)}\` is an attribute of \`${owner.name}\``;
    report(paths.resource, `the resource lacks one of ${families[policy.type].join(', ')}${hint}`, 'serviceName');
  }
  const name = meant.find((a) => a.name === 'serviceName' && a.operator === 'stringEquals')?.value;
  const service = typeof name === 'string' ? serviceNamed(name) : undefined;
  for (const [i, { name: typed }] of policy.resource.entries()) {
    if (service === undefined || resourceNames.includes(typed) || !ofServices.includes(typed)) continue;
    if (service.attributes?.includes(typed)) continue;
    report(paths.resourceAttribute(i, 'name'), `\`${service.name}\` does not support the attribute \`${typed}\``);
  }
  return meant;
}

/** An attribute that does not exist comes back under the name that was meant; the problem names both. */
function checkName(
  attribute: PolicyAttribute,
  allowed: readonly string[],
  candidates: readonly string[],
  place: 'subject' | 'resource',
  at: (field: 'name' | 'value') => string,
  report: Report,
): PolicyAttribute {
  const { name } = attribute;
  if (candidates.includes(name)) return attribute;
  const meant = attributeMeant(name, String(attribute.value), candidates);
  const hint = meant === undefined ? `; a ${place} may have ${allowed.join(', ')}` : `; did you mean \`${meant}\``;
  report(at('name'), `unknown ${place} attribute \`${shortened(name)}\`${hint}`, meant);
  const claimed = meant === 'serviceName' ? serviceMeant(name) : undefined;
  // The name of a target that stands before the source is a slip of the name alone: the value says which service is meant.
  const isClaim = claimed !== undefined && (place === 'resource' || isSource(claimed));
  if (isClaim && claimed !== attribute.value) {
    report(
      at('value'),
      `\`${name}\` is the service \`${claimed}\`, not \`${shortened(String(attribute.value))}\``,
      claimed,
    );
  }
  return meant === undefined ? attribute : { ...attribute, name: meant };
}

const operators: Readonly<Record<ApiVersion, readonly string[]>> = {
  v1: ['stringEquals', 'stringMatch'],
  v2: ['stringEquals', 'stringMatch', 'stringExists'],
};

function checkForm(
  { name, operator, value }: PolicyAttribute,
  version: ApiVersion,
  at: (field: 'value' | 'operator') => string,
  report: Report,
): void {
  if (!operators[version].includes(operator)) {
    const hint = operator === 'stringExists' ? 'send it with v2' : `use ${operators[version].join(', ')}`;
    report(at('operator'), `\`${shortened(operator)}\` is no operator of ${version} attributes; ${hint}`);
    return;
  }
  if (operator === 'stringExists') {
    if (!['true', 'false'].includes(String(value))) report(at('value'), '`stringExists` takes true or false');
    if (name === 'accountId') report(at('operator'), '`accountId` is compared with `stringEquals` only');
    return;
  }
  const text = String(value);
  if (text.length < 1 || text.length > LONGEST_VALUE) {
    report(at('value'), `the value of \`${name}\` has ${text.length} characters; 1 to ${LONGEST_VALUE} are allowed`);
    return;
  }
  if (name === 'accountId' && operator !== 'stringEquals') {
    report(at('operator'), '`accountId` is compared with `stringEquals` only');
  } else if (operator === 'stringEquals') {
    checkValue(name, text, at('value'), report);
  }
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}...` : text);

/** Attributes whose values have a form of their own. */
function checkValue(name: string, text: string, path: string, report: Report): void {
  const shown = `\`${shortened(text)}\``;
  if (name === 'accountId' && !/^[0-9a-f]{32}$/.test(text)) {
    const inside = /\ba\/([0-9a-f]{32})\b/.exec(text)?.[1];
    report(path, `\`accountId\` is the bare account id, 32 hex digits, not ${shown}`, inside);
  } else if (name === 'serviceName' && serviceNamed(text) === undefined) {
    const meant = serviceMeant(text);
    report(path, `unknown service ${shown}${meant === undefined ? '' : `; did you mean \`${meant}\``}`, meant);
  } else if (name === 'iam_id' && (text.includes('@') || !/^[A-Za-z0-9._]+-.+/.test(text))) {
    report(path, `\`iam_id\` is an id such as \`IBMid-...\` or \`iam-ServiceId-...\`, not ${shown}`);
  } else if (name === 'iam_id' && /^(ServiceId|Profile)-/.test(text)) {
    report(path, `${shown} is the id; its \`iam_id\` is \`iam-${shortened(text)}\``, `iam-${text}`);
  } else if (name === 'access_group_id' && !/^AccessGroupId-.+/.test(text)) {
    report(path, `\`access_group_id\` is an id such as \`AccessGroupId-...\`, not ${shown}`);
  } else if (name === 'serviceType' && text !== 'service' && text !== 'platform_service') {
    report(path, `\`serviceType\` is \`service\` or \`platform_service\`, not ${shown}`);
  } else if (name === 'service_group_id' && text !== 'IAM') {
    report(path, `\`service_group_id\` is \`IAM\`, not ${shown}`, 'IAM');
  }
}

function checkTwice(attributes: readonly PolicyAttribute[], at: (index: number) => string, report: Report): void {
  for (const [i, { name }] of attributes.entries()) {
    if (attributes.findIndex((a) => a.name === name) < i) report(at(i), `attribute \`${name}\` is given twice`);
  }
}
