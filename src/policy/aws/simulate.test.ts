import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EvaluationResult, simulate } from './simulate.ts';
import type { Simulation } from './simulation-input.ts';

const BOB = 'arn:aws:iam::111122223333:user/bob';

const policy = (...statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allow = (Action: string, fields: object = {}) => policy({ Effect: 'Allow', Action, Resource: '*', ...fields });
const deny = (Action: string, fields: object = {}) => policy({ Effect: 'Deny', Action, Resource: '*', ...fields });
const inputs = (...documents: readonly string[]) =>
  documents.map((document, n) => ({ id: `PolicyInputList.${n + 1}`, document }));
const boundary = (document: string) => [{ id: 'PermissionsBoundaryPolicyInputList.1', document }];

function asked(simulation: Partial<Simulation>): Simulation {
  return {
    policies: [],
    boundaries: [],
    account: '111122223333',
    actions: ['s3:GetObject'],
    resources: [],
    context: [],
    ...simulation,
  };
}

function results(simulation: Partial<Simulation>): readonly EvaluationResult[] {
  const simulated = simulate(asked(simulation));
  assert.ok('results' in simulated, JSON.stringify(simulated));
  return simulated.results;
}

function only(simulation: Partial<Simulation>): EvaluationResult {
  const [result, ...others] = results(simulation);
  assert.ok(result);
  assert.deepEqual(others, []);
  return result;
}

// The examples of https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html
const AFTER_A_DATE =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}';
const at = (instant: string) => [
  { ContextKeyName: 'aws:CurrentTime', ContextKeyValues: [instant], ContextKeyType: 'date' },
];
const backup = { policies: inputs(AFTER_A_DATE), actions: ['dynamodb:CreateBackup'] };

test('the example of the command line reference that is allowed', () => {
  assert.deepEqual(results({ ...backup, context: at('2019-04-25T11:00:00Z') }), [
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
  ]);
});

test('the example of the command line reference that is prohibited', () => {
  assert.deepEqual(results({ ...backup, context: at('2014-04-25T11:00:00Z') }), [
    {
      EvalActionName: 'dynamodb:CreateBackup',
      EvalResourceName: '*',
      EvalDecision: 'implicitDeny',
      MatchedStatements: [],
      MissingContextValues: [],
    },
  ]);
});

test('keys that the policies refer to and nobody gave are missing: of a resource, in its own result', () => {
  assert.deepEqual(only(backup).MissingContextValues, ['aws:CurrentTime']);
  const table = 'arn:aws:dynamodb:us-east-1:111122223333:table/t';
  const named = only({ ...backup, resources: [table] });
  assert.deepEqual(named.MissingContextValues, []);
  assert.deepEqual(named.ResourceSpecificResults, [
    {
      EvalResourceName: table,
      EvalResourceDecision: 'implicitDeny',
      MatchedStatements: [],
      MissingContextValues: ['aws:CurrentTime'],
    },
  ]);
  assert.deepEqual(named.EvalDecisionDetails, {});
  assert.equal(only(backup).EvalDecisionDetails, undefined);
});

test('a denying statement is the only one that a result names', () => {
  const denied = only({ policies: inputs(allow('s3:*'), deny('s3:GetObject')) });
  assert.equal(denied.EvalDecision, 'explicitDeny');
  assert.deepEqual(
    denied.MatchedStatements.map((one) => one.SourcePolicyId),
    ['PolicyInputList.2'],
  );
  const allowed = only({ policies: inputs(allow('s3:*'), deny('s3:PutObject')) });
  assert.equal(allowed.EvalDecision, 'allowed');
  assert.deepEqual(
    allowed.MatchedStatements.map((one) => one.SourcePolicyId),
    ['PolicyInputList.1'],
  );
});

test('a permissions boundary limits, and says whether it allows', () => {
  const within = (document: string) => only({ policies: inputs(allow('s3:*')), boundaries: boundary(document) });
  const outcome = ({ EvalDecision, PermissionsBoundaryDecisionDetail: detail }: EvaluationResult) => [
    EvalDecision,
    detail?.AllowedByPermissionsBoundary,
  ];
  assert.deepEqual(outcome(within(allow('s3:GetObject'))), ['allowed', true]);
  assert.deepEqual(outcome(within(allow('s3:PutObject'))), ['implicitDeny', false]);
  assert.deepEqual(outcome(within(deny('s3:*'))), ['explicitDeny', false]);
  assert.deepEqual(within(deny('s3:*')).MatchedStatements[0]?.SourcePolicyType, 'Permissions Boundary Policy');
  const unlimited = only({ policies: inputs(allow('s3:*')) });
  assert.deepEqual(outcome(unlimited), ['allowed', undefined]);
  const beyond = only({ boundaries: boundary(allow('s3:*')) });
  assert.deepEqual(outcome(beyond), ['implicitDeny', true]);
});

const OBJECT = 'arn:aws:s3:::reports/2026.csv';
const toBob = allow('s3:GetObject', { Principal: { AWS: BOB } });

test('in one account the policy of the resource is enough, when it names the caller', () => {
  const here = { resources: [OBJECT], callerArn: BOB, policies: [] };
  const granted = only({ ...here, resourcePolicy: toBob });
  assert.equal(granted.EvalDecision, 'allowed');
  assert.equal(granted.EvalResourceName, OBJECT);
  assert.deepEqual(granted.MatchedStatements[0]?.SourcePolicyId, 'ResourcePolicy');
  assert.deepEqual(granted.MatchedStatements[0]?.SourcePolicyType, 'Resource Policy');
  const toCarol = toBob.replace('user/bob', 'user/carol');
  assert.equal(only({ ...here, resourcePolicy: toCarol }).EvalDecision, 'implicitDeny');
});

test('across accounts both sides must allow, and each is told', () => {
  const there = {
    resources: [OBJECT],
    callerArn: BOB,
    resourceOwner: 'arn:aws:iam::444455556666:root',
    policies: inputs(allow('s3:*')),
    resourcePolicy: toBob,
  };
  const outcome = ({ EvalDecision, ResourceSpecificResults: each }: EvaluationResult) => [
    EvalDecision,
    each?.[0]?.EvalDecisionDetails,
  ];
  assert.deepEqual(outcome(only(there)), ['allowed', { 'IAM Policy': 'allowed', 'Resource Policy': 'allowed' }]);
  assert.deepEqual(outcome(only({ ...there, policies: [] })), [
    'implicitDeny',
    { 'IAM Policy': 'implicitDeny', 'Resource Policy': 'allowed' },
  ]);
  assert.deepEqual(outcome(only({ ...there, resourcePolicy: allow('s3:PutObject', { Principal: '*' }) })), [
    'implicitDeny',
    { 'IAM Policy': 'allowed', 'Resource Policy': 'implicitDeny' },
  ]);
  assert.deepEqual(outcome(only({ ...there, resourcePolicy: deny('s3:*', { Principal: '*' }) })), [
    'explicitDeny',
    { 'IAM Policy': 'allowed', 'Resource Policy': 'explicitDeny' },
  ]);
});

test('a key whose policy is not simulated leaves the answer to identity policies', () => {
  const key = 'arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const decrypt = { actions: ['kms:Decrypt'], resources: [key], callerArn: BOB };
  assert.equal(only({ ...decrypt, policies: inputs(allow('kms:*')) }).EvalDecision, 'allowed');
  assert.equal(only({ ...decrypt, policies: inputs(allow('s3:*')) }).EvalDecision, 'implicitDeny');
  const keyPolicy = allow('kms:Decrypt', { Principal: { AWS: 'arn:aws:iam::111122223333:root' } });
  const simulated = { ...decrypt, policies: inputs(allow('kms:*')) };
  assert.equal(only({ ...simulated, resourcePolicy: keyPolicy }).EvalDecision, 'allowed');
  const other = keyPolicy.replace('111122223333', '777788889999');
  assert.equal(only({ ...simulated, resourcePolicy: other }).EvalDecision, 'implicitDeny');
});

test('several resources have a result each, and the action the worst of them', () => {
  const one = allow('s3:GetObject', { Resource: OBJECT });
  const two = [OBJECT, 'arn:aws:s3:::reports/secret.csv'];
  const mixed = only({ policies: inputs(one), resources: two });
  assert.equal(mixed.EvalDecision, 'implicitDeny');
  assert.deepEqual(
    mixed.ResourceSpecificResults?.map((each) => each.EvalResourceDecision),
    ['allowed', 'implicitDeny'],
  );
  assert.equal(mixed.EvalResourceName, undefined);
  assert.equal(only({ policies: inputs(allow('s3:*')), resources: two }).EvalDecision, 'allowed');
  const actions = results({ policies: inputs(one), resources: two, actions: ['s3:GetObject', 's3:PutObject'] });
  assert.deepEqual(
    actions.map((each) => each.EvalActionName),
    ['s3:GetObject', 's3:PutObject'],
  );
});

test('context entries are compared by type: several values only in lists', () => {
  const tagged = allow('s3:*', { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'stage'] } } });
  const keys = (...ContextKeyValues: readonly string[]) =>
    only({
      policies: inputs(tagged),
      context: [{ ContextKeyName: 'AWS:tagkeys', ContextKeyValues, ContextKeyType: 'stringList' }],
    });
  assert.equal(keys('team', 'stage').EvalDecision, 'allowed');
  assert.equal(keys('team', 'owner').EvalDecision, 'implicitDeny');
  assert.deepEqual(keys('team').MissingContextValues, []);
});

const EC2 = 'arn:aws:ec2:us-east-1:111122223333:';
const scenario = ['instance/i-1', 'security-group/sg-1', 'network-interface/eni-1', 'volume/vol-1'];

const refused: readonly (readonly [string, Partial<Simulation>, RegExp])[] = [
  ['a wildcard in an action', { actions: ['s3:*'] }, /`s3:\*` is no action/],
  ['an action without a service', { actions: ['GetObject'] }, /`GetObject` is no action/],
  ['a resource that is no ARN', { resources: ['reports'] }, /`reports` is no resource/],
  ['a caller that is a role', { callerArn: 'arn:aws:iam::111122223333:role/r' }, /must be the ARN of an IAM user/],
  ['a resource policy without a caller', { resourcePolicy: toBob }, /needs a caller/],
  ['an owner that is no account', { resourceOwner: '444455556666' }, /is no account/],
  ['two boundaries', { boundaries: inputs(allow('s3:*'), allow('s3:*')) }, /more than one/],
  ['a policy that is no JSON', { policies: inputs('{') }, /PolicyInputList\.1: line 1, column 2/],
  ['a policy that AWS does not know', { policies: inputs('{"Statement":{"Effect":"Maybe"}}') }, /Effect/],
  [
    'an identity policy with a principal',
    { policies: inputs(allow('s3:*', { Principal: '*' })) },
    /names no principal/,
  ],
  [
    'a context type that is unknown',
    { context: [{ ContextKeyName: 'aws:SourceIp', ContextKeyType: 'address', ContextKeyValues: ['10.0.0.1'] }] },
    /no known type/,
  ],
  [
    'two values of a type that is no list',
    { context: [{ ContextKeyName: 'aws:SourceIp', ContextKeyType: 'ip', ContextKeyValues: ['10.0.0.1', '10.0.0.2'] }] },
    /exactly one value/,
  ],
  ['an unknown scenario', { resourceHandlingOption: 'EC2-Moon' }, /use one of EC2-VPC-InstanceStore,/],
  [
    'a scenario without its image',
    { resourceHandlingOption: 'EC2-VPC-EBS', resources: scenario.map((name) => EC2 + name) },
    /needs a resource of type `image`/,
  ],
];

for (const [name, simulation, message] of refused) {
  test(`refused: ${name}`, () => {
    const simulated = simulate(asked({ policies: inputs(allow('s3:*')), ...simulation }));
    assert.ok('code' in simulated);
    assert.equal(simulated.code, 'InvalidInput');
    assert.match(simulated.message, message);
  });
}

test('a scenario with all its resources is simulated', () => {
  const image = 'arn:aws:ec2:us-east-1::image/ami-1';
  const launched = only({
    policies: inputs(allow('ec2:RunInstances')),
    actions: ['ec2:RunInstances'],
    resourceHandlingOption: 'EC2-VPC-EBS',
    resources: [image, ...scenario.map((name) => EC2 + name)],
  });
  assert.equal(launched.EvalDecision, 'allowed');
});
