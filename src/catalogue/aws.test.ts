import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { loadCase } from '../policy/case.ts';
import { awsCatalogued } from './aws.ts';

const USER = 'arn:aws:iam::111111111111:user/ana';

async function unknownIn(action: string, resource: string, context: object = {}): Promise<readonly string[]> {
  const { question } = loadCase({ name: 'asked', request: { principal: USER, action, resource, context } });
  return (await awsCatalogued(question)).unknown.map(({ kind, name }) => `${kind} ${name}`);
}

const OBJECT = 'arn:aws:s3:::box/a';

test('says which catalogue it was, as installed', async () => {
  const locked = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const { question } = loadCase({ name: 'a', request: { principal: USER, action: 's3:GetObject', resource: OBJECT } });
  const { name, version } = await awsCatalogued(question);
  assert.equal(locked.dependencies[name], version);
});

test('knows actions in any case, and not those that nobody has', async () => {
  assert.deepEqual(await unknownIn('S3:getobject', OBJECT), []);
  for (const action of ['s3:GetObjct', 's3:constructor', 'constructor:x', '__proto__:x', '../s3:GetObject', 's3']) {
    assert.deepEqual(await unknownIn(action, '*'), [`action ${action}`]);
  }
});

test('knows the resource types of the service of the action', async () => {
  assert.deepEqual(await unknownIn('sts:AssumeRole', 'arn:aws:iam::111111111111:role/builder'), []);
  assert.deepEqual(await unknownIn('kms:ListKeys', '*'), []);
  assert.deepEqual(await unknownIn('kms:Decrypt', OBJECT), [`resource ${OBJECT}`]);
  assert.deepEqual(await unknownIn('nobody:Decrypt', OBJECT), ['action nobody:Decrypt']);
});

test('knows condition keys of everybody, of services, with names inside, and of identity providers', async () => {
  const known = {
    'aws:SecureTransport': 'true',
    'aws:PrincipalTag/team': 'a',
    's3:ExistingObjectTag/team': 'a',
    'kms:EncryptionContext:purpose': 'a',
    'login.example.com:sub': 'a',
  };
  assert.deepEqual(await unknownIn('s3:GetObject', OBJECT, known), []);
  const unknown = ['aws:securetransprt', 's3:nothing', 'nobody:key', 'constructor:x', 'plain'];
  const context = Object.fromEntries(unknown.map((key) => [key, 'a']));
  assert.deepEqual(
    await unknownIn('s3:GetObject', OBJECT, context),
    unknown.map((key) => `condition-key ${key}`),
  );
});
