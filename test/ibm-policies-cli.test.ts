/** `easement ibmcloud iam authorization-policy-*` against a plane. https://cloud.ibm.com/docs/cli?topic=cli-ibmcloud_commands_iam */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CommandError, UsageError } from '../src/cli/command.ts';
import { run } from '../src/cli/ibmcloud.ts';
import { A, authorization, B, DELEGATOR, type PolicyPlane, READER, startPolicyPlane } from './ibm-policies-world.ts';

let plane: PolicyPlane;
let folder: string;
before(async () => {
  plane = await startPolicyPlane();
  folder = await mkdtemp(join(tmpdir(), 'easement-cli-'));
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
  await rm(folder, { recursive: true });
});

const keyOf = (who: string): string => `${who}-api-key-000000000000000000000001`;

async function ibmcloud(...args: string[]): Promise<string> {
  let printed = '';
  const code = await run(['iam', ...args], {
    out: (text) => {
      printed += text;
    },
    err: () => assert.fail('nothing goes to standard error'),
    environment: { IBMCLOUD_IAM_API_ENDPOINT: plane.ibm, IBMCLOUD_API_KEY: keyOf('owner-a') },
    colour: false,
  });
  assert.equal(code, 0);
  return printed;
}

const policyOf = async (id: string) =>
  (await plane.call('GET', `/v1/policies/${id}`, { token: plane.tokens['owner-a'] })).body;

test('creates, lists, shows and deletes as the document prints it', async () => {
  const created = await ibmcloud('authorization-policy-create', 'server-protect', 'kms', 'Reader');
  const id = /Authorization policy (\S+) was created\./.exec(created)?.[1] ?? '';
  const block = `ID:                        ${id}
Source service name:       server-protect
Source service instance:   All instances
Target service name:       kms
Target service instance:   All instances
Roles:                     Reader
`;
  assert.equal(
    created,
    `Creating authorization policy under account ${A} as owner@a.example...
OK
Authorization policy ${id} was created.

${block}`,
  );
  assert.equal(
    await ibmcloud('authorization-policies'),
    `Getting authorization policies under account ${A} as owner@a.example...
OK
${' '.repeat(27)}
${block}`,
  );
  assert.equal(await ibmcloud('authorization-policy', id, '-q'), block);
  assert.equal(JSON.parse(await ibmcloud('authorization-policies', '--output', 'JSON'))[0].id, id);
  assert.match(
    await ibmcloud('authorization-policy-delete', id, '-f'),
    /OK\nAuthorization policy \S+ was deleted\.\n$/,
  );
  assert.equal((await policyOf(id)).state, 'deleted');
  assert.equal(await ibmcloud('authorization-policies', '-q'), 'No authorization policy found.\n');
});

test('the flags narrow source and target', async () => {
  const printed = await ibmcloud(
    'authorization-policy-create',
    'is',
    'kms',
    'Reader,Authorization Delegator',
    '--source-service-account',
    B,
    '--source-resource-type',
    'share',
    '--target-service-instance-id',
    `crn:v1:bluemix:public:kms:us-south:a/${A}:keys-1::`,
    '--output',
    'json',
  );
  const { id, subjects, resources, roles } = JSON.parse(printed);
  assert.deepEqual(subjects[0].attributes, [
    { name: 'accountId', value: B },
    { name: 'serviceName', value: 'is' },
    { name: 'resourceType', value: 'share' },
  ]);
  assert.deepEqual(
    resources[0].attributes.map(({ name, value }: { name: string; value: string }) => [name, value]),
    [
      ['accountId', A],
      ['serviceName', 'kms'],
      ['serviceInstance', 'keys-1'],
    ],
  );
  assert.deepEqual(
    roles.map(({ role_id }: { role_id: string }) => role_id),
    [READER, DELEGATOR],
  );
  assert.match(await ibmcloud('authorization-policy', id), new RegExp(`Source service account:    ${B}\n`));
  await ibmcloud('authorization-policy-delete', id, '--force');
});

test('a file holds the policy as the API takes it', async () => {
  const file = join(folder, 'policy.json');
  await writeFile(file, JSON.stringify(authorization({ roles: [DELEGATOR, READER] })));
  const created = await ibmcloud('authorization-policy-create', '--file', file);
  const id = /Authorization policy (\S+) was created\./.exec(created)?.[1] ?? '';
  assert.equal((await policyOf(id)).subjects[0].attributes[0].value, B);
  await ibmcloud('authorization-policy-delete', id, '-f');

  await writeFile(file, '{ "type": "authorization", }');
  await assert.rejects(ibmcloud('authorization-policy-create', '--file', file), /is not JSON/);
  const wrong = JSON.stringify(authorization()).replace('"name":"accountId"', '"name":"Account-B"');
  await writeFile(file, wrong);
  await assert.rejects(ibmcloud('authorization-policy-create', '--file', file), /`Account-B`.*`accountId`/);
  await assert.rejects(ibmcloud('authorization-policy-create', '--file', `${file}.gone`), CommandError);
});

test('what cannot be done says why, and what to do', async () => {
  const create = 'authorization-policy-create';
  await assert.rejects(ibmcloud(create, 'server-protect', 'kms', 'Manager'), /no role `Manager`.*`Reader`/);
  await assert.rejects(ibmcloud(create, 'kms', 'server-protect', 'Reader'), /cannot be authorized/);
  await assert.rejects(ibmcloud(create, 'server-protect', 'kms'), UsageError);
  await assert.rejects(ibmcloud('authorization-policy-creat'), /did you mean `authorization-policy-create`/);
  await assert.rejects(ibmcloud('authorization-policies', '--output', 'yaml'), /`json`/);
  await assert.rejects(ibmcloud('authorization-policies', '--apikey', 'none'), CommandError);
  await assert.rejects(ibmcloud('authorization-policy', crypto.randomUUID()), /policy_not_found/);
  await assert.rejects(
    ibmcloud(create, 'server-protect', 'kms', 'Reader', '--apikey', keyOf('user-a')),
    /insufficent_permissions.*`easement why \S+`/,
  );
});
