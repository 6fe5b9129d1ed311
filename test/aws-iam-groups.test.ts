/** Groups of an AWS account, through the SDK. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type IAM,
  paginateGetGroup,
  paginateListAttachedGroupPolicies,
  paginateListGroupPolicies,
  paginateListGroups,
  paginateListGroupsForUser,
} from '@aws-sdk/client-iam';
import {
  ADMIN,
  allowing,
  denied,
  grant,
  iamClient,
  LIMITED,
  MAIN,
  OTHER_ROOT,
  pagesOf,
  refused,
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

test('a group is made as it is described', async () => {
  const { Group } = await admin.createGroup({ GroupName: 'Writers', Path: '/teams/' });
  assert.match(Group!.GroupId!, /^AGPA[A-Z2-7]{17}$/);
  assert.equal(Group!.Arn, `arn:aws:iam::${MAIN}:group/teams/Writers`);
  const { $metadata: _metadata, ...read } = await admin.getGroup({ GroupName: 'Writers' });
  assert.deepEqual(read, { Group, Users: [], IsTruncated: false });
  await refused(
    admin.createGroup({ GroupName: 'writers' }),
    'EntityAlreadyExists',
    'Group with name writers already exists.',
    409,
  );
  await refused(admin.createGroup({ GroupName: 'no/slash' }), 'ValidationError', /groupName/, 400);
  await refused(admin.createGroup({ GroupName: 'g', Path: 'x/' }), 'ValidationError', /path/, 400);
  await refused(
    admin.getGroup({ GroupName: 'none' }),
    'NoSuchEntity',
    'The group with name none cannot be found.',
    404,
  );
});

test('members have what the group grants, from the moment they are added until they are removed', async () => {
  await admin.createGroup({ GroupName: 'listers' });
  await admin.putGroupPolicy({ GroupName: 'listers', PolicyName: 'p', PolicyDocument: allowing('iam:ListGroups') });
  await denied(limited.listGroups({}), 'iam:ListGroups');
  await admin.addUserToGroup({ GroupName: 'listers', UserName: 'limited' });
  assert.ok((await limited.listGroups({})).Groups!.length > 0);
  await admin.updateGroup({ GroupName: 'listers', NewGroupName: 'renamed', NewPath: '/x/' });
  assert.ok(await limited.listGroups({}), 'renaming takes nothing away');
  const { Group, Users } = await admin.getGroup({ GroupName: 'renamed' });
  assert.equal(Group!.Arn, `arn:aws:iam::${MAIN}:group/x/renamed`);
  assert.deepEqual(
    Users!.map(({ UserName }) => UserName),
    ['limited'],
  );
  await admin.deleteGroupPolicy({ GroupName: 'renamed', PolicyName: 'p' });
  await denied(limited.listGroups({}), 'iam:ListGroups');
  await admin.attachGroupPolicy({ GroupName: 'renamed', PolicyArn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' });
  assert.ok(await limited.listGroups({}));
  await admin.removeUserFromGroup({ GroupName: 'renamed', UserName: 'limited' });
  await denied(limited.listGroups({}), 'iam:ListGroups');
});

test('adding twice and removing who is not in it change nothing; unknown users are told', async () => {
  const GroupName = 'twice';
  await admin.createGroup({ GroupName });
  for (const UserName of ['limited', 'LIMITED']) await admin.addUserToGroup({ GroupName, UserName });
  assert.equal((await admin.getGroup({ GroupName })).Users!.length, 1);
  for (const _again of [1, 2]) await admin.removeUserFromGroup({ GroupName, UserName: 'limited' });
  assert.deepEqual((await admin.getGroup({ GroupName })).Users, []);
  const nobody = 'The user with name nobody cannot be found.';
  await refused(admin.addUserToGroup({ GroupName, UserName: 'nobody' }), 'NoSuchEntity', nobody, 404);
  await refused(admin.removeUserFromGroup({ GroupName, UserName: 'nobody' }), 'NoSuchEntity', nobody, 404);
  await refused(admin.addUserToGroup({ GroupName: 'none', UserName: 'admin' }), 'NoSuchEntity', /group with name none/);
  await refused(other.addUserToGroup({ GroupName, UserName: 'limited' }), 'NoSuchEntity', /group with name twice/);
});

test('a user is in ten groups at most', async () => {
  const UserName = 'sociable';
  await admin.createUser({ UserName });
  for (let n = 1; n <= 11; n += 1) await admin.createGroup({ GroupName: `club-${n}` });
  for (let n = 1; n <= 10; n += 1) await admin.addUserToGroup({ UserName, GroupName: `club-${n}` });
  await refused(
    admin.addUserToGroup({ UserName, GroupName: 'club-11' }),
    'LimitExceeded',
    'Cannot exceed quota for GroupsPerUser: 10',
    409,
  );
  const pages = await pagesOf(paginateListGroupsForUser({ client: admin, pageSize: 4 }, { UserName }));
  assert.deepEqual(
    pages.map(({ Groups }) => Groups!.length),
    [4, 4, 2],
  );
  const names = new Set(pages.flatMap(({ Groups }) => Groups!.map(({ GroupName }) => GroupName)));
  assert.equal(names.size, 10);
});

test('groups, members and policies come in pages', async () => {
  const GroupName = 'paged';
  await admin.createGroup({ GroupName, Path: '/paged/' });
  await admin.createGroup({ GroupName: 'paged-2', Path: '/paged/' });
  const groups = await pagesOf(paginateListGroups({ client: admin, pageSize: 1 }, { PathPrefix: '/paged/' }));
  assert.deepEqual(
    groups.map(({ Groups }) => Groups!.map((group) => group.GroupName)),
    [['paged'], ['paged-2']],
  );

  const members = ['n1', 'n2', 'n3'];
  for (const UserName of members) {
    await admin.createUser({ UserName });
    await admin.addUserToGroup({ GroupName, UserName });
  }
  const users = await pagesOf(paginateGetGroup({ client: admin, pageSize: 2 }, { GroupName }));
  assert.deepEqual(
    users.map(({ Users }) => Users!.length),
    [2, 1],
  );
  assert.deepEqual(users.flatMap(({ Users }) => Users!.map(({ UserName }) => UserName)).toSorted(), members);

  for (const PolicyName of ['b', 'a', 'c']) {
    await admin.putGroupPolicy({ GroupName, PolicyName, PolicyDocument: allowing('s3:*') });
  }
  const inline = await pagesOf(paginateListGroupPolicies({ client: admin, pageSize: 2 }, { GroupName }));
  assert.deepEqual(
    inline.map(({ PolicyNames }) => PolicyNames),
    [['a', 'b'], ['c']],
  );

  for (const name of ['ReadOnlyAccess', 'job-function/ViewOnlyAccess']) {
    await admin.attachGroupPolicy({ GroupName, PolicyArn: `arn:aws:iam::aws:policy/${name}` });
  }
  const attached = await pagesOf(paginateListAttachedGroupPolicies({ client: admin, pageSize: 1 }, { GroupName }));
  assert.deepEqual(
    attached.flatMap(({ AttachedPolicies }) => AttachedPolicies!.map(({ PolicyName }) => PolicyName)),
    ['ReadOnlyAccess', 'ViewOnlyAccess'],
  );
  const underPath = await admin.listAttachedGroupPolicies({ GroupName, PathPrefix: '/job-function/' });
  assert.deepEqual(underPath.AttachedPolicies, [
    { PolicyName: 'ViewOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/job-function/ViewOnlyAccess' },
  ]);
});

test('a group goes when nothing of it is left', async () => {
  const GroupName = 'leaving';
  const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  await admin.createGroup({ GroupName });
  await admin.addUserToGroup({ GroupName, UserName: 'admin' });
  await admin.attachGroupPolicy({ GroupName, PolicyArn });
  await admin.putGroupPolicy({ GroupName, PolicyName: 'p', PolicyDocument: allowing('s3:*') });
  const steps: readonly [string, () => Promise<unknown>][] = [
    ['remove users from group', () => admin.removeUserFromGroup({ GroupName, UserName: 'admin' })],
    ['detach all policies', () => admin.detachGroupPolicy({ GroupName, PolicyArn })],
    ['delete policies', () => admin.deleteGroupPolicy({ GroupName, PolicyName: 'p' })],
  ];
  for (const [first, step] of steps) {
    await refused(
      admin.deleteGroup({ GroupName }),
      'DeleteConflict',
      `Cannot delete entity, must ${first} first.`,
      409,
    );
    await step();
  }
  await admin.deleteGroup({ GroupName });
  await refused(admin.getGroup({ GroupName }), 'NoSuchEntity', /leaving/, 404);
});

test('a policy can say which policies may be attached to a group', async () => {
  const [wanted, unwanted] = ['ReadOnlyAccess', 'AdministratorAccess'].map((name) => `arn:aws:iam::aws:policy/${name}`);
  const GroupName = 'guarded';
  await admin.createGroup({ GroupName });
  const actions = ['iam:AttachGroupPolicy', 'iam:DetachGroupPolicy'];
  await grant(
    admin,
    allowing(actions, `arn:aws:iam::${MAIN}:group/guarded`, { ArnEquals: { 'iam:PolicyARN': wanted } }),
  );
  await denied(limited.attachGroupPolicy({ GroupName, PolicyArn: unwanted }), 'iam:AttachGroupPolicy');
  await limited.attachGroupPolicy({ GroupName, PolicyArn: wanted });
  await denied(limited.detachGroupPolicy({ GroupName, PolicyArn: unwanted }), 'iam:DetachGroupPolicy');
  await limited.detachGroupPolicy({ GroupName, PolicyArn: wanted });
});

test('renaming a group needs the right to the old name and to the new one', async () => {
  await admin.createGroup({ GroupName: 'before' });
  const rename = () => limited.updateGroup({ GroupName: 'before', NewGroupName: 'behind' });
  await grant(admin, allowing('iam:UpdateGroup', `arn:aws:iam::${MAIN}:group/before`));
  await denied(rename(), `iam:UpdateGroup on resource: arn:aws:iam::${MAIN}:group/behind`);
  await grant(admin, allowing('iam:UpdateGroup', `arn:aws:iam::${MAIN}:group/be*`));
  await rename();
  await refused(
    admin.updateGroup({ GroupName: 'behind', NewGroupName: 'WRITERS' }),
    'EntityAlreadyExists',
    /WRITERS/,
    409,
  );
});

test('an account has 300 groups at most', async () => {
  const has = (await other.listGroups({ MaxItems: 1000 })).Groups!.length;
  for (let n = has; n < 300; n += 1) await other.createGroup({ GroupName: `group-${n}` });
  await refused(
    other.createGroup({ GroupName: 'one-more' }),
    'LimitExceeded',
    'Cannot exceed quota for GroupsPerAccount: 300',
    409,
  );
});
