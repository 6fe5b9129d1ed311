/** Roles that use keys: what a permissions boundary and a session policy leave of that, and who comes after a role. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import {
  BORROWER,
  borrowerAdmin,
  borrowerRoot,
  errorOf,
  everything,
  kmsClient,
  kmsWorld,
  OWNER,
  outcomeOf,
  ownerAdmin,
  policy,
} from './aws-kms-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

const TEXT = Buffer.from('limited');
const DENIED = 'AccessDeniedException';
const allow = (Action: string | string[]) => policy({ Effect: 'Allow', Action, Resource: '*' });

describe('limits of roles', () => {
  let plane: TestPlane;
  let owner: KMSClient;
  let iam: IAMClient;
  let sts: STSClient;
  before(async () => {
    plane = await startPlane({ world: kmsWorld() });
    owner = kmsClient(plane, ownerAdmin);
    const to = { endpoint: plane.aws, region: 'us-east-1', maxAttempts: 1 };
    iam = new IAMClient({ ...to, credentials: { ...borrowerRoot } });
    sts = new STSClient({ ...to, credentials: { ...borrowerAdmin } });
  });
  after(() => plane.stop());

  const roleArn = (name: string) => `arn:aws:iam::${BORROWER}:role/${name}`;

  /** A role of the borrower that its user `admin` may assume, and that may do everything with KMS. */
  async function makeRole(RoleName: string): Promise<void> {
    const trust = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${BORROWER}:user/admin` },
      Action: 'sts:AssumeRole',
    };
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trust) }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: allow('kms:*') }));
  }

  async function assume(name: string, Policy?: string): Promise<KMSClient> {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn(name), RoleSessionName: 'run', ...(Policy ? { Policy } : {}) }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
    return kmsClient(plane, {
      accessKeyId: AccessKeyId!,
      secretAccessKey: SecretAccessKey!,
      sessionToken: SessionToken!,
    });
  }

  async function lendTo(...principals: string[]): Promise<string> {
    const own = { ...everything, Principal: { AWS: `arn:aws:iam::${OWNER}:root` } };
    const lent = { Effect: 'Allow', Principal: { AWS: principals }, Action: 'kms:*', Resource: '*' };
    const { KeyMetadata } = await owner.send(new CreateKeyCommand({ Policy: policy(own, lent) }));
    return KeyMetadata!.Arn!;
  }

  const encrypt = (kms: KMSClient, KeyId: string) => kms.send(new EncryptCommand({ KeyId, Plaintext: TEXT }));

  test('a session policy leaves only what it allows', async () => {
    await makeRole('limited-by-session');
    const key = await lendTo(roleArn('limited-by-session'));
    const free = await assume('limited-by-session');
    const { CiphertextBlob } = await encrypt(free, key);
    const limited = await assume('limited-by-session', allow('kms:Decrypt'));
    assert.equal(await outcomeOf(limited.send(new DecryptCommand({ CiphertextBlob }))), 'done');
    const refused = await errorOf(encrypt(limited, key));
    assert.equal(refused.name, DENIED);
    assert.match(refused.message, /because no session policy allows the kms:Encrypt action$/);
  });

  test('a permissions boundary leaves only what it allows', async () => {
    const RoleName = 'limited-by-boundary';
    await makeRole(RoleName);
    const key = await lendTo(roleArn(RoleName));
    const session = await assume(RoleName);
    const { CiphertextBlob } = await encrypt(session, key);
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'only-decrypt', PolicyDocument: allow('kms:Decrypt') }),
    );
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: Policy!.Arn }));
    assert.equal(await outcomeOf(session.send(new DecryptCommand({ CiphertextBlob }))), 'done');
    const refused = await errorOf(encrypt(session, key));
    assert.equal(refused.name, DENIED);
    assert.match(refused.message, /because no permissions boundary allows the kms:Encrypt action$/);
  });

  test('whoever is made anew under the name of a role has none of what was lent to it', async () => {
    const RoleName = 'succeeded';
    await makeRole(RoleName);
    const key = await lendTo(roleArn(RoleName));
    const granted = await lendTo(`arn:aws:iam::${BORROWER}:user/nobody`);
    await owner.send(
      new CreateGrantCommand({ KeyId: granted, GranteePrincipal: roleArn(RoleName), Operations: ['Encrypt'] }),
    );
    const before = await assume(RoleName);
    assert.equal(await outcomeOf(encrypt(before, key)), 'done');
    assert.equal(await outcomeOf(encrypt(before, granted)), 'done');
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
    await makeRole(RoleName);
    const after = await assume(RoleName);
    assert.equal(await outcomeOf(encrypt(after, key)), DENIED);
    assert.equal(await outcomeOf(encrypt(after, granted)), DENIED);
    const { Policy } = await owner.send(new GetKeyPolicyCommand({ KeyId: key }));
    assert.match(Policy!, /"AROA[A-Z0-9]+"/);
  });

  test('a key policy that names the role of another account does not replace its own policies', async () => {
    const RoleName = 'without-policies';
    await makeRole(RoleName);
    const key = await lendTo(roleArn(RoleName), `arn:aws:sts::${BORROWER}:assumed-role/${RoleName}/run`);
    const session = await assume(RoleName);
    assert.equal(await outcomeOf(encrypt(session, key)), 'done');
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }));
    const refused = await errorOf(encrypt(session, key));
    assert.match(refused.message, /because no identity-based policy allows the kms:Encrypt action$/);
  });
});
