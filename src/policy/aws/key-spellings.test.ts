import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spelledKey } from './key-spellings.ts';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and the pages of the services
for (const key of [
  'aws:SourceArn',
  'aws:PrincipalIsAWSService',
  'aws:ResourceTag/cost-center',
  'iam:PolicyARN',
  'kms:EncryptionContext:team/red',
  'kms:EncryptionContextKeys',
  'sts:ExternalId',
]) {
  test(`${key} is spelled as the vendor does`, () => assert.equal(spelledKey(key.toLowerCase()), key));
}

test('what the account or its identity provider named keeps its spelling', () => {
  assert.equal(spelledKey('aws:requesttag/Team'), 'aws:RequestTag/Team');
  assert.equal(spelledKey('token.actions.githubusercontent.com:sub'), 'token.actions.githubusercontent.com:sub');
  assert.equal(spelledKey('ec2:instancetype'), 'ec2:instancetype');
});
