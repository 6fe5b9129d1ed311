/** `easement env`: what points official clients at an account of the plane, in the words of its cloud. */
import type { Endpoints } from '../api/routes.ts';
import { demoWorld } from '../services/worlds/demo-world.ts';
import type { ShownAccount } from '../services/worlds/show.ts';
import { openClient } from './client.ts';
import { CLIENT_FLAGS, CommandError, nearest, type Run, readArguments, UsageError } from './command.ts';
import { jsonText, printable } from './output.ts';

export const help = `easement env ACCOUNT           exports that point official clients at an account, by its id or name:
                               eval "$(easement env 'Account A')"
  --terraform                  the Terraform provider block alone
  --home DIR, --url URL        which plane
  --json                       for machines
`;

/** Variables of the Terraform provider and the CLI's plugins, and the path that each needs behind the origin. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  IBMCLOUD_IAM_API_ENDPOINT: '',
  IBMCLOUD_KP_API_ENDPOINT: '',
  IBMCLOUD_IS_NG_API_ENDPOINT: '/v1',
  IBMCLOUD_RESOURCE_CONTROLLER_API_ENDPOINT: '',
  IBMCLOUD_RESOURCE_MANAGEMENT_API_ENDPOINT: '',
  IBMCLOUD_RESOURCE_CATALOG_API_ENDPOINT: '',
  IBMCLOUD_ACCOUNT_MANAGEMENT_API_ENDPOINT: '',
  IBMCLOUD_USER_MANAGEMENT_ENDPOINT: '',
  // Asked on every read of a volume: without these, such calls leave the machine.
  IBMCLOUD_GS_API_ENDPOINT: '',
  IBMCLOUD_GT_API_ENDPOINT: '',
};

const REGION = 'us-south';
const PLACEHOLDER = 'PUT-AN-API-KEY-OF-THIS-ACCOUNT-HERE';
const AWS_REGION = 'us-east-1';
const AWS_PLACEHOLDER = 'PUT-AN-ACCESS-KEY-OF-THIS-ACCOUNT-HERE';

export const run: Run = async (args, terminal) => {
  const options = { ...CLIENT_FLAGS, terraform: { type: 'boolean' } } as const;
  const { values, positionals } = readArguments(args, options, 'easement env --help');
  const [wanted, ...rest] = positionals;
  if (wanted === undefined || rest.length > 0) throw new UsageError('which account? write `easement env ACCOUNT`');
  const client = await openClient(values, terminal);
  const { accounts, endpoints } = await client.get<{ accounts: ShownAccount[]; endpoints: Endpoints }>('/api/accounts');
  const account = find(accounts, wanted);
  const settings = account.cloud === 'aws' ? awsSettings(account, endpoints.aws) : ibmSettings(account, endpoints.ibm);
  const { variables, block, missing } = settings;
  if (values.json) terminal.out(jsonText({ account: account.id, variables, terraform: block }));
  else if (values.terraform) terminal.out(block);
  else terminal.out(exportsText(account, variables, block));
  if (missing !== undefined) terminal.err(`${missing}\n`);
  return 0;
};

interface Settings {
  readonly variables: Readonly<Record<string, string>>;
  /** The Terraform provider block. */
  readonly block: string;
  /** What the user has to fill in, in words. */
  readonly missing: string | undefined;
}

function ibmSettings(account: ShownAccount, origin: string): Settings {
  const apiKey = knownApiKey(account);
  const variables = {
    ...Object.fromEntries(Object.entries(ENDPOINTS).map(([name, path]) => [name, origin + path])),
    IBMCLOUD_API_KEY: apiKey ?? PLACEHOLDER,
    IC_REGION: REGION,
  };
  const missing = `the plane keeps no API key of \`${account.name}\`: put one in place of ${PLACEHOLDER}`;
  return {
    variables,
    block: providerBlock(apiKey ?? PLACEHOLDER),
    missing: apiKey === undefined ? missing : undefined,
  };
}

/** Secrets of access keys are shown when they are made, and never again; those of the demo world everybody knows. */
function awsSettings({ id, name }: ShownAccount, origin: string): Settings {
  const user = demoWorld.aws.find((account) => account.id === id)?.users[0];
  const missing = `access keys of \`${name}\` were shown when they were made: put one in place of ${AWS_PLACEHOLDER}`;
  const keyId = user?.accessKeyId ?? AWS_PLACEHOLDER;
  const variables = {
    AWS_ENDPOINT_URL: origin,
    AWS_ACCESS_KEY_ID: keyId,
    AWS_SECRET_ACCESS_KEY: user?.secretAccessKey ?? AWS_PLACEHOLDER,
    // The CLI of version 1 reads the one, every SDK the other.
    AWS_DEFAULT_REGION: AWS_REGION,
    AWS_REGION,
  };
  return { variables, block: awsProviderBlock(origin), missing: user === undefined ? missing : undefined };
}

function find(accounts: readonly ShownAccount[], wanted: string): ShownAccount {
  const account = accounts.find(({ id }) => id === wanted) ?? accounts.find(({ name }) => name === wanted);
  if (account) return account;
  const meant = nearest(
    wanted,
    accounts.map(({ name }) => name),
  );
  const advice = meant === undefined ? 'see `easement world show`' : `did you mean \`${meant}\`?`;
  throw new CommandError(`there is no account \`${wanted}\`: ${advice}`);
}

/** The plane keeps digests of API keys alone; those of the demo world everybody knows. */
function knownApiKey({ id, owner }: ShownAccount): string | undefined {
  return demoWorld.ibm.find((account) => account.id === id && account.owner.email === owner)?.owner.apiKey;
}

function exportsText(account: ShownAccount, variables: Readonly<Record<string, string>>, block: string): string {
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  const comments = block
    .trimEnd()
    .split('\n')
    .map((line) => `# ${line}`);
  return printable(
    [`# ${account.name} (${account.id})`, ...lines, '', '# Terraform, with these variables set:', ...comments, ''].join(
      '\n',
    ),
  );
}

const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

function providerBlock(apiKey: string): string {
  return `provider "ibm" {
  ibmcloud_api_key = ${JSON.stringify(apiKey)}
  region           = "${REGION}"
  visibility       = "public"
}
`;
}

/** Credentials come from the variables. */
function awsProviderBlock(origin: string): string {
  const endpoints = ['iam', 'kms', 'logs', 'sts'].map(
    (service) => `    ${service.padEnd(4)} = ${JSON.stringify(origin)}`,
  );
  return `provider "aws" {
  region = "${AWS_REGION}"
  endpoints {
${endpoints.join('\n')}
  }
}
`;
}
