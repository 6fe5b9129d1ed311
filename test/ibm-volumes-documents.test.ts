/**
 * The volume of the vendor's page on cross-account encryption, sent as printed and corrected step by step; and the
 * requests of the VPC SDK, as recorded.
 * https://cloud.ibm.com/docs/vpc?topic=vpc-vpc-block-storage-byok-cross-acct
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { authorize, codeOf, newInstance, newKey, type Story, startStory } from './lent-keys.ts';
import { eventually, type Reply } from './plane.ts';
import { stopSound } from './two-accounts.ts';

let story: Story;

before(async () => {
  story = await startStory();
});
after(() => stopSound(story.plane));

/** As `curl -d` sends it: with the content type of a form, and the token as `ibmcloud iam oauth-tokens` prints it. */
async function curl(body: string): Promise<Reply> {
  return story.plane.call('POST', '/v1/volumes?version=2022-08-08&generation=2', {
    headers: {
      authorization: `Bearer ${await story.token('B')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body,
  });
}

const printed = {
  name: 'my-volume-1',
  iops: 100,
  capacity: 20,
  zone: { name: 'us-south-3' },
  profile: { name: 'general-purpose' },
  encryption_key: { crn: 'crn:bluemix:public:kms:us-south:a/a1234567:key:0cb88b98-9261-4d07-8329-8f594b6641b5' },
  resource_group: { id: 'a342dbfb-3ea7-48d1-96e8-2825ec5feab4' },
};

test('the printed volume is refused with what is wrong in it, one mistake after the other, and works without them', async () => {
  const key = await newKey(story, 'A', await newInstance(story, 'A'));
  const { iops: _iops, resource_group: _group, ...sound } = printed;

  const unclosed = await curl(JSON.stringify(printed).slice(0, -1));
  assert.equal(codeOf(unclosed), '400 bad_request');

  const tiered = await curl(JSON.stringify(printed));
  assert.equal(codeOf(tiered), '400 volume_profile_iops_invalid');
  assert.deepEqual(tiered.body.errors[0].target, { type: 'field', name: 'iops' });
  assert.match(tiered.body.errors[0].message, /`general-purpose`.*`custom`/);

  const strange = await curl(JSON.stringify({ ...sound, resource_group: printed.resource_group }));
  assert.equal(codeOf(strange), '400 volume_resource_group_not_found');

  const malformed = await curl(JSON.stringify(sound));
  assert.equal(codeOf(malformed), '400 volume_crn_invalid');
  assert.deepEqual(malformed.body.errors[0].target, { type: 'field', name: 'encryption_key.crn' });

  const corrected = JSON.stringify({ ...sound, encryption_key: { crn: key.crn } });
  assert.equal(codeOf(await curl(corrected)), '400 volume_crn_invalid', 'not yet authorized');
  const revoke = await authorize(story, key, 'B');
  const made = await curl(corrected);
  assert.equal(made.status, 201);
  assert.deepEqual(
    [made.body.encryption, made.body.encryption_key.crn, made.body.iops, made.body.resource_group.name],
    ['user_managed', key.crn, 3000, 'Default'],
  );
  await revoke();
});

test('the recorded requests of the SDK', async () => {
  const token = await story.token('B');
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    story.plane.call(method, path, { token, headers, ...(body === undefined ? {} : { body }) });
  const version = 'version=2026-03-24&generation=2';
  const key = await newKey(story, 'A', await newInstance(story, 'A'));
  await authorize(story, key, 'B');

  const requestId = '39943c96-67e7-4335-a90f-711ca5d0f23c';
  const body = {
    profile: { name: 'general-purpose' },
    zone: { name: 'us-south-1' },
    capacity: 10,
    name: 'v',
    encryption_key: { crn: key.crn },
  };
  const made = await send('POST', `/v1/volumes?${version}`, body, { 'x-request-id': requestId });
  assert.equal(made.status, 201);
  assert.equal(made.headers.get('x-request-id'), requestId);
  const path = `/v1/volumes/${made.body.id}?${version}`;
  await eventually('it is available', async () => (await send('GET', path)).body.status === 'available');

  const listed = await send('GET', `/v1/volumes?${version}&limit=10&encryption=user_managed`);
  assert.ok(listed.body.volumes.some(({ name }: { name: string }) => name === 'v'));

  const restored = {
    profile: { name: 'general-purpose' },
    zone: { name: 'us-south-1' },
    source_snapshot: { crn: `crn:v1:bluemix:public:is:us-south:a/${'a'.repeat(32)}::snapshot:s1` },
  };
  assert.equal(codeOf(await send('POST', `/v1/volumes?${version}`, restored)), '404 snapshot_not_found');

  const patch = { 'content-type': 'application/merge-patch+json', 'if-match': 'W/1' };
  assert.equal(codeOf(await send('PATCH', path, { capacity: 20 }, patch)), '412 precondition_failed');
  assert.equal((await send('DELETE', path)).status, 204);
});
