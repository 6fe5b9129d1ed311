/** Service instances through the official client, and what the global catalog tells Terraform. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import ResourceControllerV2 from '@ibm-cloud/platform-services/resource-controller/v2.js';
import type { TestPlane } from './plane.ts';
import { controllerOf, defaultGroup, refusal, TIERED } from './resources.ts';
import { A, grant, OWNER_A, OWNER_B, startTwoAccounts, stopSound, WORKER_A } from './two-accounts.ts';

let plane: TestPlane;

before(async () => {
  plane = await startTwoAccounts();
});
after(() => stopSound(plane));

describe('service instances', () => {
  const create = async (apikey: string, name: string) =>
    controllerOf(plane, apikey).createResourceInstance({
      name,
      target: 'us-south',
      resourceGroup: await defaultGroup(plane, apikey === WORKER_A ? OWNER_A : apikey),
      resourcePlanId: TIERED,
    });

  test('a Key Protect instance, as the resource controller shows it', async () => {
    const created = await create(OWNER_A, 'my keys');
    assert.equal(created.status, 201);
    const instance = created.result;
    assert.equal(instance.id, `crn:v1:bluemix:public:kms:us-south:a/${A}:${instance.guid}::`);
    assert.equal(instance.crn, instance.id);
    assert.equal(instance.state, 'active');
    assert.equal(instance.region_id, 'us-south');
    assert.equal(instance.account_id, A);
    assert.equal(instance.type, 'service_instance');
    assert.equal(instance.resource_id, 'ee41347f-b18e-4ca6-bf80-b5467c63f9a6');
    assert.equal(instance.resource_plan_id, TIERED);
    assert.equal(instance.target_crn, `crn:v1:bluemix:public:globalcatalog::::deployment:${TIERED}%3Aus-south`);
    assert.deepEqual([instance.last_operation!.type, instance.last_operation!.state], ['create', 'succeeded']);
    assert.equal(instance.last_operation!.async, false);
    assert.equal(instance.locked, false);
    assert.equal(instance.plan_history![0]!.resource_plan_id, TIERED);
    assert.equal(instance.resource_keys_url, `/v2/resource_instances/${instance.guid}/resource_keys`);
    const { public: endpoint } = instance.extensions!['endpoints'] as { public: string };
    assert.ok(endpoint.startsWith(plane.ibm), 'clients are sent to this plane');
    const keys = await fetch(`${endpoint}/api/v2/keys`, {
      headers: { authorization: `Bearer ${await plane.token(OWNER_A)}`, 'bluemix-instance': instance.guid! },
    });
    assert.equal(keys.status, 200, 'and there its keys are');
  });

  test('found by CRN and by GUID, listed by filters, page by page', async () => {
    const client = controllerOf(plane, OWNER_B);
    const made = [];
    for (const name of ['one', 'two', 'three']) made.push((await create(OWNER_B, name)).result);
    const [one] = made;
    assert.equal((await client.getResourceInstance({ id: one!.crn! })).result.guid, one!.guid);
    assert.equal((await client.getResourceInstance({ id: one!.guid! })).result.crn, one!.crn);
    const names = async (filter: object) =>
      (await client.listResourceInstances(filter)).result.resources.map(({ name }) => name).sort();
    assert.deepEqual(await names({}), ['one', 'three', 'two']);
    assert.deepEqual(await names({ name: 'two' }), ['two']);
    assert.deepEqual(await names({ guid: one!.guid }), ['one']);
    assert.deepEqual(await names({ resourceId: 'ee41347f-b18e-4ca6-bf80-b5467c63f9a6', type: 'service_instance' }), [
      'one',
      'three',
      'two',
    ]);
    assert.deepEqual(await names({ resourceId: 'dff97f5c-bc5e-4455-b470-411c3edbe49c' }), []);
    assert.deepEqual(await names({ resourceGroupId: 'f'.repeat(32) }), []);
    assert.deepEqual(await names({ state: 'removed' }), []);
    const paged = await new ResourceControllerV2.ResourceInstancesPager(client, { limit: 2 }).getAll();
    assert.deepEqual(paged.map(({ name }) => name).sort(), ['one', 'three', 'two']);
    const first = (await client.listResourceInstances({ limit: 2 })).result;
    assert.equal(first.rows_count, 2);
    assert.match(first.next_url!, /^\/v2\/resource_instances\?.*start=/);
  });

  test('changed, locked, unlocked, deleted; a deleted one is shown as removed', async () => {
    const client = controllerOf(plane, OWNER_A);
    const { guid: id } = (await create(OWNER_A, 'changing')).result as { guid: string };
    const changed = (await client.updateResourceInstance({ id, name: 'changed', parameters: { hello: 'bye' } })).result;
    assert.equal(changed.name, 'changed');
    assert.deepEqual([changed.last_operation!.type, changed.last_operation!.sub_type], ['update', 'config']);
    assert.equal(await refusal(client.updateResourceInstance({ id, resourcePlanId: 'gold' })), '400 RC-BadRequest');
    assert.equal((await client.lockResourceInstance({ id })).result.locked, true);
    assert.equal(await refusal(client.updateResourceInstance({ id, name: 'again' })), '422 RC-InstanceLocked');
    assert.equal(await refusal(client.deleteResourceInstance({ id })), '422 RC-InstanceLocked');
    assert.equal((await client.unlockResourceInstance({ id })).result.locked, false);
    assert.equal((await client.deleteResourceInstance({ id })).status, 204);
    assert.equal((await client.getResourceInstance({ id })).result.state, 'removed');
    assert.equal(await refusal(client.deleteResourceInstance({ id })), '410 RC-InstanceGone');
    assert.deepEqual((await client.listResourceInstances({ guid: id })).result.resources, []);
  });

  test('an instance can be locked from the start', async () => {
    const client = controllerOf(plane, OWNER_A);
    const { result } = await client.createResourceInstance({
      name: 'locked',
      target: 'eu-gb',
      resourceGroup: await defaultGroup(plane, OWNER_A),
      resourcePlanId: TIERED,
      entityLock: true,
    });
    assert.equal(result.locked, true);
    assert.equal(await refusal(client.deleteResourceInstance({ id: result.crn! })), '422 RC-InstanceLocked');
  });

  test('an instance with active keys stays until they are deleted', async () => {
    const token = await plane.token(OWNER_A);
    const { guid: id } = (await create(OWNER_A, 'full')).result as { guid: string };
    const key = await plane.call('POST', '/api/v2/keys', {
      token,
      headers: { 'bluemix-instance': id },
      body: {
        metadata: { collectionType: 'application/vnd.ibm.kms.key+json', collectionTotal: 1 },
        resources: [{ type: 'application/vnd.ibm.kms.key+json', name: 'root', extractable: false }],
      },
    });
    assert.equal(key.status, 201);
    const refused = await plane.call('DELETE', `/v2/resource_instances/${id}?recursive=true`, { token });
    assert.equal(refused.status, 422);
    assert.equal(refused.body.error_code, 'RC-ServiceBrokerErrorResponse');
    assert.match(refused.body.message, /CONTAINS_ACTIVE_KEYS: .* Instance contains 1 active keys$/);
    const deleted = await plane.call('DELETE', `/api/v2/keys/${key.body.resources[0].id}`, {
      token,
      headers: { 'bluemix-instance': id },
    });
    assert.ok(deleted.status === 200 || deleted.status === 204);
    assert.equal((await controllerOf(plane, OWNER_A).deleteResourceInstance({ id })).status, 204);
  });

  test('each operation is for those who were granted it', async () => {
    const client = controllerOf(plane, WORKER_A);
    const group = await defaultGroup(plane, OWNER_A);
    const { guid: id } = (await create(OWNER_A, 'guarded')).result as { guid: string };
    const operations = {
      read: () => client.getResourceInstance({ id }),
      update: () => client.updateResourceInstance({ id, name: 'guarded' }),
      lock: () => client.lockResourceInstance({ id }),
      unlock: () => client.unlockResourceInstance({ id }),
      delete: () => client.deleteResourceInstance({ id }),
    };
    const denied = '403 RC-IAMAccessDenied';
    for (const [name, call] of Object.entries(operations)) assert.equal(await refusal(call()), denied, name);
    assert.deepEqual((await client.listResourceInstances({})).result.resources, []);

    const revokeView = await grant(plane, 'Viewer', { serviceName: 'kms', serviceInstance: id });
    assert.equal(await refusal(operations.read()), 'allowed');
    assert.deepEqual(
      (await client.listResourceInstances({})).result.resources.map(({ guid }) => guid),
      [id],
    );
    assert.equal(await refusal(operations.update()), denied);
    await revokeView();
    assert.equal(await refusal(operations.read()), denied);

    const revokeEdit = await grant(plane, 'Editor', { serviceName: 'kms' });
    const make = () => create(WORKER_A, 'made by the worker');
    assert.equal(await refusal(make()), denied, 'the resource group must be in sight too');
    const revokeGroup = await grant(plane, 'Viewer', { resourceType: 'resource-group', resource: group });
    const made = (await make()).result.guid!;
    for (const [name, call] of Object.entries(operations)) assert.equal(await refusal(call()), 'allowed', name);
    await revokeEdit();
    assert.equal(await refusal(client.deleteResourceInstance({ id: made })), denied);
    assert.equal(await refusal(make()), denied);
    await revokeGroup();
  });

  test('an instance of another account answers like none', async () => {
    const { guid, crn } = (await create(OWNER_A, 'of a')).result;
    const client = controllerOf(plane, OWNER_B);
    const answers = new Set<string>();
    for (const id of [guid!, crn!, '00000000-0000-4000-8000-000000000000', crn!.replace(guid!, 'nothing')]) {
      answers.add(await refusal(client.getResourceInstance({ id })));
      answers.add(await refusal(client.deleteResourceInstance({ id })));
    }
    assert.deepEqual([...answers], ['404 RC-ServiceInstanceNotFound']);
    assert.equal((await controllerOf(plane, OWNER_A).getResourceInstance({ id: guid! })).result.state, 'active');
  });

  test('bad input is refused, and nothing is made', async () => {
    const token = await plane.token(OWNER_B);
    const group = await defaultGroup(plane, OWNER_B);
    const good = { name: 'kp', target: 'us-south', resource_group: group, resource_plan_id: TIERED };
    const before = (await controllerOf(plane, OWNER_B).listResourceInstances({})).result.rows_count;
    const cases: [body: unknown, status: number, says: RegExp][] = [
      ['{"name": ', 400, /not valid JSON/],
      [[], 400, /expected object/],
      [{ ...good, name: 5 }, 400, /`name`/],
      [{ ...good, colour: 'red' }, 400, /`colour`/],
      [{ ...good, name: 'a/b' }, 400, /`a\/b`/],
      [{ ...good, target: 'mars' }, 400, /`mars`/],
      [{ ...good, resource_plan_id: 'gold' }, 400, /`gold`/],
      [{ ...good, resource_group: 'f'.repeat(32) }, 404, /resource/],
      [{ ...good, resource_group: await defaultGroup(plane, OWNER_A) }, 404, /resource/],
      ['x'.repeat(70_000), 413, /larger/],
    ];
    for (const [body, status, says] of cases) {
      const reply = await plane.call('POST', '/v2/resource_instances', { token, body });
      assert.equal(reply.status, status, JSON.stringify(body).slice(0, 100));
      assert.match(reply.body.message, says);
    }
    const noToken = await plane.call('POST', '/v2/resource_instances', { body: good });
    assert.equal(noToken.status, 401);
    assert.equal((await plane.call('GET', '/v2/resource_instances?limit=0', { token })).status, 400);
    assert.equal((await controllerOf(plane, OWNER_B).listResourceInstances({})).result.rows_count, before);
  });
});

describe('the global catalog', () => {
  test('leads Terraform from the name of a service to a target', async () => {
    const token = await plane.token(OWNER_B);
    const found = await plane.call('GET', '/api/v1/?q=name:kms&include=*', { token });
    const [service] = found.body.resources;
    assert.deepEqual([service.name, service.kind], ['kms', 'service']);
    const plans = await plane.call('GET', `/api/v1/${service.id}/plan`, { token });
    const plan = plans.body.resources.find(({ name }: { name: string }) => name === 'tiered-pricing');
    assert.equal(plan.id, TIERED);
    const deployments = await plane.call('GET', `/api/v1/${plan.id}/deployment?include=*`, { token });
    const frankfurt = deployments.body.resources.find(
      ({ metadata }: { metadata: { deployment: { location: string } } }) => metadata.deployment.location === 'eu-de',
    );
    assert.equal(frankfurt.metadata.rc_compatible, true);
    const made = await plane.call('POST', '/v2/resource_instances', {
      token,
      body: {
        name: 'by terraform',
        target: frankfurt.catalog_crn,
        resource_group: await defaultGroup(plane, OWNER_B),
        resource_plan_id: plan.id,
      },
    });
    assert.equal(made.status, 201);
    assert.equal(made.body.region_id, 'eu-de');
    const named = await plane.call('GET', `/api/v1/${made.body.resource_id}`, { token });
    assert.equal(named.body.name, 'kms');
  });

  test('knows nothing else, and nothing for callers without a token', async () => {
    const token = await plane.token(OWNER_B);
    assert.deepEqual((await plane.call('GET', '/api/v1/?q=name:nothing', { token })).body.resources, []);
    assert.equal((await plane.call('GET', '/api/v1/nothing', { token })).status, 404);
    assert.equal((await plane.call('GET', '/api/v1/?q=name:kms')).status, 401);
  });
});
