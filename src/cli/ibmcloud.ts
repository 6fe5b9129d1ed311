/**
 * `easement ibmcloud iam authorization-policy-*`: the commands of IBM Cloud's own command line for authorizations, with
 * its arguments and its output. https://cloud.ibm.com/docs/cli?topic=cli-ibmcloud_commands_iam
 */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { type Authorization, authorizationBody, describe, type Role, type RoleList } from './authorizations.ts';
import { CommandError, nearest, type Run, readArguments, type Terminal, UsageError } from './command.ts';
import { type IamClient, openIam } from './iam.ts';
import { jsonText } from './output.ts';

export const help = `usage: easement ibmcloud iam COMMAND

  authorization-policy-create SOURCE_SERVICE TARGET_SERVICE ROLE[,ROLE...] [flags]
  authorization-policy-create --file FILE
  authorization-policies
  authorization-policy ID
  authorization-policy-delete ID [-f]

creating:
  --source-service-account ID       the account of the source, if it is another
  --source-service-instance-id ID   GUID or CRN; without it, all instances
  --source-resource-group-id ID
  --source-resource-type TYPE
  --source-resource RESOURCE
  --target-service-instance-id ID   GUID or CRN; without it, all instances
  --target-resource-group-id ID
  --target-resource-type TYPE
  --target-resource RESOURCE
  --file FILE                       the policy as JSON, as the API takes it

  -f, --force      delete without asking
  -q, --quiet      leave out what is being done
  --output json    print what the API answered
  --apikey KEY     who asks; else IBMCLOUD_API_KEY

IBMCLOUD_IAM_API_ENDPOINT says where the plane answers, http://127.0.0.1:4601 unless it is set.
`;

const FLAGS = {
  'source-service-account': { type: 'string' },
  'source-service-instance-id': { type: 'string' },
  'source-resource-group-id': { type: 'string' },
  'source-resource-type': { type: 'string' },
  'source-resource': { type: 'string' },
  'target-service-instance-id': { type: 'string' },
  'target-resource-group-id': { type: 'string' },
  'target-resource-type': { type: 'string' },
  'target-resource': { type: 'string' },
  file: { type: 'string' },
  force: { type: 'boolean', short: 'f' },
  quiet: { type: 'boolean', short: 'q' },
  output: { type: 'string' },
  apikey: { type: 'string' },
} as const;

interface Called {
  readonly positionals: readonly string[];
  readonly flags: ReturnType<typeof readArguments<typeof FLAGS>>['values'];
  readonly iam: IamClient;
  readonly terminal: Terminal;
}

const COMMANDS: Readonly<Record<string, (called: Called) => Promise<void>>> = {
  'authorization-policy-create': create,
  'authorization-policies': list,
  'authorization-policy': show,
  'authorization-policy-delete': remove,
};

export const run: Run = async (args, terminal) => {
  const [area, name, ...rest] = args;
  if (area !== 'iam' || name === undefined) throw new UsageError('write `easement ibmcloud iam COMMAND`: see `--help`');
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const meant = nearest(name, Object.keys(COMMANDS));
    throw new UsageError(
      `there is no command \`${name}\`: ${meant === undefined ? 'see `--help`' : `did you mean \`${meant}\`?`}`,
    );
  }
  const { values: flags, positionals } = readArguments(rest, FLAGS, 'easement ibmcloud --help');
  if (flags.output !== undefined && flags.output.toLowerCase() !== 'json') {
    throw new UsageError(`\`--output\` is \`json\`, not \`${flags.output}\``);
  }
  const iam = await openIam(flags.apikey, terminal.environment);
  await command({ positionals, flags, iam, terminal });
  return 0;
};

async function create(called: Called): Promise<void> {
  const { flags, iam } = called;
  const body = flags.file === undefined ? await bodyOf(called) : await fileBody(flags.file, called.positionals);
  say(called, `Creating authorization policy under account ${iam.account} as ${iam.user}...\n`);
  const made = await iam.call<Authorization>('POST', '/v1/policies', body);
  if (flags.output !== undefined) return called.terminal.out(jsonText(made));
  say(called, `OK\nAuthorization policy ${made.id} was created.\n\n`);
  called.terminal.out(describe(made, iam.account));
}

/** The policy that the arguments describe, with the roles that the API offers for this pair of services. */
async function bodyOf({ positionals, flags, iam }: Called): Promise<object> {
  const [source, target, ...named] = positionals;
  const names = named.flatMap((text) => text.split(',')).map((text) => text.trim());
  if (source === undefined || target === undefined || names.length === 0) {
    throw new UsageError(
      'write `authorization-policy-create SOURCE_SERVICE TARGET_SERVICE ROLE[,ROLE...]`, or `--file`',
    );
  }
  const query = new URLSearchParams({
    service_name: target,
    source_service_name: source,
    policy_type: 'authorization',
  });
  const { system_roles, service_roles } = await iam.call<RoleList>('GET', `/v2/roles?${query}`);
  const offered = [...system_roles, ...service_roles];
  const roles = names.map((name) => roleNamed(name, offered, `\`${source}\` on \`${target}\``));
  return authorizationBody({ source, target, roles, account: iam.account, flags });
}

function roleNamed(name: string, offered: readonly Role[], pair: string): string {
  const plain = (text: string): string => text.toLowerCase().replaceAll(' ', '');
  const found = offered.find(
    ({ crn, display_name }) => plain(display_name) === plain(name) || plain(crn).endsWith(`:${plain(name)}`),
  );
  if (found) return found.crn;
  const names = offered.map(({ display_name }) => `\`${display_name}\``).join(', ');
  throw new CommandError(
    names === ''
      ? `${pair} cannot be authorized: no role is offered for this pair of services`
      : `there is no role \`${name}\` for ${pair}: the roles are ${names}`,
  );
}

/** The pages write the file with and without `@`. */
async function fileBody(file: string, positionals: readonly string[]): Promise<unknown> {
  if (positionals.length > 0) throw new UsageError('give either services and roles, or `--file`');
  const path = file.replace(/^@/, '');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError(`cannot read \`${path}\`: ${(cause as Error).message}`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandError(`\`${path}\` is not JSON: ${(cause as Error).message}`, { cause });
  }
}

async function list(called: Called): Promise<void> {
  const { iam, flags, terminal } = called;
  refusePositionals(called, 0, 'authorization-policies');
  say(called, `Getting authorization policies under account ${iam.account} as ${iam.user}...\n`);
  const query = new URLSearchParams({ account_id: iam.account, type: 'authorization' });
  const { policies } = await iam.call<{ policies: Authorization[] }>('GET', `/v1/policies?${query}`);
  if (flags.output !== undefined) return terminal.out(jsonText(policies));
  say(called, 'OK\n');
  if (policies.length === 0) return terminal.out('No authorization policy found.\n');
  terminal.out(policies.map((policy) => `${' '.repeat(27)}\n${describe(policy, iam.account)}`).join(''));
}

async function show(called: Called): Promise<void> {
  const { iam, flags, terminal } = called;
  const id = refusePositionals(called, 1, 'authorization-policy ID');
  say(called, `Getting authorization policy ${id} under account ${iam.account} as ${iam.user}...\n`);
  const policy = await iam.call<Authorization>('GET', `/v1/policies/${encodeURIComponent(id)}`);
  if (flags.output !== undefined) return terminal.out(jsonText(policy));
  say(called, 'OK\n\n');
  terminal.out(describe(policy, iam.account));
}

async function remove(called: Called): Promise<void> {
  const { iam, flags, terminal } = called;
  const id = refusePositionals(called, 1, 'authorization-policy-delete ID [-f]');
  if (flags.force !== true && !(await isConfirmed(`Really delete authorization policy ${id}? [y/N] `))) {
    return terminal.out('Nothing was deleted.\n');
  }
  say(called, `Deleting authorization policy ${id} under account ${iam.account} as ${iam.user}...\n`);
  await iam.call('DELETE', `/v1/policies/${encodeURIComponent(id)}`);
  say(called, `OK\nAuthorization policy ${id} was deleted.\n`);
}

async function isConfirmed(question: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) throw new UsageError('nobody is there to confirm: add `--force`');
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await prompt.question(question)).trim());
  } finally {
    prompt.close();
  }
}

function refusePositionals({ positionals }: Called, count: 0 | 1, usage: string): string {
  if (positionals.length !== count) throw new UsageError(`write \`easement ibmcloud iam ${usage}\``);
  return positionals[0] ?? '';
}

function say({ flags, terminal }: Called, text: string): void {
  if (flags.quiet !== true && flags.output === undefined) terminal.out(text);
}
