/** Roles with the official client: those that a policy may name, and those that an account makes for itself. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  A,
  ADMINISTRATOR,
  access,
  authorization,
  B,
  type Client,
  DELEGATOR,
  type PolicyPlane,
  READER,
  refusal,
  startPolicyPlane,
  VIEWER,
} from './ibm-policies-world.ts';

let plane: PolicyPlane;
let owner: Client;
let user: Client;
before(async () => {
  plane = await startPolicyPlane();
  owner = plane.as('owner-a');
  user = plane.as('user-a');
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
});

const listed = async (query: Parameters<Client['listRoles']>[0]) => {
  const { custom_roles, service_roles, system_roles } = (await owner.listRoles(query)).result;
  return {
    custom: custom_roles.map(({ name }) => name),
    roles: [...system_roles, ...service_roles].map(({ display_name, crn }) => [display_name, crn]),
  };
};

test('a pair of source and target has the roles that its page names, by the names that Terraform looks for', async () => {
  const pair = { serviceName: 'kms', sourceServiceName: 'server-protect', policyType: 'authorization' };
  assert.deepEqual(await listed(pair), {
    custom: [],
    roles: [
      ['Authorization Delegator', DELEGATOR],
      ['Reader', READER],
    ],
  });
  assert.deepEqual(await listed({ ...pair, serviceName: 'hs-crypto' }), await listed(pair));
  const snapshots = await listed({ serviceName: 'is', sourceServiceName: 'is', policyType: 'authorization' });
  assert.deepEqual(
    snapshots.roles.find(([name]) => name === 'Snapshot Remote Account Restorer'),
    ['Snapshot Remote Account Restorer', 'crn:v1:bluemix:public:is::::serviceRole:SnapshotRemoteAccountRestorer'],
  );
});

test('a pair that no service supports, and a service that there is not, have none', async () => {
  const none = { custom: [], roles: [] };
  const pair = { serviceName: 'server-protect', sourceServiceName: 'kms', policyType: 'authorization' };
  assert.deepEqual(await listed(pair), none);
  assert.deepEqual(await listed({ serviceName: 'no-such-service' }), none);
});

test('a service’s roles for access policies, with their actions', async () => {
  const { result } = await owner.listRoles({ serviceName: 'kms' });
  const names = [...result.system_roles, ...result.service_roles].map(({ display_name }) => display_name);
  for (const name of ['Viewer', 'Operator', 'Editor', 'Administrator', 'Reader', 'Writer', 'Manager']) {
    assert.ok(names.includes(name), name);
  }
  const reader = result.service_roles.find(({ display_name }) => display_name === 'Reader')!;
  assert.ok(reader.actions.includes('kms.secrets.unwrap'));
  assert.ok(!reader.actions.includes('kms.secrets.read'));
  assert.equal((await refusal(owner.listRoles({ serviceName: 'kms', serviceGroupId: 'IAM' }))).status, 400);
  assert.equal((await refusal(owner.listRoles({ policyType: 'grant' }))).status, 400);
});

const wrapper = {
  name: 'Wrapper',
  displayName: 'Key wrapper',
  description: 'wraps keys and nothing else',
  accountId: A,
  serviceName: 'kms',
  actions: ['kms.secrets.wrap'],
};

test('a custom role is made, read, changed with its entity tag, and deleted', async () => {
  const made = await owner.createRole(wrapper);
  assert.equal(made.status, 201);
  const { id = '', ...role } = made.result;
  assert.match(id, /^[0-9a-f]{32}$/);
  assert.equal(role.crn, `crn:v1:bluemix:public:iam-access-management::a/${A}::customRole:Wrapper`);
  assert.deepEqual(role.actions, ['kms.secrets.wrap']);
  assert.deepEqual((await owner.getRole({ roleId: id })).result, made.result);
  assert.deepEqual((await listed({ accountId: A, serviceName: 'kms' })).custom, ['Wrapper']);
  assert.deepEqual((await listed({ accountId: A, serviceName: 'is' })).custom, []);

  const seen = await plane.call('GET', `/v2/roles/${id}`, { token: plane.tokens['owner-a'] });
  const ifMatch = seen.headers.get('etag')!;
  const change = { roleId: id, displayName: 'Wrapper', actions: ['kms.secrets.wrap', 'kms.secrets.unwrap'] };
  assert.equal((await refusal(owner.replaceRole({ ...change, ifMatch: '1-0' }))).status, 412);
  const changed = await owner.replaceRole({ ...change, ifMatch });
  assert.equal(changed.result.display_name, 'Wrapper');
  assert.equal(changed.result.description, undefined);

  for (const client of [user, plane.as('owner-b')]) {
    assert.equal((await refusal(client.createRole({ ...wrapper, name: 'Mine' }))).status, 403);
    assert.deepEqual((await client.listRoles({ accountId: A, serviceName: 'kms' })).result.custom_roles, []);
  }
  assert.equal((await refusal(user.deleteRole({ roleId: id }))).status, 403);
  assert.equal((await refusal(plane.as('owner-b').getRole({ roleId: id }))).code, 'role_not_found');
  assert.equal((await owner.deleteRole({ roleId: id })).status, 204);
  assert.equal((await refusal(owner.getRole({ roleId: id }))).code, 'role_not_found');
});

test('two roles with the same name, display name or actions are a conflict', async () => {
  const { result } = await owner.createRole(wrapper);
  const other = { ...wrapper, name: 'Other', displayName: 'Other', actions: ['kms.secrets.unwrap'] };
  for (const same of [{ name: 'Wrapper' }, { displayName: 'Key wrapper' }, { actions: ['kms.secrets.wrap'] }]) {
    const refused = await refusal(owner.createRole({ ...other, ...same }));
    assert.deepEqual([refused.status, refused.code], [409, 'role_conflict_error']);
    assert.deepEqual(Object.keys(refused.body.errors[0]!.details!.conflicts_with), ['etag', 'role']);
  }
  const made = await owner.createRole(other);
  for (const role of [result, made.result]) await owner.deleteRole({ roleId: role.id! });
});

test('a custom role in a policy grants what it holds, as it is now, and cannot be deleted while it does', async () => {
  const { result: role } = await owner.createRole({ ...wrapper, actions: ['iam.policy.read'] });
  const body = access(plane.iamIds['user-a'], [role.crn!], { serviceName: 'kms' });
  const { result: policy } = await owner.createPolicy(body);
  assert.equal(policy.roles[0]!.display_name, 'Key wrapper');
  const policyId = policy.id!;
  assert.equal((await user.getPolicy({ policyId })).result.id, policyId);

  const refused = await refusal(owner.deleteRole({ roleId: role.id! }));
  assert.deepEqual([refused.status, refused.code], [409, 'role_conflict_error']);
  const ifMatch = (await plane.call('GET', `/v2/roles/${role.id}`, { token: plane.tokens['owner-a'] })).headers.get(
    'etag',
  )!;
  await owner.replaceRole({ roleId: role.id!, ifMatch, displayName: 'Key wrapper', actions: ['kms.secrets.wrap'] });
  assert.equal((await refusal(user.getPolicy({ policyId }))).status, 403, 'the role reads no policies any more');

  for (const wrong of [
    access(plane.iamIds['user-a'], [role.crn!], { serviceName: 'is' }),
    { ...authorization(), roles: [{ role_id: role.crn! }] },
  ]) {
    assert.equal((await refusal(owner.createPolicy(wrong))).code, 'invalid_body');
  }
  await owner.deletePolicy({ policyId });
  await owner.deleteRole({ roleId: role.id! });
});

test('who may write policies by a custom role gives away no more than that', async () => {
  const actions = ['iam.policy.create', 'iam.policy.update'];
  const { result: role } = await owner.createRole({ ...wrapper, actions });
  const { result } = await owner.createPolicy(access(plane.iamIds['user-a'], [role.crn!], { serviceName: 'kms' }));
  for (const roles of [[ADMINISTRATOR], [VIEWER]]) {
    const more = access(plane.iamIds['user-a'], roles, { serviceName: 'kms' });
    assert.equal((await refusal(user.createPolicy(more))).status, 403);
  }
  const administrator = await owner.createPolicy(
    access(plane.iamIds['user-a'], [ADMINISTRATOR], { serviceName: 'kms' }),
  );
  const viewer = await user.createPolicy(access(plane.iamIds['owner-b'], [VIEWER], { serviceName: 'kms' }));
  for (const id of [viewer.result.id!, administrator.result.id!, result.id!])
    await owner.deletePolicy({ policyId: id });
  await owner.deleteRole({ roleId: role.id! });
});

test('roles that cannot be are refused', async () => {
  for (const wrong of [
    { name: 'lower' },
    { name: 'With space' },
    { name: 'X'.repeat(31) },
    { displayName: 'x'.repeat(51) },
    { serviceName: 'no-such-service' },
    { actions: [] },
    { actions: ['kms.secrets.wrap', 'kms.secrets.wrap'] },
    { actions: ['is.volume.volume.create'] },
    { accountId: 'x' },
  ]) {
    const refused = await refusal(owner.createRole({ ...wrapper, ...wrong }));
    assert.deepEqual([refused.status, refused.code], [400, 'invalid_body'], JSON.stringify(wrong));
  }
  assert.equal((await refusal(owner.createRole({ ...wrapper, accountId: B }))).status, 403);
});

test('an account has forty custom roles at most', async () => {
  const actions = (await owner.listRoles({ serviceName: 'kms' })).result.service_roles
    .find(({ display_name }) => display_name === 'Manager')!
    .actions.filter((action) => action.startsWith('kms.'));
  const role = (n: number) => ({
    ...wrapper,
    name: `Role${n}`,
    displayName: `Role ${n}`,
    actions: [actions[n % 8]!, actions[8 + Math.floor(n / 8)]!],
  });
  for (let n = 0; n < 40; n += 1) await owner.createRole(role(n));
  const refused = await refusal(owner.createRole(role(40)));
  assert.deepEqual([refused.status, refused.code], [400, 'unable_to_process']);
  assert.match(refused.body.errors[0]!.message, /40/);
});
