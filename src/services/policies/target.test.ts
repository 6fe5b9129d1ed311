import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributesMatcher } from '../../policy/attributes.ts';
import type { IbmPolicy, PolicyAttribute } from '../../policy/ibm/document.ts';
import type { AttributeTest } from '../../policy/model.ts';
import { targetAttributes } from './target.ts';

const is = (name: string, value: string, operator = 'stringEquals'): PolicyAttribute => ({ name, value, operator });

const policy = (...resource: PolicyAttribute[]): IbmPolicy => ({
  type: 'authorization',
  subject: [],
  resource,
  tags: [],
  roles: [],
});

/** Whether a right to what the tests select reaches the whole target. */
function reaches(right: PolicyAttribute[], ...target: PolicyAttribute[]): boolean {
  const tests = right.map(({ name, operator, value }) => ({ name, operator, value }) as AttributeTest);
  return attributesMatcher(tests)(targetAttributes(policy(...target)));
}

const kms = is('serviceName', 'kms');
const one = is('serviceInstance', 'one');

test('a right to a service reaches each part of it, a right to a part not the service', () => {
  assert.ok(reaches([kms], kms));
  assert.ok(reaches([kms], kms, one));
  assert.ok(reaches([kms, one], kms, one));
  assert.ok(!reaches([kms, one], kms));
  assert.ok(!reaches([kms, one], kms, is('serviceInstance', 'other')));
  assert.ok(!reaches([is('serviceName', 'is')], kms));
  assert.ok(!reaches([kms, is('resourceType', 'key')], kms));
  assert.ok(!reaches([kms, is('keyRing', 'ring')], kms, one));
});

test('a right to the service that keeps policies, or to policies by name, is none to their targets', () => {
  for (const right of [
    [is('serviceName', 'iam-access-management')],
    [is('resourceType', 'policy')],
    [is('service_group_id', 'IAM')],
    [is('serviceType', 'platform_service')],
  ]) {
    assert.ok(!reaches(right, kms));
    assert.ok(!reaches(right, is('serviceType', 'service')));
    assert.ok(!reaches(right, is('resourceGroupId', 'group')));
  }
});

test('a right to a kind of services reaches those of that kind', () => {
  const services = is('serviceType', 'service');
  assert.ok(reaches([services], kms));
  assert.ok(reaches([services], services));
  assert.ok(!reaches([services], is('serviceName', 'iam-groups')));
  assert.ok(reaches([is('service_group_id', 'IAM')], is('serviceName', 'iam-groups')));
  assert.ok(reaches([is('service_group_id', 'IAM')], is('service_group_id', 'IAM')));
  assert.ok(!reaches([kms], services));
  assert.ok(reaches([is('resourceGroupId', 'group')], is('resourceGroupId', 'group')));
  assert.ok(!reaches([is('resourceGroupId', 'group')], is('resourceGroupId', 'other')));
});

test('a pattern is reached by what reaches all that it matches', () => {
  const named = (value: string, operator = 'stringMatch') => is('serviceInstance', value, operator);
  assert.ok(reaches([kms, named('ab*')], kms, named('abc*')));
  assert.ok(reaches([kms, named('*')], kms, named('abc*')));
  assert.ok(!reaches([kms, named('abc*')], kms, named('ab*')));
  assert.ok(!reaches([kms, named('ab*', 'stringEquals')], kms, named('ab*')), 'the text itself');
  assert.ok(!reaches([kms, named('*', 'stringEquals')], kms, named('*')));
  assert.ok(!reaches([kms, named('abc?')], kms, named('abc*')), 'one character more');
  assert.ok(reaches([kms, named('abc?')], kms, named('abc?')));
  assert.ok(!reaches([kms, named('abcd', 'stringEquals')], kms, named('abc?')));
  assert.ok(reaches([kms, named('a*', 'stringEquals')], kms, named('a{{*}}')), 'the star itself');
});

test('what must merely be there, or not be there', () => {
  const volumes = (operator: string, value: string) => [is('serviceName', 'is'), is('volumeId', value, operator)];
  assert.ok(reaches(volumes('stringExists', 'true'), ...volumes('stringEquals', 'v1')));
  assert.ok(reaches(volumes('stringExists', 'true'), ...volumes('stringExists', 'true')));
  assert.ok(!reaches(volumes('stringEquals', 'v1'), ...volumes('stringExists', 'true')));
  assert.ok(!reaches(volumes('stringEquals', 'v1'), ...volumes('stringEquals', '*')));
  assert.ok(reaches(volumes('stringExists', 'true'), ...volumes('stringEquals', '*')));
  assert.ok(reaches(volumes('stringExists', 'false'), ...volumes('stringExists', 'false')));
  assert.ok(!reaches(volumes('stringExists', 'false'), ...volumes('stringExists', 'true')));
  assert.ok(!reaches(volumes('stringExists', 'true'), is('serviceName', 'is')));
});

test('of a policy that there is not, only a right to the whole account speaks', () => {
  const matches = (...tests: PolicyAttribute[]) =>
    attributesMatcher(tests as AttributeTest[])({ accountId: 'a', ...targetAttributes(undefined) });
  assert.ok(matches(is('accountId', 'a')));
  assert.ok(!matches(kms));
  assert.ok(!matches(is('serviceName', 'iam-access-management')));
  assert.ok(!matches(is('serviceType', 'platform_service')));
});
