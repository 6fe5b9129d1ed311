import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grantsService, servicesGranted } from './granted.ts';
import { serviceNames } from './service-names.data.ts';

const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (fields: object) => ({ Effect: 'Allow', Resource: '*', ...fields });
const deny = (fields: object) => ({ Effect: 'Deny', Resource: '*', ...fields });

const without = (...left: readonly string[]) => Object.keys(serviceNames).filter((name) => !left.includes(name));

test('services are those that allowed actions begin with', () => {
  assert.deepEqual(servicesGranted([policy(allow({ Action: ['kms:Decrypt', 'S3:Get*', 'nobody:Go'] }))]), [
    'kms',
    's3',
  ]);
  assert.deepEqual(servicesGranted([policy(allow({ Action: 'sqs:*' })), policy(allow({ Action: 'kms:*' }))]), [
    'kms',
    'sqs',
  ]);
  assert.deepEqual(servicesGranted([policy(allow({ Action: '*' }))]), without());
  assert.deepEqual(servicesGranted([policy(allow({ Action: 'elasticfile*:*' }))]), ['elasticfilesystem']);
  assert.deepEqual(servicesGranted([policy(deny({ Action: 'kms:*' }))]), []);
});

test('all actions but those of a service leave that service out; all but one action do not', () => {
  assert.deepEqual(servicesGranted([policy(allow({ NotAction: 'kms:*' }))]), without('kms'));
  assert.deepEqual(servicesGranted([policy(allow({ NotAction: 'kms:Decrypt' }))]), without());
});

test('only a denial of the whole service, everywhere and always, takes it away', () => {
  const granted = policy(allow({ Action: ['kms:*', 's3:*'] }));
  const taken = (fields: object) => servicesGranted([granted, policy(deny({ Action: 'kms:*', ...fields }))]);
  assert.deepEqual(taken({}), ['s3']);
  assert.deepEqual(taken({ Action: '*' }), []);
  assert.deepEqual(taken({ Action: undefined, NotAction: 's3:*' }), ['s3']);
  assert.deepEqual(taken({ Action: 'kms:Decrypt' }), ['kms', 's3']);
  assert.deepEqual(taken({ Resource: 'arn:aws:kms:us-east-1:111122223333:key/a' }), ['kms', 's3']);
  assert.deepEqual(taken({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }), ['kms', 's3']);
});

test('one policy grants a service, whatever it denies', () => {
  const one = policy(allow({ Action: 'kms:Decrypt' }), deny({ Action: 'kms:*' }), deny({ Action: 's3:*' }));
  assert.equal(grantsService(one, 'kms'), true);
  assert.equal(grantsService(one, 's3'), false);
  assert.equal(grantsService('no policy', 'kms'), false);
});
