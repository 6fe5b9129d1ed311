/** Last use of keys, roles and services, and the reports on access and credentials, through the vendor's clients. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserCommand,
  GenerateCredentialReportCommand,
  GenerateServiceLastAccessedDetailsCommand,
  GetAccessKeyLastUsedCommand,
  GetAccountSummaryCommand,
  GetCredentialReportCommand,
  GetRoleCommand,
  GetServiceLastAccessedDetailsCommand,
  type GetServiceLastAccessedDetailsResponse,
  GetServiceLastAccessedDetailsWithEntitiesCommand,
  type IAMClient,
  ListGroupsCommand,
  ListPoliciesGrantingServiceAccessCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
  PutUserPolicyCommand,
  UpdateAccountPasswordPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import {
  ACCOUNT,
  ADMIN,
  allow,
  type Boto,
  iamOf,
  type Keys,
  policy,
  ROOT,
  refusal,
  STRANGER,
  startBoto,
  startReportPlane,
  stsOf,
  WORKER,
} from './aws-report-world.ts';
import { eventually, type TestPlane } from './plane.ts';
import { stopSound } from './two-accounts.ts';

const arn = (name: string) => `arn:aws:iam::${ACCOUNT}:${name}`;
const HOUR = 3600_000;

let plane: TestPlane;
let boto: Boto;
let admin: IAMClient;
let worker: IAMClient;

before(async () => {
  plane = await startReportPlane();
  boto = startBoto(plane);
  admin = iamOf(plane, ADMIN);
  worker = iamOf(plane, WORKER);
});

after(async () => {
  boto.stop();
  await stopSound(plane);
});

/** The one policy that the worker has. */
const give = (PolicyDocument: string) =>
  admin.send(new PutUserPolicyCommand({ UserName: 'worker', PolicyName: 'own', PolicyDocument }));

beforeEach(() => give(policy({ Effect: 'Deny', Action: 's3:*', Resource: '*' })));

/** A new user with a key of its own. */
async function newUser(UserName: string, document?: string): Promise<Keys> {
  await admin.send(new CreateUserCommand({ UserName }));
  if (document !== undefined) {
    await admin.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: document }));
  }
  const { AccessKey } = await admin.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

const lastUsed = async (AccessKeyId: string) =>
  (await admin.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).AccessKeyLastUsed;

test('a key is not used until it is: then when, where and for what, also for a call that was denied', async () => {
  const keys = await newUser('rita');
  assert.deepEqual(await lastUsed(keys.accessKeyId), { ServiceName: 'N/A', Region: 'N/A' });
  const begun = Date.now();
  await stsOf(plane, keys, 'eu-west-1').send(new GetCallerIdentityCommand({}));
  const first = await eventually('the use of the key shows', async () => {
    const used = await lastUsed(keys.accessKeyId);
    return used?.ServiceName === 'sts' && used;
  });
  assert.equal(first.Region, 'eu-west-1');
  assert.ok(Math.abs(first.LastUsedDate!.getTime() - begun) < 60_000);
  assert.equal((await refusal(iamOf(plane, keys).send(new ListUsersCommand({})))).name, 'AccessDenied');
  const second = await eventually('the newer use shows', async () => {
    const used = await lastUsed(keys.accessKeyId);
    return used?.ServiceName === 'iam' && used;
  });
  assert.equal(second.Region, 'us-east-1');
});

test('a role is used by its sessions, and not by its being looked at', async () => {
  await admin.send(
    new CreateRoleCommand({
      RoleName: 'runner',
      AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }),
    }),
  );
  const used = async () => (await admin.send(new GetRoleCommand({ RoleName: 'runner' }))).Role?.RoleLastUsed;
  const { Credentials } = await stsOf(plane, ADMIN).send(
    new AssumeRoleCommand({ RoleArn: arn('role/runner'), RoleSessionName: 'one' }),
  );
  assert.equal((await used())?.LastUsedDate, undefined);
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  const session = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
  await stsOf(plane, session, 'eu-central-1').send(new GetCallerIdentityCommand({}));
  const last = await eventually('the use of the role shows', async () => {
    const found = await used();
    return found?.LastUsedDate !== undefined && found;
  });
  assert.equal(last.Region, 'eu-central-1');
});

/** Asks for a report and waits for it. */
async function report(
  client: IAMClient,
  Arn: string,
  Granularity?: 'SERVICE_LEVEL' | 'ACTION_LEVEL',
): Promise<{ readonly JobId: string; readonly details: GetServiceLastAccessedDetailsResponse }> {
  const { JobId } = await client.send(
    new GenerateServiceLastAccessedDetailsCommand({ Arn, ...(Granularity ? { Granularity } : {}) }),
  );
  const details = await eventually('the report is complete', async () => {
    const found = await client.send(new GetServiceLastAccessedDetailsCommand({ JobId: JobId! }));
    return found.JobStatus !== 'IN_PROGRESS' && found;
  });
  return { JobId: JobId!, details };
}

test("a user's report: the services that its policies allow, with the last use of each and of its actions", async () => {
  const keys = await newUser(
    'sven',
    policy(
      { Effect: 'Allow', Action: ['iam:List*', 'sts:*', 'kms:Decrypt', 'sqs:*'], Resource: '*' },
      { Effect: 'Deny', Action: 'sqs:*', Resource: '*' },
    ),
  );
  await iamOf(plane, keys).send(new ListUsersCommand({}));
  await iamOf(plane, keys).send(new ListGroupsCommand({}));
  const { details } = await report(admin, arn('user/sven'), 'ACTION_LEVEL');
  assert.equal(details.JobStatus, 'COMPLETED');
  assert.equal(details.JobType, 'ACTION_LEVEL');
  assert.ok(details.JobCompletionDate! >= details.JobCreationDate!);
  assert.deepEqual(
    details.ServicesLastAccessed?.map((one) => [
      one.ServiceName,
      one.ServiceNamespace,
      one.TotalAuthenticatedEntities,
      one.LastAuthenticatedEntity,
      one.LastAuthenticatedRegion,
      one.TrackedActionsLastAccessed?.map(({ ActionName }) => ActionName),
    ]),
    [
      [
        'AWS Identity and Access Management (IAM)',
        'iam',
        1,
        arn('user/sven'),
        'us-east-1',
        ['ListGroups', 'ListUsers'],
      ],
      ['AWS Key Management Service', 'kms', 0, undefined, undefined, undefined],
      ['AWS Security Token Service', 'sts', 0, undefined, undefined, undefined],
    ],
  );
  const { details: services } = await report(admin, arn('user/sven'));
  assert.equal(services.JobType, 'SERVICE_LEVEL');
  assert.equal(services.ServicesLastAccessed?.[0]?.TrackedActionsLastAccessed, undefined);
  // At most a year at once.
  await plane.advance(365 * 24 * HOUR);
  await plane.advance(36 * 24 * HOUR);
  const { details: later } = await report(admin, arn('user/sven'));
  assert.deepEqual(
    later.ServicesLastAccessed?.map((one) => [one.ServiceNamespace, one.LastAuthenticated]),
    [
      ['iam', undefined],
      ['kms', undefined],
      ['sts', undefined],
    ],
  );
});

test('reports on a group and on a policy: who has it, who used what of it', async () => {
  await admin.send(new CreateGroupCommand({ GroupName: 'callers' }));
  await admin.send(
    new PutGroupPolicyCommand({ GroupName: 'callers', PolicyName: 'sts', PolicyDocument: allow('sts:*') }),
  );
  const { Policy } = await admin.send(
    new CreatePolicyCommand({ PolicyName: 'calling', PolicyDocument: allow(['sts:*', 'kms:*']) }),
  );
  const [tina, ulf] = [await newUser('tina'), await newUser('ulf')];
  for (const UserName of ['tina', 'ulf']) {
    await admin.send(new AddUserToGroupCommand({ GroupName: 'callers', UserName }));
  }
  await admin.send(new AttachUserPolicyCommand({ UserName: 'ulf', PolicyArn: Policy!.Arn! }));
  await stsOf(plane, tina).send(new GetCallerIdentityCommand({}));
  const group = await report(admin, arn('group/callers'));
  assert.deepEqual(
    group.details.ServicesLastAccessed?.map((one) => [one.ServiceNamespace, one.LastAuthenticatedEntity]),
    [['sts', arn('user/tina')]],
  );
  const withEntities = async (JobId: string, ServiceNamespace: string) =>
    (
      await admin.send(new GetServiceLastAccessedDetailsWithEntitiesCommand({ JobId, ServiceNamespace }))
    ).EntityDetailsList?.map(({ EntityInfo, LastAuthenticated }) => [
      EntityInfo?.Type,
      EntityInfo?.Name,
      LastAuthenticated !== undefined,
    ]);
  assert.deepEqual(await withEntities(group.JobId, 'sts'), [
    ['USER', 'tina', true],
    ['USER', 'ulf', false],
  ]);
  assert.deepEqual(await withEntities(group.JobId, 'kms'), []);
  await stsOf(plane, ulf).send(new GetCallerIdentityCommand({}));
  const attached = await report(admin, Policy!.Arn!);
  assert.deepEqual(
    attached.details.ServicesLastAccessed?.map((one) => [one.ServiceNamespace, one.TotalAuthenticatedEntities]),
    [
      ['kms', 0],
      ['sts', 1],
    ],
  );
  assert.deepEqual(await withEntities(attached.JobId, 'sts'), [['USER', 'ulf', true]]);
  const aws = await report(admin, 'arn:aws:iam::aws:policy/AdministratorAccess');
  assert.ok(aws.details.ServicesLastAccessed!.length >= 100);
  assert.equal(aws.details.IsTruncated, true);
});

test('pages of a report', async () => {
  const { JobId } = await report(admin, arn('user/admin'));
  const seen: string[] = [];
  let Marker: string | undefined;
  do {
    const page: GetServiceLastAccessedDetailsResponse = await admin.send(
      new GetServiceLastAccessedDetailsCommand({ JobId, MaxItems: 150, Marker }),
    );
    assert.ok(page.ServicesLastAccessed!.length <= 150);
    seen.push(...page.ServicesLastAccessed!.map(({ ServiceNamespace }) => ServiceNamespace!));
    Marker = page.Marker;
  } while (Marker !== undefined);
  assert.ok(seen.length > 400);
  assert.deepEqual(seen, seen.toSorted());
  assert.equal(new Set(seen).size, seen.length);
});

test('a report is for who asked for it, and for seven days', async () => {
  await give(allow(['iam:GenerateServiceLastAccessedDetails', 'iam:GetServiceLastAccessed*']));
  const { JobId } = await report(worker, arn('user/admin'));
  const read = (client: IAMClient) => refusal(client.send(new GetServiceLastAccessedDetailsCommand({ JobId })));
  assert.equal((await read(admin)).name, 'NoSuchEntityException');
  assert.equal((await read(iamOf(plane, STRANGER))).name, 'NoSuchEntityException');
  await plane.advance(7 * 24 * HOUR + 1000);
  await eventually('the report is forgotten', async () => {
    const found = await worker.send(new GetServiceLastAccessedDetailsCommand({ JobId })).catch((error) => error);
    return found.name === 'NoSuchEntityException';
  });
});

test('no report on who is gone, never was, or is no part of IAM', async () => {
  const gone = await refusal(admin.send(new GenerateServiceLastAccessedDetailsCommand({ Arn: arn('user/nobody') })));
  assert.equal(gone.name, 'NoSuchEntityException');
  const other = await refusal(
    admin.send(new GenerateServiceLastAccessedDetailsCommand({ Arn: 'arn:aws:s3:::some-bucket-name' })),
  );
  assert.equal(other.name, 'InvalidInputException');
  await admin.send(new CreateUserCommand({ UserName: 'brief' }));
  await admin.send(new DeleteUserCommand({ UserName: 'brief' }));
  const late = await refusal(admin.send(new GenerateServiceLastAccessedDetailsCommand({ Arn: arn('user/brief') })));
  assert.equal(late.name, 'NoSuchEntityException');
});

test('which policies grant access to a service', async () => {
  await give(allow(['kms:Encrypt', 'iam:*']));
  const { PoliciesGrantingServiceAccess: found, IsTruncated } = await admin.send(
    new ListPoliciesGrantingServiceAccessCommand({
      Arn: arn('user/worker'),
      ServiceNamespaces: ['kms', 's3'],
    }),
  );
  assert.equal(IsTruncated, false);
  assert.deepEqual(found, [
    {
      ServiceNamespace: 'kms',
      Policies: [{ PolicyName: 'own', PolicyType: 'INLINE', EntityType: 'USER', EntityName: 'worker' }],
    },
    { ServiceNamespace: 's3', Policies: [] },
  ]);
  const unknown = await refusal(
    admin.send(
      new ListPoliciesGrantingServiceAccessCommand({ Arn: arn('user/worker'), ServiceNamespaces: ['nobody'] }),
    ),
  );
  assert.equal(unknown.name, 'InvalidInputException');
});

/** The lines of the credential report by user, once there is one. */
async function credentials(): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const { Content } = await eventually('the credential report is complete', async () => {
    const { State } = await admin.send(new GenerateCredentialReportCommand({}));
    return State === 'COMPLETE' && admin.send(new GetCredentialReportCommand({}));
  });
  const [header = '', ...lines] = Buffer.from(Content!).toString().split('\n');
  const columns = header.split(',');
  return new Map(
    lines.map((line) => {
      const fields = line.split(',');
      return [fields[0]!, Object.fromEntries(columns.map((column, n) => [column, fields[n]!]))];
    }),
  );
}

test('the credential report: none, asked for, complete, expired', async () => {
  const none = await refusal(admin.send(new GetCredentialReportCommand({})));
  assert.equal(none.name, 'CredentialReportNotPresentException');
  await admin.send(new UpdateAccountPasswordPolicyCommand({ MaxPasswordAge: 30, MinimumPasswordLength: 8 }));
  const keys = await newUser('vera', allow('iam:ListUsers'));
  await admin.send(new CreateLoginProfileCommand({ UserName: 'vera', Password: 'a-Long-password-1' }));
  await iamOf(plane, keys).send(new ListUsersCommand({}));
  await iamOf(plane, ROOT).send(new ListUsersCommand({}));
  const begun = await admin.send(new GenerateCredentialReportCommand({}));
  assert.equal(begun.State, 'STARTED');
  assert.equal(begun.Description, 'No report exists. Starting a new report generation task');
  const users = await credentials();
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/;
  const vera = users.get('vera')!;
  assert.equal(Object.keys(vera).length, 22);
  assert.deepEqual(
    [vera['arn'], vera['password_enabled'], vera['password_last_used'], vera['mfa_active']],
    [arn('user/vera'), 'true', 'no_information', 'false'],
  );
  const changed = Date.parse(vera['password_last_changed']!);
  assert.equal(Date.parse(vera['password_next_rotation']!) - changed, 30 * 24 * HOUR);
  assert.match(vera['access_key_1_last_rotated']!, time);
  assert.match(vera['access_key_1_last_used_date']!, time);
  assert.deepEqual(
    [vera['access_key_1_active'], vera['access_key_1_last_used_region'], vera['access_key_1_last_used_service']],
    ['true', 'us-east-1', 'iam'],
  );
  assert.deepEqual([vera['access_key_2_active'], vera['access_key_2_last_rotated']], ['false', 'N/A']);
  const worker = users.get('worker')!;
  assert.deepEqual([worker['password_enabled'], worker['password_next_rotation']], ['false', 'N/A']);
  const root = users.get('<root_account>')!;
  assert.deepEqual(
    [root['arn'], root['password_enabled'], root['access_key_1_last_used_service']],
    [arn('root'), 'not_supported', 'iam'],
  );
  await plane.advance(4 * HOUR);
  const expired = await refusal(admin.send(new GetCredentialReportCommand({})));
  assert.equal(expired.name, 'CredentialReportExpiredException');
  assert.equal((await admin.send(new GenerateCredentialReportCommand({}))).State, 'STARTED');
  await credentials();
});

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
const SUMMARY_KEYS = `Users UsersQuota Groups GroupsQuota ServerCertificates ServerCertificatesQuota UserPolicySizeQuota
  GroupPolicySizeQuota GroupsPerUserQuota SigningCertificatesPerUserQuota AccessKeysPerUserQuota MFADevices MFADevicesInUse
  AccountMFAEnabled AccountAccessKeysPresent AccountPasswordPresent AccountSigningCertificatesPresent
  AttachedPoliciesPerGroupQuota AttachedPoliciesPerRoleQuota AttachedPoliciesPerUserQuota Policies PoliciesQuota
  PolicySizeQuota PolicyVersionsInUse PolicyVersionsInUseQuota VersionsPerPolicyQuota GlobalEndpointTokenVersion
  AssumeRolePolicySizeQuota InstanceProfiles InstanceProfilesQuota Providers RolePolicySizeQuota Roles RolesQuota`.split(
  /\s+/,
);

test('the account summary counts what there is', async () => {
  const summary = async () => (await admin.send(new GetAccountSummaryCommand({}))).SummaryMap!;
  const before = await summary();
  await admin.send(new CreateUserCommand({ UserName: 'wanda' }));
  await admin.send(new CreateGroupCommand({ GroupName: 'more' }));
  await admin.send(new CreatePolicyCommand({ PolicyName: 'more', PolicyDocument: allow('s3:*') }));
  const now = await summary();
  const grown = ['Users', 'Groups', 'Policies', 'PolicyVersionsInUse', 'Roles'].map(
    (key) => (now[key as 'Users'] ?? 0) - (before[key as 'Users'] ?? 0),
  );
  assert.deepEqual(grown, [1, 1, 1, 1, 0]);
  assert.equal(now.AccountAccessKeysPresent, 1);
  assert.equal(now.UsersQuota, 5000);
  assert.deepEqual(Object.keys(now).toSorted(), SUMMARY_KEYS.toSorted());
});

const JOB = '00000000-0000-4000-8000-000000000000';
const ASKED: readonly {
  readonly action: string;
  readonly resource?: string;
  readonly ask: (client: IAMClient) => Promise<unknown>;
  /** What is answered when the grant is there but nothing else. */
  readonly fault?: string;
}[] = [
  { action: 'iam:GetAccountSummary', ask: (client) => client.send(new GetAccountSummaryCommand({})) },
  { action: 'iam:GenerateCredentialReport', ask: (client) => client.send(new GenerateCredentialReportCommand({})) },
  { action: 'iam:GetCredentialReport', ask: (client) => client.send(new GetCredentialReportCommand({})) },
  {
    action: 'iam:GenerateServiceLastAccessedDetails',
    resource: arn('user/admin'),
    ask: (client) => client.send(new GenerateServiceLastAccessedDetailsCommand({ Arn: arn('user/admin') })),
  },
  {
    action: 'iam:GenerateServiceLastAccessedDetails',
    resource: 'arn:aws:iam::aws:policy/AdministratorAccess',
    ask: (client) =>
      client.send(
        new GenerateServiceLastAccessedDetailsCommand({ Arn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
      ),
  },
  {
    action: 'iam:GetServiceLastAccessedDetails',
    ask: (client) => client.send(new GetServiceLastAccessedDetailsCommand({ JobId: JOB })),
    fault: 'NoSuchEntityException',
  },
  {
    action: 'iam:GetServiceLastAccessedDetailsWithEntities',
    ask: (client) =>
      client.send(new GetServiceLastAccessedDetailsWithEntitiesCommand({ JobId: JOB, ServiceNamespace: 'kms' })),
    fault: 'NoSuchEntityException',
  },
  {
    action: 'iam:ListPoliciesGrantingServiceAccess',
    resource: arn('user/admin'),
    ask: (client) =>
      client.send(new ListPoliciesGrantingServiceAccessCommand({ Arn: arn('user/admin'), ServiceNamespaces: ['kms'] })),
  },
];

for (const { action, resource, ask, fault } of ASKED) {
  test(`${action} needs its grant${resource === undefined ? '' : ` on ${resource}`}`, async () => {
    await give(allow(action, resource));
    if (fault === undefined) await ask(worker);
    else assert.equal((await refusal(ask(worker))).name, fault);
    await give(resource === undefined ? allow('iam:ListUsers') : allow(action, arn('user/worker')));
    const denied = await refusal(ask(worker));
    assert.equal(denied.name, 'AccessDenied');
    assert.match(denied.message, new RegExp(action));
  });
}

test('the use of long ago shows from behind more records than one question reads', async () => {
  const [xena, yann] = [await newUser('xena'), await newUser('yann')];
  await stsOf(plane, xena, 'eu-west-1').send(new GetCallerIdentityCommand({}));
  const other = stsOf(plane, yann);
  for (let n = 0; n < 24; n += 1) {
    await Promise.all(Array.from({ length: 30 }, () => other.send(new GetCallerIdentityCommand({}))));
  }
  await eventually('the newest use shows', async () => (await lastUsed(yann.accessKeyId))?.ServiceName === 'sts');
  await eventually('the oldest use shows', async () => (await lastUsed(xena.accessKeyId))?.Region === 'eu-west-1');
});

test("the vendor's client for Python reads the reports", async () => {
  const { JobId } = await boto.call(ADMIN, 'generate_service_last_accessed_details', { Arn: arn('user/admin') });
  const details = await eventually('the report is complete', async () => {
    const found = await boto.call(ADMIN, 'get_service_last_accessed_details', { JobId, MaxItems: 1000 });
    return found.JobStatus === 'COMPLETED' && found;
  });
  const iam = details.ServicesLastAccessed.find((one: { ServiceNamespace: string }) => one.ServiceNamespace === 'iam');
  assert.equal(iam.LastAuthenticatedEntity, arn('user/admin'));
  const entities = await boto.call(ADMIN, 'get_service_last_accessed_details_with_entities', {
    JobId,
    ServiceNamespace: 'iam',
  });
  assert.equal(entities.EntityDetailsList[0].EntityInfo.Name, 'admin');
  const granting = await boto.call(ADMIN, 'list_policies_granting_service_access', {
    Arn: arn('user/admin'),
    ServiceNamespaces: ['kms'],
  });
  assert.equal(granting.PoliciesGrantingServiceAccess[0].Policies[0].PolicyName, 'everything');
  const summary = await boto.call(ADMIN, 'get_account_summary');
  assert.equal(summary.SummaryMap.AccessKeysPerUserQuota, 2);
  await eventually('the credential report is complete', async () => {
    const { State } = await boto.call(ADMIN, 'generate_credential_report');
    return State === 'COMPLETE';
  });
  const { Content } = await boto.call(ADMIN, 'get_credential_report');
  assert.match(Buffer.from(Content.bytes, 'base64').toString(), /^user,arn,/);
  const used = await boto.call(ADMIN, 'get_access_key_last_used', { AccessKeyId: ADMIN.accessKeyId });
  assert.equal(used.AccessKeyLastUsed.ServiceName, 'iam');
  const denied = await boto.call(WORKER, 'get_account_summary');
  assert.equal(denied.error.Code, 'AccessDenied');
});
