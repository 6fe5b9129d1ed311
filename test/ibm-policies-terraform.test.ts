/**
 * The calls that Terraform's `ibm_iam_authorization_policy` makes, in its order and its mix of versions.
 * https://github.com/IBM-Cloud/terraform-provider-ibm/blob/master/ibm/service/iampolicy/resource_ibm_iam_authorization_policy.go
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { A, B, type PolicyPlane, startPolicyPlane } from './ibm-policies-world.ts';

let plane: PolicyPlane;
before(async () => {
  plane = await startPolicyPlane();
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
});

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  plane.call(method, path, { token: plane.tokens['owner-a'], headers, ...(body === undefined ? {} : { body }) });

interface Role {
  readonly crn: string;
  readonly display_name: string;
}

/** The CRNs for the display names that a configuration writes, among the roles that the API offers. */
async function rolesNamed(query: string, names: readonly string[]): Promise<string[]> {
  const { body } = await call('GET', `/v2/roles?${query}`);
  const offered: Role[] = [...body.system_roles, ...body.service_roles, ...body.custom_roles];
  return names.map((name) => {
    const role = offered.find(({ display_name }) => display_name === name);
    assert.ok(role, `${name} among ${offered.map(({ display_name }) => display_name)}`);
    return role.crn;
  });
}

const attribute = (key: string, value: string, operator = 'stringEquals') => ({ key, operator, value });

function body(roles: readonly string[], description: string) {
  return {
    type: 'authorization',
    description,
    subject: {
      attributes: [
        attribute('serviceName', 'server-protect'),
        attribute('accountId', B),
        attribute('resourceGroupId', 'true', 'stringExists'),
      ],
    },
    resource: {
      attributes: [attribute('serviceName', 'kms'), attribute('accountId', A), attribute('serviceInstance', 'keys')],
    },
    control: { grant: { roles: roles.map((role_id) => ({ role_id })) } },
  };
}

test('create, read, exists, update, delete', async () => {
  const pair = 'service_name=kms&source_service_name=server-protect&policy_type=authorization';
  const roles = await rolesNamed(pair, ['Reader', 'Authorization Delegator']);
  const made = await call('POST', '/v2/policies', body(roles, 'made'), { 'transaction-id': 'terraform-1' });
  assert.equal(made.status, 201);
  assert.equal(made.headers.get('transaction-id'), 'terraform-1');
  const { id } = made.body;

  for (let reads = 0; reads < 2; reads += 1) {
    const { body: seen, status, headers } = await call('GET', `/v2/policies/${id}`);
    assert.equal(status, 200);
    assert.notEqual(headers.get('transaction-id') ?? '', '');
    const sent = body(roles, 'made');
    assert.deepEqual([seen.subject, seen.resource, seen.control], [sent.subject, sent.resource, sent.control]);
  }
  assert.deepEqual(await rolesNamed(`account_id=${A}&${pair}`, ['Reader']), roles.slice(0, 1));
  assert.equal((await call('GET', `/v1/policies/${id}`)).body.state, 'active');

  const etag = (await call('GET', `/v2/policies/${id}`)).headers.get('etag')!;
  const updated = await call('PUT', `/v2/policies/${id}`, body(roles.slice(0, 1), 'changed'), { 'if-match': etag });
  assert.equal(updated.status, 200);
  assert.equal(updated.body.description, 'changed');
  assert.deepEqual(updated.body.control.grant.roles, [{ role_id: roles[0] }]);

  assert.equal((await call('DELETE', `/v1/policies/${id}`)).status, 204);
  assert.equal((await call('GET', `/v1/policies/${id}`)).body.state, 'deleted');
});

test('a role that the pair does not have is not offered, and refused when it is sent all the same', async () => {
  const pair = 'service_name=kms&source_service_name=server-protect&policy_type=authorization';
  await assert.rejects(rolesNamed(pair, ['Manager']));
  const manager = 'crn:v1:bluemix:public:iam::::serviceRole:Manager';
  assert.equal((await call('POST', '/v2/policies', body([manager], 'too much'))).status, 400);
});
