/** Lists of policies with the official client: filters, order, pages. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  A,
  access,
  authorization,
  type Client,
  type PolicyPlane,
  READER,
  refusal,
  startPolicyPlane,
  VIEWER,
} from './ibm-policies-world.ts';

let plane: PolicyPlane;
let owner: Client;
/** Names of the policies of account A by their ids. */
const names = new Map<string, string>();
const GROUP = 'AccessGroupId-00000000-0000-0000-0000-000000000001';

before(async () => {
  plane = await startPolicyPlane();
  owner = plane.as('owner-a');
  const user = plane.iamIds['user-a'];
  const ofGroup = access('', [VIEWER], { serviceName: 'kms' });
  const bodies = {
    kms: access(user, [VIEWER], { serviceName: 'kms' }),
    volumes: access(user, [VIEWER], { serviceName: 'is' }),
    settings: access(user, [VIEWER], { serviceName: 'iam-access-management' }),
    iam: access(user, [VIEWER], { service_group_id: 'IAM' }),
    everything: access(user, [VIEWER], { serviceType: 'service' }),
    group: { ...ofGroup, subjects: [{ attributes: [{ name: 'access_group_id', value: GROUP }] }] },
    storage: authorization({ roles: [READER] }),
    removed: authorization({ instance: 'removed' }),
  };
  for (const [name, body] of Object.entries(bodies)) {
    const { result } = await owner.createPolicy(body);
    names.set(result.id!, name);
    if (name === 'removed') await owner.deletePolicy({ policyId: result.id! });
    await plane.advance(1000);
  }
  const tagged = access(user, [VIEWER], { serviceName: 'cloud-object-storage' });
  const tags = [{ name: 'project', value: 'blue', operator: 'stringEquals' }];
  const { result } = await owner.createPolicy({ ...tagged, resources: [{ ...tagged.resources[0]!, tags }] });
  names.set(result.id!, 'tagged');
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
});

type Query = Omit<Parameters<Client['listV2Policies']>[0], 'accountId'>;

async function list(query: Query): Promise<string[]> {
  const { result } = await owner.listV2Policies({ accountId: A, ...query });
  return result.policies.map(({ id }) => names.get(id!)!);
}
const sorted = async (query: Query): Promise<string[]> => (await list(query)).sort();

test('filters leave what they name', async () => {
  const user = plane.iamIds['user-a'];
  const ofUser = ['everything', 'iam', 'kms', 'settings', 'tagged', 'volumes'];
  assert.deepEqual(await sorted({}), [...ofUser, 'group', 'storage'].sort());
  assert.deepEqual(await sorted({ type: 'authorization' }), ['storage']);
  assert.deepEqual(await sorted({ iamId: user }), ofUser);
  assert.deepEqual(await sorted({ iamId: 'IBMid-nobody' }), []);
  assert.deepEqual(await sorted({ accessGroupId: GROUP }), ['group']);
  assert.deepEqual(await sorted({ serviceName: 'kms' }), ['group', 'kms', 'storage']);
  assert.deepEqual(await sorted({ serviceName: 'kms', type: 'access', iamId: user }), ['kms']);
  assert.deepEqual(await sorted({ serviceType: 'platform_service' }), ['iam', 'settings']);
  assert.deepEqual(await sorted({ serviceGroupId: 'IAM' }), ['iam']);
  assert.deepEqual(await sorted({ state: 'deleted' }), ['removed']);
  const inV1 = await owner.listPolicies({ accountId: A, tagName: 'project', tagValue: 'blue' });
  assert.deepEqual(
    inV1.result.policies.map(({ id }) => names.get(id!)),
    ['tagged'],
  );
  assert.deepEqual(
    (await owner.listPolicies({ accountId: A, tagName: 'project', tagValue: 'red' })).result.policies,
    [],
  );
});

test('a list is sorted by a field, up or down', async () => {
  const made = ['kms', 'volumes', 'settings', 'iam', 'everything', 'group', 'storage', 'tagged'];
  assert.deepEqual(await list({ sort: 'created_at' }), made);
  assert.deepEqual(await list({ sort: '-last_modified_at' }), [...made].reverse());
  assert.equal((await list({ sort: '-type' }))[0], 'storage');
  const ids = [...names].filter(([, name]) => name !== 'removed').map(([id]) => id);
  const byId = (await owner.listV2Policies({ accountId: A, sort: '-id' })).result.policies.map(({ id }) => id);
  assert.deepEqual(byId, ids.sort().reverse());
});

test('pages hold every policy once, in the store’s order and in any other', async () => {
  for (const sort of ['id', 'created_at', '-created_at']) {
    const seen: string[] = [];
    let start: string | undefined;
    do {
      const page = await owner.listPolicies({
        accountId: A,
        limit: 3,
        sort,
        ...(start === undefined ? {} : { start }),
      });
      assert.equal(page.result.limit, 3);
      assert.match(page.result.first!.href!, new RegExp(`^${plane.ibm}/v1/policies\\?`));
      assert.ok(page.result.policies.length <= 3);
      seen.push(...page.result.policies.map(({ id }) => names.get(id!)!));
      start = page.result.next?.start;
      if (start !== undefined) assert.ok(new URL(page.result.next!.href!).searchParams.get('start') === start);
    } while (start !== undefined);
    assert.equal(seen.length, 8);
    assert.deepEqual(seen, await list({ sort }));
  }
});

test('the display format tells the actions of roles', async () => {
  const page = await owner.listV2Policies({ accountId: A, format: 'display', type: 'authorization' });
  const [role] = (page.result.policies[0]!.control as { grant: { roles: Role[] } }).grant.roles;
  assert.equal(role!.display_name, 'Reader');
  const actions = role!.actions.map(({ id }) => id);
  assert.ok(actions.includes('kms.secrets.wrap'));
  assert.ok(!actions.includes('kms.secrets.delete'), 'a reader deletes no keys');
});

interface Role {
  readonly display_name: string;
  readonly actions: readonly { readonly id: string }[];
}

test('a query that cannot be meant is refused', async () => {
  const get = (query: string) => plane.call('GET', `/v2/policies?${query}`, { token: plane.tokens['owner-a'] });
  const missing = await get('type=access');
  assert.equal(missing.status, 400);
  assert.equal(missing.body.errors[0].code, 'missing_required_query_parameter');
  assert.match(missing.body.errors[0].message, /account_id/);
  for (const wrong of [
    'type=grant',
    'state=gone',
    'sort=colour',
    'limit=0',
    'limit=x',
    'limit=5000',
    'start=%25',
    'format=x',
  ]) {
    const reply = await get(`account_id=${A}&${wrong}`);
    assert.equal(reply.status, 400, wrong);
    assert.match(reply.body.errors[0].message, new RegExp(wrong.split('=')[0]!));
  }
  assert.equal((await plane.call('GET', `/v2/policies?account_id=${A}`)).status, 401);
  assert.equal((await refusal(plane.as('owner-a').listPolicies({ accountId: A, limit: -1 }))).status, 400);
});
