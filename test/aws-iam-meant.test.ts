/** Whom a trust policy means: the very user or role that it named when it was written. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  GetRoleCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import {
  ADMIN,
  allowing,
  denied,
  iamClient,
  type Keys,
  MAIN,
  OTHER,
  OTHER_ROOT,
  policyText,
  refused,
  stsClient,
  WORLD,
} from './aws-iam-clients.ts';
import { startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
before(async () => {
  plane = await startPlane({ world: WORLD });
});
after(() => plane.stop());

const main = () => iamClient(plane, ADMIN);
const other = () => iamClient(plane, OTHER_ROOT);
const trusting = (AWS: string | string[]) =>
  policyText({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' });

async function shownTrust(RoleName: string): Promise<string> {
  const { Role: role } = await other().send(new GetRoleCommand({ RoleName }));
  return decodeURIComponent(role!.AssumeRolePolicyDocument!);
}

const assume = async (role: string, keys: Keys): Promise<Keys> => {
  const asked = new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'session' });
  const { Credentials: given } = await stsClient(plane, keys).send(asked);
  const { AccessKeyId, SecretAccessKey, SessionToken } = given!;
  return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
};

/** A user of the account `main` who may assume every role, as far as the roles let. */
async function makeUser(UserName: string): Promise<{ keys: Keys; id: string; remove(): Promise<void> }> {
  const { User: user } = await main().send(new CreateUserCommand({ UserName }));
  const grant = { UserName, PolicyName: 'assume' };
  await main().send(new PutUserPolicyCommand({ ...grant, PolicyDocument: allowing('sts:AssumeRole') }));
  const { AccessKey: key } = await main().send(new CreateAccessKeyCommand({ UserName }));
  const remove = async () => {
    await main().send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: key!.AccessKeyId! }));
    await main().send(new DeleteUserPolicyCommand(grant));
    await main().send(new DeleteUserCommand({ UserName }));
  };
  const keys = { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! };
  return { keys, id: user!.UserId!, remove };
}

/** A role of the account `main` that may assume every role, as far as the roles let. */
async function makeRole(RoleName: string): Promise<{ id: string; remove(): Promise<void> }> {
  const trust = trusting(`arn:aws:iam::${MAIN}:user/admin`);
  const { Role: role } = await main().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  const grant = { RoleName, PolicyName: 'assume' };
  await main().send(new PutRolePolicyCommand({ ...grant, PolicyDocument: allowing('sts:AssumeRole') }));
  const remove = async () => {
    await main().send(new DeleteRolePolicyCommand(grant));
    await main().send(new DeleteRoleCommand({ RoleName }));
  };
  return { id: role!.RoleId!, remove };
}

const TARGET = `arn:aws:iam::${OTHER}:role/target`;

test('a user made again under the same name is not whom the trust policy meant', async () => {
  const arn = `arn:aws:iam::${MAIN}:user/ana`;
  const ana = await makeUser('ana');
  const trust = trusting([arn, `arn:aws:iam::${MAIN}:user/admin`]);
  await other().send(new CreateRoleCommand({ RoleName: 'target', AssumeRolePolicyDocument: trust }));
  assert.equal(await shownTrust('target'), trust);
  await assume(TARGET, ana.keys);
  await ana.remove();
  assert.equal(await shownTrust('target'), trust.replace(arn, ana.id));
  const successor = await makeUser('ana');
  assert.equal(await shownTrust('target'), trust.replace(arn, ana.id));
  await denied(assume(TARGET, successor.keys), 'sts:AssumeRole');
  const update = (PolicyDocument: string) =>
    other().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'target', PolicyDocument }));
  const left = await shownTrust('target');
  const message = `Invalid principal in policy: "AWS":"${ana.id}"`;
  await refused(update(left), 'MalformedPolicyDocument', message);
  await update(left.replace(ana.id, arn));
  await assume(TARGET, successor.keys);
});

test('a role made again under the same name is not what the trust policy meant', async () => {
  const arn = `arn:aws:iam::${MAIN}:role/courier`;
  const courier = await makeRole('courier');
  const trust = trusting(arn);
  await other().send(new CreateRoleCommand({ RoleName: 'depot', AssumeRolePolicyDocument: trust }));
  const depot = `arn:aws:iam::${OTHER}:role/depot`;
  await assume(depot, await assume(arn, ADMIN));
  await courier.remove();
  assert.equal(await shownTrust('depot'), trusting(courier.id));
  const successor = await makeRole('courier');
  assert.notEqual(successor.id, courier.id);
  const session = await assume(arn, ADMIN);
  await denied(assume(depot, session), 'sts:AssumeRole');
  await other().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'depot', PolicyDocument: trust }));
  await assume(depot, session);
});

test('an id can be written in place of the name, as long as it is somebody’s', async () => {
  const { id, keys } = await makeUser('ben');
  await other().send(new CreateRoleCommand({ RoleName: 'by-id', AssumeRolePolicyDocument: trusting(id) }));
  assert.equal(await shownTrust('by-id'), trusting(`arn:aws:iam::${MAIN}:user/ben`));
  await assume(`arn:aws:iam::${OTHER}:role/by-id`, keys);
  await denied(assume(`arn:aws:iam::${OTHER}:role/by-id`, ADMIN), 'sts:AssumeRole');
});
