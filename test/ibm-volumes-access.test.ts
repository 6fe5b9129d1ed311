/** Volumes: each operation with the grant that it takes, and without it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TestPlane } from './plane.ts';
import { grant, OWNER_A, startTwoAccounts, stopSound, WORKER_A } from './two-accounts.ts';
import { available, codeOf, general, type Vpc, vpcOf } from './vpc.ts';

let plane: TestPlane;
let vpc: Vpc;

before(async () => {
  plane = await startTwoAccounts();
  vpc = await vpcOf(plane);
});
after(() => stopSound(plane));

describe('each operation is for those who were granted it', () => {
  test('reading', async () => {
    const { id } = await available(vpc, OWNER_A, { ...general, name: 'to-read' });
    const path = `/v1/volumes/${id}`;
    const visible = async () =>
      (await vpc(WORKER_A, 'GET', '/v1/volumes')).body.volumes.map((v: { id: string }) => v.id);
    const denied = async () => {
      assert.equal(codeOf(await vpc(WORKER_A, 'GET', path)), '403 not_authorized');
      assert.equal(codeOf(await vpc(WORKER_A, 'GET', '/v1/volume/profiles')), '403 not_authorized');
      assert.equal(codeOf(await vpc(WORKER_A, 'GET', '/v1/volume/profiles/sdp')), '403 not_authorized');
      assert.deepEqual(await visible(), []);
    };
    await denied();
    const unknown = id.replace(/.{12}$/, '000000000000');
    assert.equal(
      codeOf(await vpc(WORKER_A, 'GET', `/v1/volumes/${unknown}`)),
      '403 not_authorized',
      'as for one that is',
    );
    const revokeOne = await grant(plane, 'Viewer', { serviceName: 'is', volumeId: id });
    assert.equal((await vpc(WORKER_A, 'GET', path)).status, 200);
    assert.deepEqual(await visible(), [id], 'this volume and no other');
    assert.equal((await vpc(WORKER_A, 'GET', '/v1/volumes')).body.total_count, 1);
    await revokeOne();
    await denied();
    const revokeAll = await grant(plane, 'Viewer', { serviceName: 'is' });
    assert.equal((await vpc(WORKER_A, 'GET', path)).status, 200);
    assert.equal((await vpc(WORKER_A, 'GET', '/v1/volume/profiles')).status, 200);
    await revokeAll();
    await denied();
  });

  test('making, changing, deleting', async () => {
    const { id, resource_group: group } = await available(vpc, OWNER_A, { ...general, name: 'to-change' });
    const path = `/v1/volumes/${id}`;
    const make = (name: string) => vpc(WORKER_A, 'POST', '/v1/volumes', { ...general, name });
    const revokeView = await grant(plane, 'Viewer', { serviceName: 'is' });
    assert.equal(codeOf(await make('no')), '403 not_authorized');
    assert.equal(codeOf(await vpc(WORKER_A, 'PATCH', path, { name: 'no' })), '403 not_authorized');
    assert.equal(codeOf(await vpc(WORKER_A, 'DELETE', path)), '403 not_authorized');
    await revokeView();

    const revokeEdit = await grant(plane, 'Editor', { serviceName: 'is', resourceType: 'volume' });
    assert.equal(codeOf(await make('no-group')), '400 volume_resource_group_not_authorized');
    const revokeGroup = await grant(plane, 'Viewer', { resourceType: 'resource-group', resource: group.id });
    assert.equal((await make('yes')).status, 201);
    assert.equal((await vpc(WORKER_A, 'PATCH', path, { name: 'changed-by-worker' })).status, 200);
    await revokeEdit();
    assert.equal(codeOf(await make('no-more')), '403 not_authorized');
    assert.equal(codeOf(await vpc(WORKER_A, 'DELETE', path)), '403 not_authorized');
    const again = await grant(plane, 'Editor', { serviceName: 'is', resourceType: 'volume' });
    assert.equal((await vpc(WORKER_A, 'DELETE', path)).status, 204);
    await again();
    await revokeGroup();
  });
});
