/** Roles of IAM: what is kept and shown, what is refused, and whom a trust policy means. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  type CreateRoleCommandInput,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  paginateListRoles,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  waitUntilRoleExists,
} from '@aws-sdk/client-iam';
import {
  ADMIN,
  allowing,
  denied,
  iamClient,
  LIMITED,
  MAIN,
  OTHER,
  OTHER_ROOT,
  policyText,
  refused,
  WORLD,
} from './aws-iam-clients.ts';
import { startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
before(async () => {
  plane = await startPlane({ world: WORLD });
});
after(() => plane.stop());

const admin = () => iamClient(plane, ADMIN);
const limited = () => iamClient(plane, LIMITED);
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

const trusting = (Principal: unknown, more: object = {}) =>
  policyText({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });
const EC2 = trusting({ Service: 'ec2.amazonaws.com' });

const create = (RoleName: string, more: Partial<CreateRoleCommandInput> = {}) =>
  admin().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: EC2, ...more }));

/** Lets the user `limited` do what the policy says. */
const grant = (PolicyDocument: string) =>
  admin().send(new PutUserPolicyCommand({ UserName: 'limited', PolicyName: 'grant', PolicyDocument }));
const ungrant = () => admin().send(new DeleteUserPolicyCommand({ UserName: 'limited', PolicyName: 'grant' }));

test('GetRole shows what CreateRole was given; lists show less', async () => {
  const text = `{\n  "Version": "2012-10-17", "Statement": [ ${JSON.stringify(JSON.parse(EC2).Statement[0])} ]\n}`;
  const { Role: made } = await create('shown', {
    Path: '/eng/',
    AssumeRolePolicyDocument: text,
    Description: 'for machines',
    MaxSessionDuration: 43200,
    PermissionsBoundary: READ_ONLY,
    Tags: [{ Key: 'Team', Value: 'blue' }],
  });
  assert.match(made!.RoleId!, /^AROA[A-Z2-7]{17}$/);
  assert.equal(made!.Arn, `arn:aws:iam::${MAIN}:role/eng/shown`);
  await waitUntilRoleExists({ client: admin(), maxWaitTime: 5 }, { RoleName: 'shown' });
  const { Role: role } = await admin().send(new GetRoleCommand({ RoleName: 'SHOWN' }));
  assert.equal(decodeURIComponent(role!.AssumeRolePolicyDocument!), text);
  assert.doesNotMatch(role!.AssumeRolePolicyDocument!, /[ "{]/);
  assert.deepEqual(role, {
    ...made,
    RoleName: 'shown',
    Path: '/eng/',
    Description: 'for machines',
    MaxSessionDuration: 43200,
    PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: READ_ONLY },
    Tags: [{ Key: 'Team', Value: 'blue' }],
    RoleLastUsed: {},
  });
  const { Roles } = await admin().send(new ListRolesCommand({ PathPrefix: '/eng/' }));
  const { PermissionsBoundary: _boundary, Tags: _tags, RoleLastUsed: _used, ...listed } = role!;
  assert.deepEqual(Roles, [listed]);
});

test('a role that says nothing has the path `/`, an hour, and no tags', async () => {
  const { Role: role } = await create('plain');
  assert.equal(role!.Arn, `arn:aws:iam::${MAIN}:role/plain`);
  assert.equal(role!.MaxSessionDuration, 3600);
  assert.equal(role!.Tags, undefined);
});

test('names are unique whatever their case and path', async () => {
  await create('unique');
  const message = 'Role with name UNIQUE already exists.';
  await refused(create('UNIQUE', { Path: '/elsewhere/' }), 'EntityAlreadyExists', message, 409);
  await refused(
    admin().send(new GetRoleCommand({ RoleName: 'nobody' })),
    'NoSuchEntity',
    'The role with name nobody cannot be found.',
    404,
  );
});

/** A mark with another first letter. */
const changed = (mark: string) => `${mark.startsWith('A') ? 'B' : 'A'}${mark.slice(1)}`;

test('lists come in pages, and a mark is good for its own list and account alone', async () => {
  for (const name of ['page-1', 'page-2', 'page-3']) await create(name, { Path: '/pages/' });
  const names: string[] = [];
  for await (const page of paginateListRoles({ client: admin(), pageSize: 2 }, { PathPrefix: '/pages/' })) {
    names.push(...page.Roles!.map(({ RoleName }) => RoleName!));
  }
  assert.deepEqual(names, ['page-1', 'page-2', 'page-3']);
  const { Marker } = await admin().send(new ListRolesCommand({ PathPrefix: '/pages/', MaxItems: 1 }));
  const marked = { PathPrefix: '/pages/', Marker };
  assert.equal((await admin().send(new ListRolesCommand(marked))).Roles!.length, 2);
  const other = iamClient(plane, OTHER_ROOT);
  const wrong = [
    () => admin().send(new ListRolesCommand({ Marker })),
    () => admin().send(new ListRolesCommand({ ...marked, Marker: changed(Marker!) })),
    () => other.send(new ListRolesCommand(marked)),
    () => admin().send(new ListRoleTagsCommand({ RoleName: 'page-1', Marker })),
  ];
  for (const call of wrong) await refused(call(), 'ValidationError', 'Invalid Marker.');
});

const OIDC = `arn:aws:iam::${MAIN}:oidc-provider/token.example.com`;
const accepted: readonly (readonly [string, unknown])[] = [
  ['everybody', '*'],
  ['an account by its id', { AWS: OTHER }],
  ['an account by its root user', { AWS: `arn:aws:iam::${OTHER}:root` }],
  ['a session that need not be there', { AWS: `arn:aws:sts::${MAIN}:assumed-role/trusted/somebody` }],
  ['a federated user that need not be there', { AWS: `arn:aws:sts::${OTHER}:federated-user/somebody` }],
  ['services', { Service: ['ec2.amazonaws.com', 'ecs-tasks.amazonaws.com'] }],
  ['a provider that need not be there', { Federated: [OIDC, `arn:aws:iam::${MAIN}:saml-provider/office`] }],
  ['a provider that AWS knows', { Federated: 'cognito-identity.amazonaws.com' }],
];
for (const [what, principal] of accepted) {
  test(`a trust policy can name ${what}`, async () => {
    await create('trusted').catch(() => undefined);
    const text = trusting(principal);
    await admin().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'trusted', PolicyDocument: text }));
    const { Role: role } = await admin().send(new GetRoleCommand({ RoleName: 'trusted' }));
    assert.equal(decodeURIComponent(role!.AssumeRolePolicyDocument!), text);
  });
}

const strangers: readonly (readonly [string, string, string])[] = [
  ['a user that is not there', 'AWS', `arn:aws:iam::${MAIN}:user/nobody`],
  ['a user under another path', 'AWS', `arn:aws:iam::${MAIN}:user/eng/admin`],
  ['a user in other letters', 'AWS', `arn:aws:iam::${MAIN}:user/Admin`],
  ['a role that is not there', 'AWS', `arn:aws:iam::${MAIN}:role/nobody`],
  ['the session of a role that is not there', 'AWS', `arn:aws:sts::${MAIN}:assumed-role/nobody/s`],
  ['an account that is not there', 'AWS', '999999999999'],
  ['the root user of an account that is not there', 'AWS', 'arn:aws:iam::999999999999:root'],
  ['another partition', 'AWS', `arn:aws-cn:iam::${MAIN}:user/admin`],
  ['an id that is nobody’s', 'AWS', 'AIDAAAAAAAAAAAAAAAAAA'],
  ['what is no service', 'Service', 'ec2'],
];
for (const [what, type, name] of strangers) {
  test(`a trust policy cannot name ${what}`, async () => {
    const message = `Invalid principal in policy: "${type.toUpperCase()}":"${name}"`;
    const trust = trusting({ [type]: ['*', name].slice(type === 'AWS' ? 0 : 1) });
    await refused(create('never', { AssumeRolePolicyDocument: trust }), 'MalformedPolicyDocument', message, 400);
    await refused(admin().send(new GetRoleCommand({ RoleName: 'never' })), 'NoSuchEntity', /never/);
  });
}

const malformed: readonly (readonly [string, string, RegExp])[] = [
  ['no JSON', '{', /line 1, column 2/],
  ['no principal', policyText({ Effect: 'Allow', Action: 'sts:AssumeRole' }), /`Principal`/],
  ['a resource', trusting('*', { Resource: '*' }), /names no resource/],
  ['an action of another service', policyText({ Effect: 'Allow', Principal: '*', Action: 's3:Get*' }), /STS actions/],
  [
    'a provider by another ARN',
    trusting({ Federated: `arn:aws:iam::${MAIN}:user/admin` }),
    /^Federated principals must/,
  ],
  ['a provider that is no domain', trusting({ Federated: 'nowhere' }), /^Federated principals must be valid domain/],
];
for (const [what, trust, message] of malformed) {
  test(`a trust policy with ${what} is malformed`, () =>
    refused(create('never', { AssumeRolePolicyDocument: trust }), 'MalformedPolicyDocument', message, 400));
}

test('a trust policy has 2,048 characters at most; white space does not count', async () => {
  const sized = (length: number) => trusting('*', { Sid: 'a'.repeat(length - trusting('*', { Sid: '' }).length) });
  const fits = `${sized(2048)}${' '.repeat(1000)}`;
  await create('long', { AssumeRolePolicyDocument: fits });
  const message = 'Cannot exceed quota for ACLSizePerRole: 2048';
  const call = admin().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'long', PolicyDocument: sized(2049) }));
  await refused(call, 'LimitExceeded', message, 409);
});

test('UpdateRole keeps the description that it is not given, and goes back to an hour', async () => {
  await create('updated', { Description: 'first', MaxSessionDuration: 7200 });
  await admin().send(new UpdateRoleCommand({ RoleName: 'updated', MaxSessionDuration: 10800 }));
  const shown = async () => (await admin().send(new GetRoleCommand({ RoleName: 'updated' }))).Role!;
  assert.deepEqual([(await shown()).Description, (await shown()).MaxSessionDuration], ['first', 10800]);
  await admin().send(new UpdateRoleCommand({ RoleName: 'updated', Description: '' }));
  assert.deepEqual([(await shown()).Description, (await shown()).MaxSessionDuration], ['', 3600]);
  for (const MaxSessionDuration of [3599, 43201]) {
    const call = admin().send(new UpdateRoleCommand({ RoleName: 'updated', MaxSessionDuration }));
    await refused(call, 'ValidationError', /maxSessionDuration/);
  }
});

test('a role goes once nothing of it is left', async () => {
  await create('leaving');
  const RoleName = 'leaving';
  const PolicyDocument = allowing('s3:*');
  await admin().send(new AttachRolePolicyCommand({ RoleName, PolicyArn: READ_ONLY }));
  await admin().send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
  const remove = () => admin().send(new DeleteRoleCommand({ RoleName }));
  await refused(remove(), 'DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409);
  await admin().send(new DetachRolePolicyCommand({ RoleName, PolicyArn: READ_ONLY }));
  await refused(remove(), 'DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
  await admin().send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }));
  await remove();
  await refused(remove(), 'NoSuchEntity', 'The role with name leaving cannot be found.');
});

test('policies that are not there cannot be read, removed or attached', async () => {
  await create('bare');
  const RoleName = 'bare';
  const own = { RoleName, PolicyName: 'none' };
  const message = 'The role policy with name none cannot be found.';
  await refused(admin().send(new GetRolePolicyCommand(own)), 'NoSuchEntity', message);
  await refused(admin().send(new DeleteRolePolicyCommand(own)), 'NoSuchEntity', message);
  const PolicyArn = `arn:aws:iam::${MAIN}:policy/none`;
  await refused(admin().send(new AttachRolePolicyCommand({ RoleName, PolicyArn })), 'NoSuchEntity', /none/);
  await refused(admin().send(new DetachRolePolicyCommand({ RoleName, PolicyArn })), 'NoSuchEntity', /none/);
  const boundary = new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: PolicyArn });
  await refused(admin().send(boundary), 'NoSuchEntity', /none/);
  const linked = 'arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy';
  await refused(
    admin().send(new AttachRolePolicyCommand({ RoleName, PolicyArn: linked })),
    'PolicyNotAttachable',
    'Cannot attach a Service Role Policy to a Customer Role.',
    400,
  );
  const malformedPolicy = { ...own, PolicyDocument: policyText({ Effect: 'Allow', Action: 's3:*' }) };
  await refused(admin().send(new PutRolePolicyCommand(malformedPolicy)), 'MalformedPolicyDocument', /`Resource`/);
});

test('ten policies can be attached, and inline policies have 10,240 characters together', async () => {
  await create('full');
  const RoleName = 'full';
  for (let n = 0; n < 11; n += 1) {
    const PolicyName = `full-${n}`;
    const PolicyDocument = allowing('s3:*');
    const { Policy } = await admin().send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
    const call = admin().send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy!.Arn! }));
    if (n < 10) await call;
    else await refused(call, 'LimitExceeded', 'Cannot exceed quota for PoliciesPerRole: 10', 409);
  }
  const listed = await admin().send(new ListAttachedRolePoliciesCommand({ RoleName, MaxItems: 4 }));
  assert.deepEqual([listed.AttachedPolicies!.length, listed.IsTruncated], [4, true]);
  const sized = (length: number) => {
    const empty = policyText({ Sid: '', Effect: 'Allow', Action: 's3:*', Resource: '*' });
    return empty.replace('"Sid":""', `"Sid":"${'a'.repeat(length - empty.length)}"`);
  };
  const put = (PolicyName: string, length: number) =>
    admin().send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: sized(length) }));
  await put('half', 5000);
  await refused(put('more', 5241), 'LimitExceeded', 'Maximum policy size of 10240 bytes exceeded for role full', 409);
  await put('rest', 5240);
});

test('a role has fifty tags at most, and each key once', async () => {
  const tags = (n: number, prefix: string) =>
    Array.from({ length: n }, (_, at) => ({ Key: `${prefix}${at}`, Value: '' }));
  await create('tagged', { Tags: tags(49, 'a') });
  const tag = (Tags: { Key: string; Value: string }[]) =>
    admin().send(new TagRoleCommand({ RoleName: 'tagged', Tags }));
  await refused(tag(tags(2, 'b')), 'LimitExceeded', 'Cannot exceed quota for TagsPerRole: 50', 409);
  await tag([{ Key: 'A0', Value: 'again' }, ...tags(1, 'b')]);
  const { Tags } = await admin().send(new ListRoleTagsCommand({ RoleName: 'tagged' }));
  assert.equal(Tags!.length, 50);
  assert.ok(Tags!.some(({ Key, Value }) => Key === 'A0' && Value === 'again'));
});

test('the path of service-linked roles is not for others', () =>
  refused(create('mine', { Path: '/aws-service-role/ecs.amazonaws.com/' }), 'InvalidInput', /give another path/, 400));

test('who may make roles within a boundary makes none without it', async () => {
  const bounded = { StringEquals: { 'iam:PermissionsBoundary': READ_ONLY } };
  await grant(allowing(['iam:CreateRole', 'iam:PutRolePolicy'], '*', bounded));
  const make = (RoleName: string, more: object) =>
    limited().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: EC2, ...more }));
  await make('within', { PermissionsBoundary: READ_ONLY });
  await denied(make('without', {}), 'iam:CreateRole');
  await denied(
    make('without', { PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    'iam:CreateRole',
  );
  await create('without');
  const put = (RoleName: string) =>
    limited().send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: allowing('s3:*') }));
  await put('within');
  await denied(put('without'), 'iam:PutRolePolicy');
  await ungrant();
});

test('a role to come is tested by the tags that are asked for, not as if it had them already', async () => {
  const make = (key: string) => {
    const Tags = [{ Key: 'team', Value: 'blue' }];
    const command = new CreateRoleCommand({ RoleName: `tagged-by-${key}`, AssumeRolePolicyDocument: EC2, Tags });
    return limited().send(command);
  };
  await grant(allowing('iam:CreateRole', '*', { StringEquals: { 'aws:ResourceTag/team': 'blue' } }));
  await denied(make('resource'), 'iam:CreateRole');
  await grant(allowing('iam:CreateRole', '*', { StringEquals: { 'aws:RequestTag/team': 'blue' } }));
  await make('request');
  await ungrant();
});

test('who may attach one policy attaches no other; who may tag with one key gives no other', async () => {
  await create('partly', { Path: '/partly/' });
  const RoleName = 'partly';
  const resource = `arn:aws:iam::${MAIN}:role/partly/*`;
  const statements = [
    { Action: 'iam:AttachRolePolicy', Condition: { ArnEquals: { 'iam:PolicyARN': READ_ONLY } } },
    { Action: 'iam:TagRole', Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['stage'] } } },
    { Action: 'iam:DeleteRole', Condition: { StringEquals: { 'iam:ResourceTag/stage': 'test' } } },
  ];
  await grant(policyText(...statements.map((one) => ({ Effect: 'Allow', Resource: resource, ...one }))));
  const attach = (PolicyArn: string) => limited().send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  await attach(READ_ONLY);
  await denied(attach('arn:aws:iam::aws:policy/AdministratorAccess'), 'iam:AttachRolePolicy');
  await admin().send(new DetachRolePolicyCommand({ RoleName, PolicyArn: READ_ONLY }));
  const tag = (Key: string) => limited().send(new TagRoleCommand({ RoleName, Tags: [{ Key, Value: 'test' }] }));
  await denied(tag('team'), 'iam:TagRole');
  await denied(limited().send(new DeleteRoleCommand({ RoleName })), 'iam:DeleteRole');
  await tag('stage');
  await limited().send(new DeleteRoleCommand({ RoleName }));
  await ungrant();
});

test('roles of another account are out of reach, whatever one’s own policies say', async () => {
  await iamClient(plane, OTHER_ROOT).send(new CreateRoleCommand({ RoleName: 'theirs', AssumeRolePolicyDocument: EC2 }));
  await refused(admin().send(new GetRoleCommand({ RoleName: 'theirs' })), 'NoSuchEntity', /theirs/);
});
