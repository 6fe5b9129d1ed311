/** Users of an AWS account, through the SDK. https://docs.aws.amazon.com/IAM/latest/APIReference/ */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type IAM, paginateListUsers, paginateListUserTags, waitUntilUserExists } from '@aws-sdk/client-iam';
import {
  ADMIN,
  allowing,
  denied,
  grant,
  iamClient,
  LIMITED,
  MAIN,
  MAIN_ROOT,
  OTHER_ROOT,
  pagesOf,
  policyText,
  refused,
  stsClient,
  WORLD,
} from './aws-iam-clients.ts';
import { startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
let admin: IAM;
let limited: IAM;
let other: IAM;
before(async () => {
  plane = await startPlane({ world: WORLD });
  admin = iamClient(plane, ADMIN);
  limited = iamClient(plane, LIMITED);
  other = iamClient(plane, OTHER_ROOT);
});
after(() => plane.stop());

test('a user is made as it is described, and is there for the waiter', async () => {
  const { User } = await admin.createUser({ UserName: 'Ada', Path: '/eng/', Tags: [{ Key: 'team', Value: 'blue' }] });
  assert.match(User!.UserId!, /^AIDA[A-Z2-7]{17}$/);
  assert.ok(User!.CreateDate instanceof Date);
  const expected = {
    Path: '/eng/',
    UserName: 'Ada',
    UserId: User!.UserId,
    Arn: `arn:aws:iam::${MAIN}:user/eng/Ada`,
    CreateDate: User!.CreateDate,
    Tags: [{ Key: 'team', Value: 'blue' }],
  };
  assert.deepEqual(User, expected);
  await waitUntilUserExists({ client: admin, maxWaitTime: 5 }, { UserName: 'Ada' });
  assert.deepEqual((await admin.getUser({ UserName: 'Ada' })).User, expected);
});

test('who gives no name asks about itself', async () => {
  const { User: root } = await iamClient(plane, MAIN_ROOT).getUser({});
  assert.equal(root!.Arn, `arn:aws:iam::${MAIN}:root`);
  assert.equal(root!.UserId, MAIN);
  assert.equal(root!.UserName, undefined);
  assert.equal((await admin.getUser({})).User!.UserName, 'admin');
  await denied(limited.getUser({}), 'iam:GetUser');
});

test('the session of a role has no user to ask about', async () => {
  const trust = policyText({ Effect: 'Allow', Principal: { AWS: MAIN }, Action: 'sts:AssumeRole' });
  const { Role } = await admin.createRole({ RoleName: 'reader', AssumeRolePolicyDocument: trust });
  await admin.putRolePolicy({ RoleName: 'reader', PolicyName: 'p', PolicyDocument: allowing('iam:*') });
  const assumed = await stsClient(plane, ADMIN).assumeRole({ RoleArn: Role!.Arn, RoleSessionName: 'here' });
  const session = iamClient(plane, {
    accessKeyId: assumed.Credentials!.AccessKeyId!,
    secretAccessKey: assumed.Credentials!.SecretAccessKey!,
    sessionToken: assumed.Credentials!.SessionToken!,
  });
  const mustName = 'Must specify userName when calling with non-User credentials';
  await refused(session.getUser({}), 'ValidationError', mustName, 400);
  await refused(session.createAccessKey({}), 'ValidationError', mustName, 400);
  assert.equal((await session.getUser({ UserName: 'admin' })).User!.UserName, 'admin');
  await refused(
    session.changePassword({ OldPassword: 'abcdefgh', NewPassword: 'Abcdefgh-1' }),
    'InvalidUserType',
    /./,
    400,
  );
});

test('the root user is in no list and has no name', async () => {
  const names = (await other.listUsers({})).Users!.map(({ UserName }) => UserName);
  assert.deepEqual(names, []);
  await refused(other.getUser({ UserName: 'root' }), 'NoSuchEntity', 'The user with name root cannot be found.', 404);
  await refused(other.deleteUser({ UserName: ':root' }), 'ValidationError', /userName/, 400);
});

test('names are unique whatever their case', async () => {
  await admin.createUser({ UserName: 'Bea' });
  await refused(
    admin.createUser({ UserName: 'bEA', Path: '/x/' }),
    'EntityAlreadyExists',
    'User with name bEA already exists.',
    409,
  );
  assert.ok(await other.createUser({ UserName: 'Bea' }), 'another account has names of its own');
});

for (const [what, input] of [
  ['a name with a space', { UserName: 'a b' }],
  ['a name of 65 letters', { UserName: 'a'.repeat(65) }],
  ['no name', { UserName: '' }],
  ['a path without slashes', { UserName: 'fine', Path: 'eng' }],
  ['a path that does not end', { UserName: 'fine', Path: '/eng' }],
  ['a tag without a key', { UserName: 'fine', Tags: [{ Key: '', Value: 'x' }] }],
] as const) {
  test(`${what} is refused`, async () => {
    await refused(
      admin.createUser({ ...input, Tags: 'Tags' in input ? [...input.Tags] : [] }),
      'ValidationError',
      /./,
      400,
    );
  });
}

test('lists come in pages, and under a path', async () => {
  for (const name of ['p1', 'p2', 'p3', 'p4', 'p5']) await admin.createUser({ UserName: name, Path: '/pages/' });
  const pages = await pagesOf(paginateListUsers({ client: admin, pageSize: 2 }, { PathPrefix: '/pages/' }));
  assert.deepEqual(
    pages.map(({ Users }) => Users!.map(({ UserName }) => UserName)),
    [['p1', 'p2'], ['p3', 'p4'], ['p5']],
  );
  assert.deepEqual(
    pages.map(({ IsTruncated }) => IsTruncated),
    [true, true, false],
  );
  const everybody = (await admin.listUsers({})).Users!.map(({ UserName }) => UserName);
  assert.ok(everybody.includes('p5') && everybody.includes('admin'));
  assert.deepEqual((await admin.listUsers({ PathPrefix: '/pages/p' })).Users, []);
});

test('a marker is good for the list, the filter and the account that it was made for', async () => {
  for (const name of ['m1', 'm2']) {
    await admin.createUser({ UserName: name });
    await other.createUser({ UserName: name });
  }
  const { Marker } = await admin.listUsers({ MaxItems: 1 });
  assert.ok((await admin.listUsers({ Marker: Marker! })).Users!.length > 0);
  const tampered = Marker!.slice(0, -1) + (Marker!.endsWith('A') ? 'B' : 'A');
  for (const call of [
    () => admin.listUsers({ Marker: tampered }),
    () => admin.listUsers({ Marker: 'x' }),
    () => admin.listUsers({ Marker: Marker!, PathPrefix: '/eng/' }),
    () => admin.listGroups({ Marker: Marker! }),
    () => other.listUsers({ Marker: Marker! }),
  ]) {
    await refused(call(), 'ValidationError', 'Invalid Marker.', 400);
  }
});

test('a renamed user keeps its id, keys, groups, policies and password', async () => {
  await admin.createUser({ UserName: 'cleo', Path: '/old/' });
  await admin.createGroup({ GroupName: 'readers' });
  await admin.putGroupPolicy({ GroupName: 'readers', PolicyName: 'p', PolicyDocument: allowing('iam:ListGroups') });
  await admin.addUserToGroup({ GroupName: 'readers', UserName: 'cleo' });
  await admin.putUserPolicy({ UserName: 'cleo', PolicyName: 'p', PolicyDocument: allowing('iam:GetUser') });
  await admin.createLoginProfile({ UserName: 'cleo', Password: 'Correct-horse-7' });
  const { AccessKey } = await admin.createAccessKey({ UserName: 'cleo' });
  const keys = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  const { User: before } = await admin.getUser({ UserName: 'cleo' });

  await admin.updateUser({ UserName: 'cleo', NewUserName: 'clea', NewPath: '/new/' });

  const asRenamed = iamClient(plane, keys);
  const { User: renamed } = await asRenamed.getUser({});
  assert.deepEqual(renamed, { ...before, UserName: 'clea', Path: '/new/', Arn: `arn:aws:iam::${MAIN}:user/new/clea` });
  assert.equal((await stsClient(plane, keys).getCallerIdentity({})).Arn, `arn:aws:iam::${MAIN}:user/new/clea`);
  assert.ok(await asRenamed.listGroups({}), 'the group still grants');
  const joined = await admin.listGroupsForUser({ UserName: 'clea' });
  assert.deepEqual(
    joined.Groups!.map(({ GroupName }) => GroupName),
    ['readers'],
  );
  const listed = await admin.listAccessKeys({ UserName: 'clea' });
  assert.deepEqual(
    listed.AccessKeyMetadata!.map(({ AccessKeyId }) => AccessKeyId),
    [keys.accessKeyId],
  );
  assert.equal((await admin.getLoginProfile({ UserName: 'clea' })).LoginProfile!.UserName, 'clea');
  await refused(admin.getUser({ UserName: 'cleo' }), 'NoSuchEntity', /cleo/, 404);
  assert.ok(await admin.createUser({ UserName: 'cleo' }), 'the old name is free');
});

test('renaming needs the right to the old name and to the new one', async () => {
  await admin.createUser({ UserName: 'dora' });
  const [before, behind] = ['dora', 'dana'].map((name) => `arn:aws:iam::${MAIN}:user/${name}`) as [string, string];
  const rename = () => limited.updateUser({ UserName: 'dora', NewUserName: 'dana' });
  await grant(admin, allowing('iam:UpdateUser', before));
  await denied(rename(), 'iam:UpdateUser on resource: arn:aws:iam::111122223333:user/dana');
  await grant(admin, allowing('iam:UpdateUser', behind));
  await denied(rename(), 'iam:UpdateUser on resource: arn:aws:iam::111122223333:user/dora');
  await grant(admin, allowing('iam:UpdateUser', [before, behind]));
  await rename();
  await refused(limited.updateUser({ UserName: 'dana', NewUserName: 'Admin' }), 'AccessDenied', /user\/Admin/);
  await refused(admin.updateUser({ UserName: 'dana', NewUserName: 'Admin' }), 'EntityAlreadyExists', /Admin/, 409);
});

test('a new path alone needs the right to both as well', async () => {
  await admin.createUser({ UserName: 'emil' });
  const move = () => limited.updateUser({ UserName: 'emil', NewPath: '/moved/' });
  await grant(admin, allowing('iam:UpdateUser', `arn:aws:iam::${MAIN}:user/emil`));
  await denied(move(), `iam:UpdateUser on resource: arn:aws:iam::${MAIN}:user/moved/emil`);
  await grant(admin, allowing('iam:UpdateUser', `arn:aws:iam::${MAIN}:user/*emil`));
  await move();
  assert.equal((await admin.getUser({ UserName: 'emil' })).User!.Path, '/moved/');
});

test('a user goes when nothing of it is left', async () => {
  const UserName = 'fay';
  const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  await admin.createUser({ UserName });
  await admin.createGroup({ GroupName: 'leaving' });
  await admin.addUserToGroup({ UserName, GroupName: 'leaving' });
  await admin.attachUserPolicy({ UserName, PolicyArn });
  await admin.putUserPolicy({ UserName, PolicyName: 'p', PolicyDocument: allowing('s3:*') });
  await admin.createLoginProfile({ UserName, Password: 'Correct-horse-7' });
  const { AccessKey } = await admin.createAccessKey({ UserName });
  const steps: readonly [string, () => Promise<unknown>][] = [
    ['remove users from group', () => admin.removeUserFromGroup({ UserName, GroupName: 'leaving' })],
    ['detach all policies', () => admin.detachUserPolicy({ UserName, PolicyArn })],
    ['delete policies', () => admin.deleteUserPolicy({ UserName, PolicyName: 'p' })],
    ['delete access keys', () => admin.deleteAccessKey({ UserName, AccessKeyId: AccessKey!.AccessKeyId! })],
    ['delete login profile', () => admin.deleteLoginProfile({ UserName })],
  ];
  for (const [first, step] of steps) {
    await refused(admin.deleteUser({ UserName }), 'DeleteConflict', `Cannot delete entity, must ${first} first.`, 409);
    await step();
  }
  await admin.deleteUser({ UserName });
  await refused(admin.getUser({ UserName }), 'NoSuchEntity', 'The user with name fay cannot be found.', 404);
  await refused(admin.deleteUser({ UserName }), 'NoSuchEntity', 'The user with name fay cannot be found.', 404);
});

test('who may not know is not told whether a user is there', async () => {
  await grant(admin, allowing('iam:GetUser', `arn:aws:iam::${MAIN}:user/limited`));
  await denied(limited.getUser({ UserName: 'admin' }), 'iam:GetUser');
  await denied(limited.getUser({ UserName: 'nobody-of-this-name' }), 'iam:GetUser');
});

test('tags are added, replaced whatever the case of their keys, and removed', async () => {
  const UserName = 'gus';
  await admin.createUser({ UserName });
  await admin.tagUser({
    UserName,
    Tags: [
      { Key: 'Team', Value: 'red' },
      { Key: 'a', Value: '' },
      { Key: 'b', Value: '2' },
    ],
  });
  await admin.tagUser({ UserName, Tags: [{ Key: 'team', Value: 'blue' }] });
  const pages = await pagesOf(paginateListUserTags({ client: admin, pageSize: 2 }, { UserName }));
  assert.deepEqual(
    pages.map(({ Tags }) => Tags),
    [
      [
        { Key: 'a', Value: '' },
        { Key: 'b', Value: '2' },
      ],
      [{ Key: 'team', Value: 'blue' }],
    ],
  );
  await admin.untagUser({ UserName, TagKeys: ['TEAM', 'not-there'] });
  assert.deepEqual((await admin.getUser({ UserName })).User!.Tags, [
    { Key: 'a', Value: '' },
    { Key: 'b', Value: '2' },
  ]);
  const twice = admin.tagUser({
    UserName,
    Tags: [
      { Key: 'x', Value: '1' },
      { Key: 'X', Value: '2' },
    ],
  });
  await refused(twice, 'InvalidInput', /Duplicate tag keys/, 400);
  await refused(admin.tagUser({ UserName, Tags: [{ Key: 'aws:x', Value: '1' }] }), 'InvalidInput', /reserved/, 400);
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => ({ Key: `k${from + n}`, Value: 'v' }));
  await admin.tagUser({ UserName, Tags: many(0, 48) });
  await refused(
    admin.tagUser({ UserName, Tags: many(48, 1) }),
    'LimitExceeded',
    'Cannot exceed quota for TagsPerUser: 50',
    409,
  );
});

test('conditions on the tags of a request and of a user hold', async () => {
  const tag = (Value: string) => limited.tagUser({ UserName: 'hal', Tags: [{ Key: 'stage', Value }] });
  await admin.createUser({ UserName: 'hal', Tags: [{ Key: 'team', Value: 'blue' }] });
  const inTest = { StringEquals: { 'aws:RequestTag/stage': 'test' } };
  await grant(admin, allowing('iam:TagUser', '*', inTest));
  await tag('test');
  await denied(tag('prod'), 'iam:TagUser');
  await grant(admin, allowing('iam:TagUser', '*', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['other'] } }));
  await denied(tag('test'), 'iam:TagUser');
  for (const key of ['aws:ResourceTag/team', 'iam:ResourceTag/team']) {
    await grant(admin, allowing('iam:DeleteUser', '*', { StringEquals: { [key]: 'red' } }));
    await denied(limited.deleteUser({ UserName: 'hal' }), 'iam:DeleteUser');
  }
  await grant(admin, allowing('iam:CreateUser', '*', { StringEquals: { 'aws:ResourceTag/stage': 'test' } }));
  await denied(limited.createUser({ UserName: 'ida', Tags: [{ Key: 'stage', Value: 'test' }] }), 'iam:CreateUser');
  await grant(admin, allowing('iam:CreateUser', '*', inTest));
  await denied(limited.createUser({ UserName: 'ida' }), 'iam:CreateUser');
  await limited.createUser({ UserName: 'ida', Tags: [{ Key: 'stage', Value: 'test' }] });
  await grant(admin, allowing('iam:DeleteUser', '*', { StringEquals: { 'aws:ResourceTag/team': 'blue' } }));
  await limited.deleteUser({ UserName: 'hal' });
});

test('administrators can be held to giving a boundary', async () => {
  const boundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  const bounded = { StringEquals: { 'iam:PermissionsBoundary': boundary } };
  const actions = ['iam:CreateUser', 'iam:PutUserPolicy', 'iam:DeleteUserPolicy', 'iam:AttachUserPolicy'];
  await grant(admin, allowing([...actions, 'iam:PutUserPermissionsBoundary'], '*', bounded));
  await denied(limited.createUser({ UserName: 'jo' }), 'iam:CreateUser');
  const elsewhere = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await denied(limited.createUser({ UserName: 'jo', PermissionsBoundary: elsewhere }), 'iam:CreateUser');
  const { User } = await limited.createUser({ UserName: 'jo', PermissionsBoundary: boundary });
  assert.deepEqual(User!.PermissionsBoundary, {
    PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
    PermissionsBoundaryArn: boundary,
  });
  await admin.createUser({ UserName: 'kay' });
  const put = (UserName: string) =>
    limited.putUserPolicy({
      UserName,
      PolicyName: 'p',
      PolicyDocument: policyText({ Effect: 'Allow', Action: 's3:*', Resource: '*' }),
    });
  const attach = (UserName: string) => limited.attachUserPolicy({ UserName, PolicyArn: elsewhere });
  await put('jo');
  await attach('jo');
  await denied(put('kay'), 'iam:PutUserPolicy');
  await denied(attach('kay'), 'iam:AttachUserPolicy');
  await denied(
    limited.putUserPermissionsBoundary({ UserName: 'jo', PermissionsBoundary: elsewhere }),
    'iam:PutUserPermissionsBoundary',
  );
  await denied(limited.deleteUserPermissionsBoundary({ UserName: 'jo' }), 'iam:DeleteUserPermissionsBoundary');
});
