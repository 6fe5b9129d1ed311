/** World files (YAML): the accounts that a plane is to have. Reading them is pure; errors name file, line and field. */
import type { LineCounter, Document as YamlDocument } from 'yaml';
import { z } from 'zod';
import { cloudOf } from '../../policy/names.ts';
import type { Enterprise, Organization } from '../accounts/groupings.ts';
import { policyOf } from './grants.ts';
import { yaml } from './yaml.ts';

/** What is wrong with a world file, and where. */
export class BadWorld extends Error {
  override readonly name = 'BadWorld';
}

const name = z.string().min(1).max(100);
const email = z.email({ error: 'must be an e-mail address' });
/** The vendor asks for 32 characters at least. https://cloud.ibm.com/apidocs/iam-identity-token-api#create-api-key */
const apiKey = z.string().min(32, { error: 'must have at least 32 characters' }).max(256);

const grants = z
  .array(z.strictObject({ roles: z.array(z.string()).min(1), resource: z.record(z.string(), z.string()) }))
  .default([]);

const ibmAccount = z.strictObject({
  id: z.string(),
  name,
  owner: z.strictObject({ email, name: name.optional(), apiKey: apiKey.optional() }),
  users: z
    .array(z.strictObject({ email, name: name.optional(), apiKey: apiKey.optional(), policies: grants }))
    .default([]),
  serviceIds: z
    .array(
      z.strictObject({
        name,
        description: z.string().max(300).optional(),
        apiKey: apiKey.optional(),
        policies: grants,
      }),
    )
    .default([]),
});

const accessKey = {
  accessKeyId: z
    .string()
    .regex(/^[A-Z0-9]{16,128}$/, { error: 'must be 16 to 128 capital letters and digits' })
    .optional(),
  secretAccessKey: z.string().min(16).max(128).optional(),
};

const awsAccount = z.strictObject({
  id: z.string(),
  name,
  owner: z.strictObject(accessKey),
  users: z
    .array(
      z.strictObject({
        name,
        ...accessKey,
        policies: z.record(z.string(), z.record(z.string(), z.json())).default({}),
      }),
    )
    .default([]),
});

const accountId = z.string({ error: 'must be text: put quotes around an id of digits alone' });
const anyAccount = z.looseObject({
  id: accountId.refine((id) => cloudOf(id) !== undefined, {
    error: 'must be 32 hex digits in lower case (IBM Cloud) or 12 digits (AWS)',
  }),
});

const worldSchema = z.strictObject({
  accounts: z.array(anyAccount).default([]),
  enterprises: z
    .array(z.strictObject({ name, account: accountId, children: z.array(accountId).default([]) }))
    .default([]),
  organizations: z
    .array(
      z.strictObject({
        id: z.string().regex(/^o-[a-z0-9]{10,32}$/, { error: 'must be `o-` and 10 to 32 letters and digits' }),
        management: accountId,
        members: z.array(accountId).default([]),
      }),
    )
    .default([]),
});

export type IbmAccount = z.infer<typeof ibmAccount>;
export type AwsAccount = z.infer<typeof awsAccount>;

export interface World {
  readonly ibm: readonly IbmAccount[];
  readonly aws: readonly AwsAccount[];
  readonly enterprises: readonly Enterprise[];
  readonly organizations: readonly Organization[];
}

type Path = readonly PropertyKey[];

/** Reads the text of a world file. `file` is its name, for errors. Throws `BadWorld`. */
export function parseWorld(text: string, file: string): World {
  const { LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken) throw new BadWorld(`\`${file}\` line ${lines.linePos(broken.pos[0]).line}: ${broken.message}`);
  const fail = (path: Path, message: string): never => {
    const line = lineOf(document, lines, path);
    throw new BadWorld(`\`${file}\` line ${line}${path.length > 0 ? `, \`${fieldName(path)}\`` : ''}: ${message}`);
  };
  const check = <T>(schema: z.ZodType<T>, value: unknown, at: Path): T => {
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    const issue = read.error.issues[0]!;
    if (issue.code === 'unrecognized_keys')
      return fail([...at, ...issue.path, issue.keys[0]!], 'there is no such field');
    return fail([...at, ...issue.path], lowered(issue.message));
  };

  const world = check(worldSchema, document.toJS() ?? {}, []);
  const ibm: IbmAccount[] = [];
  const aws: AwsAccount[] = [];
  for (const [index, account] of world.accounts.entries()) {
    const at = ['accounts', index];
    if (cloudOf(account.id) === 'ibm') {
      const read = check(ibmAccount, account, at);
      checkGrants(read, at, fail);
      ibm.push(read);
    } else aws.push(check(awsAccount, account, at));
  }
  checkUnique(
    world.accounts.map(({ id }) => id),
    (index) => ['accounts', index, 'id'],
    fail,
  );
  checkMembers(world, fail);
  return { ibm, aws, enterprises: world.enterprises, organizations: world.organizations };
}

function checkUnique(ids: readonly string[], at: (index: number) => Path, fail: (path: Path, why: string) => never) {
  const seen = new Set<string>();
  for (const [index, id] of ids.entries()) {
    if (seen.has(id)) fail(at(index), `\`${id}\` stands here twice`);
    seen.add(id);
  }
}

function checkGrants(account: IbmAccount, at: Path, fail: (path: Path, why: string) => never): void {
  for (const list of ['users', 'serviceIds'] as const) {
    for (const [index, { policies }] of account[list].entries()) {
      for (const [number, grant] of policies.entries()) {
        const policy = policyOf(account.id, 'IBMid-UNKNOWN', grant);
        if ('problem' in policy) fail([...at, list, index, 'policies', number], policy.problem);
      }
    }
  }
}

/** Enterprises are made of IBM Cloud accounts, organizations of AWS accounts, all of them in the file. */
function checkMembers(world: z.infer<typeof worldSchema>, fail: (path: Path, why: string) => never): void {
  const known = new Set(world.accounts.map(({ id }) => id));
  const check = (id: string, cloud: 'ibm' | 'aws', path: Path): void => {
    if (!known.has(id)) fail(path, `\`${id}\` is not among the accounts of this file`);
    if (cloudOf(id) !== cloud) fail(path, `\`${id}\` is not an ${cloud === 'ibm' ? 'IBM Cloud' : 'AWS'} account`);
  };
  for (const [index, { account, children }] of world.enterprises.entries()) {
    check(account, 'ibm', ['enterprises', index, 'account']);
    for (const [child, id] of children.entries()) check(id, 'ibm', ['enterprises', index, 'children', child]);
  }
  for (const [index, { management, members }] of world.organizations.entries()) {
    check(management, 'aws', ['organizations', index, 'management']);
    for (const [member, id] of members.entries()) check(id, 'aws', ['organizations', index, 'members', member]);
  }
}

/** The line of a field; of what should hold it, when it is missing. */
function lineOf(document: YamlDocument, lines: LineCounter, path: Path): number {
  const { isMap, isPair, isScalar } = yaml();
  for (let length = path.length; length > 0; length -= 1) {
    const holder = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(holder)) {
      const pair = holder.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === last);
      if (pair && isScalar(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
    }
    const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]!).line;
  }
  return 1;
}

/** `accounts[0].owner.email` */
function fieldName(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

function lowered(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
