/** Taking a grant of an AWS account away, wherever it stands, by the call with which its administrator would do it. */
import type { AwsClients } from './aws-clients.ts';
import { type Statement, withoutStatement } from './aws-policies.ts';
import type { Grant } from './explained.ts';
import type { TakeAway } from './story.ts';

/** Where a policy document stands. */
interface Place {
  read(): Promise<string>;
  write(document: string): Promise<unknown>;
}

/** What may stand where the last statement has been removed: nobody gains a right by it. */
const EVERYBODY_MAY: Omit<Statement, 'Sid'> = { Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' };
const NOBODY_HERE: Omit<Statement, 'Sid'> = {
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
};

/** Takes grants away as the administrator whose clients these are. */
export function takesStatementsAway(admin: AwsClients): TakeAway {
  return async (grant) => {
    const { policy, statement } = grant;
    if (policy === 'grants') return takeKeyGrant(admin, grant);
    if (policy.startsWith('arn:')) return takeFromManaged(admin, policy, statement);
    const { place, useless } = placeOf(admin, policy);
    const document = await place.read();
    await place.write(withoutStatement(document, statement, useless));
    return async () => {
      await place.write(document);
    };
  };
}

/** The document that an explanation calls by this name. */
function placeOf(admin: AwsClients, policy: string): { place: Place; useless: Omit<Statement, 'Sid'> } {
  const [, role] = /^trust policy of (.+)$/.exec(policy) ?? [];
  if (role !== undefined) return { place: trustOf(admin, role), useless: NOBODY_HERE };
  const [, key] = /^key policy of (.+)$/.exec(policy) ?? [];
  if (key !== undefined) return { place: keyPolicyOf(admin, key), useless: NOBODY_HERE };
  const [, kind, holder, name] = /^(role|user|group)_([^_]+)_(.+)$/.exec(policy) ?? [];
  if (holder === undefined || name === undefined) throw new Error(`nobody knows where \`${policy}\` stands`);
  return { place: inlineOf(admin, kind!, holder, name), useless: EVERYBODY_MAY };
}

function inlineOf({ iam }: AwsClients, kind: string, holder: string, PolicyName: string): Place {
  const read = async (reply: Promise<{ PolicyDocument: string | undefined }>) =>
    decodeURIComponent((await reply).PolicyDocument!);
  if (kind === 'role')
    return {
      read: () => read(iam.getRolePolicy({ RoleName: holder, PolicyName })),
      write: (PolicyDocument) => iam.putRolePolicy({ RoleName: holder, PolicyName, PolicyDocument }),
    };
  if (kind === 'group')
    return {
      read: () => read(iam.getGroupPolicy({ GroupName: holder, PolicyName })),
      write: (PolicyDocument) => iam.putGroupPolicy({ GroupName: holder, PolicyName, PolicyDocument }),
    };
  return {
    read: () => read(iam.getUserPolicy({ UserName: holder, PolicyName })),
    write: (PolicyDocument) => iam.putUserPolicy({ UserName: holder, PolicyName, PolicyDocument }),
  };
}

function trustOf({ iam }: AwsClients, RoleName: string): Place {
  return {
    read: async () => decodeURIComponent((await iam.getRole({ RoleName })).Role!.AssumeRolePolicyDocument!),
    write: (PolicyDocument) => iam.updateAssumeRolePolicy({ RoleName, PolicyDocument }),
  };
}

function keyPolicyOf({ kms }: AwsClients, KeyId: string): Place {
  return {
    read: async () => (await kms.getKeyPolicy({ KeyId })).Policy!,
    write: (Policy) => kms.putKeyPolicy({ KeyId, Policy }),
  };
}

/** By a new version without the statement; then the old one is the default again, and the new one goes. */
async function takeFromManaged(
  { iam }: AwsClients,
  PolicyArn: string,
  statement: string,
): Promise<() => Promise<void>> {
  const before = (await iam.getPolicy({ PolicyArn })).Policy!.DefaultVersionId!;
  const { PolicyVersion: old } = await iam.getPolicyVersion({ PolicyArn, VersionId: before });
  const { PolicyVersion: made } = await iam.createPolicyVersion({
    PolicyArn,
    PolicyDocument: withoutStatement(decodeURIComponent(old!.Document!), statement, EVERYBODY_MAY),
    SetAsDefault: true,
  });
  return async () => {
    await iam.setDefaultPolicyVersion({ PolicyArn, VersionId: before });
    await iam.deletePolicyVersion({ PolicyArn, VersionId: made!.VersionId! });
  };
}

/** Revoked, and made again; it has another id then. */
async function takeKeyGrant({ kms }: AwsClients, { on, statement }: Grant): Promise<() => Promise<void>> {
  const { Grants = [] } = await kms.listGrants({ KeyId: on, GrantId: statement });
  const { GranteePrincipal, RetiringPrincipal, Operations, Constraints } = Grants[0]!;
  await kms.revokeGrant({ KeyId: on, GrantId: statement });
  return async () => {
    await kms.createGrant({ KeyId: on, GranteePrincipal, RetiringPrincipal, Operations, Constraints });
  };
}
