/** A plane with two IBM Cloud accounts; in the first, beside its owner, a worker who has no rights until he is granted some. */
import assert from 'node:assert/strict';
import { startPlane, type TestPlane } from './plane.ts';

export const A = 'a'.repeat(32);
export const B = 'b'.repeat(32);
export const OWNER_A = 'a-owner-api-key-0000000000000000000001';
export const OWNER_B = 'b-owner-api-key-0000000000000000000001';
export const WORKER_A = 'a-worker-api-key-000000000000000000001';

const WORLD = `
accounts:
  - id: ${A}
    name: account a
    owner: { email: owner@a.example, apiKey: ${OWNER_A} }
    serviceIds: [{ name: worker, apiKey: ${WORKER_A} }]
  - id: ${B}
    name: account b
    owner: { email: owner@b.example, apiKey: ${OWNER_B} }
`;

export function startTwoAccounts(): Promise<TestPlane> {
  return startPlane({ world: WORLD });
}

/** Ends the plane; what it logged was a defect. */
export async function stopSound(plane: TestPlane): Promise<void> {
  const log = plane.log();
  await plane.stop();
  assert.equal(log, '', 'the plane logged defects');
}

/** Lets the worker of account A do what a platform role may on resources; returns how to take it back. */
export async function grant(
  plane: TestPlane,
  role: string,
  resource: Record<string, string>,
): Promise<() => Promise<void>> {
  const token = await plane.token(OWNER_A);
  const claims = JSON.parse(Buffer.from((await plane.token(WORKER_A)).split('.')[1]!, 'base64url').toString());
  const attributes = Object.entries({ accountId: A, ...resource }).map(([name, value]) => ({ name, value }));
  const body = {
    type: 'access',
    subjects: [{ attributes: [{ name: 'iam_id', value: claims.iam_id }] }],
    roles: [{ role_id: `crn:v1:bluemix:public:iam::::role:${role}` }],
    resources: [{ attributes }],
  };
  const created = await plane.call('POST', '/v1/policies', { token, body });
  assert.equal(created.status, 201, JSON.stringify(created.body));
  return async () => {
    assert.equal((await plane.call('DELETE', `/v1/policies/${created.body.id}`, { token })).status, 204);
  };
}
