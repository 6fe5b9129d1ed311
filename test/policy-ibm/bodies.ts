/** What the tests of validation share: bodies, and the problem that a body is expected to have. */
import assert from 'node:assert/strict';
import type { ApiVersion, IbmPolicy } from '../../src/policy/ibm/document.ts';
import { fromV1, fromV2 } from '../../src/policy/ibm/read.ts';
import { validate } from '../../src/policy/ibm/validate.ts';

export const A = '4f1d0c6e8b2a47d39e5f60718293a4b5';
export const B = '0d1e2f3a4b5c6d7e8f90a1b2c3d4e5f6';
export const READER = 'crn:v1:bluemix:public:iam::::serviceRole:Reader';
export const DELEGATOR = 'crn:v1:bluemix:public:iam::::role:AuthorizationDelegator';
export const RESTORER = 'crn:v1:bluemix:public:is::::serviceRole:SnapshotRemoteAccountRestorer';

function read(body: unknown, version: ApiVersion): IbmPolicy {
  const { policy, problems } = version === 'v1' ? fromV1(body) : fromV2(body);
  assert.deepEqual(problems, []);
  assert.ok(policy);
  return policy;
}

export const faults = (body: unknown, version: ApiVersion = 'v1') => validate(read(body, version), version);
export const pathsIn = (body: unknown, version: ApiVersion = 'v1') => faults(body, version).map((p) => p.path);

/** The problem at a path names what was typed and carries what was meant. */
export function hints(body: unknown, path: string, typed: string, meant: string): void {
  const all = faults(body);
  const found = all.filter((p) => p.path === path && p.meant === meant);
  assert.equal(found.length, 1, `one problem at ${path} meaning ${meant} in ${JSON.stringify(all, null, 1)}`);
  assert.equal(found[0]?.code, 'invalid_body');
  assert.ok(found[0]?.message.includes(`\`${typed}\``), found[0]?.message);
  assert.ok(found[0]?.message.includes(meant), found[0]?.message);
}

export const roles = [{ role_id: DELEGATOR }, { role_id: READER }];
export const kmsBody = (subject: object[], resource: object[], given: object[] = roles, type = 'authorization') => ({
  type,
  subjects: [{ attributes: subject }],
  roles: given,
  resources: [{ attributes: resource }],
});
export const source = [
  { name: 'serviceName', value: 'server-protect' },
  { name: 'accountId', value: B },
];
export const target = [
  { name: 'accountId', operator: 'stringEquals', value: A },
  { name: 'serviceName', operator: 'stringEquals', value: 'kms' },
];
