/** Service-linked roles: made for one service, changed by nobody, removed by a job. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteServiceLinkedRoleCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetServiceLinkedRoleDeletionStatusCommand,
  ListAttachedRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
} from '@aws-sdk/client-iam';
import {
  ADMIN,
  allowing,
  denied,
  iamClient,
  LIMITED,
  MAIN,
  OTHER_ROOT,
  policyText,
  refused,
  WORLD,
} from './aws-iam-clients.ts';
import { eventually, startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
before(async () => {
  plane = await startPlane({ world: WORLD });
});
after(() => plane.stop());

const admin = () => iamClient(plane, ADMIN);
const create = (AWSServiceName: string, CustomSuffix?: string, client = admin()) =>
  client.send(new CreateServiceLinkedRoleCommand({ AWSServiceName, ...(CustomSuffix ? { CustomSuffix } : {}) }));
const remove = async (RoleName: string) =>
  (await admin().send(new DeleteServiceLinkedRoleCommand({ RoleName }))).DeletionTaskId!;
const status = async (DeletionTaskId: string, client = admin()) =>
  (await client.send(new GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }))).Status!;
const gone = (task: string) => eventually('the role is removed', async () => (await status(task)) === 'SUCCEEDED');

test('the role of a service stands under its name, trusts it and has its policy', async () => {
  const { Role: role } = await create('ecs.amazonaws.com');
  assert.equal(role!.Arn, `arn:aws:iam::${MAIN}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`);
  const trust = JSON.parse(decodeURIComponent(role!.AssumeRolePolicyDocument!));
  assert.deepEqual(trust.Statement, [
    { Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ]);
  const RoleName = 'AWSServiceRoleForECS';
  const { AttachedPolicies } = await admin().send(new ListAttachedRolePoliciesCommand({ RoleName }));
  assert.deepEqual(AttachedPolicies, [
    {
      PolicyName: 'AmazonECSServiceRolePolicy',
      PolicyArn: 'arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy',
    },
  ]);
  const message = `Service role name ${RoleName} has been taken in this account, please try a different suffix.`;
  await refused(create('ecs.amazonaws.com'), 'InvalidInput', message, 400);
});

test('some services have several roles, each with a suffix; others have none', async () => {
  const { Role: first } = await create('autoscaling.amazonaws.com', 'blue');
  const { Role: second } = await create('autoscaling.amazonaws.com', 'green');
  assert.deepEqual(
    [first!.RoleName, second!.RoleName],
    ['AWSServiceRoleForAutoScaling_blue', 'AWSServiceRoleForAutoScaling_green'],
  );
  await refused(create('autoscaling.amazonaws.com', 'BLUE'), 'InvalidInput', /has been taken in this account/);
  const message = 'Custom suffix is not allowed for es.amazonaws.com';
  await refused(create('es.amazonaws.com', 'blue'), 'InvalidInput', message);
  await refused(create('autoscaling.amazonaws.com', 'x'.repeat(40)), 'InvalidInput', /longer than 64/);
  for (const service of ['nothing.amazonaws.com', 'ECS.amazonaws.com', '__proto__']) {
    await refused(create(service), 'InvalidInput', /give a service principal/);
  }
});

test('nobody changes the role of a service', async () => {
  await create('spot.amazonaws.com');
  const RoleName = 'AWSServiceRoleForEC2Spot';
  const PolicyArn = 'arn:aws:iam::aws:policy/aws-service-role/AWSEC2SpotServiceRolePolicy';
  const trust = policyText({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' });
  const changes = [
    () => admin().send(new DeleteRoleCommand({ RoleName })),
    () => admin().send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 })),
    () => admin().send(new UpdateRoleDescriptionCommand({ RoleName, Description: 'x' })),
    () => admin().send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust })),
    () => admin().send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: allowing('s3:*') })),
    () => admin().send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })),
    () => admin().send(new DetachRolePolicyCommand({ RoleName, PolicyArn })),
    () => admin().send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: PolicyArn })),
    () => admin().send(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
    () => admin().send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'a', Value: 'b' }] })),
    () => admin().send(new UntagRoleCommand({ RoleName, TagKeys: ['a'] })),
  ];
  const message = `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`;
  for (const change of changes) await refused(change(), 'UnmodifiableEntity', message, 400);
});

test('a role is removed by a task whose end can be waited for, and can be made again', async () => {
  const { Role: role } = await create('rds.amazonaws.com');
  const RoleName = role!.RoleName!;
  const task = await remove(RoleName);
  const path = `task/aws-service-role/rds.amazonaws.com/${RoleName}/`;
  assert.ok(task.startsWith(path));
  await gone(task);
  await refused(admin().send(new GetRoleCommand({ RoleName })), 'NoSuchEntity', /cannot be found/);
  await refused(remove(RoleName), 'NoSuchEntity', `The role with name ${RoleName} cannot be found.`);
  const { Role: again } = await create('rds.amazonaws.com');
  assert.notEqual(again!.RoleId, role!.RoleId);
  assert.equal(await status(task), 'SUCCEEDED');
  const next = await remove(RoleName);
  assert.notEqual(next, task);
  await gone(next);
  assert.equal(plane.log(), '');
});

test('tasks are of one account, and of one role', async () => {
  await create('support.amazonaws.com');
  const task = await remove('AWSServiceRoleForSupport');
  await gone(task);
  const elsewhere = iamClient(plane, OTHER_ROOT);
  await refused(status(task, elsewhere), 'NoSuchEntity', /deletion task/, 404);
  await refused(status(task.replace('ForSupport', 'ForECS')), 'NoSuchEntity', /deletion task/);
  await refused(status(task.replace('/support.amazonaws.com/', '/ecs.amazonaws.com/')), 'NoSuchEntity', /task/);
  for (const id of ['task', `${task}/more`, task.replace('task/', 'job/')]) {
    await refused(status(id), 'InvalidInput', /is no deletion task/, 400);
  }
});

test('an ordinary role is removed with DeleteRole', async () => {
  const AssumeRolePolicyDocument = policyText({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' });
  await admin().send(new CreateRoleCommand({ RoleName: 'ordinary', AssumeRolePolicyDocument }));
  const message = 'The service-linked role with name ordinary cannot be found.';
  await refused(remove('ordinary'), 'NoSuchEntity', message, 404);
  await admin().send(new DeleteRoleCommand({ RoleName: 'ordinary' }));
});

test('who may make the role of one service makes no other', async () => {
  const limited = iamClient(plane, LIMITED);
  const own = { StringEquals: { 'iam:AWSServiceName': 'elasticache.amazonaws.com' } };
  const PolicyDocument = allowing('iam:CreateServiceLinkedRole', `arn:aws:iam::${MAIN}:role/aws-service-role/*`, own);
  await admin().send(new PutUserPolicyCommand({ UserName: 'limited', PolicyName: 'grant', PolicyDocument }));
  await create('elasticache.amazonaws.com', undefined, limited);
  await denied(create('shield.amazonaws.com', undefined, limited), 'iam:CreateServiceLinkedRole');
});
