/** Volumes under another account's key: who may, who may not, and in which words. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  A,
  authorize,
  becomes,
  codeOf,
  create,
  DELEGATOR,
  newInstance,
  newKey,
  onKey,
  READER,
  registrationsOf,
  type Story,
  sharedVolume,
  startStory,
  VERSION,
  volume,
} from './lent-keys.ts';

import { stopSound } from './two-accounts.ts';

let story: Story;

before(async () => {
  story = await startStory();
});
after(() => stopSound(story.plane));

describe("a volume under another account's key", () => {
  test('takes an authorization by the owner of the key; the very next call after its end is refused', async () => {
    const key = await newKey(story, 'A', await newInstance(story, 'A'));
    assert.equal(codeOf(await create(story, 'B', key.crn)), '400 volume_crn_invalid');

    const revoke = await authorize(story, key, 'B');
    const made = await create(story, 'B', key.crn);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.equal(made.body.encryption, 'user_managed');
    assert.deepEqual(made.body.encryption_key, { crn: key.crn });
    await becomes(story, 'B', made.body.id, 'available');
    const seen = await registrationsOf(story, key);
    assert.deepEqual(
      seen.map(({ resourceCrn }) => resourceCrn),
      [made.body.crn],
      'A sees whose volume it is',
    );
    const listed = await story.plane.call('GET', `/v1/volumes?${VERSION}&encryption=user_managed`, {
      token: await story.token('B'),
    });
    assert.ok(listed.body.volumes.some(({ id }: { id: string }) => id === made.body.id));

    await revoke();
    assert.equal(codeOf(await create(story, 'B', key.crn)), '400 volume_crn_invalid');
    assert.equal((await volume(story, 'B', made.body.id)).body.status, 'available', 'what is there stays');
    assert.equal((await registrationsOf(story, key)).length, 1);
  });

  test('goes one way, and to nobody else', async () => {
    const { key } = await sharedVolume(story);
    const keyOfB = await newKey(story, 'B', await newInstance(story, 'B'));
    assert.equal(codeOf(await create(story, 'A', keyOfB.crn)), '400 volume_crn_invalid', "A has no right to B's key");
    assert.equal(codeOf(await create(story, 'C', key.crn)), '400 volume_crn_invalid', 'a third account has none');
    assert.equal(
      codeOf(await create(story, 'A', key.crn)),
      '400 volume_crn_invalid',
      "not even the owner's block storage",
    );
    const revoke = await authorize(story, key, 'A');
    assert.equal((await create(story, 'A', key.crn)).status, 201, 'until it is authorized');
    await revoke();
    assert.equal(codeOf(await create(story, 'A', key.crn)), '400 volume_crn_invalid');
  });

  test('takes the role Reader, which is enough', async () => {
    const key = await newKey(story, 'A', await newInstance(story, 'A'));
    const delegator = await authorize(story, key, 'B', { roles: [DELEGATOR] });
    assert.equal(codeOf(await create(story, 'B', key.crn)), '400 volume_crn_invalid');
    await delegator();
    const reader = await authorize(story, key, 'B', { roles: [READER] });
    assert.equal((await create(story, 'B', key.crn)).status, 201);
    await reader();
    assert.equal(codeOf(await create(story, 'B', key.crn)), '400 volume_crn_invalid');
  });

  test('takes an authorization of block storage, for this key', async () => {
    const key = await newKey(story, 'A', await newInstance(story, 'A'));
    const other = await newKey(story, 'A', key.instance);
    const one = { target: { resourceType: 'key', resource: key.id } };
    const images = await authorize(story, key, 'B', { source: { serviceName: 'is', resourceType: 'image' } });
    assert.equal(codeOf(await create(story, 'B', key.crn)), '400 volume_crn_invalid', 'that is for images');
    await images();
    const forOther = await authorize(story, other, 'B', { target: { resourceType: 'key', resource: other.id } });
    assert.equal(codeOf(await create(story, 'B', key.crn)), '400 volume_crn_invalid', 'that is for the other key');
    await authorize(story, key, 'B', one);
    await forOther();
    assert.equal((await create(story, 'B', key.crn)).status, 201);
    assert.equal(codeOf(await create(story, 'B', other.crn)), '400 volume_crn_invalid');
  });

  test('is refused in the same words whatever is wrong with the CRN', async () => {
    const key = await newKey(story, 'A', await newInstance(story, 'A'));
    const elsewhere = await newKey(story, 'A', await newInstance(story, 'A', 'eu-de'));
    const standard = await newKey(story, 'A', key.instance, true);
    const other = await newKey(story, 'A', await newInstance(story, 'A'));
    await authorize(story, key, 'B');
    await authorize(story, elsewhere, 'B');
    const unknown = '00000000-0000-4000-8000-000000000000';
    const wrong: Record<string, string> = {
      malformed: `crn:bluemix:public:kms:us-south:a/a1234567:key:${key.id}`,
      'not a CRN': 'my-key',
      'an unknown key': key.crn.replace(key.id, unknown),
      'an unknown instance': key.crn.replace(key.instance, unknown),
      'an unknown account': key.crn.replace(A, 'f'.repeat(32)),
      'without authorization': other.crn,
      'of another service': key.crn.replace(':kms:', ':secrets-manager:'),
      'of another region': elsewhere.crn,
      'with a wrong region': key.crn.replace(':us-south:', ':eu-de:'),
      'an instance': `${key.crn.split(':key:')[0]}::`,
      'a standard key': standard.crn,
    };
    const words = new Set<string>();
    for (const [what, crn] of Object.entries(wrong)) {
      const reply = await create(story, 'B', crn);
      assert.equal(codeOf(reply), '400 volume_crn_invalid', what);
      words.add(JSON.stringify(reply.body.errors));
    }
    assert.equal(words.size, 1);
    assert.equal((await registrationsOf(story, key)).length, 0);
    assert.equal((await create(story, 'B', key.crn)).status, 201, 'while the right one works');
  });

  test('takes an active key', async () => {
    const key = await newKey(story, 'A', await newInstance(story, 'A'));
    await authorize(story, key, 'B');
    assert.equal((await onKey(story, key, 'POST', '/actions/disable')).status, 204);
    assert.equal(codeOf(await create(story, 'B', key.crn)), '400 volume_encryption_key_not_active');
    assert.equal(
      codeOf(await create(story, 'C', key.crn)),
      '400 volume_crn_invalid',
      'who may not use it learns nothing',
    );
    const gone = await newKey(story, 'A', key.instance);
    assert.ok((await onKey(story, gone, 'DELETE')).status < 300);
    assert.equal(codeOf(await create(story, 'B', gone.crn)), '400 volume_encryption_key_not_active');
  });

  test('leaves no trace when it is refused for something else', async () => {
    const { key } = await sharedVolume(story);
    assert.equal((await create(story, 'B', key.crn, 'same-name')).status, 201);
    assert.equal(codeOf(await create(story, 'B', key.crn, 'same-name')), '400 volume_name_duplicate');
    assert.equal((await registrationsOf(story, key)).length, 2);
  });
});
