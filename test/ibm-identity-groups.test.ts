/** Access groups, driven by the official SDK. Statuses: the integration tests of IBM/platform-services-go-sdk iamaccessgroupsv2. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type IamAccessGroupsV2 from '@ibm-cloud/platform-services/iam-access-groups/v2.js';
import {
  grant,
  groupsClient,
  HOME,
  iamIdOf,
  identityClient,
  MEMBER_KEY,
  OTHER_OWNER_KEY,
  OWNER_KEY,
  PLAIN_KEY,
  refusal,
  WORLD,
} from './ibm-identity-world.ts';
import { eventually, startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
let owner: IamAccessGroupsV2;
let member: IamAccessGroupsV2;
let memberId: string;
before(async () => {
  plane = await startPlane({ world: WORLD });
  owner = groupsClient(plane, OWNER_KEY);
  member = groupsClient(plane, MEMBER_KEY);
  memberId = await iamIdOf(plane, MEMBER_KEY);
});
after(() => plane.stop());

async function newGroup(name: string): Promise<string> {
  const { result, status } = await owner.createAccessGroup({ accountId: HOME, name });
  assert.equal(status, 201);
  return result.id!;
}

const user = (iamId: string) => ({ iam_id: iamId, type: 'user' });

test('made, read, changed, deleted, with tags', async () => {
  const { result: made, status } = await owner.createAccessGroup({
    accountId: HOME,
    name: 'Keys',
    description: 'of keys',
  });
  assert.equal(status, 201);
  assert.match(made.id!, /^AccessGroupId-/);
  assert.equal(made.account_id, HOME);
  assert.equal(made.created_by_id, await iamIdOf(plane, OWNER_KEY));
  const read = await owner.getAccessGroup({ accessGroupId: made.id! });
  assert.deepEqual(read.result, made);
  const { etag } = read.headers as unknown as { etag: string };
  const changed = await owner.updateAccessGroup({ accessGroupId: made.id!, ifMatch: etag, description: 'changed' });
  assert.equal(changed.result.description, 'changed');
  const stale = owner.updateAccessGroup({ accessGroupId: made.id!, ifMatch: etag, description: 'again' });
  assert.equal((await refusal(stale)).status, 412);
  const double = await refusal(owner.createAccessGroup({ accountId: HOME, name: 'KEYS' }));
  assert.equal(double.status, 409);
  assert.deepEqual(Object.keys(double.body).sort(), ['errors', 'status_code', 'trace']);
  assert.equal((await owner.deleteAccessGroup({ accessGroupId: made.id! })).status, 204);
  assert.equal((await refusal(owner.getAccessGroup({ accessGroupId: made.id! }))).status, 404);
});

test('members are added, checked, listed and removed', async () => {
  const id = await newGroup('members');
  const added = await owner.addMembersToAccessGroup({
    accessGroupId: id,
    members: [user(memberId), { iam_id: memberId, type: 'service' }],
  });
  assert.equal(added.status, 207);
  assert.deepEqual(
    added.result.members!.map(({ status_code: code }) => code),
    [200, 400],
  );
  assert.equal((await owner.isMemberOfAccessGroup({ accessGroupId: id, iamId: memberId })).status, 204);
  assert.equal((await refusal(owner.isMemberOfAccessGroup({ accessGroupId: id, iamId: 'IBMid-NOBODY' }))).status, 404);
  const { result: list } = await owner.listAccessGroupMembers({ accessGroupId: id, verbose: true });
  assert.equal(list.total_count, 1);
  assert.deepEqual(
    [list.members![0]!.iam_id, list.members![0]!.membership_type, list.members![0]!.email],
    [memberId, 'static', 'member@home.example'],
  );
  const { result: theirs } = await owner.listAccessGroups({ accountId: HOME, iamId: memberId });
  assert.deepEqual(
    theirs.groups!.map((group) => group.id),
    [id],
  );
  assert.equal((await refusal(owner.deleteAccessGroup({ accessGroupId: id }))).status, 409, 'it is not empty');
  assert.equal((await owner.removeMemberFromAccessGroup({ accessGroupId: id, iamId: memberId })).status, 204);
  const gone = owner.removeMembersFromAccessGroup({ accessGroupId: id, members: [memberId] });
  assert.equal((await refusal(gone)).status, 404);
  assert.equal((await owner.deleteAccessGroup({ accessGroupId: id })).status, 204);
});

test('names of strangers are not told', async () => {
  const id = await newGroup('strangers');
  const stranger = await iamIdOf(plane, OTHER_OWNER_KEY);
  await owner.addMembersToAccessGroup({ accessGroupId: id, members: [user(stranger)] });
  const { result } = await owner.listAccessGroupMembers({ accessGroupId: id, verbose: true });
  assert.equal(result.members![0]!.iam_id, stranger);
  assert.equal(result.members![0]!.email, undefined);
});

test('a group’s policy reaches its members from the next call on, and no longer when they leave', async () => {
  const id = await newGroup('viewers');
  const token = await plane.token(MEMBER_KEY);
  const { result: service } = await identityClient(plane, OWNER_KEY).createServiceId({ accountId: HOME, name: 'seen' });
  const status = async () => (await plane.call('GET', `/v1/serviceids/${service.id}`, { token })).status;
  const policy = await plane.call('POST', '/v1/policies', {
    token: await plane.token(OWNER_KEY),
    body: {
      type: 'access',
      subjects: [{ attributes: [{ name: 'access_group_id', value: id }] }],
      roles: [{ role_id: 'crn:v1:bluemix:public:iam::::role:Viewer' }],
      resources: [
        {
          attributes: [
            { name: 'accountId', value: HOME },
            { name: 'serviceName', value: 'iam-identity' },
          ],
        },
      ],
    },
  });
  assert.equal(policy.status, 201, JSON.stringify(policy.body));
  assert.equal(await status(), 403, 'not a member yet');
  await owner.addMembersToAccessGroup({ accessGroupId: id, members: [user(memberId)] });
  assert.equal(await status(), 200);
  await owner.removeMemberFromAccessGroup({ accessGroupId: id, iamId: memberId });
  assert.equal(await status(), 403);
  await owner.addMembersToAccessGroup({ accessGroupId: id, members: [user(memberId)] });
  assert.equal(await status(), 200);
  assert.equal((await owner.deleteAccessGroup({ accessGroupId: id, force: true })).status, 204);
  assert.equal(await status(), 403);
});

test('who has no role may do nothing, who has one may do what it says', async () => {
  const id = await newGroup('guarded');
  const plain = groupsClient(plane, PLAIN_KEY);
  const plainId = await iamIdOf(plane, PLAIN_KEY);
  const reads = [
    () => plain.getAccessGroup({ accessGroupId: id }),
    () => plain.listAccessGroupMembers({ accessGroupId: id }),
  ];
  const writes = [
    () => plain.createAccessGroup({ accountId: HOME, name: 'by plain' }),
    () => plain.updateAccessGroup({ accessGroupId: id, ifMatch: '*', name: 'renamed' }),
    () => plain.addMembersToAccessGroup({ accessGroupId: id, members: [user(plainId)] }),
    () => plain.removeMembersFromAccessGroup({ accessGroupId: id, members: [plainId] }),
    () => plain.deleteAccessGroup({ accessGroupId: id }),
  ];
  for (const call of [...reads, ...writes]) assert.equal((await refusal(call())).status, 403);
  assert.deepEqual((await plain.listAccessGroups({ accountId: HOME })).result.groups, []);
  await grant(plane, plainId, 'iam-groups', 'Viewer');
  for (const call of reads) assert.equal((await call()).status, 200);
  for (const call of writes) assert.equal((await refusal(call())).status, 403);
  await grant(plane, plainId, 'iam-groups', 'Editor');
  for (const call of writes) assert.ok((await call()).status < 300);
});

test('another account sees none of it', async () => {
  const id = await newGroup('at home');
  const stranger = groupsClient(plane, OTHER_OWNER_KEY);
  assert.equal((await refusal(stranger.getAccessGroup({ accessGroupId: id }))).status, 404);
  assert.equal((await refusal(stranger.listAccessGroups({ accountId: HOME }))).status, 403);
  assert.equal((await refusal(stranger.createAccessGroup({ accountId: HOME, name: 'x' }))).status, 403);
  const add = stranger.addMembersToAccessGroup({ accessGroupId: id, members: [user(memberId)] });
  assert.equal((await refusal(add)).status, 404);
});

test('lists come in parts', async () => {
  for (const name of ['part one', 'part two', 'part three']) await newGroup(name);
  const { result } = await owner.listAccessGroups({ accountId: HOME, search: 'name:part', limit: 2 });
  assert.deepEqual([result.total_count, result.limit, result.offset, result.groups!.length], [3, 2, 0, 2]);
  const next = new URL(result.next!.href!);
  assert.equal(next.searchParams.get('offset'), '2');
  const rest = await owner.listAccessGroups({ accountId: HOME, search: 'name:part', limit: 2, offset: 2 });
  assert.equal(rest.result.groups!.length, 1);
  assert.equal(rest.result.next, undefined);
});

test('bad input is refused', async () => {
  const id = await newGroup('bad input');
  const token = await plane.token(OWNER_KEY);
  const status = async (method: string, path: string, body?: unknown) =>
    (await plane.call(method, path, { token, body })).status;
  assert.equal(await status('POST', `/v2/groups?account_id=${HOME}`, '{"name"'), 400);
  assert.equal(await status('POST', `/v2/groups?account_id=${HOME}`, { name: 7 }), 400);
  assert.equal(await status('POST', `/v2/groups?account_id=${HOME}`, { name: 'x', colour: 'red' }), 400);
  assert.equal(await status('POST', '/v2/groups', { name: 'x' }), 400);
  assert.equal(await status('GET', `/v2/groups?account_id=${HOME}&limit=101`), 400);
  assert.equal(await status('GET', `/v2/groups?account_id=${HOME}&search=x`), 400);
  assert.equal(await status('PATCH', `/v2/groups/${id}`, { name: 'x' }), 400, 'no If-Match');
  assert.equal(await status('PUT', `/v2/groups/${id}/members`, { members: [] }), 400);
  assert.equal(await status('PUT', `/v2/groups/${id}/members`, { members: [{ iam_id: 'me', type: 'user' }] }), 400);
  assert.equal(
    await status('PUT', `/v2/groups/${id}/members`, { members: [{ iam_id: memberId, type: 'robot' }] }),
    400,
  );
});

test('a service ID that is deleted leaves its groups', async () => {
  const id = await newGroup('left behind');
  const identity = identityClient(plane, OWNER_KEY);
  const { result: service } = await identity.createServiceId({ accountId: HOME, name: 'leaver' });
  await owner.addMembersToAccessGroup({ accessGroupId: id, members: [{ iam_id: service.iam_id, type: 'service' }] });
  await identity.deleteServiceId({ id: service.id });
  await eventually('the group is empty', async () => {
    return (await owner.listAccessGroupMembers({ accessGroupId: id })).result.total_count === 0;
  });
});

test('a member has no say in it', async () => {
  const id = await newGroup('no say');
  await owner.addMembersToAccessGroup({ accessGroupId: id, members: [user(memberId)] });
  assert.equal((await refusal(member.listAccessGroupMembers({ accessGroupId: id }))).status, 403);
});
