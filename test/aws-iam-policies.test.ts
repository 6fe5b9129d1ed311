/** Managed policies, and policies that are part of users, through the SDK: what they are and what they do. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type IAM,
  paginateListAttachedUserPolicies,
  paginateListEntitiesForPolicy,
  paginateListPolicies,
  paginateListPolicyTags,
  paginateListPolicyVersions,
  paginateListUserPolicies,
  waitUntilPolicyExists,
} from '@aws-sdk/client-iam';
import {
  ADMIN,
  allowing,
  denied,
  grant,
  iamClient,
  LIMITED,
  MAIN,
  OTHER,
  OTHER_ROOT,
  pagesOf,
  policyText,
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

const arnOf = (name: string): string => `arn:aws:iam::${MAIN}:policy/${name}`;
const awsArn = (name: string): string => `arn:aws:iam::aws:policy/${name}`;

async function make(PolicyName: string, PolicyDocument = allowing('s3:GetObject')): Promise<string> {
  return (await admin.createPolicy({ PolicyName, PolicyDocument })).Policy!.Arn!;
}

test('a policy is made as it is described, and is there for the waiter', async () => {
  const { Policy } = await admin.createPolicy({
    PolicyName: 'Described',
    Path: '/some/',
    Description: 'of use',
    PolicyDocument: allowing('s3:GetObject'),
    Tags: [{ Key: 'a', Value: '1' }],
  });
  assert.match(Policy!.PolicyId!, /^ANPA[A-Z2-7]{17}$/);
  const expected = {
    PolicyName: 'Described',
    PolicyId: Policy!.PolicyId,
    Arn: arnOf('some/Described'),
    Path: '/some/',
    DefaultVersionId: 'v1',
    AttachmentCount: 0,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: Policy!.CreateDate,
    UpdateDate: Policy!.CreateDate,
    Tags: [{ Key: 'a', Value: '1' }],
  };
  assert.deepEqual(Policy, expected);
  await waitUntilPolicyExists({ client: admin, maxWaitTime: 5 }, { PolicyArn: Policy!.Arn });
  const read = await admin.getPolicy({ PolicyArn: Policy!.Arn });
  assert.deepEqual(read.Policy, { ...expected, Description: 'of use' });
  await refused(
    admin.createPolicy({ PolicyName: 'described', PolicyDocument: allowing('s3:*') }),
    'EntityAlreadyExists',
    'A policy called described already exists. Duplicate names are not allowed.',
    409,
  );
  await refused(
    admin.getPolicy({ PolicyArn: arnOf('Described') }),
    'NoSuchEntity',
    `Policy ${arnOf('Described')} was not found.`,
    404,
  );
});

test('documents come back URL-encoded, as they were written', async () => {
  const text =
    '{ "Version": "2012-10-17",\n "Statement": {"Sid": "S1", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/\'(x)!*"} }';
  const PolicyArn = await make('encoded', text);
  const { PolicyVersion } = await admin.getPolicyVersion({ PolicyArn, VersionId: 'v1' });
  assert.match(PolicyVersion!.Document!, /^%7B%20%22Version%22/);
  assert.doesNotMatch(PolicyVersion!.Document!, /[!'()*\s]/);
  assert.equal(decodeURIComponent(PolicyVersion!.Document!), text);
  await admin.putUserPolicy({ UserName: 'limited', PolicyName: 'kept', PolicyDocument: text });
  const inline = await admin.getUserPolicy({ UserName: 'limited', PolicyName: 'kept' });
  assert.equal(decodeURIComponent(inline.PolicyDocument!), text);
  await admin.deleteUserPolicy({ UserName: 'limited', PolicyName: 'kept' });
});

for (const [what, text, names] of [
  ['no JSON', '{"Version": "2012-10-17",', /line 1/],
  ['an unknown version', '{"Version":"2020-01-01","Statement":[]}', /Version/],
  ['an effect that is none', policyText({ Effect: 'Perhaps', Action: 's3:*', Resource: '*' }), /Effect/],
  ['no resource', policyText({ Effect: 'Allow', Action: 's3:*' }), /Resource/],
  ['a principal', policyText({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }), /Principal/],
  [
    'an unknown operator',
    policyText({ Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: { Like: { a: 'b' } } }),
    /Like/,
  ],
] as const) {
  test(`a policy with ${what} is refused wherever it is written`, async () => {
    const PolicyArn = await make(`base-for-${what.replaceAll(' ', '-')}`);
    for (const call of [
      () => admin.createPolicy({ PolicyName: 'malformed', PolicyDocument: text }),
      () => admin.createPolicyVersion({ PolicyArn, PolicyDocument: text }),
      () => admin.putUserPolicy({ UserName: 'limited', PolicyName: 'p', PolicyDocument: text }),
      () => grantGroup(text),
    ]) {
      await refused(call(), 'MalformedPolicyDocument', names, 400);
    }
  });
}

async function grantGroup(PolicyDocument: string): Promise<unknown> {
  await admin.createGroup({ GroupName: 'g' }).catch(() => undefined);
  return admin.putGroupPolicy({ GroupName: 'g', PolicyName: 'p', PolicyDocument });
}

test('sizes are counted without white space', async () => {
  const ofSize = (size: number): string => {
    const empty = allowing('s3:*', 'arn:aws:s3:::');
    return allowing('s3:*', `arn:aws:s3:::${'b'.repeat(size - empty.length)}`);
  };
  await make('largest', `${ofSize(6144)}${' '.repeat(500)}`);
  await refused(make('too-large', ofSize(6145)), 'LimitExceeded', 'Cannot exceed quota for PolicySize: 6144', 409);
  const put = (PolicyName: string, size: number) =>
    admin.putUserPolicy({ UserName: 'sized', PolicyName, PolicyDocument: ofSize(size) });
  await admin.createUser({ UserName: 'sized' });
  await put('a', 1048);
  await put('b', 1000);
  await refused(put('c', 200), 'LimitExceeded', 'Maximum policy size of 2048 bytes exceeded for user sized', 409);
  await put('b', 999);
  await refused(put('b', 1001), 'LimitExceeded', /2048/, 409);
});

test('permissions follow attaching and detaching at once', async () => {
  const PolicyArn = await make('lists-users', allowing('iam:ListUsers'));
  await denied(limited.listUsers({}), 'iam:ListUsers');
  await admin.attachUserPolicy({ UserName: 'limited', PolicyArn });
  assert.ok((await limited.listUsers({})).Users);
  await admin.attachUserPolicy({ UserName: 'limited', PolicyArn });
  assert.equal((await admin.getPolicy({ PolicyArn })).Policy!.AttachmentCount, 1);
  await admin.detachUserPolicy({ UserName: 'limited', PolicyArn });
  await denied(limited.listUsers({}), 'iam:ListUsers');
  await refused(
    admin.detachUserPolicy({ UserName: 'limited', PolicyArn }),
    'NoSuchEntity',
    `Policy ${PolicyArn} was not found.`,
    404,
  );
});

test('a boundary limits what policies grant', async () => {
  const PermissionsBoundary = await make('only-groups', allowing('iam:ListGroups'));
  await grant(admin, allowing(['iam:ListUsers', 'iam:ListGroups']));
  assert.ok(await limited.listUsers({}));
  await admin.putUserPermissionsBoundary({ UserName: 'limited', PermissionsBoundary });
  await refused(limited.listUsers({}), 'AccessDenied', /no permissions boundary allows the iam:ListUsers action/, 403);
  assert.ok(await limited.listGroups({}));
  const { Policy } = await admin.getPolicy({ PolicyArn: PermissionsBoundary });
  assert.deepEqual([Policy!.AttachmentCount, Policy!.PermissionsBoundaryUsageCount], [0, 1]);
  await refused(
    admin.deletePolicy({ PolicyArn: PermissionsBoundary }),
    'DeleteConflict',
    'Cannot delete a policy attached to entities.',
    409,
  );
  await admin.deleteUserPermissionsBoundary({ UserName: 'limited' });
  assert.ok(await limited.listUsers({}));
  await admin.deleteUserPolicy({ UserName: 'limited', PolicyName: 'grant' });
  await refused(
    admin.putUserPermissionsBoundary({ UserName: 'limited', PermissionsBoundary: arnOf('none') }),
    'NoSuchEntity',
    `Scope ARN: ${arnOf('none')} does not exist or is not attachable.`,
    404,
  );
});

test('the default version is the one that counts', async () => {
  const PolicyArn = await make('versions', allowing('iam:ListUsers'));
  await admin.attachUserPolicy({ UserName: 'limited', PolicyArn });
  const groups = allowing('iam:ListGroups');
  const { PolicyVersion } = await admin.createPolicyVersion({ PolicyArn, PolicyDocument: groups });
  assert.equal(PolicyVersion!.VersionId, 'v2');
  assert.equal(PolicyVersion!.IsDefaultVersion, false);
  await denied(limited.listGroups({}), 'iam:ListGroups');
  await admin.setDefaultPolicyVersion({ PolicyArn, VersionId: 'v2' });
  assert.ok(await limited.listGroups({}));
  await denied(limited.listUsers({}), 'iam:ListUsers');
  await admin.createPolicyVersion({ PolicyArn, PolicyDocument: allowing('iam:ListUsers'), SetAsDefault: true });
  assert.ok(await limited.listUsers({}));
  await denied(limited.listGroups({}), 'iam:ListGroups');
  await admin.detachUserPolicy({ UserName: 'limited', PolicyArn });
});

test('a policy has five versions at most, whose numbers are not used again', async () => {
  const PolicyArn = await make('five');
  const add = async () =>
    (await admin.createPolicyVersion({ PolicyArn, PolicyDocument: allowing('s3:*') })).PolicyVersion!.VersionId;
  for (let n = 2; n <= 5; n += 1) assert.equal(await add(), `v${n}`);
  await refused(
    add(),
    'LimitExceeded',
    'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    409,
  );
  const remove = (VersionId: string) => admin.deletePolicyVersion({ PolicyArn, VersionId });
  await refused(remove('v1'), 'DeleteConflict', 'Cannot delete the default version of a policy.', 409);
  await refused(
    remove('v9'),
    'NoSuchEntity',
    `Policy ${PolicyArn} version v9 does not exist or is not attachable.`,
    404,
  );
  await refused(remove('9'), 'ValidationError', /versionId/, 400);
  await remove('v5');
  assert.equal(await add(), 'v6');
  const pages = await pagesOf(paginateListPolicyVersions({ client: admin, pageSize: 2 }, { PolicyArn }));
  assert.deepEqual(
    pages.map(({ Versions }) => Versions!.map(({ VersionId }) => VersionId)),
    [['v6', 'v4'], ['v3', 'v2'], ['v1']],
  );
  await refused(admin.setDefaultPolicyVersion({ PolicyArn, VersionId: 'v5' }), 'NoSuchEntity', /version v5/, 404);
  await refused(admin.deletePolicy({ PolicyArn }), 'DeleteConflict', /^This policy has more than one version\./, 409);
  for (const version of ['v2', 'v3', 'v4', 'v6']) await remove(version);
  await admin.deletePolicy({ PolicyArn });
  await refused(admin.getPolicy({ PolicyArn }), 'NoSuchEntity', `Policy ${PolicyArn} was not found.`, 404);
});

test('what is attached cannot be deleted, and what does not exist cannot be attached', async () => {
  const PolicyArn = await make('held');
  await admin.createGroup({ GroupName: 'holders' });
  await admin.attachGroupPolicy({ GroupName: 'holders', PolicyArn });
  await refused(
    admin.deletePolicy({ PolicyArn }),
    'DeleteConflict',
    'Cannot delete a policy attached to entities.',
    409,
  );
  await admin.detachGroupPolicy({ GroupName: 'holders', PolicyArn });
  await admin.deletePolicy({ PolicyArn });
  const elsewhere = (await other.createPolicy({ PolicyName: 'o', PolicyDocument: allowing('s3:*') })).Policy!.Arn!;
  for (const absent of [PolicyArn, elsewhere, awsArn('NoSuchPolicyOfAws')]) {
    await refused(
      admin.attachUserPolicy({ UserName: 'limited', PolicyArn: absent }),
      'NoSuchEntity',
      `Policy ${absent} does not exist or is not attachable.`,
      404,
    );
  }
  await refused(admin.getPolicy({ PolicyArn: elsewhere }), 'AccessDenied', /iam:GetPolicy/, 403);
  for (const wrong of ['not-an-arn-but-long-enough', `arn:aws:iam::${MAIN}:user/admin`]) {
    await refused(
      admin.attachUserPolicy({ UserName: 'limited', PolicyArn: wrong }),
      wrong.startsWith('arn') ? 'InvalidInput' : 'ValidationError',
      /is not valid/,
      400,
    );
  }
});

test('ten policies are attached to a user at most', async () => {
  await admin.createUser({ UserName: 'laden' });
  for (let n = 0; n <= 10; n += 1) await make(`load-${n}`);
  const attach = (n: number) => admin.attachUserPolicy({ UserName: 'laden', PolicyArn: arnOf(`load-${n}`) });
  for (let n = 0; n < 10; n += 1) await attach(n);
  await refused(attach(10), 'LimitExceeded', 'Cannot exceed quota for PoliciesPerUser: 10', 409);
  const pages = await pagesOf(paginateListAttachedUserPolicies({ client: admin, pageSize: 7 }, { UserName: 'laden' }));
  assert.deepEqual(
    pages.map(({ AttachedPolicies }) => AttachedPolicies!.length),
    [7, 3],
  );
});

test('inline policies are listed by name, replaced and removed', async () => {
  const UserName = 'inline';
  await admin.createUser({ UserName });
  for (const PolicyName of ['c', 'a', 'b', 'a']) {
    await admin.putUserPolicy({ UserName, PolicyName, PolicyDocument: allowing('s3:*') });
  }
  const pages = await pagesOf(paginateListUserPolicies({ client: admin, pageSize: 2 }, { UserName }));
  assert.deepEqual(
    pages.map(({ PolicyNames }) => PolicyNames),
    [['a', 'b'], ['c']],
  );
  await admin.deleteUserPolicy({ UserName, PolicyName: 'a' });
  for (const PolicyName of ['a', 'constructor', '__proto__']) {
    const message = `The user policy with name ${PolicyName} cannot be found.`;
    await refused(admin.getUserPolicy({ UserName, PolicyName }), 'NoSuchEntity', message, 404);
    await refused(admin.deleteUserPolicy({ UserName, PolicyName }), 'NoSuchEntity', message, 404);
  }
  await admin.putUserPolicy({ UserName, PolicyName: '__proto__', PolicyDocument: allowing('s3:*') });
  assert.deepEqual((await admin.listUserPolicies({ UserName })).PolicyNames, ['__proto__', 'b', 'c']);
  assert.ok(await admin.getUserPolicy({ UserName, PolicyName: '__proto__' }));
  const { Marker } = await admin.listUserPolicies({ UserName, MaxItems: 1 });
  const elsewhere = admin.listUserPolicies({ UserName: 'admin', Marker: Marker! });
  await refused(elsewhere, 'ValidationError', 'Invalid Marker.', 400);
});

test("AWS's own policies are there to be read and attached, and not to be changed", async () => {
  const PolicyArn = awsArn('ReadOnlyAccess');
  await admin.attachUserPolicy({ UserName: 'limited', PolicyArn });
  const { Policy } = await admin.getPolicy({ PolicyArn });
  assert.equal(Policy!.Arn, PolicyArn);
  assert.equal(Policy!.AttachmentCount, 1);
  assert.deepEqual((await other.getPolicy({ PolicyArn })).Policy!.AttachmentCount, 0);
  const { PolicyVersion } = await admin.getPolicyVersion({ PolicyArn, VersionId: Policy!.DefaultVersionId! });
  assert.equal(JSON.parse(decodeURIComponent(PolicyVersion!.Document!)).Version, '2012-10-17');
  assert.equal((await admin.listPolicyVersions({ PolicyArn })).Versions!.length, 1);
  assert.deepEqual((await admin.listPolicyTags({ PolicyArn })).Tags, []);
  await refused(admin.deletePolicy({ PolicyArn }), 'AccessDenied', /iam:DeletePolicy/, 403);
  await refused(admin.createPolicyVersion({ PolicyArn, PolicyDocument: allowing('s3:*') }), 'AccessDenied', /./, 403);
  await admin.detachUserPolicy({ UserName: 'limited', PolicyArn });
  await grant(admin, allowing('iam:GetPolicy', awsArn('ReadOnly*')));
  assert.ok(await limited.getPolicy({ PolicyArn }));
  await grant(admin, allowing('iam:GetPolicy', arnOf('*')));
  await denied(limited.getPolicy({ PolicyArn }), 'iam:GetPolicy');
});

test('policies are listed by scope, path and use', async () => {
  const { Arn } = (await admin.createPolicy({ PolicyName: 'l1', Path: '/listed/', PolicyDocument: allowing('s3:*') }))
    .Policy!;
  await admin.createPolicy({ PolicyName: 'l2', Path: '/listed/', PolicyDocument: allowing('s3:*') });
  const names = async (input: Parameters<IAM['listPolicies']>[0]) => {
    const pages = await pagesOf(paginateListPolicies({ client: admin, pageSize: 40 }, input as object));
    return pages.flatMap(({ Policies }) => Policies!.map(({ PolicyName }) => PolicyName));
  };
  assert.deepEqual(await names({ PathPrefix: '/listed/' }), ['l1', 'l2']);
  assert.deepEqual(await names({ PathPrefix: '/listed/', OnlyAttached: true }), []);
  await admin.createUser({ UserName: 'bounded', PermissionsBoundary: Arn });
  assert.deepEqual(await names({ PathPrefix: '/listed/', PolicyUsageFilter: 'PermissionsBoundary' }), ['l1']);
  assert.deepEqual(await names({ PathPrefix: '/listed/', PolicyUsageFilter: 'PermissionsPolicy' }), []);
  await admin.attachUserPolicy({ UserName: 'bounded', PolicyArn: Arn });
  assert.deepEqual(await names({ PathPrefix: '/listed/', OnlyAttached: true }), ['l1']);
  const [local, aws, all] = [await names({ Scope: 'Local' }), await names({ Scope: 'AWS' }), await names({})];
  assert.ok(local.includes('l1') && !local.includes('ReadOnlyAccess'));
  assert.ok(aws.includes('ReadOnlyAccess') && !aws.includes('l1'));
  assert.deepEqual(all, [...local, ...aws]);
  assert.deepEqual((await other.listPolicies({ Scope: 'Local', PathPrefix: '/listed/' })).Policies, []);
});

test('who has a policy is listed by kind, path and use', async () => {
  const PolicyArn = await make('shared');
  await admin.createUser({ UserName: 'has', Path: '/one/' });
  await admin.createUser({ UserName: 'both', PermissionsBoundary: PolicyArn });
  await admin.createUser({ UserName: 'only-bounded', PermissionsBoundary: PolicyArn });
  await admin.createGroup({ GroupName: 'sharers' });
  for (const UserName of ['has', 'both']) await admin.attachUserPolicy({ UserName, PolicyArn });
  await admin.attachGroupPolicy({ GroupName: 'sharers', PolicyArn });
  const entities = async (input: object, pageSize = 100) => {
    const pages = await pagesOf(paginateListEntitiesForPolicy({ client: admin, pageSize }, { PolicyArn, ...input }));
    return pages.flatMap(({ PolicyGroups, PolicyUsers, PolicyRoles }) => [
      ...PolicyGroups!.map(({ GroupName }) => GroupName),
      ...PolicyUsers!.map(({ UserName }) => UserName),
      ...PolicyRoles!.map(({ RoleName }) => RoleName),
    ]);
  };
  const everybody = ['sharers', 'both', 'has', 'only-bounded'];
  assert.deepEqual(await entities({}), everybody);
  assert.deepEqual(await entities({}, 1), everybody);
  assert.deepEqual(await entities({ EntityFilter: 'Group' }), ['sharers']);
  assert.deepEqual(await entities({ EntityFilter: 'Role' }), []);
  assert.deepEqual(await entities({ PathPrefix: '/one/' }), ['has']);
  assert.deepEqual(await entities({ PolicyUsageFilter: 'PermissionsBoundary' }), ['both', 'only-bounded']);
  assert.deepEqual(await entities({ PolicyUsageFilter: 'PermissionsPolicy' }), ['sharers', 'both', 'has']);
  const { Policy } = await admin.getPolicy({ PolicyArn });
  assert.deepEqual([Policy!.AttachmentCount, Policy!.PermissionsBoundaryUsageCount], [3, 2]);
});

test('tags of policies are listed in pages, and can be conditions', async () => {
  const PolicyArn = await make('tagged');
  await admin.tagPolicy({
    PolicyArn,
    Tags: [
      { Key: 'b', Value: '2' },
      { Key: 'a', Value: '1' },
      { Key: 'team', Value: 'blue' },
    ],
  });
  const pages = await pagesOf(paginateListPolicyTags({ client: admin, pageSize: 2 }, { PolicyArn }));
  assert.deepEqual(
    pages.map(({ Tags }) => Tags!.map(({ Key }) => Key)),
    [['a', 'b'], ['team']],
  );
  await grant(admin, allowing('iam:UntagPolicy', '*', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }));
  await denied(limited.untagPolicy({ PolicyArn, TagKeys: ['b'] }), 'iam:UntagPolicy');
  await limited.untagPolicy({ PolicyArn, TagKeys: ['a'] });
  await grant(admin, allowing('iam:GetPolicy', '*', { StringEquals: { 'aws:ResourceTag/team': 'red' } }));
  await denied(limited.getPolicy({ PolicyArn }), 'iam:GetPolicy');
  await grant(admin, allowing('iam:GetPolicy', '*', { StringEquals: { 'aws:ResourceTag/team': 'blue' } }));
  assert.ok(await limited.getPolicy({ PolicyArn }));
});

test('an ARN of another account is denied, whether or not there is such a policy', async () => {
  const [there, absent] = ['o', 'none'].map((name) => `arn:aws:iam::${OTHER}:policy/${name}`) as [string, string];
  for (const PolicyArn of [there, absent]) await denied(admin.deletePolicy({ PolicyArn }), 'iam:DeletePolicy');
});
