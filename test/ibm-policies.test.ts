/** IAM Policy Management with the official client: one policy in two versions, who may give access, and to what. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  A,
  ADMINISTRATOR,
  access,
  authorization,
  authorizationV2,
  B,
  C,
  DELEGATOR,
  EDITOR,
  type PolicyPlane,
  READER,
  refusal,
  startPolicyPlane,
  VIEWER,
  WRITER,
} from './ibm-policies-world.ts';

let plane: PolicyPlane;
before(async () => {
  plane = await startPolicyPlane();
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
});

const ETAG = /^1-[0-9a-f]{32}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test('an authorization of version 1 is the same policy in version 2, attributes in the order they were sent', async () => {
  const owner = plane.as('owner-a');
  const body = authorization({ instance: 'one', roles: [DELEGATOR, READER], description: 'keys for B' });
  const made = await owner.createPolicy(body);
  assert.equal(made.status, 201);
  const { id = '', ...shown } = made.result;
  assert.match(id, UUID);
  assert.deepEqual(shown.subjects, body.subjects);
  assert.deepEqual(shown.resources, body.resources);
  assert.equal(shown.state, 'active');
  assert.equal(shown.href, `${plane.ibm}/v1/policies/${id}`);
  assert.equal(shown.created_by_id, plane.iamIds['owner-a']);
  assert.equal(new Date(shown.created_at!).toISOString(), shown.created_at);
  assert.deepEqual(
    shown.roles.map(({ role_id, display_name }) => [role_id, display_name]),
    [
      [DELEGATOR, 'Authorization Delegator'],
      [READER, 'Reader'],
    ],
  );

  const inV2 = await owner.getV2Policy({ id });
  assert.equal(inV2.result.type, 'authorization');
  assert.equal(inV2.result.description, 'keys for B');
  assert.deepEqual(inV2.result.subject, {
    attributes: [
      { key: 'accountId', operator: 'stringEquals', value: B },
      { key: 'serviceName', operator: 'stringEquals', value: 'server-protect' },
    ],
  });
  assert.deepEqual(
    inV2.result.resource!.attributes.map(({ key, value }) => [key, value]),
    [
      ['accountId', A],
      ['serviceName', 'kms'],
      ['serviceInstance', 'one'],
    ],
  );
  assert.deepEqual(inV2.result.control, { grant: { roles: [{ role_id: DELEGATOR }, { role_id: READER }] } });
  await owner.deletePolicy({ policyId: id });
});

test('the account that is authorized does not see the policy, nor can it read, change or delete it', async () => {
  const { result } = await plane.as('owner-a').createV2Policy(authorizationV2({ instance: 'unseen' }));
  const id = result.id!;
  const etag = (await call('GET', `/v1/policies/${id}`)).headers.get('etag')!;
  const stranger = plane.as('owner-b');
  assert.deepEqual((await stranger.listPolicies({ accountId: A })).result.policies, []);
  assert.deepEqual((await stranger.listV2Policies({ accountId: B })).result.policies, []);
  const refused = { status: 404, code: 'policy_not_found' };
  const replaced = { policyId: id, ifMatch: etag, ...authorization({ instance: 'unseen' }) };
  for (const attempt of [
    stranger.getPolicy({ policyId: id }),
    stranger.getV2Policy({ id }),
    stranger.replacePolicy(replaced),
    stranger.deletePolicy({ policyId: id }),
    stranger.getPolicy({ policyId: crypto.randomUUID() }),
  ]) {
    const { status, code } = await refusal(attempt);
    assert.deepEqual({ status, code }, refused);
  }
  assert.equal((await plane.as('owner-a').getPolicy({ policyId: id })).result.state, 'active');
  await plane.as('owner-a').deletePolicy({ policyId: id });
});

function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const token = plane.tokens['owner-a'];
  return plane.call(method, path, { token, headers, ...(body === undefined ? {} : { body }) });
}

test('nobody gives access to what is another account’s, or to an account that there is not', async () => {
  for (const account of [A, C]) {
    const refused = await refusal(plane.as('owner-b').createPolicy(authorization({ account, source: B })));
    assert.equal(refused.status, 403);
    assert.equal(refused.code, 'insufficent_permissions');
    assert.equal(refused.body.status_code, 403);
  }
  assert.deepEqual((await plane.as('owner-a').listPolicies({ accountId: A })).result.policies, []);
});

test('who administers a target gives access to it, and to nothing wider', async () => {
  const owner = plane.as('owner-a');
  const user = plane.as('user-a');
  const one = authorization({ instance: 'mine' });
  assert.equal((await refusal(user.createPolicy(one))).status, 403);

  const target = { serviceName: 'kms', serviceInstance: 'mine' };
  const editor = await owner.createPolicy(access(plane.iamIds['user-a'], [EDITOR], target));
  assert.equal((await refusal(user.createPolicy(one))).status, 403, 'an editor gives nobody access');

  const administrator = await owner.createPolicy(access(plane.iamIds['user-a'], [ADMINISTRATOR], target));
  const { result } = await user.createPolicy(one);
  for (const wider of [
    authorization({ instance: 'another' }),
    authorization(),
    access(plane.iamIds['user-a'], [ADMINISTRATOR], { serviceName: 'kms' }),
    access(plane.iamIds['user-a'], [ADMINISTRATOR], { serviceType: 'service' }),
    access(plane.iamIds['user-a'], [VIEWER], { serviceName: 'iam-access-management' }),
  ]) {
    assert.equal((await refusal(user.createPolicy(wider))).code, 'insufficent_permissions');
  }
  const star = authorizationV2();
  star.resource.attributes.push({ key: 'serviceInstance', operator: 'stringMatch', value: 'm*' });
  assert.equal((await refusal(user.createV2Policy(star))).status, 403, 'a pattern reaches beyond the one instance');

  // What is one's own to give cannot be turned into more.
  const etag = (await call('GET', `/v1/policies/${result.id}`)).headers.get('etag')!;
  const more = user.replacePolicy({ policyId: result.id!, ifMatch: etag, ...authorization() });
  assert.equal((await refusal(more)).status, 403);

  assert.equal((await user.getPolicy({ policyId: result.id! })).result.id, result.id);
  assert.deepEqual(
    (await user.listPolicies({ accountId: A })).result.policies.map(({ id }) => id).sort(),
    [editor, administrator]
      .map(({ result: { id } }) => id)
      .concat(result.id)
      .sort(),
    'the policies on the instance, his own among them',
  );
  await user.deletePolicy({ policyId: result.id! });
  await owner.deletePolicy({ policyId: administrator.result.id! });
  assert.equal((await refusal(user.createPolicy(one))).status, 403, 'the next call knows of it');
  assert.equal((await refusal(user.getPolicy({ policyId: editor.result.id! }))).status, 403);
  assert.deepEqual((await user.listPolicies({ accountId: A })).result.policies, []);
  await owner.deletePolicy({ policyId: editor.result.id! });
});

test('a change needs the entity tag of the last read', async () => {
  const made = await call('POST', '/v1/policies', authorization({ instance: 'tagged' }));
  const path = `/v1/policies/${made.body.id}`;
  const first = made.headers.get('etag')!;
  assert.match(first, ETAG);
  assert.equal((await call('GET', path)).headers.get('etag'), first);

  const body = authorization({ instance: 'tagged', roles: [READER], description: 'changed' });
  const blind = await call('PUT', path, body);
  assert.equal(blind.status, 400);
  assert.match(blind.body.errors[0].message, /If-Match/);
  const changed = await call('PUT', path, body, { 'if-match': first });
  assert.equal(changed.status, 200);
  assert.equal(changed.body.description, 'changed');
  const second = changed.headers.get('etag')!;
  assert.match(second, /^2-[0-9a-f]{32}$/);

  const stale = await call('PUT', path, body, { 'if-match': first });
  assert.equal(stale.status, 412);
  assert.equal(stale.body.status_code, 412);
  assert.equal((await call('GET', path)).headers.get('etag'), second, 'nothing has changed');

  const typed = { ...body, type: 'access', subjects: [{ attributes: [{ name: 'iam_id', value: 'IBMid-1' }] }] };
  const retyped = await call('PUT', path, { ...typed, roles: [{ role_id: VIEWER }] }, { 'if-match': second });
  assert.equal(retyped.status, 400);
  assert.equal(retyped.body.errors[0].code, 'invalid_body');
  assert.match(retyped.body.errors[0].message, /type/);
  const moved = authorization({ account: B });
  assert.equal((await call('PUT', path, moved, { 'if-match': second })).status, 403);
  await call('DELETE', path);
});

test('an id that the client sends comes back; without one the call has its own', async () => {
  const path = `/v2/policies?account_id=${A}`;
  assert.equal(
    (await call('GET', path, undefined, { 'transaction-id': 'mine-1' })).headers.get('transaction-id'),
    'mine-1',
  );
  const { headers } = await call('GET', path);
  assert.equal(headers.get('transaction-id'), headers.get('easement-request-id'));
});

test('of two changes with the same entity tag one is made', async () => {
  const made = await call('POST', '/v1/policies', authorization({ instance: 'contended' }));
  const path = `/v1/policies/${made.body.id}`;
  const headers = { 'if-match': made.headers.get('etag')! };
  const replies = await Promise.all(
    ['x', 'y'].map((description) => call('PUT', path, authorization({ instance: 'contended', description }), headers)),
  );
  assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 412]);
  const kept = replies.find(({ status }) => status === 200)!.body.description;
  assert.equal((await call('GET', path)).body.description, kept);
  await call('DELETE', path);
});

test('twenty who change the policies of an account at once all come through', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `at-once-${n}`);
  const made = await Promise.all(names.map((instance) => call('POST', '/v1/policies', authorization({ instance }))));
  assert.deepEqual(
    made.map(({ status }) => status),
    names.map(() => 201),
  );
  const removed = await Promise.all(made.map(({ body }) => call('DELETE', `/v1/policies/${body.id}`)));
  assert.deepEqual(
    removed.map(({ status }) => status),
    names.map(() => 204),
  );
});

test('a deleted policy allows nothing, can be read, and comes back when it is restored', async () => {
  const owner = plane.as('owner-a');
  const user = plane.as('user-a');
  const target = { serviceName: 'kms', serviceInstance: 'restored' };
  const { result } = await owner.createPolicy(access(plane.iamIds['user-a'], [ADMINISTRATOR], target));
  const policyId = result.id!;
  assert.equal((await user.getPolicy({ policyId })).status, 200);
  assert.equal((await owner.deletePolicy({ policyId })).status, 204);
  assert.equal((await refusal(user.getPolicy({ policyId }))).status, 403);

  const gone = await call('GET', `/v1/policies/${policyId}`);
  assert.equal(gone.status, 200);
  assert.equal(gone.body.state, 'deleted');
  assert.equal((await call('GET', `/v2/policies/${policyId}`)).body.state, 'deleted');
  const deleted = await owner.listPolicies({ accountId: A, state: 'deleted' });
  assert.ok(deleted.result.policies.some(({ id }) => id === policyId));
  const active = await owner.listPolicies({ accountId: A });
  assert.ok(active.result.policies.every(({ id }) => id !== policyId));
  assert.equal((await refusal(owner.deletePolicy({ policyId }))).code, 'policy_not_found');

  const etag = gone.headers.get('etag')!;
  const stale = await refusal(owner.updatePolicyState({ policyId, ifMatch: '1-0', state: 'active' }));
  assert.equal(stale.status, 412);
  assert.equal((await refusal(owner.updatePolicyState({ policyId, ifMatch: etag, state: 'deleted' }))).status, 400);
  assert.equal((await refusal(user.updatePolicyState({ policyId, ifMatch: etag, state: 'active' }))).status, 403);
  const restored = await owner.updatePolicyState({ policyId, ifMatch: etag, state: 'active' });
  assert.equal(restored.result.state, 'active');
  assert.equal((await user.getPolicy({ policyId })).status, 200);
  await owner.deletePolicy({ policyId });
});

test('what grants the same is a conflict, in either version and whatever its description', async () => {
  const owner = plane.as('owner-a');
  const { result } = await owner.createPolicy(authorization({ instance: 'twice', roles: [DELEGATOR, READER] }));
  for (const twin of [
    owner.createPolicy(authorization({ instance: 'twice', roles: [READER, DELEGATOR], description: 'again' })),
    owner.createV2Policy(authorizationV2({ instance: 'twice', roles: [READER, DELEGATOR] })),
  ]) {
    const { status, code, body } = await refusal(twin);
    assert.deepEqual([status, code], [409, 'policy_conflict_error']);
    assert.match(body.errors[0]!.details!.conflicts_with.etag, ETAG);
    assert.equal(body.errors[0]!.details!.conflicts_with.policy!.id, result.id);
  }
  const other = await owner.createPolicy(authorization({ instance: 'twice' }));
  const etag = (await call('GET', `/v1/policies/${other.result.id}`)).headers.get('etag')!;
  const into = { policyId: other.result.id!, ifMatch: etag };
  const same = owner.replacePolicy({ ...into, ...authorization({ instance: 'twice', roles: [READER, DELEGATOR] }) });
  assert.equal((await refusal(same)).code, 'policy_conflict_error');

  await owner.deletePolicy({ policyId: result.id! });
  const again = await owner.createPolicy(authorization({ instance: 'twice', roles: [DELEGATOR, READER] }));
  const before = (await call('GET', `/v1/policies/${result.id}`)).headers.get('etag')!;
  const back = owner.updatePolicyState({ policyId: result.id!, ifMatch: before, state: 'active' });
  assert.equal((await refusal(back)).code, 'policy_conflict_error', 'its place is taken');
  for (const { result: made } of [other, again]) await owner.deletePolicy({ policyId: made.id! });
});

test('replacing by version 2 makes a policy one of version 2; version 1 shows a placeholder', async () => {
  const owner = plane.as('owner-a');
  const made = await owner.createPolicy(access(plane.iamIds['user-a'], [VIEWER], { serviceName: 'kms' }));
  const policyId = made.result.id!;
  const etag = (await call('GET', `/v2/policies/${policyId}`)).headers.get('etag')!;
  const { result } = await owner.replaceV2Policy({
    id: policyId,
    ifMatch: etag,
    type: 'access',
    subject: { attributes: [{ key: 'iam_id', operator: 'stringEquals', value: plane.iamIds['user-a'] }] },
    resource: {
      attributes: [
        { key: 'accountId', operator: 'stringEquals', value: A },
        { key: 'serviceName', operator: 'stringEquals', value: 'kms' },
      ],
    },
    control: { grant: { roles: [{ role_id: WRITER }] } },
    pattern: 'time-based-conditions:weekly:all-day',
    rule: {
      key: '{{environment.attributes.day_of_week}}',
      operator: 'dayOfWeekAnyOf',
      value: ['1+00:00', '2+00:00'],
    },
  });
  assert.equal(result.id, policyId);
  assert.equal(result.pattern, 'time-based-conditions:weekly:all-day');
  const placeholder = (await owner.listPolicies({ accountId: A })).result.policies.find(({ id }) => id === policyId)!;
  assert.equal(placeholder.roles[0]!.role_id, 'crn:v1:bluemix:public:iam::::role:UnsupportedVersion');
  assert.equal(placeholder.href, `${plane.ibm}/v2/policies/${policyId}`);
  const full = (await owner.listV2Policies({ accountId: A })).result.policies.find(({ id }) => id === policyId)!;
  assert.deepEqual(full.control, { grant: { roles: [{ role_id: WRITER }] } });
  await owner.deleteV2Policy({ id: policyId });
});
