/**
 * Policy bodies -> IbmPolicy. Only the shape is judged here (fields, types); what the values mean is `validate`'s.
 * A policy comes back whenever the shape can be read at all, so that one answer can name every fault.
 */
import {
  type ApiVersion,
  type IbmPolicy,
  type PolicyAttribute,
  type Problem,
  pathsOf,
  RULE_DEPTH,
  type Rule,
  type RuleValue,
} from './document.ts';

export interface Parsed {
  /** Absent when the body cannot be read as a policy. */
  readonly policy?: IbmPolicy;
  readonly problems: readonly Problem[];
}

/** More attributes or roles than any policy has a use for; without a limit, telling faults would take long. */
const LONGEST_LIST = 100;

type Json = Readonly<Record<string, unknown>>;
type Report = (path: string, message: string, meant?: string) => void;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields that replies carry and clients send back with a changed policy. */
const replyFields = [
  'id',
  'href',
  'state',
  'created_at',
  'created_by_id',
  'last_modified_at',
  'last_modified_by_id',
  'last_permit_at',
  'last_permit_frequency',
  'version',
  'template',
];
const fields: Readonly<Record<ApiVersion, readonly string[]>> = {
  v1: ['type', 'description', 'subjects', 'roles', 'resources'],
  v2: ['type', 'description', 'subject', 'resource', 'control', 'rule', 'pattern'],
};

/** Reads a body of `POST /v1/policies`. */
export function fromV1(body: unknown): Parsed {
  return parsed(body, 'v1', (object, report) => ({
    subject: attributesOf(only(object['subjects'], 'subjects', report), 'v1', 'subject', report),
    target: only(object['resources'], 'resources', report),
    roles: object['roles'],
  }));
}

/** Reads a body of `POST /v2/policies`. */
export function fromV2(body: unknown): Parsed {
  return parsed(body, 'v2', (object, report) => {
    const control = object['control'];
    const grant = isObject(control) ? control['grant'] : undefined;
    return {
      subject: attributesOf(needed(object['subject'], 'subject', report), 'v2', 'subject', report),
      target: needed(object['resource'], 'resource', report),
      roles: isObject(grant) ? grant['roles'] : undefined,
    };
  });
}

/** The version that a body is written in: only v2 has `control`, `subject` or `resource`. */
export function versionOf(body: unknown): ApiVersion {
  return isObject(body) && ['control', 'subject', 'resource'].some((field) => Object.hasOwn(body, field)) ? 'v2' : 'v1';
}

/** Reads a body of either version. */
export function fromBody(body: unknown): Parsed {
  return versionOf(body) === 'v2' ? fromV2(body) : fromV1(body);
}

interface Parts {
  readonly subject: PolicyAttribute[];
  readonly target: Json | undefined;
  readonly roles: unknown;
}

function parsed(body: unknown, version: ApiVersion, parts: (object: Json, report: Report) => Parts): Parsed {
  const problems: Problem[] = [];
  const report: Report = (path, message, meant) =>
    problems.push({ code: 'invalid_body', message, path, ...(meant === undefined ? {} : { meant }) });
  if (!isObject(body)) {
    report('', 'a policy is a json object');
    return { problems };
  }
  for (const field of Object.keys(body)) {
    if (fields[version].includes(field) || replyFields.includes(field)) continue;
    report(field, `unknown field \`${field}\`; a ${version} policy has ${fields[version].join(', ')}`);
  }
  const { type, description } = body;
  if (type !== 'access' && type !== 'authorization') {
    report('type', `\`type\` is \`access\` or \`authorization\`${type === undefined ? '' : `, not ${shown(type)}`}`);
    return { problems };
  }
  if (description !== undefined && typeof description !== 'string') report('description', 'a description is a text');
  const { subject, target, roles } = parts(body, report);
  const rule = version === 'v2' && body['rule'] !== undefined ? readRule(body['rule'], 'rule', 0, report) : undefined;
  const pattern = version === 'v2' ? body['pattern'] : undefined;
  if (pattern !== undefined && typeof pattern !== 'string') report('pattern', 'a pattern is a text');
  const policy: IbmPolicy = {
    type,
    ...(typeof description === 'string' ? { description } : {}),
    subject,
    resource: attributesOf(target, version, 'resource', report),
    tags: target?.['tags'] === undefined ? [] : attributeList(target['tags'], version, 'tag', report),
    roles: roleIds(roles, version, report),
    ...(rule === undefined ? {} : { rule }),
    ...(typeof pattern === 'string' ? { pattern } : {}),
  };
  // A rule that could not be read must not turn into a policy without one: that would grant more than was written.
  return body['rule'] !== undefined && rule === undefined ? { problems } : { policy, problems };
}

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return `\`${text.length > 80 ? `${text.slice(0, 80)}...` : text}\``;
};

/** v1 wraps its one subject and one resource in lists. */
function only(list: unknown, path: string, report: Report): Json | undefined {
  if (Array.isArray(list) && list.length === 1 && isObject(list[0])) return list[0];
  report(path, `\`${path}\` is a list of exactly one object with \`attributes\``);
  return undefined;
}

function needed(value: unknown, path: string, report: Report): Json | undefined {
  if (isObject(value)) return value;
  report(path, `\`${path}\` is an object with \`attributes\``);
  return undefined;
}

function attributesOf(
  owner: Json | undefined,
  version: ApiVersion,
  place: 'subject' | 'resource',
  report: Report,
): PolicyAttribute[] {
  if (owner === undefined) return [];
  for (const field of Object.keys(owner)) {
    if (field === 'attributes' || (place === 'resource' && field === 'tags')) continue;
    report(
      `${pathsOf(version)[place].replace('.attributes', '')}.${field}`,
      `unknown field \`${field}\``,
      'attributes',
    );
  }
  return attributeList(owner['attributes'], version, place, report);
}

function attributeList(
  list: unknown,
  version: ApiVersion,
  place: 'subject' | 'resource' | 'tag',
  report: Report,
): PolicyAttribute[] {
  const paths = pathsOf(version);
  const at = place === 'subject' ? paths.subjectAttribute : place === 'resource' ? paths.resourceAttribute : paths.tag;
  const whole = at(0, 'name').replace(/\[0\]\.[a-z]+$/, '');
  if (!Array.isArray(list) || list.length === 0) {
    report(whole, `\`${whole}\` is a list of at least one attribute`);
    return [];
  }
  if (list.length > LONGEST_LIST) {
    report(whole, `\`${whole}\` has ${list.length} entries; ${LONGEST_LIST} are read at most`);
    return [];
  }
  return list.flatMap((item: unknown, index) => attribute(item, version, (field) => at(index, field), report) ?? []);
}

function attribute(
  item: unknown,
  version: ApiVersion,
  at: (field: 'name' | 'value' | 'operator') => string,
  report: Report,
): PolicyAttribute | undefined {
  const nameField = version === 'v1' ? 'name' : 'key';
  if (!isObject(item)) {
    report(at('name').replace(/\.[a-z]+$/, ''), `an attribute is an object with \`${nameField}\` and \`value\``);
    return undefined;
  }
  for (const field of Object.keys(item)) {
    if ([nameField, 'value', 'operator'].includes(field)) continue;
    const meant = field === 'name' || field === 'key' ? nameField : undefined;
    report(
      at('name'),
      `unknown field \`${field}\` of an attribute; ${version} has ${nameField}, operator, value`,
      meant,
    );
  }
  const { value, operator } = item;
  const name = item[nameField];
  if (typeof name !== 'string' || name === '') {
    report(at('name'), `an attribute needs a \`${nameField}\` that is a text`);
    return undefined;
  }
  if (operator !== undefined && typeof operator !== 'string') {
    report(at('operator'), `the operator of \`${name}\` is a text`);
    return undefined;
  }
  if (typeof value !== 'string' && !(typeof value === 'boolean' && operator === 'stringExists')) {
    report(at('value'), `the value of \`${name}\` is a text${value === undefined ? '' : `, not ${shown(value)}`}`);
    return undefined;
  }
  return { name, operator: operator ?? 'stringEquals', value };
}

function roleIds(list: unknown, version: ApiVersion, report: Report): string[] {
  const paths = pathsOf(version);
  if (!Array.isArray(list) || list.length === 0) {
    report(paths.roles, `\`${paths.roles}\` is a list of at least one \`{"role_id": ...}\``);
    return [];
  }
  if (list.length > LONGEST_LIST) {
    report(paths.roles, `\`${paths.roles}\` has ${list.length} entries; ${LONGEST_LIST} are read at most`);
    return [];
  }
  return list.flatMap((item: unknown, index) => {
    const id = isObject(item) ? item['role_id'] : undefined;
    if (typeof id === 'string' && id !== '') return [id];
    report(paths.role(index), 'a role is an object with `role_id`, the crn of the role');
    return [];
  });
}

/** `depth` counts the groups around a rule; deeper than the vendor accepts is refused before it is walked. */
function readRule(value: unknown, path: string, depth: number, report: Report): Rule | undefined {
  if (!isObject(value)) {
    report(path, 'a rule is a condition or a group of conditions');
    return undefined;
  }
  const { operator, key } = value;
  if (value['conditions'] === undefined) {
    if (typeof key === 'string' && typeof operator === 'string' && isRuleValue(value['value'])) {
      return { key, operator, value: value['value'] };
    }
    report(path, 'a condition has a `key`, an `operator` and a `value`');
    return undefined;
  }
  if (operator !== 'and' && operator !== 'or') {
    report(`${path}.operator`, 'conditions are joined by `and` or `or`');
    return undefined;
  }
  if (depth >= RULE_DEPTH) {
    report(path, `conditions are nested more than ${RULE_DEPTH} deep`);
    return undefined;
  }
  const list = value['conditions'];
  if (!Array.isArray(list) || list.length === 0) {
    report(`${path}.conditions`, '`conditions` is a list of at least one condition');
    return undefined;
  }
  const conditions = list.map((item: unknown, i) => readRule(item, `${path}.conditions[${i}]`, depth + 1, report));
  const read = conditions.filter((c): c is Rule => c !== undefined);
  return read.length === conditions.length ? { operator, conditions: read } : undefined;
}

const isScalar = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';
const isRuleValue = (value: unknown): value is RuleValue =>
  isScalar(value) || typeof value === 'boolean' || (Array.isArray(value) && value.length > 0 && value.every(isScalar));
