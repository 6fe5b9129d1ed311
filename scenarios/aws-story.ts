/** Stories among AWS accounts: three administrators, and what they make for those who play. */
import assert from 'node:assert/strict';
import { type AwsClients, type AwsKeys, awsClientsOf, type GivenKeys, sdkAws, sessionOf } from './aws-clients.ts';
import { takesStatementsAway } from './aws-grants.ts';
import { lets, policyOf, rootOf, type Statement } from './aws-policies.ts';
import { failedOn, lacksIn } from './explained.ts';
import { type Plane, type Story, tell } from './story.ts';

/** An account, and its administrator. */
export interface AwsParty {
  readonly account: string;
  readonly admin: AwsKeys;
}

export interface AwsParties {
  readonly a: AwsParty;
  readonly b: AwsParty;
  readonly c: AwsParty;
}

/** An account with its administrator at work. */
export interface Land {
  readonly account: string;
  readonly admin: AwsClients;
}

type Reply = Parameters<typeof sdkAws>[0] extends Promise<infer R> ? R : never;

/** Where the reason for a refusal is. */
export interface Because {
  /** The account whose side lacks something. */
  readonly account: string;
  /** The kind of policy, if it matters which. */
  readonly layer?: string;
  /** The context key of the condition that did not hold. */
  readonly key?: string;
}

export interface AwsStory extends Pick<Story, 'say' | 'why' | 'now' | 'advanceClock' | 'counts'> {
  readonly endpoint: string;
  readonly a: Land;
  readonly b: Land;
  readonly c: Land;
  /** Distinguishes what this run makes from what other runs have made. */
  readonly run: string;
  /** Clients of the session that STS has just given credentials for. */
  as(given: { Credentials?: GivenKeys | undefined }): AwsClients;
  /** A call that must be allowed; its grants are then removed in turn and the call repeated. */
  allowed<T extends Reply>(title: string, call: () => Promise<T>): Promise<T>;
  /** The same of a call that uses up what allowed it, and so cannot be repeated. */
  once<T extends Reply>(title: string, call: () => Promise<T>): Promise<T>;
  /** A call that must be denied, with the vendor's error for that, and for this reason; answers the call's id. */
  denied(title: string, because: Because, call: () => Promise<Reply>): Promise<string>;
  /** A call that must be refused with an error of this name for another reason than that it is not allowed. */
  refused(title: string, name: string, call: () => Promise<Reply>): Promise<string>;
}

const ACCESS_DENIED: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException']);

export function tellAws(plane: Plane, parties: AwsParties): AwsStory {
  const [a, b, c] = [parties.a, parties.b, parties.c].map(({ account, admin }) => ({
    account,
    admin: awsClientsOf(plane.aws, admin),
  })) as [Land, Land, Land];
  const administrators = new Map([a, b, c].map((land) => [land.account, takesStatementsAway(land.admin)]));
  const story = tell(plane, administrators, ({ body }) => ACCESS_DENIED.has(nameIn(body)));

  return {
    ...story,
    endpoint: plane.aws,
    a,
    b,
    c,
    run: Date.now().toString(36),
    as: (given) => sessionOf(plane.aws, given),
    allowed: (title, call) => story.allowed(title, () => sdkAws(call())),
    once: (title, call) => story.once(title, () => sdkAws(call())),
    refused: async (title, name, call) => {
      const reply = await sdkAws(call());
      return story.refused(title, reply.status, name, async () => reply, false);
    },
    denied: async (title, { account, layer, key }, call) => {
      const reply = await sdkAws(call());
      const name = nameIn(reply.body);
      assert.ok(ACCESS_DENIED.has(name), `\`${title}\`: ${reply.status} ${JSON.stringify(reply.body)}`);
      const id = await story.refused(title, reply.status, name, async () => reply);
      const explained = await story.why(id);
      const lacks = lacksIn(explained);
      assert.ok(
        lacks.some((lack) => lack.account === account && (layer ?? lack.layer) === lack.layer),
        `why \`${title}\` is denied names ${JSON.stringify(lacks)}, not ${account} ${layer ?? ''}`,
      );
      assert.ok(
        key === undefined || failedOn(explained, key).length > 0,
        `why \`${title}\` is denied does not name \`${key}\`: ${JSON.stringify(explained.questions)}`,
      );
      return id;
    },
  };
}

function nameIn(body: unknown): string {
  return (body as { name?: string }).name ?? '';
}

/** Makes a user with an access key and an inline policy `own`. */
export async function makeUser(
  endpoint: string,
  { admin: { iam } }: Land,
  UserName: string,
  ...statements: readonly Statement[]
): Promise<AwsClients & { readonly arn: string }> {
  const { User } = await iam.createUser({ UserName });
  if (statements.length > 0) {
    await iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument: policyOf(...statements) });
  }
  const { AccessKey } = await iam.createAccessKey({ UserName });
  const keys = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  return { ...awsClientsOf(endpoint, keys), arn: User!.Arn! };
}

/** Makes a role with an inline policy `own`; answers its ARN. */
export async function makeRole(
  { admin: { iam } }: Land,
  RoleName: string,
  trust: readonly Statement[],
  ...statements: readonly Statement[]
): Promise<string> {
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument: policyOf(...trust) });
  if (statements.length > 0) {
    await iam.putRolePolicy({ RoleName, PolicyName: 'own', PolicyDocument: policyOf(...statements) });
  }
  return Role!.Arn!;
}

/** Makes a key with the policy that `setKeyPolicy` gives it; answers its ARN. */
export async function makeKey({ account, admin }: Land, ...statements: readonly Statement[]): Promise<string> {
  const { KeyMetadata } = await admin.kms.createKey({ Policy: keyPolicyOf(account, statements) });
  return KeyMetadata!.Arn!;
}

/** The key is used by whoever may by the account's own policies, and by those whom `statements` let. */
export async function setKeyPolicy(
  { account, admin }: Land,
  KeyId: string,
  ...statements: readonly Statement[]
): Promise<void> {
  await admin.kms.putKeyPolicy({ KeyId, Policy: keyPolicyOf(account, statements) });
}

/** The administrator's right stands by itself, so that all others can be taken away without locking everybody out. */
function keyPolicyOf(account: string, statements: readonly Statement[]): string {
  const admin = `arn:aws:iam::${account}:user/admin`;
  const manages = lets('Administration', admin, ['kms:*KeyPolicy', 'kms:*Grant*', 'kms:*Key']);
  return policyOf(manages, lets('OwnAccount', rootOf(account), 'kms:*'), ...statements);
}
