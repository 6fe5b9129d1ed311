import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePolicy } from '../../../../policy/aws/compile.ts';
import { decide } from '../../../../policy/decide.ts';
import type { Question } from '../../../../policy/model.ts';
import { awsRef } from '../../../../policy/names.ts';
import { serviceLinkedRoles } from '../service-linked-roles.data.ts';
import { chosenPolicies } from './chosen.data.ts';
import { isAwsManaged, managedPolicies, managedPolicy } from './managed-policies.ts';

const ACCOUNT = '111122223333';

const compiled = (document: string, policy: string) =>
  compilePolicy(JSON.parse(document), { kind: 'identity', account: ACCOUNT, policy });

test('every document compiles without a problem', async () => {
  const policies = await managedPolicies();
  assert.ok(policies.length >= Object.keys(chosenPolicies).length);
  for (const { name, document } of policies) {
    const { statements, problems } = compiled(document, name);
    assert.deepEqual(problems, [], name);
    assert.ok(statements.length > 0, name);
  }
});

test('every chosen policy and every policy of a service-linked role is there, under its ARN', async () => {
  const policies = await managedPolicies();
  const names = new Set(policies.map((policy) => policy.name));
  assert.deepEqual(
    Object.keys(chosenPolicies).filter((name) => !names.has(name)),
    [],
  );
  for (const { policy } of Object.values(serviceLinkedRoles)) {
    assert.ok(await managedPolicy(`arn:aws:iam::aws:policy/aws-service-role/${policy}`), policy);
  }
  assert.equal(new Set(policies.map((policy) => policy.arn)).size, policies.length);
});

test('a policy has the name, path, version and dates that AWS gives it', async () => {
  const policy = await managedPolicy('arn:aws:iam::aws:policy/AdministratorAccess');
  assert.deepEqual(policy, {
    name: 'AdministratorAccess',
    path: '/',
    arn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    description: 'Provides full access to AWS services and resources.',
    defaultVersionId: 'v1',
    createDate: '2015-02-06T18:39:46Z',
    updateDate: '2015-02-06T18:39:46Z',
    document: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  });
  const billing = await managedPolicy('arn:aws:iam::aws:policy/job-function/Billing');
  assert.equal(billing?.path, '/job-function/');
  assert.equal(await managedPolicy('arn:aws:iam::aws:policy/Billing'), undefined);
  assert.equal(isAwsManaged('arn:aws:iam::aws:policy/NotKnownHere'), true);
  assert.equal(isAwsManaged(`arn:aws:iam::${ACCOUNT}:policy/AdministratorAccess`), false);
});

/** What each of these policies is for, and what the next smaller one does not give. */
const granted: readonly (readonly [policy: string, action: string, outcome: 'allow' | 'implicit-deny'])[] = [
  ['AdministratorAccess', 'iam:CreateUser', 'allow'],
  ['PowerUserAccess', 'iam:CreateUser', 'implicit-deny'],
  ['PowerUserAccess', 'sqs:CreateQueue', 'allow'],
  ['ReadOnlyAccess', 'sqs:CreateQueue', 'implicit-deny'],
  ['ReadOnlyAccess', 's3:GetObject', 'allow'],
  ['job-function/ViewOnlyAccess', 's3:GetObject', 'implicit-deny'],
  ['job-function/ViewOnlyAccess', 's3:ListAllMyBuckets', 'allow'],
  ['AmazonS3ReadOnlyAccess', 's3:GetObject', 'allow'],
  ['AmazonS3ReadOnlyAccess', 's3:PutObject', 'implicit-deny'],
  ['AmazonS3FullAccess', 's3:PutObject', 'allow'],
  ['SecurityAudit', 's3:GetBucketPolicy', 'allow'],
  ['SecurityAudit', 's3:GetObject', 'implicit-deny'],
];

for (const [policy, action, outcome] of granted) {
  test(`${policy}: ${action} is ${outcome}`, async () => {
    const found = await managedPolicy(`arn:aws:iam::aws:policy/${policy}`);
    assert.ok(found);
    const { statements } = compiled(found.document, found.arn);
    const question: Question = {
      caller: { kind: 'user', id: `arn:aws:iam::${ACCOUNT}:user/bob`, account: ACCOUNT },
      action,
      resource: { ref: awsRef('*', ACCOUNT), name: '*', attributes: {} },
      context: {},
    };
    assert.equal(decide(question, [{ kind: 'identity', account: ACCOUNT, may: 'both', statements }]), outcome);
  });
}

test('a service-linked role is named for its service, and one service has one role', () => {
  const roles = Object.entries(serviceLinkedRoles);
  for (const [service, { name }] of roles) {
    assert.match(service, /^[a-z0-9.-]+\.amazonaws\.com$/);
    assert.match(name, /^AWSServiceRoleFor\w+$/);
    assert.ok(name.length <= 64, name);
  }
  assert.equal(new Set(roles.map(([, { name }]) => name)).size, roles.length);
});
