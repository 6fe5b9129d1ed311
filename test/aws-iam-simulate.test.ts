/** The policy simulator through the vendor's clients: what it says, who may ask it, and that live calls agree. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  GetContextKeysForCustomPolicyCommand,
  GetContextKeysForPrincipalPolicyCommand,
  GetUserCommand,
  type IAMClient,
  ListGroupsCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  paginateSimulateCustomPolicy,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyRequest,
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

const WORKER_ARN = `arn:aws:iam::${ACCOUNT}:user/worker`;
const ADMIN_ARN = `arn:aws:iam::${ACCOUNT}:user/admin`;
const GROUP_ARN = `arn:aws:iam::${ACCOUNT}:group/readers`;

let plane: TestPlane;
let boto: Boto;
let admin: IAMClient;
let worker: IAMClient;

before(async () => {
  plane = await startReportPlane();
  boto = startBoto(plane);
  admin = iamOf(plane, ADMIN);
  worker = iamOf(plane, WORKER);
  await admin.send(new CreateGroupCommand({ GroupName: 'readers' }));
});

after(async () => {
  boto.stop();
  await stopSound(plane);
});

beforeEach(async () => {
  await give(policy({ Effect: 'Deny', Action: 's3:*', Resource: '*' }));
});

/** The one policy that the worker has. */
const give = (PolicyDocument: string) =>
  admin.send(new PutUserPolicyCommand({ UserName: 'worker', PolicyName: 'own', PolicyDocument }));

async function simulated(input: Partial<SimulatePrincipalPolicyRequest>) {
  const { EvaluationResults = [] } = await admin.send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: WORKER_ARN, ActionNames: ['iam:ListUsers'], ...input }),
  );
  return EvaluationResults;
}

const decisions = async (input: Partial<SimulatePrincipalPolicyRequest>) =>
  (await simulated(input)).map(({ EvalActionName, EvalDecision }) => `${EvalActionName} ${EvalDecision}`);

// The example of https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html
const AFTER_A_DATE =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}';

test('policies of the request: the example of the command line reference', async () => {
  const { EvaluationResults, IsTruncated } = await admin.send(
    new SimulateCustomPolicyCommand({
      PolicyInputList: [AFTER_A_DATE],
      ActionNames: ['dynamodb:CreateBackup'],
      ContextEntries: [
        { ContextKeyName: 'aws:CurrentTime', ContextKeyValues: ['2019-04-25T11:00:00Z'], ContextKeyType: 'date' },
      ],
    }),
  );
  assert.equal(IsTruncated, false);
  assert.equal(EvaluationResults?.length, 1);
  const [{ EvalActionName, EvalResourceName, EvalDecision, MatchedStatements, MissingContextValues } = {}] =
    EvaluationResults;
  assert.deepEqual(
    { EvalActionName, EvalResourceName, EvalDecision, MatchedStatements, MissingContextValues },
    {
      EvalActionName: 'dynamodb:CreateBackup',
      EvalResourceName: '*',
      EvalDecision: 'allowed',
      MatchedStatements: [
        {
          SourcePolicyId: 'PolicyInputList.1',
          SourcePolicyType: 'IAM Policy',
          StartPosition: { Line: 1, Column: 38 },
          EndPosition: { Line: 1, Column: 167 },
        },
      ],
      MissingContextValues: [],
    },
  );
});

test('a live call does what the simulation said, as the policy changes', async () => {
  const cases = [
    { document: allow('iam:ListUsers'), users: 'allowed', groups: 'implicitDeny' },
    { document: allow('iam:List*'), users: 'allowed', groups: 'allowed' },
    {
      document: policy(
        { Effect: 'Allow', Action: 'iam:*', Resource: '*' },
        { Effect: 'Deny', Action: 'iam:ListUsers', Resource: '*' },
      ),
      users: 'explicitDeny',
      groups: 'allowed',
    },
  ];
  for (const { document, users, groups } of cases) {
    await give(document);
    assert.deepEqual(await decisions({ ActionNames: ['iam:ListUsers', 'iam:ListGroups'] }), [
      `iam:ListUsers ${users}`,
      `iam:ListGroups ${groups}`,
    ]);
    await agrees(users === 'allowed', () => worker.send(new ListUsersCommand({})));
    await agrees(groups === 'allowed', () => worker.send(new ListGroupsCommand({})));
  }
});

test('a live call does what the simulation said of each resource', async () => {
  await give(allow('iam:GetUser', ADMIN_ARN));
  const [result] = await simulated({ ActionNames: ['iam:GetUser'], ResourceArns: [ADMIN_ARN, WORKER_ARN] });
  assert.equal(result?.EvalDecision, 'implicitDeny');
  assert.deepEqual(
    result?.ResourceSpecificResults?.map((one) => [one.EvalResourceName, one.EvalResourceDecision]),
    [
      [ADMIN_ARN, 'allowed'],
      [WORKER_ARN, 'implicitDeny'],
    ],
  );
  await agrees(true, () => worker.send(new GetUserCommand({ UserName: 'admin' })));
  await agrees(false, () => worker.send(new GetUserCommand({ UserName: 'worker' })));
});

async function agrees(allowed: boolean, live: () => Promise<unknown>): Promise<void> {
  if (allowed) await live();
  else assert.equal((await refusal(live())).name, 'AccessDenied');
}

test('a permissions boundary limits, one of the request in its place, and the live call agrees', async () => {
  await give(allow('iam:*'));
  const { Policy } = await admin.send(
    new CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument: allow('iam:ListGroups') }),
  );
  await admin.send(new PutUserPermissionsBoundaryCommand({ UserName: 'worker', PermissionsBoundary: Policy!.Arn! }));
  const ActionNames = ['iam:ListUsers', 'iam:ListGroups'];
  const bounded = await simulated({ ActionNames });
  assert.deepEqual(
    bounded.map((one) => [one.EvalDecision, one.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary]),
    [
      ['implicitDeny', false],
      ['allowed', true],
    ],
  );
  await agrees(false, () => worker.send(new ListUsersCommand({})));
  await agrees(true, () => worker.send(new ListGroupsCommand({})));
  assert.deepEqual(await decisions({ ActionNames, PermissionsBoundaryPolicyInputList: [allow('iam:ListUsers')] }), [
    'iam:ListUsers allowed',
    'iam:ListGroups implicitDeny',
  ]);
  await admin.send(new DeleteUserPermissionsBoundaryCommand({ UserName: 'worker' }));
  assert.deepEqual(await decisions({ ActionNames }), ['iam:ListUsers allowed', 'iam:ListGroups allowed']);
});

test('policies of groups, managed policies and those of the request count, and results name each', async () => {
  await give(allow('iam:GetUser'));
  await admin.send(
    new PutGroupPolicyCommand({ GroupName: 'readers', PolicyName: 'shared', PolicyDocument: allow('iam:GetUser') }),
  );
  await admin.send(new CreateUserCommand({ UserName: 'carol' }));
  const PolicySourceArn = `arn:aws:iam::${ACCOUNT}:user/carol`;
  const sources = async (PolicyInputList: string[] = []) => {
    const [result] = await simulated({ PolicySourceArn, ActionNames: ['iam:GetUser'], PolicyInputList });
    return result?.MatchedStatements?.map(({ SourcePolicyId }) => SourcePolicyId);
  };
  assert.deepEqual(await sources(), []);
  await admin.send(new AddUserToGroupCommand({ GroupName: 'readers', UserName: 'carol' }));
  await admin.send(
    new AttachUserPolicyCommand({ UserName: 'carol', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
  );
  await admin.send(
    new PutUserPolicyCommand({ UserName: 'carol', PolicyName: 'own', PolicyDocument: allow('iam:GetUser') }),
  );
  assert.deepEqual(await sources([allow('iam:Get*')]), [
    'user_carol_own',
    'AdministratorAccess',
    'group_readers_shared',
    'PolicyInputList.1',
  ]);
  const [group] = await simulated({ PolicySourceArn: GROUP_ARN, ActionNames: ['iam:GetUser'] });
  assert.deepEqual(
    group?.MatchedStatements?.map(({ SourcePolicyId }) => SourcePolicyId),
    ['group_readers_shared'],
  );
});

test('a policy of the resource has the user as its caller, and a group has none', async () => {
  const ResourcePolicy = policy({
    Effect: 'Allow',
    Principal: { AWS: WORKER_ARN },
    Action: 'sqs:SendMessage',
    Resource: '*',
  });
  const asked = {
    ResourcePolicy,
    ActionNames: ['sqs:SendMessage'],
    ResourceArns: [`arn:aws:sqs:us-east-1:${ACCOUNT}:q`],
  };
  assert.deepEqual(await decisions(asked), ['sqs:SendMessage allowed']);
  assert.deepEqual(await decisions({ ...asked, CallerArn: ADMIN_ARN }), ['sqs:SendMessage implicitDeny']);
  const fault = await refusal(simulated({ ...asked, PolicySourceArn: GROUP_ARN }));
  assert.equal(fault.name, 'InvalidInputException');
});

test('context keys of policies', async () => {
  await give(
    policy({
      Effect: 'Allow',
      Action: 's3:*',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      Resource: 'arn:aws:s3:::box/${aws:username}/*',
      Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    }),
  );
  const { ContextKeyNames } = await admin.send(
    new GetContextKeysForPrincipalPolicyCommand({ PolicySourceArn: WORKER_ARN, PolicyInputList: [AFTER_A_DATE] }),
  );
  assert.deepEqual(ContextKeyNames?.toSorted(), ['aws:CurrentTime', 'aws:SourceIp', 'aws:username']);
  const custom = await admin.send(new GetContextKeysForCustomPolicyCommand({ PolicyInputList: [AFTER_A_DATE] }));
  assert.deepEqual(custom.ContextKeyNames, ['aws:CurrentTime']);
  const bad = await refusal(admin.send(new GetContextKeysForCustomPolicyCommand({ PolicyInputList: ['{'] })));
  assert.equal(bad.name, 'InvalidInputException');
  assert.match(bad.message, /PolicyInputList\.1: line 1/);
});

test('pages of actions; a mark of another request is refused', async () => {
  const ActionNames = ['iam:GetUser', 'iam:ListUsers', 'iam:GetUser', 'sts:AssumeRole', 's3:GetObject'];
  const input = { PolicyInputList: [allow('iam:*')], ActionNames };
  const seen: string[] = [];
  const marks: string[] = [];
  for await (const page of paginateSimulateCustomPolicy({ client: admin, pageSize: 2 }, input)) {
    seen.push(...(page.EvaluationResults ?? []).map((one) => `${one.EvalActionName} ${one.EvalDecision}`));
    if (page.Marker !== undefined) marks.push(page.Marker);
  }
  assert.deepEqual(seen, [
    'iam:GetUser allowed',
    'iam:ListUsers allowed',
    'iam:GetUser allowed',
    'sts:AssumeRole implicitDeny',
    's3:GetObject implicitDeny',
  ]);
  assert.equal(marks.length, 2);
  const others = [
    { ...input, PolicyInputList: [allow('s3:*')], Marker: marks[0]! },
    { ...input, Marker: `${marks[0]!.slice(0, -1)}_` },
  ];
  for (const other of others) {
    const fault = await refusal(admin.send(new SimulateCustomPolicyCommand(other)));
    assert.equal(fault.name, 'ValidationError');
  }
});

test('what cannot be simulated', async () => {
  const refused = async (input: Partial<SimulatePrincipalPolicyRequest>) => (await refusal(simulated(input))).name;
  assert.equal(await refused({ PolicySourceArn: `arn:aws:iam::${ACCOUNT}:user/nobody` }), 'NoSuchEntityException');
  assert.equal(await refused({ PolicySourceArn: `arn:aws:iam::${ACCOUNT}:user/eng/worker` }), 'NoSuchEntityException');
  assert.equal(await refused({ PolicySourceArn: `arn:aws:sts::${ACCOUNT}:assumed-role/a/b` }), 'InvalidInputException');
  assert.equal(await refused({ PolicySourceArn: `arn:aws:iam::${ACCOUNT}:root` }), 'InvalidInputException');
  assert.equal(await refused({ ActionNames: ['iam:*'] }), 'InvalidInputException');
  assert.equal(await refused({ PolicyInputList: ['{"Version":"2012-10-17"}'] }), 'InvalidInputException');
  assert.equal(
    await refused({ PermissionsBoundaryPolicyInputList: [allow('*'), allow('*')] }),
    'InvalidInputException',
  );
});

const ASKED = [
  {
    action: 'iam:SimulateCustomPolicy',
    ask: (client: IAMClient) =>
      client.send(new SimulateCustomPolicyCommand({ PolicyInputList: [allow('*')], ActionNames: ['iam:GetUser'] })),
  },
  {
    action: 'iam:GetContextKeysForCustomPolicy',
    ask: (client: IAMClient) => client.send(new GetContextKeysForCustomPolicyCommand({ PolicyInputList: [] })),
  },
  {
    action: 'iam:SimulatePrincipalPolicy',
    resource: ADMIN_ARN,
    ask: (client: IAMClient) =>
      client.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: ADMIN_ARN, ActionNames: ['iam:GetUser'] })),
  },
  {
    action: 'iam:GetContextKeysForPrincipalPolicy',
    resource: ADMIN_ARN,
    ask: (client: IAMClient) =>
      client.send(new GetContextKeysForPrincipalPolicyCommand({ PolicySourceArn: ADMIN_ARN })),
  },
];

for (const { action, resource, ask } of ASKED) {
  test(`${action} needs its grant${resource ? ', on the very entity' : ''}`, async () => {
    await give(allow(action, resource));
    await ask(worker);
    await give(allow(resource ? action : 'iam:Get*Other', resource ? WORKER_ARN : '*'));
    const denied = await refusal(ask(worker));
    assert.equal(denied.name, 'AccessDenied');
    assert.match(denied.message, new RegExp(action));
  });
}

test('entities of another account cannot be simulated, whether or not they are there', async () => {
  const stranger = iamOf(plane, STRANGER);
  for (const name of ['admin', 'nobody']) {
    const denied = await refusal(
      stranger.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
          ActionNames: ['iam:GetUser'],
        }),
      ),
    );
    assert.equal(denied.name, 'AccessDenied');
  }
});

test("the vendor's client for Python reads all four", async () => {
  await admin.send(new DeleteUserPolicyCommand({ UserName: 'worker', PolicyName: 'own' }));
  const custom = await boto.call(ADMIN, 'simulate_custom_policy', {
    PolicyInputList: [allow('iam:GetUser')],
    ActionNames: ['iam:GetUser'],
    ResourceArns: [ADMIN_ARN],
  });
  assert.equal(custom.EvaluationResults[0].ResourceSpecificResults[0].EvalResourceDecision, 'allowed');
  const principal = { PolicySourceArn: WORKER_ARN, PolicyInputList: [AFTER_A_DATE] };
  const simulation = await boto.call(ADMIN, 'simulate_principal_policy', {
    ...principal,
    ActionNames: ['s3:GetObject'],
  });
  assert.equal(simulation.EvaluationResults[0].EvalDecision, 'implicitDeny');
  assert.deepEqual(simulation.EvaluationResults[0].MissingContextValues, ['aws:CurrentTime']);
  const keys = await boto.call(ADMIN, 'get_context_keys_for_principal_policy', principal);
  assert.deepEqual(keys.ContextKeyNames, ['aws:CurrentTime']);
  const customKeys = await boto.call(ADMIN, 'get_context_keys_for_custom_policy', { PolicyInputList: [AFTER_A_DATE] });
  assert.deepEqual(customKeys.ContextKeyNames, ['aws:CurrentTime']);
  const denied = await boto.call(WORKER, 'simulate_principal_policy', { ...principal, ActionNames: ['s3:GetObject'] });
  assert.equal(denied.error.Code, 'AccessDenied');
});
