/** All of an account's identities and policies at once, through the vendor's clients. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AddRoleToInstanceProfileCommand,
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  CreateGroupCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  type EntityType,
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsResponse,
  type IAMClient,
  PutGroupPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  paginateGetAccountAuthorizationDetails,
} from '@aws-sdk/client-iam';
import {
  ACCOUNT,
  ADMIN,
  allow,
  type Boto,
  iamOf,
  policy,
  refusal,
  STRANGER,
  startBoto,
  startReportPlane,
  WORKER,
} from './aws-report-world.ts';
import type { TestPlane } from './plane.ts';
import { stopSound } from './two-accounts.ts';

const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const LIMIT = `arn:aws:iam::${ACCOUNT}:policy/eng/limit`;
const TRUST = policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });

let plane: TestPlane;
let boto: Boto;
let admin: IAMClient;

before(async () => {
  plane = await startReportPlane();
  boto = startBoto(plane);
  admin = iamOf(plane, ADMIN);
  await admin.send(
    new CreatePolicyCommand({
      PolicyName: 'limit',
      Path: '/eng/',
      PolicyDocument: allow('s3:*'),
      Description: 'a limit',
    }),
  );
  await admin.send(
    new CreatePolicyVersionCommand({ PolicyArn: LIMIT, PolicyDocument: allow('iam:*'), SetAsDefault: true }),
  );
  await admin.send(new CreateGroupCommand({ GroupName: 'readers' }));
  await admin.send(new AttachGroupPolicyCommand({ GroupName: 'readers', PolicyArn: READ_ONLY }));
  await admin.send(
    new PutGroupPolicyCommand({ GroupName: 'readers', PolicyName: 'keys', PolicyDocument: allow('kms:Decrypt') }),
  );
  await admin.send(new CreateUserCommand({ UserName: 'bob', Path: '/eng/', Tags: [{ Key: 'team', Value: 'x' }] }));
  await admin.send(new PutUserPolicyCommand({ UserName: 'bob', PolicyName: 'own', PolicyDocument: allow('sts:*') }));
  await admin.send(new PutUserPermissionsBoundaryCommand({ UserName: 'bob', PermissionsBoundary: LIMIT }));
  await admin.send(new AddUserToGroupCommand({ GroupName: 'readers', UserName: 'bob' }));
  await admin.send(new CreateRoleCommand({ RoleName: 'runner', AssumeRolePolicyDocument: TRUST }));
  await admin.send(new AttachRolePolicyCommand({ RoleName: 'runner', PolicyArn: LIMIT }));
  await admin.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'machine' }));
  await admin.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'machine', RoleName: 'runner' }));
});

after(async () => {
  boto.stop();
  await stopSound(plane);
});

const details = (...Filter: EntityType[]): Promise<GetAccountAuthorizationDetailsResponse> =>
  admin.send(new GetAccountAuthorizationDetailsCommand(Filter.length === 0 ? {} : { Filter }));

/** A policy document as replies hold it. */
const read = (encoded: string | undefined) => JSON.parse(decodeURIComponent(encoded!));

test('users with their policies, groups, boundary and tags', async () => {
  const { UserDetailList } = await details('User');
  assert.deepEqual(
    UserDetailList?.map(({ UserName }) => UserName),
    ['admin', 'bob', 'worker'],
  );
  const { UserId, CreateDate, UserPolicyList, ...bob } = UserDetailList![1]!;
  assert.match(UserId!, /^AIDA/);
  assert.ok(CreateDate instanceof Date);
  assert.deepEqual(bob, {
    UserName: 'bob',
    Path: '/eng/',
    Arn: `arn:aws:iam::${ACCOUNT}:user/eng/bob`,
    GroupList: ['readers'],
    AttachedManagedPolicies: [],
    PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: LIMIT },
    Tags: [{ Key: 'team', Value: 'x' }],
  });
  assert.deepEqual(
    UserPolicyList?.map(({ PolicyName, PolicyDocument }) => [PolicyName, read(PolicyDocument)]),
    [['own', JSON.parse(allow('sts:*'))]],
  );
});

test('groups, roles with their profiles, and policies with their versions', async () => {
  const { GroupDetailList, RoleDetailList, Policies } = await details('Group', 'Role', 'LocalManagedPolicy');
  const [group] = GroupDetailList!;
  assert.deepEqual(group?.AttachedManagedPolicies, [{ PolicyName: 'ReadOnlyAccess', PolicyArn: READ_ONLY }]);
  assert.deepEqual(read(group?.GroupPolicyList?.[0]?.PolicyDocument), JSON.parse(allow('kms:Decrypt')));
  const [role] = RoleDetailList!;
  assert.deepEqual(read(role?.AssumeRolePolicyDocument), JSON.parse(TRUST));
  assert.deepEqual(role?.AttachedManagedPolicies, [{ PolicyName: 'limit', PolicyArn: LIMIT }]);
  const [profile] = role!.InstanceProfileList!;
  assert.deepEqual(
    [profile?.InstanceProfileName, profile?.Roles?.map(({ RoleName }) => RoleName)],
    ['machine', ['runner']],
  );
  assert.equal(Policies?.length, 1);
  const [limit] = Policies!;
  assert.deepEqual(
    [
      limit?.Arn,
      limit?.Description,
      limit?.DefaultVersionId,
      limit?.AttachmentCount,
      limit?.PermissionsBoundaryUsageCount,
    ],
    [LIMIT, 'a limit', 'v2', 1, 1],
  );
  assert.deepEqual(
    limit?.PolicyVersionList?.map(({ VersionId, IsDefaultVersion, Document }) => [
      VersionId,
      IsDefaultVersion,
      read(Document).Statement[0].Action,
    ]),
    [
      ['v2', true, 'iam:*'],
      ['v1', false, 's3:*'],
    ],
  );
});

test("of AWS's own policies, those in use", async () => {
  const { Policies, UserDetailList } = await details('AWSManagedPolicy');
  assert.deepEqual(
    Policies?.map(({ Arn, AttachmentCount }) => [Arn, AttachmentCount]),
    [[READ_ONLY, 1]],
  );
  assert.ok(read(Policies?.[0]?.PolicyVersionList?.[0]?.Document).Statement.length > 0);
  assert.deepEqual(UserDetailList, []);
});

test('all kinds are one list for pages; a mark is good for the same filter alone', async () => {
  const seen: (string | undefined)[] = [];
  const marks: string[] = [];
  for await (const page of paginateGetAccountAuthorizationDetails({ client: admin, pageSize: 2 }, {})) {
    const names = [
      ...page.UserDetailList!.map(({ UserName }) => UserName),
      ...page.GroupDetailList!.map(({ GroupName }) => GroupName),
      ...page.RoleDetailList!.map(({ RoleName }) => RoleName),
      ...page.Policies!.map(({ PolicyName }) => PolicyName),
    ];
    assert.ok(names.length <= 2);
    seen.push(...names);
    if (page.Marker !== undefined) marks.push(page.Marker);
  }
  assert.deepEqual(seen, ['admin', 'bob', 'worker', 'readers', 'runner', 'limit', 'ReadOnlyAccess']);
  const other = await refusal(
    admin.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User'], Marker: marks[0]! })),
  );
  assert.equal(other.name, 'ValidationError');
  const stranger = await refusal(
    iamOf(plane, STRANGER).send(new GetAccountAuthorizationDetailsCommand({ Marker: marks[0]! })),
  );
  assert.equal(stranger.name, 'ValidationError');
});

test('each account sees its own, and who has no grant nothing', async () => {
  const { UserDetailList } = await iamOf(plane, STRANGER).send(new GetAccountAuthorizationDetailsCommand({}));
  assert.deepEqual(
    UserDetailList?.map(({ UserName }) => UserName),
    ['stranger'],
  );
  const worker = iamOf(plane, WORKER);
  const denied = await refusal(worker.send(new GetAccountAuthorizationDetailsCommand({})));
  assert.equal(denied.name, 'AccessDenied');
  await admin.send(
    new PutUserPolicyCommand({
      UserName: 'worker',
      PolicyName: 'own',
      PolicyDocument: allow('iam:GetAccountAuthorizationDetails'),
    }),
  );
  await worker.send(new GetAccountAuthorizationDetailsCommand({}));
});

test("the vendor's client for Python reads it, policies decoded", async () => {
  const all = await boto.call(ADMIN, 'get_account_authorization_details');
  assert.equal(all.UserDetailList.length, 3);
  const bob = all.UserDetailList.find((user: { UserName: string }) => user.UserName === 'bob');
  assert.deepEqual(bob.UserPolicyList[0].PolicyDocument, JSON.parse(allow('sts:*')));
  assert.deepEqual(all.RoleDetailList[0].AssumeRolePolicyDocument, JSON.parse(TRUST));
});
