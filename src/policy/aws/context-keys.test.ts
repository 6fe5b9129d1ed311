// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written like this
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextKeysIn } from './context-keys.ts';

test('context keys are those of conditions and of policy variables, each once', () => {
  // https://docs.aws.amazon.com/cli/latest/reference/iam/get-context-keys-for-custom-policy.html#examples
  const example =
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:us-west-2:123456789012:table/${aws:username}","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2015-08-16T12:00:00Z"}}}}';
  assert.deepEqual(contextKeysIn([example]), ['aws:username', 'aws:CurrentTime']);
  assert.deepEqual(contextKeysIn([example, example.replaceAll('aws:', 'AWS:')]), ['aws:username', 'aws:CurrentTime']);
  assert.deepEqual(contextKeysIn([example.replace('2012-10-17', '2008-10-17')]), ['aws:CurrentTime']);
  const values = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 's3:*',
      Resource: "arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}/${*}",
      Condition: { StringLike: { 's3:prefix': ['home/${aws:userid}/*'] } },
    },
  });
  assert.deepEqual(contextKeysIn([values]), ['aws:PrincipalTag/team', 's3:prefix', 'aws:userid']);
  assert.deepEqual(contextKeysIn(['no JSON', '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}']), []);
});
