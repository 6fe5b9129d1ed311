/** The AWS callers of the golden plane: who they are, what they may, and how they call. */

import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as sts from '@aws-sdk/client-sts';

export const AWS_A = '111122223333';
export const AWS_B = '444455556666';

/** The vendor's policy that each user of account A has, and no other; `no policy` has none. */
export const POLICIES = {
  administrator: 'AdministratorAccess',
  'power user': 'PowerUserAccess',
  'read only': 'ReadOnlyAccess',
  'no policy': undefined,
} as const;

/**
 * `root` is account A's root user, `other account` an administrator of account B. Those that are named after a policy are
 * users of account A with this managed policy alone.
 */
export const AWS_CALLERS = [
  'root',
  ...(Object.keys(POLICIES) as (keyof typeof POLICIES)[]),
  'other account',
  'unsigned',
] as const;
export type AwsCaller = (typeof AWS_CALLERS)[number];

export const keyOf = (caller: AwsCaller): { readonly accessKeyId: string; readonly secretAccessKey: string } => ({
  accessKeyId: `AKIA${caller.replaceAll(' ', '').toUpperCase().padEnd(16, '0')}`,
  secretAccessKey: `${caller.replaceAll(' ', '-')}-secret-`.padEnd(40, '0'),
});

const everything = '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "*", Resource: "*" }] }';
const keys = (caller: AwsCaller): string => {
  const { accessKeyId, secretAccessKey } = keyOf(caller);
  return `accessKeyId: ${accessKeyId}, secretAccessKey: ${secretAccessKey}`;
};

/** The end of a world file: the last of its accounts, and what they are part of. */
export const AWS_WORLD = `  - id: "${AWS_A}"
    name: aws a
    owner: { ${keys('root')} }
    users:
${Object.keys(POLICIES)
  .map((name) => `      - { name: ${name.replace(' ', '-')}, ${keys(name as AwsCaller)} }`)
  .join('\n')}
  - id: "${AWS_B}"
    name: aws b
    owner: {}
    users:
      - { name: administrator, ${keys('other account')}, policies: { everything: ${everything} } }
organizations: [{ id: o-goldengolden, management: "${AWS_A}", members: ["${AWS_B}"] }]
`;

/** The client package of each service, by what credentials are scoped to. */
export const CLIENTS = { iam, kms, logs, sts } as const;
export type AwsService = keyof typeof CLIENTS;

export interface AwsReply {
  /** The error's code as the client names it; undefined when the call was done. */
  readonly error: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: samples look into replies of every shape
  readonly body: any;
}

export interface AwsGolden {
  /** Not the same twice. */
  unique(): number;
  send(service: AwsService, operation: string, input: object, caller: AwsCaller): Promise<AwsReply>;
  /** A call of account A's root user that succeeds. */
  // biome-ignore lint/suspicious/noExplicitAny: samples look into replies of every shape
  must(service: AwsService, operation: string, input: object): Promise<any>;
}

interface AnyClient {
  send(command: object): Promise<object>;
}

/** Calls the AWS listener at `origin`, whose users get the policies they are named after. */
export async function awsGolden(origin: string): Promise<AwsGolden> {
  const clients = new Map<string, AnyClient>();
  const clientOf = (service: AwsService, caller: AwsCaller): AnyClient => {
    const key = `${service} ${caller}`;
    const made = clients.get(key) ?? newClient(origin, service, caller);
    clients.set(key, made);
    return made;
  };
  const send: AwsGolden['send'] = async (service, operation, input, caller) => {
    const commands = CLIENTS[service] as unknown as Record<string, new (input: object) => object>;
    const Command = commands[`${operation}Command`];
    if (Command === undefined) throw new Error(`the client of ${service} has no ${operation}`);
    try {
      return { error: undefined, body: await clientOf(service, caller).send(new Command(input)) };
    } catch (error) {
      return { error: (error as Error).name, body: error };
    }
  };
  const must: AwsGolden['must'] = async (service, operation, input) => {
    const { error, body } = await send(service, operation, input, 'root');
    if (error !== undefined)
      throw new Error(`${service}:${operation} ${JSON.stringify(input)}: ${error}: ${body.message}`);
    return body;
  };
  let count = 0;
  for (const [user, policy] of Object.entries(POLICIES)) {
    if (policy === undefined) continue;
    const PolicyArn = `arn:aws:iam::aws:policy/${policy}`;
    await must('iam', 'AttachUserPolicy', { UserName: user.replace(' ', '-'), PolicyArn });
  }
  return {
    unique: () => {
      count += 1;
      return count;
    },
    send,
    must,
  };
}

function newClient(origin: string, service: AwsService, caller: AwsCaller): AnyClient {
  const Client = Object.entries(CLIENTS[service]).find(([name]) => /^[A-Za-z]+Client$/.test(name) && name !== 'Client');
  if (Client === undefined) throw new Error(`no client of ${service}`);
  const unsigned = { signer: { sign: async <R>(request: R): Promise<R> => request } };
  return new (Client[1] as unknown as new (config: object) => AnyClient)({
    endpoint: origin,
    region: 'us-east-1',
    credentials: keyOf(caller),
    maxAttempts: 1,
    ...(caller === 'unsigned' ? unsigned : {}),
  });
}
