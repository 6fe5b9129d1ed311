import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadService } from './schemas.ts';

test('a model says what the vendor’s package says', async () => {
  const kms = await loadService('@aws-sdk/client-kms');
  assert.deepEqual(
    [kms.protocol, kms.jsonVersion, kms.apiVersion, kms.targetPrefix],
    ['json', '1.1', '2014-11-01', 'TrentService'],
  );
  const members = [...kms.operations.get('Encrypt')!.input!.members.values()];
  const required = members.filter((member) => member.required).map(({ name }) => name);
  assert.deepEqual(required, ['KeyId', 'Plaintext']);
  const sensitive = members.filter(({ isSensitive }) => isSensitive).map(({ name }) => name);
  assert.deepEqual(sensitive, ['Plaintext']);
  // https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html#API_DescribeKey_Errors
  const { name, code, status, side } = kms.errors.get('NotFoundException')!;
  assert.deepEqual([name, code, status, side], ['NotFoundException', 'NotFound', 400, 'client']);
  const failed = kms.errors.get('DependencyTimeoutException')!;
  assert.deepEqual([failed.status, failed.side], [500, 'server']);
});

test('an error is found by its shape’s name and by its code in the query protocol', async () => {
  const iam = await loadService('@aws-sdk/client-iam');
  const error = iam.errors.get('NoSuchEntity')!;
  assert.equal(error, iam.errors.get('NoSuchEntityException'));
  assert.deepEqual([error.name, error.code, error.status], ['NoSuchEntityException', 'NoSuchEntity', 404]);
  assert.deepEqual([iam.protocol, iam.apiVersion], ['query', '2010-05-08']);
  assert.equal(iam.xmlNamespace, 'https://iam.amazonaws.com/doc/2010-05-08/');
});

test('calls for one client share a model, a failure is tried again', async () => {
  const one = loadService('@aws-sdk/client-sts');
  assert.equal(loadService('@aws-sdk/client-sts'), one);
  await one;
  assert.equal(loadService('@aws-sdk/client-sts'), one);
  const failed = loadService('@aws-sdk/client-nothing');
  assert.equal(loadService('@aws-sdk/client-nothing'), failed);
  await assert.rejects(failed, /client-nothing/);
  assert.notEqual(loadService('@aws-sdk/client-nothing'), failed);
  await assert.rejects(loadService('@aws-sdk/client-nothing'), /client-nothing/);
});

test('only the thread that reads models imports the vendor’s packages', () => {
  const src = fileURLToPath(new URL('../../', import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const vendor = "'@(?:aws-sdk|smithy)/";
  const atRunTime = new RegExp(
    `(?:^|\\n)(?:import|export)(?! type)[^;]*from ${vendor}|(?<!typeof )import\\(\\s*${vendor}`,
  );
  assert.match("import { a,\n b } from '@smithy/core'", atRunTime);
  assert.match("await import('@aws-sdk/core')", atRunTime);
  assert.doesNotMatch("import type { a } from '@smithy/core'; type B = typeof import('@aws-sdk/core')", atRunTime);
  const importing = files.filter((name) => atRunTime.test(readFileSync(`${src}${name}`, 'utf8')));
  assert.deepEqual(importing, ['wire/aws/schemas-walk.ts']);
  const reading = /from '(?:[^']*\/)?schemas-(?:walk|worker)\.ts'/;
  const readers = files.filter((name) => reading.test(readFileSync(`${src}${name}`, 'utf8')));
  assert.deepEqual(readers, ['wire/aws/schemas-worker.ts']);
});
