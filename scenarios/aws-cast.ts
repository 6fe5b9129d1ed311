/** Who and what plays in stories among AWS accounts: users, roles and keys, made by the administrators. */
import { type AwsClients, awsClientsOf } from './aws-clients.ts';
import { lets, policyOf, rootOf, type Statement } from './aws-policies.ts';
import type { Land } from './aws-story.ts';

/** A user at work. */
export type User = AwsClients & { readonly arn: string };

/** Makes a user with an access key and an inline policy `own`. */
export async function makeUser(
  endpoint: string,
  { admin: { iam } }: Land,
  UserName: string,
  ...statements: readonly Statement[]
): Promise<User> {
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
