/** Resource groups, through the official client of the resource manager. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { TestPlane } from './plane.ts';
import { controllerOf, defaultGroup, managerOf, refusal, TIERED } from './resources.ts';
import { A, grant, OWNER_A, OWNER_B, startTwoAccounts, stopSound, WORKER_A } from './two-accounts.ts';

let plane: TestPlane;

before(async () => {
  plane = await startTwoAccounts();
});
after(() => stopSound(plane));

describe('resource groups', () => {
  test('every account has its default group, as the resource manager shows it', async () => {
    const { result } = await managerOf(plane, OWNER_A).listResourceGroups({ accountId: A });
    const [group] = result.resources!;
    assert.equal(result.resources!.length, 1);
    assert.equal(group!.name, 'Default');
    assert.equal(group!.default, true);
    assert.equal(group!.state, 'ACTIVE');
    assert.equal(group!.account_id, A);
    assert.equal(group!.crn, `crn:v1:bluemix:public:resource-controller::a/${A}::resource-group:${group!.id}`);
    assert.equal(group!.quota_url, `/v2/quota_definitions/${group!.quota_id}`);
    assert.ok(Date.parse(group!.created_at!) > Date.parse('2026-01-01'));
  });

  test('made, found, renamed, deleted', async () => {
    const client = managerOf(plane, OWNER_A);
    const created = await client.createResourceGroup({ name: 'team', accountId: A });
    assert.equal(created.status, 201);
    assert.deepEqual(Object.keys(created.result).sort(), ['crn', 'id']);
    const id = created.result.id!;
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal((await client.getResourceGroup({ id })).result.name, 'team');
    assert.equal((await client.updateResourceGroup({ id, name: 'team-2' })).result.name, 'team-2');
    const found = await client.listResourceGroups({ accountId: A, name: 'team-2' });
    assert.deepEqual(
      found.result.resources!.map((group) => group.id),
      [id],
    );
    assert.equal((await client.deleteResourceGroup({ id })).status, 204);
    assert.equal(await refusal(client.getResourceGroup({ id })), '404 not_found');
  });

  test('what cannot be: a second name, no name, deleting the default group or one in use', async () => {
    const client = managerOf(plane, OWNER_A);
    assert.equal(await refusal(client.createResourceGroup({ name: 'default', accountId: A })), '409 conflict');
    assert.equal(await refusal(client.createResourceGroup({ name: 'a/b', accountId: A })), '400 bad_request');
    assert.equal(await refusal(client.createResourceGroup({ accountId: A })), '400 RC-BadRequest');
    const id = await defaultGroup(plane, OWNER_A);
    assert.equal(await refusal(client.deleteResourceGroup({ id })), '400 bad_request');
    const used = (await client.createResourceGroup({ name: 'used', accountId: A })).result.id!;
    const instance = await controllerOf(plane, OWNER_A).createResourceInstance({
      name: 'in use',
      target: 'us-south',
      resourceGroup: used,
      resourcePlanId: TIERED,
    });
    assert.equal(await refusal(client.deleteResourceGroup({ id: used })), '409 conflict');
    await controllerOf(plane, OWNER_A).deleteResourceInstance({ id: instance.result.guid! });
    assert.equal((await client.deleteResourceGroup({ id: used })).status, 204);
  });

  test('each operation is for those who were granted it', async () => {
    const client = managerOf(plane, WORKER_A);
    const id = await defaultGroup(plane, OWNER_A);
    const names = async () =>
      (await client.listResourceGroups({ accountId: A })).result.resources!.map(({ name }) => name);
    assert.deepEqual(await names(), []);
    assert.equal(await refusal(client.getResourceGroup({ id })), '403 insufficient_permissions');
    assert.equal(await refusal(client.getResourceGroup({ id: 'f'.repeat(32) })), '403 insufficient_permissions');

    const revokeView = await grant(plane, 'Viewer', { resourceType: 'resource-group', resource: id });
    assert.deepEqual(await names(), ['Default']);
    assert.equal(await refusal(client.getResourceGroup({ id })), 'allowed');
    assert.equal(await refusal(client.updateResourceGroup({ id, name: 'x' })), '403 insufficient_permissions');
    await revokeView();
    assert.equal(await refusal(client.getResourceGroup({ id })), '403 insufficient_permissions');

    const create = () => client.createResourceGroup({ name: 'of the worker', accountId: A });
    assert.equal(await refusal(create()), '403 insufficient_permissions');
    const revokeEdit = await grant(plane, 'Editor', { resourceType: 'resource-group' });
    const made = (await create()).result.id!;
    assert.equal(await refusal(client.updateResourceGroup({ id: made, name: 'renamed' })), 'allowed');
    await revokeEdit();
    assert.equal(await refusal(client.deleteResourceGroup({ id: made })), '403 insufficient_permissions');
    await managerOf(plane, OWNER_A).deleteResourceGroup({ id: made });
  });

  test("another account's groups are not there", async () => {
    const id = await defaultGroup(plane, OWNER_A);
    assert.deepEqual((await managerOf(plane, OWNER_B).listResourceGroups({ accountId: A })).result.resources, []);
    assert.equal(await refusal(managerOf(plane, OWNER_B).getResourceGroup({ id })), '404 not_found');
    assert.equal(
      await refusal(managerOf(plane, OWNER_B).createResourceGroup({ name: 'intruder', accountId: A })),
      '403 insufficient_permissions',
    );
  });
});
