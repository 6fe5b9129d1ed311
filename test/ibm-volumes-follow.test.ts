/** What becomes of volumes when their key is disabled, deleted, restored and rotated, and of the key when they go. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  becomes,
  codeOf,
  onKey,
  registrationsOf,
  type Story,
  sharedVolume,
  startStory,
  VERSION,
  volume,
  WAIT,
} from './lent-keys.ts';
import { eventually } from './plane.ts';
import { stopSound } from './two-accounts.ts';

let story: Story;

before(async () => {
  story = await startStory();
});
after(() => stopSound(story.plane));

describe('the volume follows its key', () => {
  test('disabled and enabled', async () => {
    const { key, id } = await sharedVolume(story);
    assert.equal((await onKey(story, key, 'POST', '/actions/disable')).status, 204);
    const unusable = await becomes(story, 'B', id, 'unusable');
    assert.equal(unusable.status_reasons[0].code, 'encryption_key_disabled');
    assert.equal(unusable.health_state, 'inapplicable');
    const renamed = await story.plane.call('PATCH', `/v1/volumes/${id}?${VERSION}`, {
      token: await story.token('B'),
      body: { name: 'x' },
    });
    assert.equal(codeOf(renamed), '409 volume_status_not_available');
    await story.plane.advance(WAIT);
    assert.equal((await onKey(story, key, 'POST', '/actions/enable')).status, 204);
    assert.deepEqual((await becomes(story, 'B', id, 'available')).status_reasons, []);
  });

  test('deleted by force and restored', async () => {
    const { key, id, crn } = await sharedVolume(story);
    assert.equal((await onKey(story, key, 'DELETE')).status, 409, 'a registered volume is in the way');
    assert.equal((await volume(story, 'B', id)).body.status, 'available');
    assert.ok((await onKey(story, key, 'DELETE', '?force=true')).status < 300);
    assert.equal((await becomes(story, 'B', id, 'unusable')).status_reasons[0].code, 'encryption_key_deleted');
    await story.plane.advance(WAIT);
    assert.equal((await onKey(story, key, 'POST', '/restore')).status, 201);
    await becomes(story, 'B', id, 'available');
    assert.deepEqual(
      (await registrationsOf(story, key)).map(({ resourceCrn }) => resourceCrn),
      [crn],
    );
  });

  test('rotated: wrapped anew; without the authorization the old wrapping goes on working', async () => {
    const { key, id, revoke } = await sharedVolume(story);
    const [before] = await registrationsOf(story, key);
    assert.equal((await onKey(story, key, 'POST', '/actions/rotate', {})).status, 204);
    const versionOf = async () =>
      (await onKey(story, key, 'GET', '/metadata')).body.resources[0].keyVersion.id as string;
    const second = await versionOf();
    assert.notEqual(second, before!.keyVersion.id);
    await eventually('the registration names the new version', async () => {
      const [registration] = await registrationsOf(story, key);
      return registration?.keyVersion.id === second;
    });
    await revoke();
    await story.plane.advance(3_700_000);
    assert.equal((await onKey(story, key, 'POST', '/actions/rotate', {})).status, 204);
    assert.equal((await onKey(story, key, 'POST', '/actions/disable')).status, 204);
    await becomes(story, 'B', id, 'unusable');
    await story.plane.advance(WAIT);
    assert.equal((await onKey(story, key, 'POST', '/actions/enable')).status, 204);
    await becomes(story, 'B', id, 'available');
    assert.equal(
      (await registrationsOf(story, key))[0]!.keyVersion.id,
      second,
      'as wrapped before the authorization ended',
    );
  });
});

describe('deleting the volume', () => {
  test('ends its registration, and the key can be deleted', async () => {
    const { key, id } = await sharedVolume(story);
    assert.equal((await volume(story, 'B', id, 'DELETE')).status, 204);
    await eventually('it is gone', async () => (await volume(story, 'B', id)).status === 404);
    assert.deepEqual(await registrationsOf(story, key), []);
    assert.ok((await onKey(story, key, 'DELETE')).status < 300);
  });

  test('works without the authorization and without the key; without the one, the registration stays', async () => {
    const { key, id, revoke } = await sharedVolume(story);
    await revoke();
    assert.equal((await volume(story, 'B', id, 'DELETE')).status, 204);
    assert.equal((await registrationsOf(story, key)).length, 1, 'nobody was allowed to end it');
    assert.equal((await onKey(story, key, 'DELETE')).status, 409);

    const second = await sharedVolume(story);
    assert.ok((await onKey(story, second.key, 'DELETE', '?force=true')).status < 300);
    await becomes(story, 'B', second.id, 'unusable');
    assert.equal((await volume(story, 'B', second.id, 'DELETE')).status, 204);
    await eventually('it is gone', async () => (await volume(story, 'B', second.id)).status === 404);
  });
});
