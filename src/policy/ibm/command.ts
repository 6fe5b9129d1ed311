/**
 * The `ibmcloud iam` command that creates a policy.
 * https://cloud.ibm.com/docs/cli?topic=cli-ibmcloud_commands_iam
 */
import type { Caller } from '../model.ts';
import { roleOf } from './catalogue/catalogue.ts';
import { type IbmPolicy, literal, type PolicyAttribute } from './document.ts';

export interface Command {
  readonly cli: string;
  /** Set when the command reads the policy from this file. */
  readonly file?: 'policy.json';
}

/** Options of the commands, by the attribute that they set. */
const sourceOptions: Readonly<Record<string, string>> = {
  serviceInstance: '--source-service-instance-id',
  resourceType: '--source-resource-type',
};
const targetOptions: Readonly<Record<string, string>> = { serviceInstance: '--target-service-instance-id' };
const accessOptions: Readonly<Record<string, string>> = {
  serviceName: '--service-name',
  serviceInstance: '--service-instance',
  region: '--region',
  resourceType: '--resource-type',
  resource: '--resource',
  resourceGroupId: '--resource-group-id',
};

/** `caller` is who an access policy is for: its `email` attribute names a user better than an iam_id does. */
export function commandOf(policy: IbmPolicy, caller: Caller): Command {
  return policy.type === 'authorization' ? authorizationCommand(policy) : accessCommand(policy, caller);
}

function authorizationCommand(policy: IbmPolicy): Command {
  const start = ['ibmcloud', 'iam', 'authorization-policy-create'];
  const source = literal(policy.subject, 'serviceName');
  const target = literal(policy.resource, 'serviceName');
  const account = literal(policy.subject, 'accountId');
  const subject = options(policy.subject, sourceOptions, ['serviceName', 'accountId']);
  const resource = options(policy.resource, targetOptions, ['serviceName', 'accountId']);
  if (!source || !target || !account || subject === undefined || resource === undefined || !isPlain(policy)) {
    return { cli: [...start, '--file', 'policy.json'].join(' '), file: 'policy.json' };
  }
  const foreign = account === literal(policy.resource, 'accountId') ? [] : ['--source-service-account', account];
  return { cli: join([...start, source, target, roleNames(policy), ...foreign, ...subject, ...resource]) };
}

function accessCommand(policy: IbmPolicy, caller: Caller): Command {
  const id = literal(policy.subject, 'iam_id') ?? '';
  const [command, who] =
    caller.kind === 'service-id'
      ? ['service-policy-create', id.replace(/^iam-/, '')]
      : caller.kind === 'profile'
        ? ['trusted-profile-policy-create', id.replace(/^iam-/, '')]
        : ['user-policy-create', caller.attributes?.['email'] ?? id];
  const start = ['ibmcloud', 'iam', command, who];
  const named = policy.resource.filter((a) => Object.hasOwn(accessOptions, a.name));
  const others = policy.resource.filter((a) => a.name !== 'accountId' && !named.includes(a));
  const place = options(named, accessOptions, []);
  if (place === undefined || !isPlain(policy) || others.some(({ value }) => /[,=]/.test(String(value)))) {
    return { cli: join([...start, '--file', 'policy.json']), file: 'policy.json' };
  }
  const attributes = others.map(({ name, value }) => `${name}=${value}`).join(',');
  return {
    cli: join([...start, '--roles', roleNames(policy), ...place, ...(attributes ? ['--attributes', attributes] : [])]),
  };
}

/** Whether arguments can say it at all: literal attributes, no tags, no rule. */
const isPlain = (policy: IbmPolicy): boolean =>
  policy.rule === undefined &&
  policy.tags.length === 0 &&
  [...policy.subject, ...policy.resource].every((a) => a.operator === 'stringEquals');

/** The options for some attributes, leaving out those said elsewhere; undefined when one has no option. */
function options(
  attributes: readonly PolicyAttribute[],
  names: Readonly<Record<string, string>>,
  said: readonly string[],
): string[] | undefined {
  const found: string[] = [];
  for (const { name, value } of attributes) {
    if (said.includes(name)) continue;
    const option = Object.hasOwn(names, name) ? names[name] : undefined;
    if (option === undefined) return undefined;
    found.push(option, String(value));
  }
  return found;
}

const roleNames = (policy: IbmPolicy): string => policy.roles.map((crn) => roleOf(crn)?.display_name ?? crn).join(',');

const join = (words: readonly (string | undefined)[]): string =>
  words.map((word = '') => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
